"""The items of a meta box: pictures, their derivations, Exif and XMP, and who describes whom.

ISO/IEC 14496-12 §8.11 (meta, pitm, iinf, iref, idat); ISO/IEC 23008-12 (HEIF) §6 and annex A.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from genlabel.formats.isobmff import boxes, item_locations
from genlabel.formats.isobmff.boxes import Box
from genlabel.formats.isobmff.item_locations import IN_FILE, IN_IDAT, Locations, Place
from genlabel.formats.malformed import past_end
from genlabel.formats.slots import MAX_METADATA
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset

XMP_TYPE = b"application/rdf+xml"  # HEIF A.3
_MAX_REFERENCES = 100_000
"""Most references of one meta box, all items together; more is an attack."""
_MAX_TEXT = 256
"""Most bytes of an item's name or content type that are looked at."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of iinf (§8.11.6)."""

    id: int
    type: bytes
    """``av01``, ``hvc1``, ``grid``, ``Exif``, ``mime`` …; empty in entries older than HEIF."""
    content_type: bytes
    """Of a ``mime`` item."""
    encoded: bool
    """Is it compressed (content_encoding) or protected?"""
    box: Box


@dataclass(frozen=True, slots=True)
class Reference:
    """One box of iref (§8.11.12): `item` refers to `targets`."""

    type: bytes
    item: int
    targets: tuple[int, ...]
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Everything that one meta box says of its items."""

    meta: Box
    parents: tuple[Box, ...]
    """The boxes around it, outermost first; empty for the file's own."""
    parts: tuple[Box, ...]
    """Its children."""
    primary: int | None
    items: tuple[Item, ...]
    locations: Locations | None
    references: tuple[Reference, ...]
    duplicates: bool
    """Do two items or two places share an identifier?"""

    def part(self, kind: bytes) -> Box | None:
        """The first child of a type."""
        return boxes.first(self.parts, kind)

    def places(self) -> Mapping[int, Place]:
        """Where each item lies, by its identifier; the first place counts."""
        found: dict[int, Place] = {}
        for place in self.locations.places if self.locations else ():
            found.setdefault(place.item, place)
        return found

    def describing(self, kind: bytes) -> list[Item]:
        """The metadata items of one type, ``Exif`` or ``mime`` (which means XMP), that describe
        the primary picture or, without any ``cdsc`` reference, the whole.

        Those of a gain map or another picture are that picture's own.
        """
        described: dict[int, set[int]] = {}
        for reference in self.references:
            if reference.type == b"cdsc":
                described.setdefault(reference.item, set()).update(reference.targets)
        return [
            item
            for item in self.items
            if item.type == kind
            and (kind != b"mime" or item.content_type == XMP_TYPE)
            and (item.id not in described or self.primary in described[item.id])
        ]


def read(meta: Box, parents: tuple[Box, ...] = ()) -> Items:
    """What a meta box says. Raises `MalformedAsset` when a table runs past its box."""
    parts = tuple(boxes.inside(meta))
    pitm, iinf, iloc, iref = (
        boxes.first(parts, kind) for kind in (b"pitm", b"iinf", b"iloc", b"iref")
    )
    entries = tuple(_items(iinf)) if iinf else ()
    locations = item_locations.read(iloc) if iloc else None
    names = [item.id for item in entries]
    placed = [place.item for place in locations.places] if locations else []
    return Items(
        meta=meta,
        parents=parents,
        parts=parts,
        primary=_primary(pitm),
        items=entries,
        locations=locations,
        references=tuple(_references(iref)) if iref else (),
        duplicates=len(set(names)) < len(names) or len(set(placed)) < len(placed),
    )


def nested(top: Iterable[Box]) -> Iterator[Items]:
    """The meta boxes with items in ``moov`` and in its tracks."""
    for moov in boxes.descend(top, (b"moov",)):
        for inner in boxes.inside(moov):
            yield from _with_items(inner, (moov,))
            if inner.type == b"trak":
                for meta in boxes.inside(inner):
                    yield from _with_items(meta, (moov, inner))


