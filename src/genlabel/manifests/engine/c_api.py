"""The engine's C interface: reading, signing and placing with streams and contexts of our own.

It is the one that the engine publishes for C, of the version that `load` lets in. Of its Python
package nothing but that library is used.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, Literal

from genlabel.formats.format import Buffer
from genlabel.manifests.engine import load
from genlabel.manifests.engine.c_library import (
    Handle as Handle,
    IngredientRefused as IngredientRefused,
    Library,
    Progressing,
    Refused as Refused,
    SignerInfo,
    Signing,
    array,
)
from genlabel.manifests.engine.cancel import Stop
from genlabel.manifests.engine.streams import Callbacks, nothing, source
from genlabel.model.dataclass import dataclass
from genlabel.storage.beside import Beside

View = Literal["json", "crjson"]
Spans = Sequence[tuple[int, int]]

_GO_ON, _GIVE_UP, _FAILED = 1, 0, -1
_STORE = b"application/c2pa"  # the bare store, without a container's wrapping
_ALGORITHMS = ("es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519")
"""C2paSigningAlg of c2pa.h, by its numbers."""
_MOST = 1 << 20
"""Most bytes that a signer is asked to sign at once: a claim is some kilobytes."""


@dataclass(frozen=True, slots=True)
class Part:
    """What goes into a manifest beside its definition, each from a stream of its own."""

    data: Buffer | Sequence[Buffer]
    """In one piece, or in several one behind the other."""
    name: str
    """The ingredient's definition (JSON), or under which name a resource is found."""
    mime: str | None = None
    """The ingredient's media type; None for a resource."""
    called: str = "ingredient"
    """What messages call it."""

    @property
    def pieces(self) -> Sequence[Buffer]:
        """The pieces of its data."""
        if isinstance(self.data, bytes | bytearray | memoryview):
            return [self.data]
        return self.data


@cache
def native() -> Native:
    """The C interface of the engine that is installed."""
    return Native(load.library())


