"""Where each item of an ISO file lies: the item location box, read, moved and written anew.

ISO/IEC 14496-12 §8.11.3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from genlabel.formats.edits import Edit
from genlabel.formats.isobmff import boxes
from genlabel.formats.isobmff.boxes import Box
from genlabel.formats.malformed import no_room
from genlabel.formats.slots import MAX_BLOCKS
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset, MalformedMetadata

IN_FILE, IN_IDAT, IN_ITEM = 0, 1, 2
"""Construction methods: what an extent's offset counts from."""
_MAX_EXTENTS = 50_000
"""Most extents of one box, all items together; more is an attack."""
_WIDTHS = frozenset((0, 4, 8))


@dataclass(frozen=True, slots=True)
class Extent:
    """One run of an item's bytes; `offset` has the item's base in it."""

    offset: int
    length: int
    index: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where one item lies."""

    item: int
    method: int
    reference: int
    """Data reference index: 0 is this very file."""
    extents: tuple[Extent, ...]

    @property
    def here(self) -> bool:
        """Do its offsets count from this file's beginning?"""
        return self.method == IN_FILE and self.reference == 0


@dataclass(frozen=True, slots=True)
class Field:
    """A number in the box that counts from the file's beginning: where it stands, how wide."""

    at: int
    width: int
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Locations:
    """What one item location box says."""

    box: Box
    version: int
    base_width: int
    index_width: int
    places: tuple[Place, ...]
    fields: tuple[Field, ...]
    """What must change when the file's content moves."""


def read(box: Box) -> Locations:
    """The places of all items.

    Raises `MalformedAsset` when a count runs past the box or a width is none of 0, 4, 8 bytes.
    """
    numbers = _Numbers(box)
    version = numbers.take(1)
    numbers.take(3)
    if version > 2:
        raise MalformedAsset(box.format, f"iloc of version {version}", offset=box.start)
    widths = numbers.take(2)
    offset_width, length_width, base_width, index_width = (widths >> s & 15 for s in (12, 8, 4, 0))
    if version == 0:
        index_width = 0
    if not {offset_width, length_width, base_width, index_width} <= _WIDTHS:
        raise MalformedAsset(box.format, "iloc with fields of an unknown width", offset=box.start)
    count = numbers.take(4 if version == 2 else 2)
    if count > MAX_BLOCKS:
        many = f"iloc of more than {MAX_BLOCKS:,} items"
        raise MalformedAsset(box.format, many, offset=box.start)
    places: list[Place] = []
    fields: list[Field] = []
    total = 0
    for _ in range(count):
        item = numbers.take(4 if version == 2 else 2)
        method = numbers.take(2) & 15 if version else IN_FILE
        reference = numbers.take(2)
        at = numbers.at
        base = numbers.take(base_width)
        here = method == IN_FILE and reference == 0
        if here and base:
            fields.append(Field(at, base_width, base))
        extents: list[Extent] = []
        amount = numbers.take(2)
        total += amount
        if total > _MAX_EXTENTS or (amount > 1 and not offset_width + length_width):
            raise MalformedAsset(box.format, f"iloc of {total:,} extents", offset=box.start)
        for _ in range(amount):
            index, at = numbers.take(index_width), numbers.at
            offset = numbers.take(offset_width)
            if here and not base and offset_width:
                fields.append(Field(at, offset_width, offset))
            extents.append(Extent(base + offset, numbers.take(length_width), index))
        places.append(Place(item, method, reference, tuple(extents)))
    return Locations(
        box=box,
        version=version,
        base_width=base_width,
        index_width=index_width,
        places=tuple(places),
        fields=tuple(fields),
    )


def moved(locations: Locations, by: Callable[[int], int]) -> list[Edit]:
    """Edits of the numbers that count from the file's beginning; `by` says how far each moves."""
    edits: list[Edit] = []
    for field in locations.fields:
        value = field.value + by(field.value)
        if value == field.value:
            continue
        if value < 0 or value >= 1 << 8 * field.width:
            raise MalformedMetadata(f"iloc: offset {value:,} does not fit into its field")
        new = value.to_bytes(field.width, "big")
        edits.append(Edit(field.at, field.at + field.width, new))
    return edits


def is_canonical(locations: Locations) -> bool:
    """Is every number that may have to move an extent's own offset, and is no index stored?

    c2pa 0.91 moves bases of 0 together with their extents, and reads indexes in the wrong width.
    """
    return locations.base_width == 0 and locations.index_width == 0


def shifted(place: Place, by: Callable[[int], int]) -> Place:
    """A place in this file after the file's content has moved."""
    moved = (Extent(each.offset + by(each.offset), each.length) for each in place.extents)
    return replace(place, extents=tuple(moved))


def written(places: Iterable[Place], *, version: int = 0, width: int = 4) -> bytes:
    """A canonical box: no base, no index, `width` bytes (4 or 8) a number; at least `version`.

    Raises `MalformedMetadata` for an item made of several parts of other items, chosen by index,
    and for a number that does not fit.
    """
    listed = list(places)
    for place in listed:
        # §8.11.3.3: without an index field the index is 1
        if place.method == IN_ITEM and any(e.index not in (0, 1) for e in place.extents):
            raise no_room(f"item {place.item} is made of parts of other items, chosen by index")
        if any(max(e.offset, e.length) >= 1 << 8 * width for e in place.extents):
            raise MalformedMetadata(f"item {place.item} lies beyond what its offsets can hold")
    if any(place.method for place in listed):
        version = max(version, 1)
    if len(listed) >= 1 << 16 or any(place.item >= 1 << 16 for place in listed):
        version = 2
    wide = 4 if version == 2 else 2
    parts = [bytes((version, 0, 0, 0, width << 4 | width, 0)), len(listed).to_bytes(wide, "big")]
    for place in listed:
        parts.append(place.item.to_bytes(wide, "big"))
        numbers = [place.method] if version else []
        numbers += [place.reference, len(place.extents)]
        parts += [number.to_bytes(2, "big") for number in numbers]
        for extent in place.extents:
            parts += [extent.offset.to_bytes(width, "big"), extent.length.to_bytes(width, "big")]
    return boxes.box(b"iloc", *parts)


class _Numbers:
    """Big-endian numbers one behind the other, never past the end of their box."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self.at = box.body

    def take(self, width: int) -> int:
        """The next number of `width` bytes; 0 for no bytes."""
        end = self.at + width
        if end > self._box.end:
            raise self._box.error("ends within its table")
        value = int.from_bytes(self._box.data[self.at : end], "big")
        self.at = end
        return value
