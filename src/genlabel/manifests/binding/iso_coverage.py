"""What of an ISO file a hash leaves out although it holds: what is shown, and what is not.

C2PA 2.4 §18.7.2 asks for few exclusions, and nothing may be left out of which another content
would be another picture. Versions 1 and 2 had to leave out the offsets that say which bytes are
shown; whether those still say what they said, `iso_offsets` looks at.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field

from genlabel.formats.isobmff import boxes, chunk_offsets, coded_runs, uuid_boxes
from genlabel.formats.isobmff.boxes import Box
from genlabel.formats.isobmff.coded_runs import Use
from genlabel.formats.isobmff.image_items import Pictured
from genlabel.formats.isobmff.movie import Film
from genlabel.manifests.binding import iso_offsets
from genlabel.manifests.binding.digest import Span
from genlabel.manifests.binding.iso_exclusions import complement, joined
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset

_SILENT = frozenset((b"ftyp", b"free", b"skip", b"wide", b"emsg", b"mdat", b"idat"))
"""Boxes of which only what is coded in them matters (`_coded`); §18.7.2 leaves out some of them."""
_UNSHOWN = frozenset((b"udta", b"pssh", b"pdin", b"prft", b"styp", b"ssix", b"uuid", b"cprt"))
"""Words about a film, keys to it, hints for players: it shows the same without them."""
_OFFSETS = frozenset((b"iloc", b"stco", b"co64", b"tfhd", b"trun", b"tfra", b"saio", b"sidx"))
_OFFSET_FIELDS = {b"tfhd": 8, b"trun": 4}
"""Of two boxes that hold more: how many bytes of an offset stand at byte 16."""
_NAMED = 20
"""Most parts of one sort that are named."""


@dataclass(slots=True)
class _Found:
    """What was found, each once and in order."""

    uncovered: dict[str, None] = field(default_factory=dict)
    unbound: dict[str, None] = field(default_factory=dict)
    offsets: bool = False
    """Are offsets left out that say which bytes are shown?"""


class _Loose:
    """What is left out, in order."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = list(spans)
        self._ends = [end for _, end in self._spans]

    def within(self, start: int, end: int) -> Iterator[Span]:
        """What of it lies between two places."""
        for number in range(bisect_right(self._ends, start), len(self._spans)):
            first, last = self._spans[number]
            if first >= end:
                return
            yield max(first, start), min(last, end)

    def meets(self, start: int, end: int) -> bool:
        """Does any of it lie there?"""
        number = bisect_right(self._ends, start)
        return number < len(self._spans) and self._spans[number][0] < end

    def covers(self, start: int, end: int) -> bool:
        """Does all of it lie there?"""
        return list(self.within(start, end)) == [(start, end)]


def left_out(
    version: int, hashed: Iterable[Span], film: Film | Pictured
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is shown (`uncovered`) and what is not (`unbound`) of all that is not `hashed`.

    `version` is that of the assertion.
    """
    size = len(film.top[0].data)
    loose = _Loose(complement(joined(hashed), 0, size))
    found = _Found()
    _coded(film, loose, found)
    _structure(film.top, loose, version, found)
    if found.offsets and not found.uncovered:
        suspect, unused = iso_offsets.doubted(film, list(coded_runs.runs(film)))
        found.uncovered |= dict.fromkeys(suspect[:_NAMED])
        found.unbound |= dict.fromkeys(unused[:_NAMED])
    return tuple(found.uncovered), tuple(found.unbound)


def _coded(film: Film | Pictured, loose: _Loose, found: _Found) -> None:
    if isinstance(film, Film):
        for name, start, end in film.coded:  # a film has very many
            if start < end and loose.meets(start, end):
                found.uncovered[name] = None
        return
    for run in coded_runs.runs(film):
        if run.start < run.end and loose.meets(run.start, run.end):
            names = found.unbound if run.use is Use.UNSHOWN else found.uncovered
            names[run.name] = None


def _structure(top: Sequence[Box], loose: _Loose, version: int, found: _Found) -> None:
    """The boxes that lie where nothing is hashed, wholly or in part, as far down as is needed."""
    moofs = {box.start for box in top if box.type == b"moof"}
    waiting = [(box, "") for box in reversed(top) if loose.meets(box.start, box.end)]
    while waiting:
        box, above = waiting.pop()
        path = f"{above}/{box.name}"
        if box.type in _SILENT or uuid_boxes.serves(box):
            continue
        if box.type == b"mfra":
            _random_access(box, loose, version, moofs, found)
        elif box.type in _OFFSETS:
            _offsets(box, path, loose, version, found)
        elif box.type in _UNSHOWN or (box.type == b"meta" and above):
            found.unbound[f"box {path}"] = None
        elif boxes.nests(box) and not loose.covers(box.start, box.end):
            children = _inside(box)
            own = complement([(each.start, each.end) for each in children], box.start, box.end)
            if any(loose.meets(*span) for span in own):
                found.uncovered[f"box {path}"] = None
            below = (each for each in reversed(children) if loose.meets(each.start, each.end))
            waiting += [(each, path) for each in below]
        else:
            found.uncovered[f"box {path}"] = None


def _inside(box: Box) -> Sequence[Box]:
    try:
        return boxes.inside(box)
    except MalformedAsset:
        return []


def _offsets(box: Box, path: str, loose: _Loose, version: int, found: _Found) -> None:
    """A box with offsets: versions 1 and 2 of the hash may leave those out, and no more of it."""
    start, end = box.start, box.end
    if box.type in _OFFSET_FIELDS:
        start, end = box.start + 16, box.start + 16 + _OFFSET_FIELDS[box.type]
    more = any(first < start or last > end for first, last in loose.within(box.start, box.end))
    if version > 2 or more:
        found.uncovered[f"box {path}"] = None
        return
    found.offsets = True
    found.unbound[f"the offsets in {path}, which say what is shown"] = None


def _random_access(box: Box, loose: _Loose, version: int, moofs: set[int], found: _Found) -> None:
    """The index of fragments, which every hash leaves out (§18.7.2): does it point to them?"""
    try:
        for tfra in boxes.descend([box], (b"mfra", b"tfra")):
            places, width = chunk_offsets.random_access(tfra)
            targets = {int.from_bytes(box.data[at : at + width], "big") for at in places}
            if any(loose.meets(at, at + 1) for at in targets):
                found.uncovered["box /mfra, which points to where nothing is hashed"] = None
            elif version <= 2 or not targets <= moofs:
                found.unbound["box /mfra, an index of fragments"] = None
    except MalformedAsset:
        found.unbound["box /mfra, which cannot be read"] = None
