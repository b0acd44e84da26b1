"""The directories of a TIFF structure, and an editor that only ever appends.

TIFF 6.0 §2; Exif 3.0 §4.6. No existing byte moves, since maker notes, previews and strips are
found by absolute offsets that nobody has listed: new values and a new directory go to the end,
and the header's pointer is turned to it. The old directory stays behind as dead bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from genlabel.errors import MalformedMetadata

CLASSIC = 42  # TIFF 6.0 §2, the magic number; BigTIFF has 43
ASCII, LONG, UNDEFINED, IFD, UTF8 = 2, 4, 7, 13, 129
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
"""Bytes of one value, by type (TIFF 6.0 §2; IFD of its supplement 1; UTF-8 of Exif 3.0)."""

MAX_DIRECTORIES = 256
"""Most directories of a chain that are walked."""
MAX_SIZE = 0xFFFF_FFFF
"""Offsets are 32 bits wide (TIFF 6.0 §2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a directory: a tag and where its value is."""

    tag: int
    type: int
    count: int
    field: bytes
    """The entry's last four bytes: the value where it fits, else its offset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """One image file directory."""

    offset: int
    entries: tuple[Entry, ...]
    next: int
    """Offset of the next directory in the chain; 0 at its end."""

    def get(self, tag: int) -> Entry | None:
        """The first entry with this tag."""
        return next((each for each in self.entries if each.tag == tag), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewValue:
    """A value to write: its type, the number of items and their bytes in the file's order."""

    type: int
    count: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Tiff:
    """A TIFF structure, by its header."""

    data: bytes
    order: str
    """``<`` or ``>``, as `struct` wants it."""
    first: int
    """Offset of the first directory."""

    def pack(self, layout: str, *values: int) -> bytes:
        """`values` in the file's byte order."""
        return struct.pack(self.order + layout, *values)

    def unpack(self, layout: str, data: bytes, at: int = 0) -> tuple[int, ...]:
        """The whole numbers at `at`. Raises `MalformedMetadata` past the end."""
        try:
            return struct.unpack_from(self.order + layout, data, at)
        except struct.error as error:
            raise MalformedMetadata(f"tiff: nothing at {at:,}, the data ends before") from error

    def directory(self, offset: int) -> Directory:
        """The directory at `offset`. Raises `MalformedMetadata` when it runs past the end."""
        if not 8 <= offset <= len(self.data) - 2:
            raise MalformedMetadata(f"tiff: directory at {offset:,} lies outside the data")
        (count,) = self.unpack("H", self.data, offset)
        end = offset + 2 + 12 * count
        if end > len(self.data):
            raise MalformedMetadata(
                f"tiff: directory at {offset:,} with {count:,} entries runs past the end"
            )
        entries = []
        for at in range(offset + 2, end, 12):
            tag, kind, number = self.unpack("HHI", self.data, at)
            field = self.data[at + 8 : at + 12]
            entries.append(Entry(tag=tag, type=kind, count=number, field=field))
        # Some cameras end a last directory without the pointer.
        following = self.unpack("I", self.data, end)[0] if end + 4 <= len(self.data) else 0
        return Directory(offset=offset, entries=tuple(entries), next=following)

    def value(self, entry: Entry) -> bytes | None:
        """The bytes of an entry's value; None when its type is unknown or it lies outside."""
        size = SIZES.get(entry.type, 0) * entry.count
        if not size:
            return None
        if size <= 4:
            return entry.field[:size]
        (at,) = self.unpack("I", entry.field)
        return self.data[at : at + size] if at + size <= len(self.data) else None

    def pointed(self, entry: Entry) -> Directory:
        """The directory that an entry such as the Exif pointer leads to."""
        if entry.type not in (LONG, IFD) or entry.count != 1:
            raise MalformedMetadata(f"tiff: tag 0x{entry.tag:04X} points to no directory")
        return self.directory(self.unpack("I", entry.field)[0])


def opened(data: bytes) -> Tiff:
    """The structure that begins with `data`. Raises `MalformedMetadata` for any other header."""
    order = {b"II": "<", b"MM": ">"}.get(bytes(data[:2]))
    if order is None or len(data) < 8:
        raise MalformedMetadata("tiff: no TIFF header", remedy="remove the damaged block")
    magic, first = struct.unpack_from(order + "HI", data, 2)
    if magic != CLASSIC:
        raise MalformedMetadata(f"tiff: magic number {magic}, only {CLASSIC} is understood")
    return Tiff(data, order, first)


def edited(
    tiff: Tiff,
    changes: Mapping[int, NewValue | None],
    *,
    below: Mapping[int, Mapping[int, NewValue | None]] | None = None,
) -> bytes:
    """The structure with tags of its first directory set, or removed where None.

    `below` changes tags of directories that the first one points to, by the pointer's tag; a
    directory that is not there is made. Raises `MalformedMetadata` for what cannot be extended
    safely: duplicate tags, chains in a circle, lengths that lie.
    """
    main = _sound(tiff, tiff.directory(tiff.first))
    _check_chain(tiff, main)
    tail = bytearray(tiff.data)
    pointers: dict[int, NewValue | None] = {}
    for pointer, inner in (below or {}).items():
        entry = main.get(pointer)
        if entry is None and not any(inner.values()):
            continue
        old = _sound(tiff, tiff.pointed(entry)) if entry is not None else None
        offset = _append(tiff, tail, old, inner)
        kind = entry.type if entry is not None else LONG
        pointers[pointer] = NewValue(type=kind, count=1, data=tiff.pack("I", offset))
    first = _append(tiff, tail, main, {**changes, **pointers})
    if len(tail) > MAX_SIZE:
        raise MalformedMetadata(f"tiff: would exceed {MAX_SIZE:,} bytes")
    tail[4:8] = tiff.pack("I", first)
    return bytes(tail)


def _append(
    tiff: Tiff, tail: bytearray, old: Directory | None, changes: Mapping[int, NewValue | None]
) -> int:
    """Append the new values and a directory in place of `old`; its offset."""
    entries = {each.tag: each for each in old.entries} if old is not None else {}
    for tag, value in changes.items():
        entries.pop(tag, None)
        if value is not None:
            entries[tag] = _placed(tiff, tail, tag, value)
    _align(tail)
    offset = len(tail)
    tail += tiff.pack("H", len(entries))
    for tag in sorted(entries):  # TIFF 6.0 §2: ascending
        each = entries[tag]
        tail += tiff.pack("HHI", tag, each.type, each.count) + each.field
    tail += tiff.pack("I", old.next if old is not None else 0)
    return offset


def _placed(tiff: Tiff, tail: bytearray, tag: int, value: NewValue) -> Entry:
    if len(value.data) <= 4:
        field = value.data.ljust(4, b"\0")
    else:
        _align(tail)
        field = tiff.pack("I", len(tail))
        tail += value.data
    return Entry(tag=tag, type=value.type, count=value.count, field=field)


def _align(tail: bytearray) -> None:
    if len(tail) % 2:  # TIFF 6.0 §2: on a word boundary
        tail.append(0)


def _sound(tiff: Tiff, directory: Directory) -> Directory:
    tags = [each.tag for each in directory.entries]
    if len(set(tags)) != len(tags):
        raise MalformedMetadata(
            f"tiff: directory at {directory.offset:,} has duplicate tags",
            remedy="repair the metadata with a tool that knows which one is meant",
        )
    return directory


def _check_chain(tiff: Tiff, first: Directory) -> None:
    """Follow the chain of directories to its end; a circle would be copied into the result."""
    seen = {first.offset}
    at = first.next
    while at:
        if at in seen or len(seen) >= MAX_DIRECTORIES:
            raise MalformedMetadata(f"tiff: chain of directories leads back to {at:,}")
        seen.add(at)
        try:
            at = tiff.directory(at).next
        except MalformedMetadata:
            return  # a thumbnail's directory that is cut off was so before, and stays so
