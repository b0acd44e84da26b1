"""The engine's C interface, for reading and signing with streams of our own.

It is the one that the engine publishes for C (`c2pa.h`), of the version that `loading` lets in.
Contexts and signers are those of its Python package.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from genlabel.formats.format import Buffer
from genlabel.manifests.engine.cancel import Stop
from genlabel.manifests.engine.progress import Contexts
from genlabel.manifests.engine.streams import Callbacks, Flush, Seek, Transfer, source

View = Literal["json", "crjson"]

_pointer = ctypes.c_void_p
_UNSAID = "Other: the engine gave no reason"


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


class Native:
    """The engine's C interface in the library at `path`, as far as it is used here."""

    def __init__(self, path: Path) -> None:
        self._library = ctypes.CDLL(str(path))
        self._create_stream = self._function(
            "c2pa_create_stream", _pointer, _pointer, Transfer, Seek, Transfer, Flush
        )
        self._release_stream = self._function("c2pa_release_stream", None, _pointer)
        self._reader = self._function("c2pa_reader_from_context", _pointer, _pointer)
        self._with_stream = self._function(
            "c2pa_reader_with_stream", _pointer, _pointer, ctypes.c_char_p, _pointer
        )
        self._with_store = self._function(
            "c2pa_reader_with_manifest_data_and_stream",
            _pointer,
            *(_pointer, ctypes.c_char_p, _pointer, ctypes.c_char_p, ctypes.c_size_t),
        )
        self._views = {
            "json": self._function("c2pa_reader_json", _pointer, _pointer),
            "crjson": self._function("c2pa_reader_crjson", _pointer, _pointer),
        }
        self._builder = self._function("c2pa_builder_from_context", _pointer, _pointer)
        self._with_definition = self._function(
            "c2pa_builder_with_definition", _pointer, _pointer, ctypes.c_char_p
        )
        self._add_resource = self._function(
            "c2pa_builder_add_resource", ctypes.c_int, _pointer, ctypes.c_char_p, _pointer
        )
        self._add_ingredient = self._function(
            "c2pa_builder_add_ingredient_from_stream",
            ctypes.c_int,
            *(_pointer, ctypes.c_char_p, ctypes.c_char_p, _pointer),
        )
        self._no_embed = self._function("c2pa_builder_set_no_embed", None, _pointer)
        self._sign = self._function(
            "c2pa_builder_sign",
            ctypes.c_int64,
            *(_pointer, ctypes.c_char_p, _pointer, _pointer, _pointer, ctypes.POINTER(_pointer)),
        )
        self.contexts = Contexts(self._function)
        self._free = self._function("c2pa_free", ctypes.c_int, _pointer)
        self._error = self._function("c2pa_error", _pointer)
        self._forget_error = self._function("c2pa_error_set_last", ctypes.c_int, ctypes.c_char_p)

    def read(
        self, context: Any, data: Buffer, mime: str, store: bytes | None, view: View, stop: Stop
    ) -> bytes:
        """The engine's `view` of the manifest in `data`, or in `store` instead: UTF-8 JSON.

        `context` is a pointer to one of the engine's. Raises `Refused`.
        """
        self._begin()
        with self.stream(source([data], stop)) as stream:
            empty = self._held(self._reader(context))
            # Either call takes the empty reader over, whatever it answers.
            if store is None:
                filled = self._with_stream(empty, mime.encode(), stream)
            else:
                filled = self._with_store(empty, mime.encode(), stream, store, len(store))
            reader = self._held(filled)
            try:
                return self._text(self._held(self._views[view](reader)))
            finally:
                self._free(reader)

    def sign(
        self,
        context: Any,
        signer: Any,
        definition: str,
        parts: Iterable[Part],
        pieces: Callbacks,
        mime: str,
        target: Callbacks,
        stop: Stop,
        *,
        embed: bool,
    ) -> bytes:
        """The manifest store that is signed for `pieces`, a stream of a file, as JSON defines it.

        What the file becomes is written to the stream `target`: with the manifest, or without one
        not to `embed`. `context` is a pointer, `signer` one of the
        Python package's. Raises `Refused`.
        """
        self._begin()
        empty = self._held(self._builder(context))
        # This call takes the empty builder over, whatever it answers.
        builder = self._held(self._with_definition(empty, definition.encode()))
        try:
            self.add(builder, parts, stop)
            if not embed:
                self._no_embed(builder)
            store = _pointer()
            with (
                self.stream(pieces) as origin,
                self.stream(target) as result,
                signer._native_call(),  # nobody closes it meanwhile
            ):
                length = self._sign(
                    *(builder, mime.encode(), origin, result),
                    *(signer._handle, ctypes.byref(store)),
                )
            if length < 0 or store.value is None:
                raise Refused(self._reason())
            try:
                return ctypes.string_at(store.value, length)
            finally:
                self._free(store)
        finally:
            self._free(builder)

    def add(self, builder: Any, parts: Iterable[Part], stop: Stop) -> None:
        """Give `parts` to a builder of the engine's (a pointer). Raises `Refused`."""
        for part in parts:
            name = part.name.encode()
            with self.stream(source([part.data], stop)) as stream:
                if part.mime is None:
                    failed = self._add_resource(builder, name, stream)
                else:
                    failed = self._add_ingredient(builder, name, part.mime.encode(), stream)
            if failed:
                raise Refused(self._reason())

    @contextmanager
    def stream(self, callbacks: Callbacks) -> Iterator[int]:
        """The engine's stream over `callbacks`, which live longer than it."""
        stream = self._held(self._create_stream(None, *callbacks))
        try:
            yield stream
        finally:
            self._release_stream(stream)

    def _begin(self) -> None:
        self._forget_error(_UNSAID.encode())  # the last call's would otherwise speak for this one

    def _held(self, pointer: int | None) -> int:
        if pointer is None:
            raise Refused(self._reason())
        return pointer

    def _reason(self) -> str:
        text = self._error()
        return _UNSAID if text is None else self._text(text).decode("utf-8", "replace")

    def _text(self, pointer: int) -> bytes:
        """The engine's string there, which is given back to it."""
        try:
            return ctypes.string_at(pointer)
        finally:
            self._free(pointer)

    def _function(self, name: str, answer: Any, *takes: Any) -> Callable[..., Any]:
        function = getattr(self._library, name)
        function.restype, function.argtypes = answer, takes
        return function  # type: ignore[no-any-return]
