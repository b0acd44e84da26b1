"""Hashes over parts of a file: in one pass, nothing copied, the interpreter free for others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from genlabel.formats.edits import Span as Span
from genlabel.storage import buffers

Piece = Span | int
"""What is hashed: bytes of the file from start to end, or a number as eight bytes (big-endian)."""
ALGORITHMS = frozenset(("sha256", "sha384", "sha512"))
"""Those of C2PA 2.4 §13.1."""


class Pass:
    """One pass over a file from its beginning to its end, with any number of hashes on the way.

    The pages of a mapped file are let go of behind it, and whoever watches hears how far it has
    come. Between strides it can be interrupted.
    """

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._mapped = buffers.is_mapped(data)
        self._held = 0

    def digest(self, algorithm: str, pieces: Iterable[Piece]) -> bytes:
        """The hash over `pieces`, one behind the other; `algorithm` is one of `ALGORITHMS`."""
        state = hashlib.new(algorithm)
        for piece in pieces:
            if isinstance(piece, int):
                state.update(piece.to_bytes(8, "big"))
                continue
            start, end = piece
            while start < end:
                stop = min(end, start + buffers.STRIDE)
                state.update(self._data[start:stop])
                if self._mapped:
                    self._let_go(stop - start, stop)
                start = stop
        return state.digest()

    def _let_go(self, count: int, place: int) -> None:
        """`count` more bytes have been read, up to `place`."""
        self._held += count
        if self._held >= buffers.STRIDE or place == len(self._data):
            self._held = 0
            buffers.passed(self._data, place)


def digest(algorithm: str, data: memoryview, pieces: Iterable[Piece]) -> bytes:
    """The hash over `pieces` of a file by a pass of its own."""
    return Pass(data).digest(algorithm, pieces)