class Native(Library):
    """The engine's C interface; builders are pointers, signers and contexts that are kept handles.

    Every method raises `Refused` where the engine does not do what is asked.
    """

    def read(
        self, context: Handle, data: Buffer, mime: str, store: bytes | None, view: View, stop: Stop
    ) -> bytes:
        """The engine's `view` of the manifest in `data`, or in `store` instead: UTF-8 JSON."""
        self._begin()
        with self._stream(source([data], stop)) as stream:
            empty = self._held(self._c.reader_from_context(context.pointer))
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
        self,
        context: Handle,
        store: bytes,
        *,
        beside: bool,
        stack: int | None,
        crjson: bool = False,
    ) -> Iterator[Callable[[View], bytes]]:
        """A manifest store being read alone; what is given waits for it and tells a view of it.

        Read `beside` other work, it has a thread of its own, with a stack of so many bytes. Whoever
        will ask for `crjson` says so: it is made there, too, as the usual view is.
        """
        self._begin()
        with self._stream(nothing()) as stream:
            empty = self._held(self._c.reader_from_context(context.pointer))
            # As few calls as can be, since behind each a thread has to wait for the interpreter.
            views: tuple[View, ...] = ("json", "crjson") if crjson else ("json",)
            seen: dict[View, bytes] = {}

            def fill() -> int | str:
                """The reader, or why there is none: an error that is kept would lead back here."""
                try:
                    reader = self._filled_reader(empty, _STORE, stream, store)
                except Refused as refused:
                    return str(refused)
                for view in views:
                    with suppress(Refused):
                        seen[view] = self._seen(reader, view)
                return reader

            under_way = Beside(fill, worthwhile=beside, stack=stack)

            def told(view: View) -> bytes:
                reader = under_way.result()
                if isinstance(reader, str):
                    raise Refused(reader)
                return seen[view] if view in seen else self._seen(reader, view)

            try:
                with under_way:
                    yield told
            finally:
                if isinstance(reader := under_way.result(), int):
                    self._c.free(reader)

    def _filled_reader(self, empty: int, mime: bytes, stream: int, store: bytes) -> int:
        return self._held(
            self._c.reader_with_manifest_data_and_stream(empty, mime, stream, store, len(store))
        )

    def _seen(self, reader: int, view: View) -> bytes:
        ask = self._c.reader_json if view == "json" else self._c.reader_crjson
        return self._string(self._held(ask(reader)))

    @contextmanager
    def builder(
        self, context: Handle, definition: str, parts: Iterable[Part], stop: Stop
    ) -> Iterator[int]:
        """A builder of the manifest that `definition` (JSON) and `parts` say."""
        self._begin()
        empty = self._held(self._c.builder_from_context(context.pointer))
        # This call takes the empty builder over, whatever it answers.
        builder = self._held(self._c.builder_with_definition(empty, definition.encode()))
        try:
            for part in parts:
                name = part.name.encode()
                with self._stream(source(part.pieces, stop)) as stream:
                    if part.mime is None:
                        self._done(self._c.builder_add_resource(builder, name, stream))
                        continue
                    mime, add = part.mime.encode(), self._c.builder_add_ingredient_from_stream
                    try:
                        self._done(add(builder, name, mime, stream))
                    except Refused as refused:
                        raise IngredientRefused(str(refused), part.called) from None
            yield builder
        finally:
            self._c.free(builder)

    def sign(
        self,
        builder: int,
        signer: Handle,
        pieces: Callbacks,
        mime: str,
        target: Callbacks,
        *,
        embed: bool,
    ) -> bytes:
        """The manifest store that is signed for `pieces`, a stream of a file.

        What the file becomes is written to the stream `target`: with the manifest, or without one
        not to `embed`.
        """
        if not embed:
            self._c.builder_set_no_embed(builder)
        with self._stream(pieces) as origin, self._stream(target) as result:
            return self._filled(
                self._c.builder_sign, builder, mime.encode(), origin, result, signer.pointer
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

    def sign_hashed(self, builder: int, signer: Handle, binding: str) -> bytes:
        """The signed store with this data hash (JSON), by a signer that makes no assertions."""
        return self._filled(
            self._c.builder_sign_data_hashed_embeddable,
            *(builder, signer.pointer, binding.encode(), _STORE, None),
        )

    def signer(self, algorithm: str, chain_pem: bytes, key_pem: bytes) -> Handle:
        """A signer with its key (PEM)."""
        self._begin()
        info = SignerInfo(algorithm.encode(), chain_pem, key_pem, None)
        return self._kept(self._c.signer_from_info(ctypes.byref(info)))

    def asking(self, algorithm: str, chain_pem: bytes, ask: Callable[[bytes], bytes]) -> Handle:
        """A signer that asks for each signature; empty it is a refusal. `ask` must not raise."""

        def signature(_: object, data: int, length: int, target: int, room: int) -> int:
            signed = ask(ctypes.string_at(data, length)) if 0 < length <= _MOST else b""
            if not 0 < len(signed) <= room:
                return _FAILED
            ctypes.memmove(target, signed, len(signed))
            return len(signed)

        self._begin()
        heard, number = Signing(signature), _ALGORITHMS.index(algorithm)
        return self._kept(self._c.signer_create(None, heard, number, chain_pem, None), heard)

    def identity_signer(
        self, claim: Handle, identity: Handle, referenced: Sequence[str], roles: Sequence[str]
    ) -> Handle:
        """A signer that adds a ``cawg.identity`` assertion over the labels `referenced`.

        The engine takes both signers over, even where it refuses.
        """
        self._begin()
        labels, names = array(referenced), array(roles)
        pointers = claim.given_away(), identity.given_away()
        made = self._c.identity_signer_create(*pointers, labels, names)
        return self._kept(made, *claim.callbacks, *identity.callbacks)

    @contextmanager
    def stoppable(self, settings: str, stop: Stop) -> Iterator[Handle]:
        """A context with these settings (JSON) for one call, given up when there is a reason to.

        Between two looks at a stream the engine may be busy for seconds: it hashes what it holds in
        memory. At every 256 MB it reports progress then. How far it says to be is not passed on: a
        step may be a quarter of a gigabyte, or one number in a film.
        """

        def progress(_: object, phase: int, step: int, total: int) -> int:
            return _GO_ON if stop.reason is None else _GIVE_UP

        yield self.context(settings, heard=Progressing(progress))

    def context(self, settings: str, *, heard: Any = None, signer: Handle | None = None) -> Handle:
        """A context with these settings (JSON), for as many calls as one likes.

        It does not survive a fork. `heard` is a callback for progress; a `signer` is taken over.
        """
        self._begin()
        callbacks = [heard] if signer is None else [heard, *signer.callbacks]
        options = self._c.settings_new()
        try:
            self._done(self._c.settings_update_from_string(options, settings.encode(), b"json"))
            unfinished = self._c.context_builder_new()
            try:
                self._done(self._c.context_builder_set_settings(unfinished, options))
                if heard is not None:
                    callback = self._c.context_builder_set_progress_callback
                    self._done(callback(unfinished, None, heard))
                if signer is not None:
                    given = signer.given_away()
                    self._done(self._c.context_builder_set_signer(unfinished, given))
            except Refused:
                self._c.free(unfinished)
                raise
            # which takes the unfinished one over
            return self._kept(self._c.context_builder_build(unfinished), *callbacks)
        finally:
            self._c.free(options)
