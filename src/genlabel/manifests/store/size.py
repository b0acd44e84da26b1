"""How many boxes a manifest holds: counted before anybody reads what is in them."""

from __future__ import annotations

import struct
from collections.abc import Iterator

MAX_BOXES = 2_000
"""Most labelled boxes of one manifest: assertions, databoxes, credentials. Real ones have ten."""
_HEADER = struct.Struct(">I4s")
_DESCRIPTION = b"jumd"  # ISO/IEC 19566-5 §B.3: every superbox begins with one


def most_boxes(store: bytes) -> int:
    """The labelled boxes of the manifest in `store` that has most of them.

    Nothing is parsed but the lengths of the manifests (C2PA 2.4 §11.1.4.2); where they lie, the
    rest of the store counts as one manifest.
    """
    return max((store.count(_DESCRIPTION, *span) for span in _manifests(store)), default=0)


def _manifests(store: bytes) -> Iterator[tuple[int, int]]:
    at, end = _HEADER.size, len(store)
    while at + _HEADER.size <= end:
        length, kind = _HEADER.unpack_from(store, at)
        if length < _HEADER.size or at + length > end:
            yield at, end
            return
        if kind == b"jumb":
            yield at, at + length
        at += length
