"""What the pictures of an ISO file are: size, frames, and every coded byte that decoders use.

ISO/IEC 23008-12 (HEIF) §6.5 (item properties), §7 (sequences).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from genlabel.formats.isobmff import boxes, items as reading, samples
from genlabel.formats.isobmff.boxes import Box
from genlabel.formats.isobmff.items import Items
from genlabel.formats.isobmff.samples import Track
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset

_METADATA = (b"Exif", b"mime")
_SHARED = 8
"""How many times over a file's bytes may be used: a first frame is often the still picture too."""
_SEQUENCES = frozenset((b"avis", b"msf1", b"hevc", b"hevx"))
"""Major brands of files that players show as a film."""
_STRUCTURE = (b"pitm", b"iprp", b"grpl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """One look at an ISO file with pictures in it."""

    top: tuple[Box, ...]
    own: Items | None
    """The file's items, where it has a primary one and tables to extend."""
    others: tuple[Items, ...]
    """Items of its tracks; the file's own where they cannot be extended."""
    tracks: tuple[Track, ...]

    @property
    def data(self) -> memoryview:
        """The file."""
        return self.top[0].data


def look(top: Sequence[Box]) -> Pictured:
    """The items and tracks of a file. Raises `MalformedAsset` when it has none of them."""
    meta = boxes.first(top, b"meta")
    found = reading.read(meta) if meta else None
    whole = (
        found is not None
        and found.primary is not None
        and found.locations is not None
        and found.part(b"iinf") is not None
    )
    nested = tuple(reading.nested(top))
    pictured = Pictured(
        top=tuple(top),
        own=found if whole else None,
        others=nested if whole or found is None else (found, *nested),
        tracks=tuple(samples.tracks(top)),
    )
    if pictured.own is None and not any(each.samples for each in pictured.tracks):
        nothing = "holds neither a primary item nor a track, so no picture"
        raise MalformedAsset(top[0].format, nothing)
    return pictured


def coded(pictured: Pictured) -> Iterator[tuple[str, int, int]]:
    """(what it belongs to, start, end) of every run of bytes that decoders read, metadata too.

    Raises `MalformedAsset` when one runs past the end, or when they use the file many times over.
    """
    size, total = len(pictured.data), 0
    for items in _all(pictured):
        for place in items.places().values():
            for start, end in reading.spans(items, place):
                total += end - start
                yield f"item {place.item}", start, end
    for number, track in enumerate(pictured.tracks, 1):
        for start, end in chunks(track):
            total += end - start
            if total > _SHARED * size:
                break
            yield f"track {number}", start, end
    if total > _SHARED * size:
        overlap = f"{total:,} bytes of pictures in {size:,}: they overlap"
        raise MalformedAsset(pictured.top[0].format, overlap)


def chunks(track: Track) -> Iterator[tuple[int, int]]:
    """(start, end) of a track's chunks. Raises `MalformedAsset` when one runs past the end."""
    if track.table is None:
        return
    size = len(track.box.data)
    for start, end in samples.chunks(track.table):
        if end > size:
            past = f"samples at {start:,} run {end - size:,} bytes past the end"
            raise MalformedAsset(track.box.format, past)
        if end > start:
            yield start, end


def essence(pictured: Pictured) -> Iterator[memoryview]:
    """The items with their properties and relations, then the samples with their descriptions.

    Exif and XMP of the picture itself are left out; those of others, such as a gain map, are not.
    """
    for items in _all(pictured):
        ours = {each.id for kind in _METADATA for each in items.describing(kind)}
        for kind in _STRUCTURE:
            box = items.part(kind)
            if box is not None:
                yield box.content()
        for reference in items.references:
            if reference.item not in ours:
                numbers = (reference.item, *reference.targets)  # however wide they are written
                words = (reference.type, *(each.to_bytes(4, "big") for each in numbers))
                yield memoryview(b"".join(words))
        places = items.places()
        for item in items.items:
            if item.id in ours:
                continue
            yield item.box.whole()
            place = places.get(item.id)
            for start, end in reading.spans(items, place) if place else ():
                yield pictured.data[start:end]
    for track in pictured.tracks:
        if track.table is not None:
            yield from samples.description(track.table)
            for start, end in chunks(track):
                yield pictured.data[start:end]


def frames(pictured: Pictured) -> int:
    """As many as the track of pictures has samples, in a file that players show as a film."""
    first = _film(pictured)
    return max(1, first.samples) if first else 1


def size(pictured: Pictured) -> tuple[int, int] | None:
    """Width and height as coded, before any rotation or mirroring; None when not stated."""
    first = _film(pictured)
    if first is not None and first.width and first.height:
        return first.width, first.height
    return _extents(pictured.own) if pictured.own else None


def _film(pictured: Pictured) -> Track | None:
    if pictured.own is not None and bytes(pictured.data[8:12]) not in _SEQUENCES:
        return None
    return next((each for each in pictured.tracks if each.handler in (b"pict", b"vide")), None)


def _all(pictured: Pictured) -> Iterator[Items]:
    if pictured.own is not None:
        yield pictured.own
    yield from pictured.others


def _extents(items: Items) -> tuple[int, int] | None:
    """What the primary item's property ispe says (HEIF §6.5.3), found through ipma (§8.11.14)."""
    properties = next(boxes.descend(items.parts, (b"iprp", b"ipco")), None)
    if properties is None:
        return None
    listed = boxes.inside(properties)
    for ipma in boxes.descend(items.parts, (b"iprp", b"ipma")):
        for index in _associated(ipma, items.primary):
            if 0 < index <= len(listed) and listed[index - 1].type == b"ispe":
                extents = listed[index - 1]
                if extents.body + 12 <= extents.end:
                    return extents.number(4), extents.number(8)
    return None


def _associated(ipma: Box, item: int | None) -> Iterator[int]:
    """Indexes of an item's properties, from 1; the first bit of each says that it is essential."""
    version, flags = boxes.version_and_flags(ipma)
    wide, index = (4 if version else 2), (2 if flags & 1 else 1)
    at = ipma.body + 8
    while at + wide + 1 <= ipma.end:
        number = int.from_bytes(ipma.data[at : at + wide], "big")
        count = ipma.data[at + wide]
        at += wide + 1
        if number == item:
            mask = (1 << 8 * index - 1) - 1
            for each in range(at, min(at + count * index, ipma.end - index + 1), index):
                yield int.from_bytes(ipma.data[each : each + index], "big") & mask
            return
        at += count * index
