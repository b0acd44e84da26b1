"""Are two files equal: compared where they lie in memory, no byte of them copied."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from genlabel.storage.buffers import Buffer, let_go

_SMALL = 4096
"""Bytes up to which a copy costs less than finding out where they lie."""
_STRIDE = 4 * 1024 * 1024
"""Bytes after which the pages behind are let go of, in both files."""
_SIMPLE = 0  # PyBUF_SIMPLE: one run of bytes, or `BufferError`


class _Exported(ctypes.Structure):
    """`Py_buffer` of Python's C API ("Buffer Protocol")."""

    _fields_ = (
        ("address", ctypes.c_void_p),
        ("owner", ctypes.c_void_p),
        ("length", ctypes.c_ssize_t),
        ("itemsize", ctypes.c_ssize_t),
        ("readonly", ctypes.c_int),
        ("ndim", ctypes.c_int),
        ("format", ctypes.c_char_p),
        *((name, ctypes.c_void_p) for name in ("shape", "strides", "suboffsets", "internal")),
    )


# with the interpreter held: whoever lets go of it waits for every busy thread
_memcmp = ctypes.PyDLL("msvcrt" if os.name == "nt" else None).memcmp
_memcmp.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_export = ctypes.pythonapi.PyObject_GetBuffer
_export.argtypes = (ctypes.py_object, ctypes.POINTER(_Exported), ctypes.c_int)
_release = ctypes.pythonapi.PyBuffer_Release
_release.argtypes, _release.restype = (ctypes.POINTER(_Exported),), None


class Comparison:
    """Comparing two files, in as many calls as they have parts; pages of mapped ones are let go of
    on the way.
    """

    def __init__(self) -> None:
        """Nothing is compared yet."""
        self._held = 0

    def same(self, one: Sequence[Buffer], other: Sequence[Buffer]) -> bool:
        """Are two runs of bytes in pieces equal, wherever each of them is cut?"""
        if sum(map(len, one)) != sum(map(len, other)):
            return False
        pieces = (memoryview(piece) for piece in other if len(piece))
        right = memoryview(b"")
        for piece in one:
            left = memoryview(piece)
            while left:
                right = right or next(pieces)
                size = min(len(left), len(right), _STRIDE)
                if not _equal(left[:size], right[:size]):
                    return False
                self._held += size
                if self._held >= _STRIDE:
                    self._held = 0
                    let_go(left)
                    let_go(right)
                left, right = left[size:], right[size:]
        return True


def same_bytes(one: Sequence[Buffer], other: Sequence[Buffer]) -> bool:
    """Are two files in pieces equal, wherever each of them is cut?"""
    return Comparison().same(one, other)


def _equal(one: memoryview, other: memoryview) -> bool:
    """Of equal length."""
    if len(one) <= _SMALL or not (one.c_contiguous and other.c_contiguous):
        return bytearray(one) == other
    with _address(one) as left, _address(other) as right:
        return not _memcmp(left, right, len(one))


@contextmanager
def _address(view: memoryview) -> Iterator[int | None]:
    exported = _Exported()
    _export(view, exported, _SIMPLE)
    try:
        yield exported.address
    finally:
        _release(exported)