def spans(items: Items, place: Place) -> list[tuple[int, int]]:
    """(start, end) in the file of each extent of an item.

    Empty for what another file or another item holds. Raises `MalformedAsset` when an extent runs
    past the file or its idat box.
    """
    idat = items.part(b"idat")
    if place.method == IN_IDAT and place.reference == 0:
        start, end = (idat.body, idat.end) if idat else (0, 0)
    elif place.here:
        start, end = 0, len(items.meta.data)
    else:
        return []
    extents = []
    for extent in place.extents:
        first, stop = start + extent.offset, start + extent.offset + extent.length
        if stop > end and extent.length:
            at = min(first, len(items.meta.data))
            raise past_end(items.meta.format, f"item {place.item}", stop - end, at)
        if extent.length:
            extents.append((first, stop))
    return extents


def payload(items: Items, item: Item) -> bytes | None:
    """A metadata item's bytes, joined; None when it has none here, or more than `MAX_METADATA`."""
    place = items.places().get(item.id)
    if place is None or place.method not in (IN_FILE, IN_IDAT) or place.reference:
        return None
    parts = spans(items, place)
    if item.encoded or sum(end - start for start, end in parts) > MAX_METADATA:
        return None
    return b"".join(items.meta.data[start:end] for start, end in parts)


def _with_items(box: Box, parents: tuple[Box, ...]) -> Iterator[Items]:
    # QuickTime's meta boxes hold keys and values, and no item table
    if box.type == b"meta" and boxes.first(boxes.inside(box), b"iloc") is not None:
        yield read(box, parents)


def _primary(box: Box | None) -> int | None:
    """§8.11.4: the identifier in 16 bits, in version 1 in 32."""
    if box is None:
        return None
    version, _ = boxes.version_and_flags(box)
    width = 4 if version else 2
    return int.from_bytes(box.data[box.body + 4 : min(box.body + 4 + width, box.end)], "big")


def _items(iinf: Box) -> Iterator[Item]:
    version, _ = boxes.version_and_flags(iinf)
    for box in boxes.children(iinf, 8 if version else 6):
        if box.type == b"infe":
            yield _item(box)


def _item(box: Box) -> Item:
    """§8.11.6.2: identifier, protection, then type and name, and of mime items the content type."""
    version, _ = boxes.version_and_flags(box)
    wide = 4 if version >= 3 else 2
    at = box.body + 4
    if at + wide + 2 > box.end:
        raise MalformedAsset(box.format, f"infe at {box.start:,} is too small", offset=box.start)
    number = int.from_bytes(box.data[at : at + wide], "big")
    protected = any(box.data[at + wide : at + wide + 2])
    at += wide + 2
    kind = bytes(box.data[at : min(at + 4, box.end)]) if version >= 2 else b"mime"
    texts = bytes(box.data[min(at + 4 * (version >= 2), box.end) : box.end])[: 4 * _MAX_TEXT]
    _name, *rest = texts.split(b"\0")
    content_type = rest[0][:_MAX_TEXT] if kind == b"mime" and rest else b""
    encoding = rest[1] if kind == b"mime" and len(rest) > 1 else b""
    return Item(number, kind, content_type, protected or bool(encoding), box)


def _references(iref: Box) -> Iterator[Reference]:
    version, _ = boxes.version_and_flags(iref)
    wide = 4 if version else 2
    total = 0
    for box in boxes.children(iref, 4):
        if box.end - box.body < wide + 2:
            small = f"iref at {iref.start:,} is too small"
            raise MalformedAsset(iref.format, small, offset=box.start)
        item = int.from_bytes(iref.data[box.body : box.body + wide], "big")
        start = box.body + wide + 2
        count = int.from_bytes(iref.data[start - 2 : start], "big")
        total += count
        if start + count * wide > box.end or total > _MAX_REFERENCES:
            many = f"{box.name} at {box.start:,} names {count:,} items"
            raise MalformedAsset(iref.format, many, offset=box.start)
        targets = tuple(
            int.from_bytes(iref.data[at : at + wide], "big")
            for at in range(start, start + count * wide, wide)
        )
        yield Reference(box.type, item, targets, box)
