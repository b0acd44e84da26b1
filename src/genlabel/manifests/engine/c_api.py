"""The engine's C interface: reading, signing and placing with streams and contexts of our own.

It is the one that the engine publishes for C (`c2pa.h`), of the version that `load` lets in, with
functions that its Python package does not offer. Signers, and contexts that are kept, are those of
that package.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

from genlabel.formats.format import Buffer
from genlabel.manifests.engine import load
from genlabel.manifests.engine.cancel import Stop
from genlabel.manifests.engine.streams import Callbacks, Flush, Seek, Transfer, nothing, source
from genlabel.storage.beside import Beside

View = Literal["json", "crjson"]
Spans = Sequence[tuple[int, int]]

_int, _long, _size = ctypes.c_int, ctypes.c_int64, ctypes.c_size_t
_text, _pointer = ctypes.c_char_p, ctypes.c_void_p
_texts, _pointers = ctypes.POINTER(_text), ctypes.POINTER(_pointer)
# ProgressCCallback of c2pa.h: user data, phase, step, total; it answers whether to go on
_Progress = ctypes.CFUNCTYPE(_int, _pointer, _int, ctypes.c_uint32, ctypes.c_uint32)
_GO_ON, _GIVE_UP = 1, 0
_STORE = b"application/c2pa"  # the bare store, without a container's wrapping
_UNSAID = "Other: the engine gave no reason"
_FUNCTIONS: dict[str, tuple[Any, ...]] = {
    # name without "c2pa_": what it answers, then what it takes
    "builder_add_ingredient_from_stream": (_int, _pointer, _text, _text, _pointer),
    "builder_add_resource": (_int, _pointer, _text, _pointer),
    "builder_from_context": (_pointer, _pointer),
    "builder_placeholder": (_long, _pointer, _text, _pointers),
    "builder_set_data_hash_exclusions": (_int, _pointer, _pointer, _size),
    "builder_set_no_embed": (None, _pointer),
    "builder_sign_data_hashed_embeddable": (
        *(_long, _pointer, _pointer, _text, _text, _pointer, _pointers),
    ),
    "builder_sign": (_long, _pointer, _text, _pointer, _pointer, _pointer, _pointers),
    "builder_sign_embeddable": (_long, _pointer, _text, _pointers),
    "builder_update_hash_from_stream": (_int, _pointer, _text, _pointer),
    "builder_with_definition": (_pointer, _pointer, _text),
    "context_builder_build": (_pointer, _pointer),
    "context_builder_new": (_pointer,),
    "context_builder_set_progress_callback": (_int, _pointer, _pointer, _Progress),
    "context_builder_set_settings": (_int, _pointer, _pointer),
    "create_stream": (_pointer, _pointer, Transfer, Seek, Transfer, Flush),
    "error": (_pointer,),
    "error_set_last": (_int, _text),
    "free": (_int, _pointer),
    "identity_signer_create": (_pointer, _pointer, _pointer, _texts, _texts),
    "reader_crjson": (_pointer, _pointer),
    "reader_from_context": (_pointer, _pointer),
    "reader_json": (_pointer, _pointer),
    "reader_with_manifest_data_and_stream": (_pointer, _pointer, _text, _pointer, _text, _size),
    "reader_with_stream": (_pointer, _pointer, _text, _pointer),
    "release_stream": (None, _pointer),
    "settings_new": (_pointer,),
    "settings_update_from_string": (_int, _pointer, _text, _text),
}


class Refused(Exception):
    """The engine refused; the message is its own, such as "ManifestNotFound: no JUMBF data"."""


@dataclass(frozen=True, slots=True)
class Part:
    """What goes into a manifest beside its definition, each from a stream of its own."""

    data: Buffer
    name: str
    """The ingredient's definition (JSON), or under which name a resource is found."""
    mime: str | None = None
    """The ingredient's media type; None for a resource."""


@cache
def native() -> Native:
    """The C interface of the library that the engine's module has loaded."""
    return Native(load.library())


