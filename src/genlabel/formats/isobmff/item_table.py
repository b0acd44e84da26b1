"""The changes to the items of one meta box: to its lists, its places, its own data box."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace

from genlabel.formats.edits import Edit, growth, put, removed
from genlabel.formats.isobmff import boxes, item_locations, items as reading
from genlabel.formats.isobmff.boxes import Box
from genlabel.formats.isobmff.chunk_offsets import Moves
from genlabel.formats.isobmff.item_locations import IN_FILE, IN_IDAT, Extent, Place
from genlabel.formats.isobmff.items import XMP_TYPE, Items
from genlabel.formats.malformed import no_room
from genlabel.formats.slots import MAX_METADATA
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata

_MAX_ALIKE = 100
"""Most metadata items of one type that describe one picture; more are an attack."""


@dataclass(slots=True)
class Table:
    """One meta box and the changes to it, gathered before any byte moves."""

    items: Items
    own: bool
    """Is it the file's? Its new payloads then lie in the file, those of tracks in its idat."""
    dropped: set[int] = field(default_factory=set)
    freed: set[int] = field(default_factory=set)
    """Items whose old bytes nobody needs any more."""
    fresh: dict[int, bytes] = field(default_factory=dict)
    """Items with new bytes."""
    _entries: list[bytes] = field(default_factory=list)
    _cited: list[int] = field(default_factory=list)
    """Items that are to describe the primary one, and do not yet."""

    @property
    def touched(self) -> bool:
        """Has any item new bytes, or gone?"""
        return bool(self.freed or self.fresh or self.dropped)

    @property
    def around(self) -> tuple[Box, ...]:
        """The meta box and what is around it: all of them grow with it."""
        return (self.items.meta, *self.items.parents)

    def put(self, kind: bytes, payload: bytes | None) -> None:
        """Let the items of one type hold `payload`, or go where it is None.

        The first that describes the picture takes it; further Exif stays, since it is somebody's
        own, and further XMP goes into the packet. A new one is made for the file only. Raises
        `MalformedMetadata` for an item that is compressed or encrypted.
        """
        old = self.items.describing(kind)
        if len(old) > _MAX_ALIKE:
            raise MalformedMetadata(f"{len(old):,} metadata items of one type")
        if payload is not None and kind == b"Exif":
            del old[1:]
        if payload is not None and any(item.encoded for item in old):
            raise no_room(f"item {old[0].id}: compressed or encrypted metadata is not replaced")
        first = old[0] if old and payload is not None else None
        self.freed.update(item.id for item in old)
        self.dropped.update(item.id for item in old if item is not first)
        if payload is None:
            return
        if first is not None:
            self.fresh[first.id] = payload
            if self.own and not any(
                each.type == b"cdsc" and each.item == first.id for each in self.items.references
            ):
                self._cited.append(first.id)
        elif self.own:
            self._add(kind, self._free_number(), payload)

    def settle(self) -> None:
        """Take the items of a track that lie in the file into the idat of its meta box.

        Raises `MalformedMetadata` when they are longer than metadata is.
        """
        total = 0
        for place in self.items.places().values():
            if place.item in self.fresh or place.item in self.dropped or not place.here:
                continue
            parts = reading.spans(self.items, place)
            total += sum(end - start for start, end in parts)
            if total > MAX_METADATA:
                raise no_room(f"item {place.item} of a track is a picture of its own")
            self.fresh[place.item] = b"".join(
                self.items.meta.data[start:end] for start, end in parts
            )
            self.freed.add(place.item)

    def lists(self) -> Iterator[tuple[Box, list[Edit]]]:
        """Entries and references of new items in, those of dropped ones out: (box, its edits).

        Raises `MalformedMetadata` when another item refers to one that is to go.
        """
        iinf, iref = self.items.part(b"iinf"), self.items.part(b"iref")
        gone = [item.box for item in self.items.items if item.id in self.dropped]
        if iinf is not None and (gone or self._entries):
            wide = 4 if boxes.version_and_flags(iinf)[0] else 2
            at = iinf.body + 4
            count = iinf.number(4, wide) + len(self._entries) - len(gone)
            if not 0 <= count < 1 << 8 * wide:
                raise MalformedMetadata("iinf does not hold as many items as it says")
            counted = Edit(at, at + wide, count.to_bytes(wide, "big"))
            yield iinf, [counted, *removed(gone), *put([], b"".join(self._entries), iinf.end)]
        named = {target for each in self.items.references for target in each.targets}
        if named & self.dropped:
            raise no_room("another item refers to the metadata")
        yield from self._references(iref)

    def _references(self, iref: Box | None) -> Iterator[tuple[Box, list[Edit]]]:
        """New references in, those of dropped items out. A box of 16-bit numbers is written anew
        where one does not fit."""
        meta, references, primary = self.items.meta, self.items.references, self.items.primary
        old = [each.box for each in references if each.item in self.dropped]
        cited = self._cited if primary is not None else []
        version = boxes.version_and_flags(iref)[0] if iref else 0
        is_narrow = version == 0 and any(max(each, primary or 0) >= 1 << 16 for each in cited)
        version = 1 if is_narrow else version
        new = b"".join(_reference(b"cdsc", each, (primary or 0,), version) for each in cited)
        if new and (iref is None or is_narrow):
            staying = [
                _reference(each.type, each.item, each.targets, version)
                for each in references
                if each.item not in self.dropped
            ]
            whole = boxes.box(b"iref", bytes((version, 0, 0, 0)), *staying, new)
            yield meta, put([iref] if iref else [], whole, meta.end)
        elif iref is not None and old and not new and len(old) == len(references):
            yield meta, removed([iref])
        elif iref is not None and (old or new):
            yield iref, [*removed(old), *put([], new, iref.end)]

    def data_box(self) -> Iterator[tuple[Box, list[Edit]]]:
        """New bytes of a track's items at the end of its idat, which may be new too."""
        new = b"" if self.own else b"".join(self.fresh.values())
        idat, meta = self.items.part(b"idat"), self.items.meta
        if new and idat is None:
            yield meta, put([], boxes.box(b"idat", new), meta.end)
        elif new and idat is not None:
            yield idat, put([], new, idat.end)

    def media_boxes(self) -> Iterator[tuple[int, bytes]]:
        """New bytes of the file's own items: number and an mdat box of its own each."""
        for number, payload in self.fresh.items() if self.own else ():
            if payload:
                yield number, boxes.box(b"mdat", payload)

    def is_written_anew(self) -> bool:
        """Must the item location box be made anew, and not only follow?"""
        locations = self.items.locations
        if locations is None:
            return False
        return self.touched or (self.own and not item_locations.is_canonical(locations))

    def located(self, moves: Moves, width: int) -> Edit:
        """The item location box after everything has moved, `width` bytes a number."""
        locations = self.items.locations
        assert locations is not None
        idat = self.items.part(b"idat")
        places = dict(self.items.places())
        for number, place in places.items():
            if place.here:
                places[number] = item_locations.shifted(place, moves)
            elif place.method == IN_IDAT and idat is not None:
                base = moves(idat.body)
                extents = (
                    replace(each, offset=each.offset + moves(idat.body + each.offset) - base)
                    for each in place.extents
                )
                places[number] = replace(place, extents=tuple(extents))
        places |= self._fresh_in_file(moves) if self.own else self._fresh_in_idat(moves)
        staying = [place for number, place in places.items() if number not in self.dropped]
        new = item_locations.written(staying, version=locations.version, width=width)
        return Edit(locations.box.start, locations.box.end, new)

    def _fresh_in_file(self, moves: Moves) -> dict[int, Place]:
        places = {number: Place(number, IN_FILE, 0, ()) for number in self.fresh}
        media = dict(self.media_boxes())
        # the new boxes stand last of all that is inserted behind the meta box
        at = self.items.meta.end
        at += moves(at) - sum(map(len, media.values()))
        for number, whole in media.items():
            at += len(whole)
            length = len(self.fresh[number])
            places[number] = Place(number, IN_FILE, 0, (Extent(max(0, at - length), length),))
        return places

    def _fresh_in_idat(self, moves: Moves) -> dict[int, Place]:
        idat, at = self.items.part(b"idat"), 0
        if idat is not None:
            new = sum(map(len, self.fresh.values()))
            at = max(0, idat.end - idat.body + moves(idat.end) - moves(idat.body) - new)
        places: dict[int, Place] = {}
        for number, payload in self.fresh.items():
            extents = (Extent(at, len(payload)),) if payload else ()
            places[number] = Place(number, IN_IDAT, 0, extents)
            at += len(payload)
        return places

    def _add(self, kind: bytes, number: int, payload: bytes) -> None:
        wide = 4 if number >= 1 << 16 else 2
        name = b"XMP\0" + XMP_TYPE + b"\0" if kind == b"mime" else b"Exif\0"
        # ISO/IEC 14496-12 §8.11.6.2: version 2, or 3 for identifiers of 32 bits; not protected
        words = (bytes((wide // 2 + 1, 0, 0, 0)), number.to_bytes(wide, "big"), bytes(2))
        self._entries.append(boxes.box(b"infe", *words, kind, name))
        self.fresh[number] = payload
        self._cited.append(number)

    def _free_number(self) -> int:
        """An identifier that no item, reference or group uses."""
        used = {item.id for item in self.items.items} | self.items.places().keys() | set(self.fresh)
        for reference in self.items.references:
            used.update((reference.item, *reference.targets))
        for group in boxes.descend(self.items.parts, (b"grpl",)):
            # ISO/IEC 14496-12 §8.18.3: groups share the numbers of items
            for each in boxes.children(group):
                words = each.content()[4:]
                used.update(int.from_bytes(words[at : at + 4]) for at in range(0, len(words), 4))
        number = max(used, default=0) + 1
        if number < 1 << 16:
            return number
        # one that old tables can hold, if there is any
        return next(each for each in range(1, number + 1) if each not in used)


def grows(edits: Iterable[Edit], box: Box, table: Table) -> Iterator[tuple[Box, int]]:
    """Every box that grows when `edits` are made in `box`, which is in (or is) a meta box."""
    length = growth(edits)
    if box is not table.items.meta:
        yield box, length
    for each in table.around:
        yield each, length


def _reference(kind: bytes, item: int, targets: Iterable[int], version: int) -> bytes:
    """`item` refers to `targets` (§8.11.12.2); ``cdsc``: it describes them (HEIF A.2, A.3)."""
    wide = 4 if version else 2
    numbers = [each.to_bytes(wide, "big") for each in targets]
    return boxes.box(kind, item.to_bytes(wide, "big"), len(numbers).to_bytes(2, "big"), *numbers)
