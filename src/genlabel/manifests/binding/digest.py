"""Hashes over parts of a file: in one pass, nothing copied, the interpreter free for others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from genlabel.storage import buffers

Span = tuple[int, int]
Piece = Span | int
"""What is hashed: bytes of the file from start to end, or a number as eight bytes (big-endian)."""
ALGORITHMS = frozenset(("sha256", "sha384", "sha512"))
"""Those of C2PA 2.4 §13.1."""


def digest(algorithm: str, data: memoryview, pieces: Iterable[Piece]) -> bytes:
    """The hash over `pieces`, one behind the other; `algorithm` is one of `ALGORITHMS`.

    The pages of a mapped file are let go of behind it.
    """
    state = hashlib.new(algorithm)
    hashed = 0
    for piece in pieces:
        if isinstance(piece, int):
            state.update(piece.to_bytes(8, "big"))
            continue
        start, end = piece
        while start < end:
            stop = min(end, start + buffers.STRIDE)
            state.update(data[start:stop])
            hashed += stop - start
            if hashed >= buffers.STRIDE:
                buffers.passed(data, stop)
                hashed = 0
            start = stop
    return state.digest()