class Native:
    """The engine's C interface in the library at `path`; contexts and builders are pointers.

    Every method but `free` raises `Refused` where the engine does not do what is asked.
    """

    def __init__(self, path: Path) -> None:
        library = ctypes.CDLL(str(path))
        self._c = SimpleNamespace()
        for name, (answer, *takes) in _FUNCTIONS.items():
            function = library[f"c2pa_{name}"]  # a new object, so nobody else's types are changed
            function.restype, function.argtypes = answer, takes
            setattr(self._c, name, function)

    def read(
        self, context: Any, data: Buffer, mime: str, store: bytes | None, view: View, stop: Stop
    ) -> bytes:
        """The engine's `view` of the manifest in `data`, or in `store` instead: UTF-8 JSON."""
        self._begin()
        with self._stream(source([data], stop)) as stream:
            empty = self._held(self._c.reader_from_context(context))
            # Either call takes the empty reader over, whatever it answers.
            if store is None:
                reader = self._held(self._c.reader_with_stream(empty, mime.encode(), stream))
            else:
                reader = self._filled_reader(empty, mime.encode(), stream, store)
            try:
                return self._seen(reader, view)
            finally:
                self._c.free(reader)

    @contextmanager
    def store_under_way(
        self, context: Any, store: bytes, *, beside: bool, stack: int | None, crjson: bool = False
    ) -> Iterator[Callable[[View], bytes]]:
        """A manifest store being read alone; what is given waits for it and tells a view of it.

        Read `beside` other work, it has a thread of its own, with a stack of so many bytes. Whoever
        will ask for `crjson` says so: it is made there, too.
        """
        self._begin()
        with self._stream(nothing()) as stream:
            empty = self._held(self._c.reader_from_context(context))
            # As few calls as can be, since behind each a thread has to wait for the interpreter.
            seen: dict[View, bytes] = {}

            def fill() -> int:
                reader = self._filled_reader(empty, _STORE, stream, store)
                if crjson:
                    with suppress(Refused):
                        seen["crjson"] = self._seen(reader, "crjson")
                return reader

            under_way = Beside(fill, worthwhile=beside, stack=stack)

            def told(view: View) -> bytes:
                reader = under_way.result()
                return seen[view] if view in seen else self._seen(reader, view)

            try:
                with under_way:
                    yield told
            finally:
                with suppress(Refused):
                    self._c.free(under_way.result())

    def _filled_reader(self, empty: int, mime: bytes, stream: int, store: bytes) -> int:
        return self._held(
            self._c.reader_with_manifest_data_and_stream(empty, mime, stream, store, len(store))
        )

    def _seen(self, reader: int, view: View) -> bytes:
        ask = self._c.reader_json if view == "json" else self._c.reader_crjson
        return self._string(self._held(ask(reader)))

    @contextmanager
    def builder(
        self, context: Any, definition: str, parts: Iterable[Part], stop: Stop
    ) -> Iterator[int]:
        """A builder of the manifest that `definition` (JSON) and `parts` say."""
        self._begin()
        empty = self._held(self._c.builder_from_context(context))
        # This call takes the empty builder over, whatever it answers.
        builder = self._held(self._c.builder_with_definition(empty, definition.encode()))
        try:
            for part in parts:
                name = part.name.encode()
                with self._stream(source([part.data], stop)) as stream:
                    if part.mime is None:
                        failed = self._c.builder_add_resource(builder, name, stream)
                    else:
                        mime, add = part.mime.encode(), self._c.builder_add_ingredient_from_stream
                        failed = add(builder, name, mime, stream)
                    self._done(failed)
            yield builder
        finally:
            self._c.free(builder)

    def sign(
        self,
        builder: int,
        signer: Any,
        pieces: Callbacks,
        mime: str,
        target: Callbacks,
        *,
        embed: bool,
    ) -> bytes:
        """The manifest store that is signed for `pieces`, a stream of a file.

        What the file becomes is written to the stream `target`: with the manifest, or without one
        not to `embed`. `signer` is one of the Python package's.
        """
        if not embed:
            self._c.builder_set_no_embed(builder)
        with (
            self._stream(pieces) as origin,
            self._stream(target) as result,
            signer._native_call(),  # nobody closes it meanwhile
        ):
            return self._filled(
                self._c.builder_sign, builder, mime.encode(), origin, result, signer._handle
            )

    def placeholder(self, builder: int) -> bytes:
        """An unsigned store as long as the signed one: once the binding is as long as it will be.

        Before anything was bound, there is room for ten exclusions.
        """
        return self._filled(self._c.builder_placeholder, builder, _STORE)

    def bind(self, builder: int, pieces: Sequence[Buffer], spans: Spans, stop: Stop) -> None:
        """Bind the manifest to all of a file in `pieces` but `spans` (start, end), in order."""
        flat = [number for start, end in spans for number in (start, end - start)]
        numbers = (ctypes.c_uint64 * len(flat))(*flat)
        self._done(self._c.builder_set_data_hash_exclusions(builder, numbers, len(spans)))
        with self._stream(source(pieces, stop)) as stream:
            self._done(self._c.builder_update_hash_from_stream(builder, _STORE, stream))

    def sign_embeddable(self, builder: int) -> bytes:
        """The signed store of a builder whose context has a signer."""
        return self._filled(self._c.builder_sign_embeddable, builder, _STORE)

    def sign_hashed(self, builder: int, signer: Any, binding: str) -> bytes:
        """The signed store with this data hash (JSON), by a signer that makes no assertions.

        `signer` is one of the Python package's.
        """
        with signer._native_call():  # nobody closes it meanwhile
            return self._filled(
                self._c.builder_sign_data_hashed_embeddable,
                *(builder, signer._handle, binding.encode(), _STORE, None),
            )

    def identity_signer(
        self, claim: Any, identity: Any, referenced: Sequence[str], roles: Sequence[str]
    ) -> int:
        """A signer that adds a ``cawg.identity`` assertion over the labels `referenced`.

        `claim` and `identity` are handles, which the engine takes over even where it refuses.
        """
        self._begin()
        return self._held(
            self._c.identity_signer_create(claim, identity, _array(referenced), _array(roles))
        )

    @contextmanager
    def stoppable(self, settings: str, stop: Stop) -> Iterator[int]:
        """A context with these settings (JSON) for one call, given up when there is a reason to.

        Between two looks at a stream the engine may be busy for seconds: it hashes what it holds in
        memory. At every 256 MB it reports progress then. How far it says to be is not passed on: a
        step may be a quarter of a gigabyte, or one number in a film.
        """

        def progress(_: object, phase: int, step: int, total: int) -> int:
            return _GO_ON if stop.reason is None else _GIVE_UP

        heard = _Progress(progress)  # it lives as long as the context
        context = self.context(settings, heard)
        try:
            yield context
        finally:
            self._c.free(context)

    def context(self, settings: str, heard: Any = None) -> int:
        """A context with these settings (JSON), for as many calls as one likes.

        It does not survive a fork. `heard` is a callback for progress.
        """
        self._begin()
        options = self._c.settings_new()
        try:
            self._done(self._c.settings_update_from_string(options, settings.encode(), b"json"))
            unfinished = self._c.context_builder_new()
            try:
                self._done(self._c.context_builder_set_settings(unfinished, options))
                if heard is not None:
                    callback = self._c.context_builder_set_progress_callback
                    self._done(callback(unfinished, None, heard))
            except Refused:
                self._c.free(unfinished)
                raise
            # which takes the unfinished one over
            return self._held(self._c.context_builder_build(unfinished))
        finally:
            self._c.free(options)

    @contextmanager
    def _stream(self, callbacks: Callbacks) -> Iterator[int]:
        """The engine's stream over `callbacks`, which live longer than it."""
        stream = self._held(self._c.create_stream(None, *callbacks))
        try:
            yield stream
        finally:
            self._c.release_stream(stream)

    def _filled(self, function: Any, *arguments: Any) -> bytes:
        """The bytes that a function has made, which are given back to the engine."""
        made = _pointer()
        length = function(*arguments, ctypes.byref(made))
        if length < 0 or made.value is None:
            raise Refused(self._reason())
        try:
            return ctypes.string_at(made.value, length)
        finally:
            self._c.free(made)

    def _begin(self) -> None:
        # the last call's would otherwise speak for this one
        self._c.error_set_last(_UNSAID.encode())

    def _held(self, pointer: int | None) -> int:
        if pointer is None:
            raise Refused(self._reason())
        return pointer

    def _done(self, failed: int) -> None:
        if failed:
            raise Refused(self._reason())

    def _reason(self) -> str:
        text = self._c.error()
        return _UNSAID if text is None else self._string(text).decode("utf-8", "replace")

    def _string(self, pointer: int) -> bytes:
        """The engine's string there, which is given back to it."""
        try:
            return ctypes.string_at(pointer)
        finally:
            self._c.free(pointer)


def _array(texts: Sequence[str]) -> Any:
    """A NULL-terminated array of C strings."""
    return (_text * (len(texts) + 1))(*(text.encode() for text in texts), None)
