"""Hashes over spans of a file, in one pass that copies nothing and can be interrupted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from genlabel.formats.edits import Span
from genlabel.storage.buffers import STRIDE, is_mapped, passed


class Pass:
    """One pass over a file, from its beginning to its end: several hashes may be taken on the way.

    Pages of a mapped file are given back behind it; whoever watches hears how far it has come.
    """

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._size = len(data)
        self._mapped = is_mapped(data)
        self._kept = 0

    def digest(self, algorithm: str, spans: Iterable[Span]) -> bytes:
        """The hash over the bytes of `spans`, by one of C2PA's algorithms."""
        hasher = hashlib.new(algorithm)
        for start, end in spans:
            for at in range(start, end, STRIDE):
                stop = min(at + STRIDE, end)
                hasher.update(self._data[at:stop])
                self._behind(stop - at, stop)
        return hasher.digest()

    def _behind(self, count: int, place: int) -> None:
        """`count` bytes up to `place` have been read."""
        self._kept += count
        if self._mapped and (self._kept >= STRIDE or place == self._size):
            self._kept = 0
            passed(self._data, place)
