"""The segments of a JPEG file, from SOI to the first scan, and where the picture ends.

ITU-T T.81 Annex B; what an application segment is called follows from its identifier.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from genlabel.formats.edits import Block, printable
from genlabel.formats.malformed import past_end
from genlabel.formats.slots import MAX_BLOCKS
from genlabel.model.errors import MalformedAsset
from genlabel.model.expression import expression
from genlabel.model.named_tuple import NamedTuple

# T.81 table B.1
SOI = b"\xff\xd8"
EOI = b"\xff\xd9"
SOS = 0xDA
APP0, APP1, APP11, APP13 = 0xE0, 0xE1, 0xEB, 0xED
MAX_CONTENT = 65_533
"""T.81 B.1.1.4: the length field has 16 bits and counts itself."""

EXIF_HEADER = b"Exif\0\0"  # Exif 3.0 §4.7.2
XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"  # XMP part 3 §1.1.3
EXTENDED_HEADER = b"http://ns.adobe.com/xmp/extension/\0"  # XMP part 3 §1.1.3.1
PHOTOSHOP_HEADER = b"Photoshop 3.0\0"
MPF_HEADER = b"MPF\0"  # CIPA DC-007 §5.2.1

EXIF_BLOCK = "APP1 Exif"
XMP_BLOCK = "APP1 XMP"
EXTENDED_BLOCK = "APP1 ExtendedXMP"
PHOTOSHOP_BLOCK = "APP13 Photoshop"
MPF_BLOCK = "APP2 MPF"
C2PA_BLOCK = "APP11 C2PA"
JUNK_BLOCK = "junk"

NAMES = {
    **{0xC0 + n: f"SOF{n}" for n in range(16)},
    **{0xC4: "DHT", 0xC8: "JPG", 0xCC: "DAC", 0x01: "TEM", 0xFE: "COM"},
    **{0xD0 + n: f"RST{n}" for n in range(8)},
    **{0xD8: "SOI", 0xDA: "SOS", 0xDB: "DQT", 0xDC: "DNL", 0xDD: "DRI", 0xDE: "DHP", 0xDF: "EXP"},
    **{0xE0 + n: f"APP{n}" for n in range(16)},
    **{0xF0 + n: f"JPG{n}" for n in range(14)},
}
"""Table B.1, but for EOI."""
_IDENTIFIERS = {
    APP0: ((b"JFIF\0", "APP0 JFIF"), (b"JFXX\0", "APP0 JFXX")),
    APP1: (
        (b"Exif\0", EXIF_BLOCK),
        (XMP_HEADER, XMP_BLOCK),
        (EXTENDED_HEADER, EXTENDED_BLOCK),
    ),
    0xE2: ((b"ICC_PROFILE\0", "APP2 ICC"), (MPF_HEADER, MPF_BLOCK)),
    APP11: ((b"JP", "APP11 JUMBF"),),
    APP13: ((PHOTOSHOP_HEADER, PHOTOSHOP_BLOCK),),
    0xEE: ((b"Adobe", "APP14 Adobe"),),
}
"""What application segments begin with, by their markers."""
_APPLICATIONS = frozenset(range(0xE0, 0xF0))
RESTARTS = frozenset(range(0xD0, 0xD8))
STANDALONE = frozenset({0x01, 0xD8, *RESTARTS})
"""Markers without a length."""
# SOF0 to SOF15 and what follows; RSTn and reserved markers do not end junk.
_NEXT_SEGMENT = expression(rb"\xff[\xc0-\xcf\xda-\xfe]")
_FILL = expression(rb"\xff*")
# In entropy-coded data FF is followed by 00 (stuffing) or RSTn; FF FF is fill (T.81 B.1.1.2).
_MARKER_IN_SCAN = expression(rb"\xff[^\x00\x01\xd0-\xd7\xff]")


class Segment(NamedTuple):
    """One segment. `start` includes fill bytes; `content` comes after the length field."""

    marker: int
    """The marker's second byte; 0 for junk between segments."""
    name: str
    start: int
    content: int
    end: int


_segment: Callable[[tuple[int, str, int, int, int]], Segment] = partial(tuple.__new__, Segment)
"""In little more than half of the time: a named tuple's own way is a function in Python."""


