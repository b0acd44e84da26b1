"""Reading through the engine's C interface, from bytes in memory, with callbacks that do little.

The engine asks for a PNG of one megapixel in some 300 pieces. Its Python package answers each with
several objects and checks; here a piece is one copy. The interface is the one that the engine
publishes for C (`c2pa.h`), of the version that `engine` lets in.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from genlabel.containers.container import Buffer
from genlabel.containers.large import STRIDE, is_mapped, passed

View = Literal["json", "crjson"]

_pointer = ctypes.c_void_p
_Transfer = ctypes.CFUNCTYPE(ctypes.c_ssize_t, _pointer, _pointer, ctypes.c_ssize_t)
_Seek = ctypes.CFUNCTYPE(ctypes.c_ssize_t, _pointer, ctypes.c_ssize_t, ctypes.c_int)
_Flush = ctypes.CFUNCTYPE(ctypes.c_ssize_t, _pointer)

_FROM_START, _FROM_HERE, _FROM_END = range(3)  # SeekMode of c2pa.h
_UNSAID = "Other: the engine gave no reason"


class Refused(Exception):
    """The engine refused; the message is its own, such as "ManifestNotFound: no JUMBF data"."""


class Native:
    """The reading half of the engine's C interface, in the library at `path`."""

    def __init__(self, path: Path) -> None:
        self._library = ctypes.CDLL(str(path))
        self._create_stream = self._function(
            "c2pa_create_stream", _pointer, _pointer, _Transfer, _Seek, _Transfer, _Flush
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
        self._free = self._function("c2pa_free", ctypes.c_int, _pointer)
        self._error = self._function("c2pa_error", _pointer)
        self._forget_error = self._function("c2pa_error_set_last", ctypes.c_int, ctypes.c_char_p)

    def read(self, context: Any, data: Buffer, mime: str, store: bytes | None, view: View) -> bytes:
        """The engine's `view` of the manifest in `data`, or in `store` instead: UTF-8 JSON.

        What is neither bytes nor a mapped file is copied first. `context` is the engine's, as its
        Python package makes it. Raises `Refused`.
        """
        handle = ctypes.cast(context.execution_context, _pointer)
        self._forget_error(_UNSAID.encode())  # the last call's would otherwise speak for this one
        stream, kept = self._stream(data)
        try:
            empty = self._held(self._reader(handle))
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
        finally:
            self._release_stream(stream)
            del kept  # the callbacks and the bytes live as long as the stream

    def _stream(self, data: Buffer) -> tuple[int, tuple[object, ...]]:
        """A stream of `data` that can be read and sought, and what must outlive it."""
        if is_mapped(data):
            held: object = (ctypes.c_char * len(data)).from_buffer(data)
            begin = ctypes.addressof(held)  # type: ignore[arg-type]
        else:
            held = data if isinstance(data, bytes) else bytes(data)
            begin = ctypes.cast(ctypes.c_char_p(held), _pointer).value or 0
        size, place, since, copy = len(data), 0, 0, ctypes.memmove

        def read(_: object, target: int, wanted: int) -> int:
            nonlocal place, since
            given = min(wanted, size - place)
            if given <= 0:
                return 0
            copy(target, begin + place, given)
            place += given
            since += given
            if since > STRIDE:
                passed(data, place)
                since = 0
            return given

        def seek(_: object, offset: int, whence: int) -> int:
            nonlocal place
            if whence == _FROM_HERE:
                offset += place
            elif whence == _FROM_END:
                offset += size
            if offset < 0:
                return -1
            place = offset
            return place

        kept = (_Transfer(read), _Seek(seek), _Transfer(_no_writing), _Flush(_nothing))
        return self._held(self._create_stream(None, *kept)), (*kept, held)

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


def _no_writing(_: object, source: int, length: int) -> int:
    return -1


def _nothing(_: object) -> int:
    return 0
