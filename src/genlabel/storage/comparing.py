"""Are two files equal: compared where they lie in memory, no byte of them copied."""

from __future__ import annotations

import ctypes
import os
from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter

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
        self._known: list[tuple[int, int, int]] = []
        """Where two equal runs of bytes lie, one in either file, and how long they are."""
        self._alive: list[Buffer] = []

    def same(
        self, one: Sequence[Buffer], other: Sequence[Buffer], *, remember: bool = False
    ) -> bool:
        """Are two runs of bytes in pieces equal, wherever each of them is cut?

        What is found equal when this is asked to `remember` is not looked at again. Those files
        stay as they are as long as the comparison is there.
        """
        if remember:
            self._alive += [*one, *other]  # nothing else comes to lie where they do
        if len(one) == len(other) == 1 and len(one[0]) <= _SMALL:
            return bytearray(one[0]) == other[0]
        if sum(map(len, one)) != sum(map(len, other)):
            return False
        pieces = (memoryview(piece) for piece in other if len(piece))
        right = memoryview(b"")
        for piece in one:
            left = memoryview(piece)
            while left:
                right = right or next(pieces)
                size = min(len(left), len(right), _STRIDE)
                if not self._equal(left[:size], right[:size], remember=remember):
                    return False
                self._held += size
                if self._held >= _STRIDE:
                    self._held = 0
                    let_go(left)
                    let_go(right)
                left, right = left[size:], right[size:]
        return True

    def _equal(self, one: memoryview, other: memoryview, *, remember: bool) -> bool:
        """Of equal length."""
        size = len(one)
        if size <= _SMALL or not (one.c_contiguous and other.c_contiguous):
            return bytearray(one) == other
        here, there = _Exported(), _Exported()
        try:
            _export(one, here, _SIMPLE)
            _export(other, there, _SIMPLE)
            left, right = here.address, there.address
            if self._is_known(left, right, size):
                return True
            if _memcmp(left, right, size):
                return False
            if remember:
                self._know(left, right, size)
        finally:  # of what was not exported nothing is released
            _release(here)
            _release(there)
        return True

    def _is_known(self, left: int, right: int, size: int) -> bool:
        number = bisect_right(self._known, left, key=itemgetter(0)) - 1
        if number < 0:
            return False
        first, second, length = self._known[number]
        return left + size <= first + length and right - second == left - first

    def _know(self, left: int, right: int, size: int) -> None:
        number = bisect_right(self._known, left, key=itemgetter(0))
        if number:
            first, second, length = self._known[number - 1]
            if (first + length, second + length) == (left, right):
                self._known[number - 1] = first, second, length + size
                return
        self._known.insert(number, (left, right, size))
