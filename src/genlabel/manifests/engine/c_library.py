"""The functions that the engine publishes for C (`c2pa.h`), what they refuse and what they own."""

from __future__ import annotations

import ctypes
import os
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from genlabel.manifests.engine.streams import Callbacks, Flush, Seek, Transfer
from genlabel.model.errors import EngineError

_int, _long, _size = ctypes.c_int, ctypes.c_int64, ctypes.c_size_t
_text, _pointer = ctypes.c_char_p, ctypes.c_void_p
_texts, _pointers = ctypes.POINTER(_text), ctypes.POINTER(_pointer)
Progressing = ctypes.CFUNCTYPE(_int, _pointer, _int, ctypes.c_uint32, ctypes.c_uint32)
"""ProgressCCallback of c2pa.h: user data, phase, step, total; it answers whether to go on."""
Signing = ctypes.CFUNCTYPE(ctypes.c_ssize_t, _pointer, _pointer, _size, _pointer, _size)
"""SignerCallback: user data, what is signed and its length, where the signature goes and the room
there; it answers how long the signature is, or -1."""
UNSAID = "Other: the engine gave no reason"


class SignerInfo(ctypes.Structure):
    """C2paSignerInfo: a signer with its key."""

    _fields_ = (
        *(("algorithm", _text), ("chain_pem", _text)),
        *(("key_pem", _text), ("authority", _text)),
    )


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
    "context_builder_set_progress_callback": (_int, _pointer, _pointer, Progressing),
    "context_builder_set_settings": (_int, _pointer, _pointer),
    "context_builder_set_signer": (_int, _pointer, _pointer),
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
    "signer_create": (_pointer, _pointer, Signing, _int, _text, _text),
    "signer_from_info": (_pointer, ctypes.POINTER(SignerInfo)),
    "version": (_pointer,),
}


class Refused(Exception):
    """The engine refused; the message is its own, such as "ManifestNotFound: no JUMBF data"."""


class IngredientRefused(Refused):
    """The engine cannot read an ingredient."""

    def __init__(self, why: str, called: str) -> None:
        super().__init__(why)
        self.called = called


class Handle:
    """Something of the engine's that is kept: given back when nobody refers to it any more.

    Nothing native survives a fork: there it is left alone.
    """

    __slots__ = ("__weakref__", "_end", "callbacks", "pointer")

    def __init__(self, free: Callable[[int], object], pointer: int, *callbacks: object) -> None:
        self.pointer = pointer
        self.callbacks = callbacks
        """What the engine calls for it, which lives at least as long."""
        self._end = weakref.finalize(self, _given_back, free, pointer, os.getpid())
        self._end.atexit = False

    def given_away(self) -> int:
        """The pointer, which the engine itself has taken over with this call."""
        self._end.detach()
        return self.pointer


def _given_back(free: Callable[[int], object], pointer: int, process: int) -> None:
    if os.getpid() == process:
        free(pointer)


class Library:
    """The functions of the library at `path`, with the engine's way of refusing.

    Every method raises `Refused` where the engine does not do what is asked. Raises `EngineError`
    for a file that cannot be loaded.
    """

    def __init__(self, path: Path) -> None:
        try:
            library = ctypes.CDLL(str(path))
        except OSError as error:
            raise EngineError(f"{path}: cannot be loaded: {error}") from error
        self._c = SimpleNamespace()
        for name, (answer, *takes) in _FUNCTIONS.items():
            function = library[f"c2pa_{name}"]  # a new object, so nobody else's types are changed
            function.restype, function.argtypes = answer, takes
            setattr(self._c, name, function)

    def version(self) -> str:
        """Such as ``c2pa-c-ffi/0.91.3 c2pa-rs/0.91.3``."""
        return self._string(self._held(self._c.version())).decode("utf-8", "replace")

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

    def _kept(self, pointer: int | None, *callbacks: object) -> Handle:
        return Handle(self._c.free, self._held(pointer), *callbacks)

    def _begin(self) -> None:
        # the last call's would otherwise speak for this one
        self._c.error_set_last(UNSAID.encode())

    def _held(self, pointer: int | None) -> int:
        if pointer is None:
            raise Refused(self._reason())
        return pointer

    def _done(self, failed: int) -> None:
        if failed:
            raise Refused(self._reason())

    def _reason(self) -> str:
        text = self._c.error()
        return UNSAID if text is None else self._string(text).decode("utf-8", "replace")

    def _string(self, pointer: int) -> bytes:
        """The engine's string there, which is given back to it."""
        try:
            return ctypes.string_at(pointer)
        finally:
            self._c.free(pointer)


def array(texts: Sequence[str]) -> Any:
    """A NULL-terminated array of C strings."""
    return (_text * (len(texts) + 1))(*(text.encode() for text in texts), None)
