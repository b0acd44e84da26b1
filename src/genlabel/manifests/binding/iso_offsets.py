"""Offsets that no hash binds: do they still say what they said when the file was signed?

Whoever points a picture's offset elsewhere leaves its bytes where they are, for those are bound.
So they lie there unused, or a byte serves two pictures, or one is read from where none can be.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from genlabel.formats.isobmff import bitstreams, boxes
from genlabel.formats.isobmff.boxes import Box
from genlabel.formats.isobmff.coded_runs import Run, Use
from genlabel.formats.isobmff.image_items import Pictured
from genlabel.formats.isobmff.movie import Film
from genlabel.manifests.binding.digest import Span
from genlabel.manifests.binding.iso_exclusions import complement, joined

_TABLES = frozenset(
    (
        *(b"ftyp", b"moov", b"moof", b"meta", b"mfra", b"uuid", b"free", b"skip", b"wide"),
        *(b"udta", b"sidx", b"ssix", b"styp", b"pdin", b"pssh", b"emsg", b"prft"),
    )
)
"""Root boxes that hold no coded bytes; ``idat`` in ``meta`` does."""


def doubted(film: Film | Pictured, runs: Sequence[Run]) -> tuple[list[str], list[str]]:
    """What cannot be as it was signed, and the bytes that nothing uses."""
    shown = [run for run in runs if run.use is not Use.UNSHOWN and run.start < run.end]
    size = len(film.top[0].data)
    outside = list(complement(joined(_rooms(film)), 0, size))
    hidden = _between([*((run.start, run.end) for run in shown), *outside], size)
    known = ((run.start, run.end) for run in runs if run.start < run.end)
    unused = _between([*known, *outside], size)
    lengths = {run.end - run.start for run in shown if run.use is Use.SAMPLES}
    codings = bitstreams.CODINGS & {run.coding for run in shown}
    unshown = (run for run in runs if run.use is Use.UNSHOWN)
    edges = sorted({place for run in unshown for place in (run.start, run.end)})
    suspect = [
        *_strays(shown, outside),
        *_shared(shown),
        *(
            f"{end - start:,} bytes at {start:,}, which are coded and which nothing shows"
            for start, end in hidden
            if end - start in lengths or _is_picture(film, codings, start, end, edges)
        ),
    ]
    named = [f"{end - start:,} bytes at {start:,} that nothing uses" for start, end in unused]
    return list(dict.fromkeys(suspect)), named


def _rooms(film: Film | Pictured) -> Iterator[Span]:
    """Where coded bytes may lie."""
    for box in film.top:
        if box.type not in _TABLES:
            yield box.body, box.end
        elif box.type == b"meta":
            yield from _idat(box)
    for path in ((b"moov", b"meta"), (b"moov", b"trak", b"meta")):
        for meta in boxes.descend(film.top, path):
            yield from _idat(meta)
    end, size = film.top[-1].end, len(film.top[-1].data)
    if end < size:
        yield end, size


def _idat(meta: Box) -> Iterator[Span]:
    for idat in boxes.inside(meta):
        if idat.type == b"idat":
            yield idat.body, idat.end


def _between(spans: Iterable[Span], size: int) -> list[Span]:
    """What of a file lies in none of `spans`."""
    return list(complement(joined(spans), 0, size))


def _strays(shown: Iterable[Run], outside: Sequence[Span]) -> Iterator[str]:
    """What is read from the tables of the file, or from wherever no coded bytes are."""
    starts = [start for start, _ in outside]
    for run in shown:
        number = bisect_right(starts, run.end - 1) - 1
        if number >= 0 and outside[number][1] > run.start:
            yield f"{run.name}, which is read from where none is"


def _shared(shown: Iterable[Run]) -> Iterator[str]:
    """Bytes that serve two pictures of one kind, or two parts of one track.

    Tiles of a grid and alternatives of each other may be the same, and so may what belongs to
    several pictures; a still picture may be a frame of its film.
    """
    alone: dict[object, Span] = {}
    every: dict[object, Span] = {}
    media = _Media()
    for run in sorted(shown, key=lambda run: (run.start, run.end)):
        if run.use is Use.AUXILIARY:
            continue
        span = (run.start, run.end)
        kind: object = run.owner if run.use is Use.SAMPLES else run.coding
        against = (alone if run.use is Use.PART else every).get(kind)
        # a track may play the same bytes twice; what it played before would then lie unused
        same = run.use is Use.SAMPLES and against == span
        if against is not None and run.start < against[1] and not same:
            yield f"{run.name}, whose bytes serve another one, too"
        elif run.use is Use.SAMPLES and media.meets(run):
            yield f"{run.name}, whose bytes serve another track, too"
        for ends in (every, *((alone,) if run.use is not Use.PART else ())):
            if kind not in ends or ends[kind][1] < run.end:
                ends[kind] = span


class _Media:
    """Samples in their order: no byte is one of two codings."""

    def __init__(self) -> None:
        self._furthest: list[tuple[int, bytes]] = []

    def meets(self, run: Run) -> bool:
        """Does a run that comes next share a byte with samples of another coding?"""
        shares = any(end > run.start and coding != run.coding for end, coding in self._furthest)
        mine = max([run.end, *(end for end, each in self._furthest if each == run.coding)])
        others = [each for each in self._furthest if each[1] != run.coding]
        self._furthest = sorted([*others, (mine, run.coding)], reverse=True)[:2]
        return shares


def _is_picture(
    film: Film | Pictured, codings: Iterable[bytes], start: int, end: int, edges: Sequence[int]
) -> bool:
    """Does a coded picture begin at `start`, or where some other use of bytes begins or ends?"""
    inner = edges[bisect_right(edges, start) : bisect_right(edges, end - 1)]
    data = film.top[0].data
    return any(
        bitstreams.begins_picture(coding, data[at:end])
        for at in (start, *inner)
        for coding in codings
    )
