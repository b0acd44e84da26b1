"""Pieces of labels in files that no container here reads, found by what they begin with.

Nothing is known of such a file's structure, so a piece may be part of anything: it is shown, and
nothing is concluded from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from genlabel.formats.format import MANIFEST, MAX_METADATA, XMP, Block, Buffer, Slot

MAX_SCANNED = 64 * 1024 * 1024
"""Bytes that are looked through at the beginning of a file, and again at its end."""
_MAX_PIECES = 100

# XMP part 1 §7.3.2: the packet wrapper
_PACKET = re.compile(rb"<\?xpacket begin=[^>]{1,100}\?>")
_PACKET_END = re.compile(rb"<\?xpacket end=[^>]{1,20}\?>")
# ISO/IEC 19566-5 §A.1 and C2PA 2.4 §11.1.4.2: a superbox whose description is that of a store
_STORE = re.compile(rb"jumb.{4}jumdc2pa\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71", re.DOTALL)


def pieces(data: Buffer) -> Iterator[tuple[Slot, Block, bytes]]:
    """XMP packets and C2PA manifest stores, at most a hundred, each with where it lies."""
    view = memoryview(data).cast("B")
    begun = min(len(view), MAX_SCANNED)
    spans = [(0, begun)]
    if len(view) > begun:
        spans.append((max(begun, len(view) - MAX_SCANNED), len(view)))
    left = _MAX_PIECES
    for start, end in spans:
        for slot, found in _in(view, start, end):
            if left == 0:
                return
            left -= 1
            name = "XMP packet" if slot == XMP else "C2PA manifest store"
            yield slot, Block(name, found[0], found[1] - found[0]), bytes(view[slice(*found)])


def _in(view: memoryview, start: int, end: int) -> Iterator[tuple[Slot, tuple[int, int]]]:
    at = start
    while begun := _PACKET.search(view, at, end):
        closed = _PACKET_END.search(view, begun.end(), min(end, begun.end() + MAX_METADATA))
        if closed is None:
            break
        yield XMP, (begun.start(), closed.end())
        at = closed.end()
    at = start
    while begun := _STORE.search(view, at, end):
        first = begun.start() - 4
        length = int.from_bytes(view[max(0, first) : begun.start()], "big")
        at = begun.end()
        if first >= start and 8 <= length <= len(view) - first:
            yield MANIFEST, (first, first + length)
            at = first + length
