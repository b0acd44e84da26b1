"""The index of pictures behind the first one in a JPEG file: Multi-Picture Format, CIPA DC-007."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from genlabel.formats.edits import Edit, growth
from genlabel.model.dataclass import dataclass

_NUMBER_OF_IMAGES = 0xB001  # CIPA DC-007 §5.2.3.2
_MP_ENTRY = 0xB002  # CIPA DC-007 §5.2.3.3
_ENTRY = 16
_MAX_TAGS = 64
"""An MP index has five tags; a directory with many more is none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture: its size in bytes and its offset from the MPF header, 0 for the first."""

    at: int
    """Absolute offset of the 32-bit size; the 32-bit offset follows it."""
    size: int
    offset: int


@dataclass(frozen=True, slots=True)
class Index:
    """What the first picture's APP2 MPF segment says about all pictures of the file."""

    header: int
    """Absolute offset of the MPF header (``II*`` or ``MM``), from which offsets count."""
    order: str
    """``<`` or ``>``, as `struct` has it."""
    entries: tuple[Entry, ...]

    @property
    def first_size(self) -> int:
        """Bytes of the first picture, SOI to EOI, as the index has it; 0 when it has none."""
        return next((entry.size for entry in self.entries if entry.offset == 0), 0)


def read(data: memoryview, start: int, end: int) -> Index | None:
    """The index in the MPF structure from `start` to `end` of `data`; None when it makes no sense.

    A segment in a later picture has attributes only and gives an index without entries.
    """
    tiff = data[start:end]
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(bytes(tiff[:4]))
    if order is None or len(tiff) < 8:
        return None
    (directory,) = struct.unpack_from(order + "I", tiff, 4)
    if directory + 2 > len(tiff):
        return None
    (count,) = struct.unpack_from(order + "H", tiff, directory)
    if count > _MAX_TAGS or directory + 2 + 12 * count > len(tiff):
        return None
    images, table, length = 0, 0, 0
    rows = tiff[directory + 2 : directory + 2 + 12 * count]
    for tag, _, values, value in struct.iter_unpack(order + "HHII", rows):
        if tag == _NUMBER_OF_IMAGES:
            images = value
        elif tag == _MP_ENTRY:
            table, length = value, values
    if table + length > len(tiff):
        return None
    entries = []
    for number in range(min(images, length // _ENTRY)):
        at = table + _ENTRY * number + 4
        size, offset = struct.unpack_from(order + "II", tiff, at)
        entries.append(Entry(start + at, size, offset))
    return Index(start, order, tuple(entries))


def moved(index: Index, edits: Sequence[Edit], *, scan: int, end: int, size: int) -> list[Edit]:
    """Edits that keep the index true when `edits` are made before the first scan.

    `scan` is where the first scan begins, `end` where the first picture ends, `size` the length
    of the file, all before the edits. Offsets count from the MPF header: only what grows behind
    it moves the pictures (CIPA DC-007 §5.2.3.3.3). A first size that falls short of `end` was
    left stale by a writer that did not know of the index, and is put right.
    """
    total = growth(edits)
    behind = total - growth(edit for edit in edits if edit.end <= index.header)
    result = []
    for entry in index.entries:
        if entry.offset == 0 and entry.size <= size:
            at, new = entry.at, max(entry.size, end) + total
        elif entry.offset and scan <= index.header + entry.offset <= size:
            at, new = entry.at + 4, entry.offset + behind
        else:
            continue
        result.append(Edit(at, at + 4, struct.pack(index.order + "I", new)))
    return result
