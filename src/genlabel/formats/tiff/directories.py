"""The directories of a TIFF structure: headers, entries and values, classic and BigTIFF.

TIFF 6.0 §2; Exif 3.0 §4.6; the BigTIFF proposal (libtiff) for offsets of 64 bits. What is hostile
about a structure, such as a length that lies, is `MalformedMetadata` here; a file that is a TIFF
itself translates it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata
from genlabel.storage.buffers import Buffer

CLASSIC, BIG = 42, 43  # TIFF 6.0 §2, the magic number; BigTIFF's
BYTE, ASCII, SHORT, LONG, UNDEFINED, IFD, LONG8, IFD8, UTF8 = 1, 2, 3, 4, 7, 13, 16, 18, 129
SIZES = {
    **{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4},
    **{16: 8, 17: 8, 18: 8, 129: 1},
}
"""Bytes of one value, by type (TIFF 6.0 §2; IFD of its supplement 1; BigTIFF's three; UTF-8 of
Exif 3.0)."""
EXIF_POINTER, GPS_POINTER = 0x8769, 0x8825  # Exif 3.0 §4.6.3

MAX_DIRECTORIES = 256
"""Most directories of a chain that are walked."""
MAX_ENTRIES = 0xFFFF
"""Most entries of one directory: what the 16 bits of a classic one can count."""
MAX_SIZE = 0xFFFF_FFFF
"""Classic offsets are 32 bits wide (TIFF 6.0 §2)."""

_WHOLE = {SHORT: "H", LONG: "I", IFD: "I", LONG8: "Q", IFD8: "Q", BYTE: "B"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a directory: a tag and where its value is."""

    tag: int
    type: int
    count: int
    field: bytes
    """The entry's last four (BigTIFF: eight) bytes: the value where it fits, else its offset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """One image file directory."""

    offset: int
    end: int
    """Offset behind it, the pointer to the next one included."""
    entries: tuple[Entry, ...]
    next: int
    """Offset of the next directory in the chain; 0 at its end."""

    def get(self, tag: int) -> Entry | None:
        """The first entry with this tag."""
        for each in self.entries:
            if each.tag == tag:
                return each
        return None


@dataclass(frozen=True, slots=True)
class Tiff:
    """A TIFF structure, by its header."""

    data: Buffer
    order: str
    """``<`` or ``>``, as `struct` wants it."""
    first: int
    """Offset of the first directory."""
    big: bool = False
    """BigTIFF: 64-bit offsets and counts."""

    @property
    def width(self) -> int:
        """Bytes of an offset, and of a value that an entry holds itself."""
        return 8 if self.big else 4

    @property
    def offset_layout(self) -> str:
        """An offset, as `struct` has it; a value's count has the same width."""
        return "Q" if self.big else "I"

    @property
    def entries_layout(self) -> str:
        """The number of a directory's entries, as `struct` has it."""
        return "Q" if self.big else "H"

    @property
    def head(self) -> int:
        """Bytes in front of a directory's entries, which say how many they are."""
        return struct.calcsize("<" + self.entries_layout)

    @property
    def row(self) -> int:
        """Bytes of an entry: tag, type, count, and the value or where it is."""
        return struct.calcsize("<HH" + self.offset_layout) + self.width

    @property
    def pointer(self) -> int:
        """Where in the header the first directory's offset stands."""
        return 8 if self.big else 4

    def pack(self, layout: str, *values: int) -> bytes:
        """`values` in the file's byte order."""
        return struct.pack(self.order + layout, *values)

    def unpack(self, layout: str, data: Buffer, at: int = 0) -> tuple[int, ...]:
        """The whole numbers at `at`. Raises `MalformedMetadata` past the end."""
        try:
            return struct.unpack_from(self.order + layout, data, at)
        except struct.error as error:
            raise MalformedMetadata(f"tiff: nothing at {at:,}, the data ends before") from error

    def directory(self, offset: int) -> Directory:
        """The directory at `offset`. Raises `MalformedMetadata` when it runs past the end."""
        size = self.head
        if not self.pointer + self.width <= offset <= len(self.data) - size:
            raise MalformedMetadata(f"tiff: directory at {offset:,} lies outside the data")
        (count,) = self.unpack(self.entries_layout, self.data, offset)
        layout = f"{self.order}HH{self.offset_layout}{self.width}s"
        end = offset + size + self.row * count
        if end > len(self.data) or count > MAX_ENTRIES:
            raise MalformedMetadata(
                f"tiff: directory at {offset:,} with {count:,} entries runs past the end"
            )
        table = memoryview(self.data)[offset + size : end]
        entries = tuple([Entry(*row) for row in struct.iter_unpack(layout, table)])
        # Some cameras end a last directory without the pointer.
        following, behind = 0, end
        if end + self.width <= len(self.data):
            (following,) = self.unpack(self.offset_layout, self.data, end)
            behind = end + self.width
        return Directory(offset=offset, end=behind, entries=entries, next=following)

    def chain(self, most: int = MAX_DIRECTORIES) -> Iterator[Directory]:
        """The directories from the first one on, in order.

        Raises `MalformedMetadata` for one that is no directory, for a circle, and behind the
        `most`-th one.
        """
        seen: set[int] = set()
        at = self.first
        while at:
            if at in seen:
                raise MalformedMetadata(f"tiff: chain of directories leads back to {at:,}")
            if len(seen) >= most:
                raise MalformedMetadata(f"tiff: chain of more than {most:,} directories")
            seen.add(at)
            found = self.directory(at)
            yield found
            at = found.next

    def span(self, entry: Entry) -> tuple[int, int] | None:
        """(start, end) of a value that stands apart from its entry, wherever that may be.

        None when the entry holds it itself, or when its type is unknown.
        """
        size = SIZES.get(entry.type, 0) * entry.count
        if size <= (8 if self.big else 4):
            return None
        (at,) = self.unpack(self.offset_layout, entry.field)
        return at, at + size

    def value(self, entry: Entry) -> bytes | None:
        """The bytes of an entry's value; None when its type is unknown or it lies outside."""
        if entry.type not in SIZES:
            return None
        size = SIZES[entry.type] * entry.count
        place = self.span(entry)
        if place is None:
            return entry.field[:size]
        return bytes(self.data[place[0] : place[1]]) if place[1] <= len(self.data) else None

    def numbers(self, entry: Entry) -> tuple[int, ...] | None:
        """An entry's whole numbers without sign; None when it holds none or lies outside."""
        value, letter = self.value(entry), _WHOLE.get(entry.type)
        if value is None or letter is None:
            return None
        return struct.unpack(f"{self.order}{entry.count}{letter}", value)

    def pointed(self, entry: Entry) -> Directory:
        """The directory that an entry such as the Exif pointer leads to."""
        if entry.type not in (LONG, IFD, LONG8, IFD8) or entry.count != 1:
            raise MalformedMetadata(f"tiff: tag 0x{entry.tag:04X} points to no directory")
        (offset,) = self.numbers(entry) or (0,)
        return self.directory(offset)


