"""An editor of TIFF directories that only ever appends.

No existing byte moves, since maker notes, previews and strips are found by absolute offsets that
nobody has listed: new values and new directories go to the end, and the pointer to the old
directory is turned to the new one. The old directory stays behind as dead bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from genlabel.formats.edits import Edit, splice
from genlabel.formats.tiff import directories
from genlabel.formats.tiff.directories import SIZES, Directory, Entry, Tiff, opened
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata

EMPTY = b"MM\0*\0\0\0\x08" + b"\0\0" + b"\0\0\0\0"
"""A structure with an empty first directory (TIFF 6.0 §2), to be extended like any other. A
directory at 8 in use would be one that ExifTool takes for a part of the manifest before it in a
PNG file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewValue:
    """A value to write: its type, the number of items and their bytes in the file's order."""

    type: int
    count: int
    data: bytes


Changes = Mapping[int, NewValue | None]
"""Tag → its new value; None takes the tag out."""


@dataclass(slots=True)
class Draft:
    """An edit of one structure in the making: what is appended, and which pointers are turned."""

    tiff: Tiff
    end: int
    """Where the appended bytes begin: what lies behind it in the structure goes."""
    tail: bytearray = field(default_factory=bytearray)
    pointers: dict[int, int] = field(default_factory=dict)
    """Where a pointer stands in the structure → the offset that it gets."""

    def directory(
        self, old: Directory | None, changes: Changes, *, following: int | None = None
    ) -> int:
        """Append the new values, then a directory in place of `old`; its offset.

        The chain goes on as it did, or with the directory at `following`.
        """
        entries = [each for each in old.entries if each.tag not in changes] if old else []
        for tag, value in sorted(changes.items()):
            if value is not None:
                _inserted(entries, self._placed(tag, value))
        self._align()
        offset = self.end + len(self.tail)
        layout = "HH" + self.tiff.offset_layout
        self.tail += self.tiff.pack(self.tiff.entries_layout, len(entries))
        for each in entries:
            self.tail += self.tiff.pack(layout, each.tag, each.type, each.count) + each.field
        if following is None:
            following = old.next if old is not None else 0
        self.tail += self._offset(following)
        return offset

    def below(self, main: Directory, pointer: int, inner: Changes) -> Changes:
        """The change to `main` that turns one of its pointers to a directory edited by `inner`.

        A directory that is not there is made; nothing changes where there is nothing to put in.
        """
        entry = main.get(pointer)
        if entry is None and not any(inner.values()):
            return {}
        old = sound(self.tiff.pointed(entry)) if entry is not None else None
        offset = self.directory(old, inner)
        kind = (
            directories.LONG8
            if self.tiff.big
            else entry.type
            if entry is not None
            else directories.LONG
        )
        return {pointer: NewValue(type=kind, count=1, data=self._offset(offset))}

    def behind(self, directory: int, tag: int, data: bytes) -> None:
        """Append `data`, the value of `tag` in the directory that was appended at that offset."""
        self._align()
        size, row = self.tiff.head, self.tiff.row
        at = directory - self.end + size
        while self.tiff.unpack("H", self.tail, at) != (tag,):
            at += row
        place = self._offset(self.end + len(self.tail))
        self.tail[at + row - self.tiff.width : at + row] = place
        self.tail += data

    def edits(self) -> list[Edit]:
        """What makes the new structure of the old one.

        Raises `MalformedMetadata` where offsets cannot reach its end.
        """
        self._offset(self.end + len(self.tail))
        turned = [
            Edit(at, at + self.tiff.width, self._offset(offset))
            for at, offset in self.pointers.items()
        ]
        return [*turned, Edit(self.end, len(self.tiff.data), bytes(self.tail))]

    def _placed(self, tag: int, value: NewValue) -> Entry:
        if len(value.data) <= self.tiff.width:
            inline = value.data.ljust(self.tiff.width, b"\0")
        else:
            self._align()
            inline = self._offset(self.end + len(self.tail))
            self.tail += value.data
        return Entry(tag=tag, type=value.type, count=value.count, field=inline)

    def _offset(self, offset: int) -> bytes:
        if offset > directories.MAX_SIZE and not self.tiff.big:
            raise MalformedMetadata(f"tiff: would exceed {directories.MAX_SIZE:,} bytes")
        return self.tiff.pack(self.tiff.offset_layout, offset)

    def _align(self) -> None:
        # TIFF 6.0 §2: on a word boundary; BigTIFF on one of eight bytes
        unit = 8 if self.tiff.big else 2
        self.tail += bytes(-(self.end + len(self.tail)) % unit)