def walk(data: memoryview) -> tuple[list[Segment], int]:
    """The segments between SOI and the first scan, and the offset of that scan's SOS marker.

    Junk between segments is stepped over and comes as a segment of its own. Raises
    `MalformedAsset` when a length runs past the end or there is no scan.
    """
    size = len(data)
    segments: list[Segment] = []
    at = len(SOI)
    while True:
        if len(segments) >= MAX_BLOCKS:
            raise MalformedAsset("jpeg", f"more than {MAX_BLOCKS:,} segments", offset=at)
        if at + 1 < size and data[at] == 0xFF and data[at + 1] != 0xFF:  # no fill bytes, as usual
            code = at + 1
        else:
            fill = _FILL.match(data, at)
            code = fill.end() if fill else at
        if code >= size:
            raise MalformedAsset("jpeg", f"ends at {size:,} before the first scan", offset=size)
        marker = data[code]
        if code == at or (marker not in NAMES and marker != EOI[1]):
            segments.append(_junk(data, at))
            at = segments[-1].end
            continue
        if marker == EOI[1]:
            raise MalformedAsset("jpeg", f"ends at {code + 1:,} before the first scan", offset=at)
        name = NAMES[marker]
        if marker in STANDALONE:
            segments.append(Segment(marker, name, at, code + 1, code + 1))
            at = code + 1
            continue
        end = code + 1 + int.from_bytes(data[code + 1 : code + 3], "big")
        if not code + 3 <= end <= size:
            raise _no_end(data, code, name)
        if marker == SOS:
            return segments, at
        if marker in _APPLICATIONS:
            name = _name(marker, name, data[code + 3 : end])
        segments.append(_segment((marker, name, at, code + 3, end)))
        at = end


def content_of(data: memoryview, block: Block) -> memoryview:
    """The bytes of a segment's block after fill bytes, marker and length."""
    code = marker_of(data, block) + 1
    return data[code + 3 : block.end]


def marker_of(data: memoryview, block: Block) -> int:
    """The offset of a segment's marker, fill bytes skipped."""
    if data[block.start + 1] != 0xFF:
        return block.start
    fill = _FILL.match(data, block.start)
    return fill.end() - 1 if fill else block.start


def segment(marker: int, *content: bytes | memoryview) -> bytes:
    """A new segment. Raises `ValueError` when the content is longer than `MAX_CONTENT`."""
    length = sum(map(len, content))
    if length > MAX_CONTENT:
        raise ValueError(f"{length:,} bytes do not fit into a segment")
    return b"".join((bytes((0xFF, marker)), (length + 2).to_bytes(2, "big"), *content))


def end_of_picture(data: memoryview, scan: int) -> int | None:
    """The offset after the EOI that ends the scans beginning at `scan`; None without one.

    Reads all the entropy-coded data: about a millisecond for 1.5 MB.
    """
    at = scan
    for _ in range(MAX_BLOCKS):
        match = _MARKER_IN_SCAN.search(data, at)
        if match is None:
            return None
        code = match.start() + 1
        if data[code] == EOI[1]:
            return code + 1
        at = code + 1
        if data[code] not in STANDALONE:
            if at + 2 > len(data):
                return None
            at += max(2, int.from_bytes(data[at : at + 2], "big"))
    return None


def _no_end(data: memoryview, code: int, name: str) -> MalformedAsset:
    """Why the segment whose marker ends at `code` does not end within the file."""
    size = len(data)
    if code + 3 > size:
        return MalformedAsset("jpeg", f"ends in the header of {name} at {code - 1:,}", offset=code)
    length = int.from_bytes(data[code + 1 : code + 3], "big")
    if length < 2:
        what = f"segment {name} at {code - 1:,} has the impossible length {length}"
        return MalformedAsset("jpeg", what, offset=code)
    end = code + 1 + length
    return past_end("jpeg", f"segment {name} at {code - 1:,}", end - size, code - 1)


def _junk(data: memoryview, at: int) -> Segment:
    match = _NEXT_SEGMENT.search(data, at + 1)
    if match is None:
        raise MalformedAsset("jpeg", f"nothing but junk after {at:,}", offset=at)
    return Segment(0, JUNK_BLOCK, at, at, match.start())


def _name(marker: int, name: str, content: memoryview) -> str:
    for identifier, known in _IDENTIFIERS.get(marker, ()):
        if content[: len(identifier)] == identifier:
            return known
    # Quotes keep a stranger's identifier apart from the names above.
    identifier = bytes(content[:32]).split(b"\0", 1)[0]
    return f'{name} "{printable(identifier)}"' if identifier.isascii() and identifier else name