def opened(data: Buffer) -> Tiff:
    """The classic structure that begins with `data`, as Exif blocks have it.

    Raises `MalformedMetadata` for any other header.
    """
    order, magic = _header(data)
    if magic != CLASSIC:
        raise MalformedMetadata(f"tiff: magic number {magic}, only {CLASSIC} is understood")
    (first,) = struct.unpack_from(order + "I", data, 4)
    return Tiff(data, order, first)


def opened_file(data: Buffer) -> Tiff:
    """The structure of a file, classic or BigTIFF. Raises `MalformedMetadata`."""
    order, magic = _header(data)
    if magic != BIG:
        return opened(data)
    if len(data) < 16 or struct.unpack_from(order + "HH", data, 4) != (8, 0):
        raise MalformedMetadata("tiff: BigTIFF with a header that says no 64-bit offsets")
    (first,) = struct.unpack_from(order + "Q", data, 8)
    return Tiff(data, order, first, True)


def _header(data: Buffer) -> tuple[str, int]:
    order = {b"II": "<", b"MM": ">"}.get(bytes(data[:2]))
    if order is None or len(data) < 8:
        raise MalformedMetadata("tiff: no TIFF header", remedy="remove the damaged block")
    (magic,) = struct.unpack_from(order + "H", data, 2)
    return order, magic
