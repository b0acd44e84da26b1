"""Exif in the segments of a JPEG file, and what it points to behind the picture.

Exif 3.0 §4.7.2. Makers keep a larger preview behind the picture, and count to it from a header in
their note. The payload says instead how far behind the beginning of the first scan it lies, so that
it says the same wherever the picture goes, and a rewrite puts in what a reader has to count.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from itertools import islice

from genlabel.formats.edits import Block, Edit, growth, put
from genlabel.formats.jpeg import segments
from genlabel.formats.jpeg.segments import content_of
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata
from genlabel.model.expression import expression

LIMIT = segments.MAX_CONTENT - len(segments.EXIF_HEADER)
"""Most bytes of a block that stands in one segment."""
_HEADERS = (b"II*\0", b"MM\0*")
_HEADER = expression(rb"II\*\0|MM\0\*")
_MOST_HEADERS = 8
_NUMBERS = {
    "<": expression(
        rb"[\x01\x04\x07](?=(?<=\x04)\0\x01\0\0\0|(?<!\x04)\0..[\0-\x07]\0)", re.DOTALL
    ),
    ">": expression(rb"\0(?=\x04\0\0\0\x01|[\x01\x07]\0[\0-\x07]..)", re.DOTALL),
}
"""Type and count of an entry that holds one whole number of 32 bits, or of bytes at an offset that
are the preview themselves (TIFF 6.0 §2), by order; a tag may look like one of these, too."""
_ENTRY = 12
_SOI = expression(rb".\xd8\xff[\xc0-\xcf\xda-\xfe]", re.DOTALL)
"""A preview's beginning; some makers write over its first byte. No scan's data look like that."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """An entry that leads to a picture behind the first one."""

    at: int
    """Where it stands in the payload."""
    length: int
    """The payload's, before any edit."""
    entry: bytes
    """Its twelve bytes in the payload: they count from the first scan."""
    order: str
    """``<`` or ``>``, as `struct` has it."""
    distance: int
    """How far the first scan lies behind what the file's own number counts from."""

    def moved(self, by: int) -> bytes:
        """The entry as it stands in a file whose scan begins `by` bytes further behind."""
        (value,) = struct.unpack(self.order + "I", self.entry[8:])
        return self.entry[:8] + struct.pack(self.order + "I", value + self.distance + by)


def run(view: memoryview, blocks: Sequence[Block]) -> list[Block]:
    """The first of these Exif blocks and the segments that continue it.

    Exif of more than 64 KB stands in neighbouring segments, of which only the first begins with
    a TIFF header; a later header is a second block.
    """
    found: list[Block] = []
    for block in blocks:
        if found:
            start = bytes(content_of(view, block)[len(segments.EXIF_HEADER) :][:4])
            if block.start != found[-1].end or start in _HEADERS:
                break
        found.append(block)
    return found


def joined(view: memoryview, found: Sequence[Block]) -> bytes:
    """What stands in the segments `found`, without their headers."""
    return b"".join(content_of(view, each)[len(segments.EXIF_HEADER) :] for each in found)


def read(view: memoryview, found: Sequence[Block], scan: int) -> tuple[bytes, tuple[Pointer, ...]]:
    """The payload of the segments `found`, and what it points to behind `scan`, the first one."""
    payload = joined(view, found)
    if len(found) != 1:
        return payload, ()
    pointers = tuple(_pointers(payload, view, found[0].end - len(payload), scan))
    return _with(payload, pointers, [each.entry for each in pointers]), pointers


def edits(
    found: Sequence[Block],
    payload: bytes | None,
    *,
    pointers: Sequence[Pointer],
    anchor: int,
    others: Sequence[Edit],
) -> list[Edit]:
    """Edits that give the segments `found` this payload, beside `others`; new ones at `anchor`.

    Raises `MalformedMetadata` for what does not fit into one segment and was not in several.
    """
    if payload is None:
        return put(found, b"", anchor)
    if len(payload) > LIMIT and len(found) < 2:
        raise MalformedMetadata(
            f"exif of {len(payload):,} bytes: a JPEG segment holds {LIMIT:,}",
            remedy="leave the Exif block as it is, or drop its thumbnail",
        )
    made = put(found, written(payload), anchor)
    if not pointers:
        return made
    before = growth(each for each in others if each.end <= found[0].start)
    by = growth([*others, *made]) - before
    counted = _with(payload, pointers, [each.moved(by) for each in pointers])
    return put(found, written(counted), anchor)


def written(payload: bytes) -> bytes:
    """The segments of a block."""
    cut = range(0, max(1, len(payload)), LIMIT)
    return b"".join(
        segments.segment(segments.APP1, segments.EXIF_HEADER, payload[at : at + LIMIT])
        for at in cut
    )


def _with(payload: bytes, pointers: Sequence[Pointer], entries: Sequence[bytes]) -> bytes:
    """The payload with `entries` in the places of the pointers, and of copies that edits made."""
    whole = bytearray(payload)
    for pointer, entry in zip(pointers, entries, strict=True):
        whole[pointer.at : pointer.at + len(entry)] = entry
        # a directory that was edited stands behind all there was
        whole[pointer.length :] = whole[pointer.length :].replace(pointer.entry, entry)
    return bytes(whole)


def _pointers(payload: bytes, view: memoryview, header: int, scan: int) -> Iterator[Pointer]:
    """The pointers of a payload whose TIFF header stands at `header` of the file."""
    headers = islice(_HEADER.finditer(payload), _MOST_HEADERS)
    bases = dict.fromkeys((header, *(header + each.start() for each in headers)))
    least, end, last = scan - max(bases), len(view), len(payload) - _ENTRY
    for order, kind in _NUMBERS.items():
        free = 0  # entries lie side by side
        number = struct.Struct(order + "I").unpack_from
        for match in kind.finditer(payload):
            at = match.start() - 2
            if not free <= at <= last:
                continue
            (value,) = number(payload, at + 8)
            if not least < value < end:  # most are small numbers
                continue
            base = next((one for one in bases if _leads(view, one + value, scan)), None)
            if base is not None:
                free = at + _ENTRY
                counted = struct.pack(order + "I", base + value - scan)
                entry = payload[at : at + 8] + counted
                yield Pointer(at, len(payload), entry, order, scan - base)


def _leads(view: memoryview, target: int, scan: int) -> bool:
    return scan < target and _SOI.match(view, target) is not None
