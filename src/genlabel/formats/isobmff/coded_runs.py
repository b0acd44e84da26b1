"""Every run of coded bytes of an ISO file, whose it is, and which of them may share bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from genlabel.formats.isobmff import boxes, fragments, image_items, items as reading
from genlabel.formats.isobmff.boxes import Box
from genlabel.formats.isobmff.image_items import Pictured
from genlabel.formats.isobmff.items import Items
from genlabel.formats.isobmff.movie import Film
from genlabel.formats.isobmff.samples import Track
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset

_METADATA = frozenset((b"Exif", b"mime", b"uri "))


class Use(Enum):
    """What a run is for."""

    ALONE = "alone"
    """A picture of its own: no other one has its bytes."""
    PART = "part"
    """One of several that stand for each other or make up one picture: tiles, alternatives."""
    AUXILIARY = "auxiliary"
    """Alpha, depth: what belongs to a picture."""
    SAMPLES = "samples"
    """Frames or sounds of a track."""
    UNSHOWN = "unshown"
    """Exif, XMP, and places of items that the file does not list."""


@dataclass(frozen=True, slots=True)
class Run:
    """Bytes from `start` to `end` that belong to one item or track."""

    name: str
    """As reports name it: ``item 1``, ``track 2``, ``a fragment``."""
    use: Use
    coding: bytes
    """An item's type, or that of a track's first sample entry."""
    owner: tuple[str, int]
    start: int
    end: int


def runs(film: Film | Pictured) -> Iterator[Run]:
    """All runs of a file, in no order; what its parser let pass is within the file."""
    if isinstance(film, Pictured):
        every = ([film.own] if film.own else []) + list(film.others)
        for number, items in enumerate(every):
            yield from _of_items(items, number)
    codings: dict[int, bytes] = {}
    for number, track in enumerate(film.tracks, 1):
        codings[track.id] = _coding(track)
        for start, end in image_items.chunks(track):
            owner = ("track", track.id)
            yield Run(f"track {number}", Use.SAMPLES, codings[track.id], owner, start, end)
    for track_id, start, end in fragments.runs(film.top) if isinstance(film, Film) else ():
        coding = codings.get(track_id, b"")
        yield Run("a fragment", Use.SAMPLES, coding, ("fragments", track_id), start, end)


def _of_items(items: Items, number: int) -> Iterator[Run]:
    kinds = {item.id: item.type for item in items.items}
    auxiliary = {each.item for each in items.references if each.type == b"auxl"}
    parts = {one for each in items.references if each.type == b"dimg" for one in each.targets}
    parts |= _alternatives(items.parts)
    for place in items.places().values():
        kind = kinds.get(place.item)
        use = Use.ALONE
        if kind is None or kind in _METADATA:
            use = Use.UNSHOWN
        elif place.item in auxiliary:
            use = Use.AUXILIARY
        elif place.item in parts:
            use = Use.PART
        owner = (f"items {number}", place.item)
        for start, end in reading.spans(items, place):
            yield Run(f"item {place.item}", use, kind or b"", owner, start, end)


def _alternatives(parts: Iterable[Box]) -> set[int]:
    """The items in groups of alternatives (ISO/IEC 14496-12 §8.18.3, type ``altr``); none in
    groups that cannot be read.
    """
    members: set[int] = set()
    for group in boxes.descend(parts, (b"grpl",)):
        try:
            listed = boxes.children(group)
        except MalformedAsset:
            continue
        for each in listed:
            if each.type == b"altr":
                words = each.content()[12:]
                members.update(int.from_bytes(words[at : at + 4]) for at in range(0, len(words), 4))
    return members


def _coding(track: Track) -> bytes:
    stsd = boxes.first(boxes.inside(track.table), b"stsd") if track.table else None
    entries = boxes.children(stsd, 8) if stsd else []
    return entries[0].type if entries else b""