def edited(tiff: Tiff, changes: Changes, *, below: Mapping[int, Changes] | None = None) -> bytes:
    """The structure with tags of its first directory set, or removed where None.

    `below` changes tags of directories that the first one points to, by the pointer's tag; a
    directory that is not there is made. Raises `MalformedMetadata` for what cannot be extended
    safely: duplicate tags, chains in a circle, lengths that lie.
    """
    main = sound(tiff.directory(tiff.first))
    _check_chain(tiff, main)
    draft = Draft(tiff, len(tiff.data))
    pointers: dict[int, NewValue | None] = {}
    for pointer, inner in sorted((below or {}).items()):
        pointers |= draft.below(main, pointer, inner)
    draft.pointers[tiff.pointer] = draft.directory(main, {**changes, **pointers})
    return b"".join(splice(memoryview(tiff.data), draft.edits()))


def anew(tiff: Tiff) -> bytes | None:
    """The texts of the first directory and of those of Exif and GPS below it, in a structure of
    their own without dead bytes: what `EMPTY` becomes when it is given all of them at once.

    None when there is anything else, or a text that cannot be read. A structure that equals this
    says nothing that its texts do not say.
    """
    main = tiff.directory(tiff.first)
    below = {
        pointer: tiff.pointed(entry)
        for pointer in (directories.EXIF_POINTER, directories.GPS_POINTER)
        if (entry := main.get(pointer)) is not None
    }
    own = [each for each in main.entries if each.tag not in below]
    inner = [each for directory in below.values() for each in directory.entries]
    if any(SIZES.get(each.type) != 1 or tiff.value(each) is None for each in (*own, *inner)):
        return None
    return edited(
        opened(EMPTY),
        texts(tiff, own),
        below={pointer: texts(tiff, directory.entries) for pointer, directory in below.items()},
    )


def texts(tiff: Tiff, entries: Iterable[Entry]) -> dict[int, NewValue | None]:
    """The values of `entries` that are texts or other single bytes, the same in either order."""
    return {
        entry.tag: NewValue(type=entry.type, count=entry.count, data=raw)
        for entry in entries
        if SIZES.get(entry.type) == 1 and (raw := tiff.value(entry)) is not None
    }


def _inserted(entries: list[Entry], new: Entry) -> None:
    """Put `new` before the first entry with a greater tag (TIFF 6.0 §2: ascending).

    Where entries stand in another order they stay in it. ExifTool gives up a directory that begins
    with an entry of no type, which sorting would bring there from the end.
    """
    places = (at for at, each in enumerate(entries) if each.tag > new.tag)
    entries.insert(next(places, len(entries)), new)


def sound(directory: Directory) -> Directory:
    """`directory`, unless a tag stands in it twice: nobody knows which one readers believe."""
    tags = [each.tag for each in directory.entries]
    if len(set(tags)) != len(tags):
        raise MalformedMetadata(
            f"tiff: directory at {directory.offset:,} has duplicate tags",
            remedy="repair the metadata with a tool that knows which one is meant",
        )
    return directory


def _check_chain(tiff: Tiff, first: Directory) -> None:
    """Follow the chain of directories to its end; a circle would be copied into the result."""
    visited = {first.offset}
    at = first.next
    while at:
        if at in visited or len(visited) >= directories.MAX_DIRECTORIES:
            raise MalformedMetadata(f"tiff: chain of directories leads back to {at:,}")
        visited.add(at)
        try:
            at = tiff.directory(at).next
        except MalformedMetadata:
            return  # a thumbnail's directory that is cut off was so before, and stays so
