"""The samples of an ISO file's tracks: where each chunk of them lies.

ISO/IEC 14496-12 §8.7: sample sizes (stsz), samples per chunk (stsc), chunk offsets (stco, co64).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from genlabel.formats.isobmff import boxes, chunk_offsets
from genlabel.formats.isobmff.boxes import Box
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset

_OFFSET_TABLES = frozenset((b"stco", b"co64", b"saio"))
"""Boxes of a sample table that change when a file's content moves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One track: what kind, how many samples, where they are described."""

    box: Box
    id: int
    """Its number (§8.3.2.2); 0 where it says none."""
    handler: bytes
    """``pict``, ``vide``, ``soun``, ``auxv`` …, ISO/IEC 14496-12 §8.4.3."""
    table: Box | None
    """Its sample table, where the samples are in this very file."""
    samples: int
    width: int
    """Of the first visual sample entry (§12.1.3), in pixels; 0 for other tracks."""
    height: int


def tracks(top: Iterable[Box]) -> Iterator[Track]:
    """The tracks of ``moov`` in file order."""
    for trak in boxes.descend(top, (b"moov", b"trak")):
        inside = boxes.inside(trak)
        handler = next(boxes.descend(inside, (b"mdia", b"hdlr")), None)
        kind = bytes(handler.data[handler.body + 8 : handler.body + 12]) if handler else b""
        minf = next(boxes.descend(inside, (b"mdia", b"minf")), None)
        table = None
        if minf is not None and chunk_offsets.self_contained(minf):
            table = boxes.first(boxes.inside(minf), b"stbl")
        parts = boxes.inside(table) if table else []
        width, height = _size(boxes.first(parts, b"stsd"))
        count, _, _ = _sizes(parts)
        yield Track(
            box=trak,
            id=_number(boxes.first(inside, b"tkhd")),
            handler=kind,
            table=table,
            samples=count,
            width=width,
            height=height,
        )


def chunks(table: Box) -> Iterator[tuple[int, int]]:
    """(start, end) of each chunk of one sample table, in the track's order.

    Raises `MalformedAsset` when the tables contradict each other or their own lengths. That a
    chunk lies within the file is not checked here.
    """
    parts = boxes.inside(table)
    starts = _starts(parts)
    count, same, each = _sizes(parts)
    runs = _runs(parts)
    totals = array("Q", accumulate(each, initial=0)) if not same else array("Q")
    sample = 0
    for number, (first, per_chunk) in enumerate(runs):
        last = runs[number + 1][0] if number + 1 < len(runs) else len(starts) + 1
        if first < 1 or last < first or last > len(starts) + 1:
            lacking = "stsc names chunks that are not there"
            raise MalformedAsset(table.format, lacking, offset=table.start)
        for start in starts[first - 1 : last - 1]:
            end = sample + per_chunk
            if end > count:
                raise MalformedAsset(table.format, "stsc asks for more samples", offset=table.start)
            length = per_chunk * same if same else totals[end] - totals[sample]
            yield start, start + length
            sample = end


def description(table: Box) -> Iterator[memoryview]:
    """The boxes of a sample table that stay as they are when content moves, headers included."""
    for box in boxes.inside(table):
        if box.type not in _OFFSET_TABLES:
            yield box.whole()


def _number(tkhd: Box | None) -> int:
    if tkhd is None:
        return 0
    version, _ = boxes.version_and_flags(tkhd)
    return tkhd.number(20 if version else 12)  # §8.3.2.2


def _starts(parts: Sequence[Box]) -> tuple[int, ...]:
    for kind, width in ((b"stco", 4), (b"co64", 8)):
        box = boxes.first(parts, kind)
        if box is not None:
            return chunk_offsets.table(box, 4, width)
    return ()


def _sizes(parts: Sequence[Box]) -> tuple[int, int, tuple[int, ...]]:
    """Number of samples, the size of all of them (0 when they differ), the size of each."""
    box = boxes.first(parts, b"stsz")
    if box is None or box.end - box.body < 12:
        return 0, 0, ()
    same = box.number(4)
    count = box.number(8)
    return count, same, () if same else chunk_offsets.table(box, 8, 4)


def _runs(parts: Sequence[Box]) -> list[tuple[int, int]]:
    """(first chunk, samples per chunk) of each entry of stsc, §8.7.4."""
    box = boxes.first(parts, b"stsc")
    if box is None:
        return []
    numbers = chunk_offsets.table(box, 4, 4, each=3)
    return list(zip(numbers[::3], numbers[1::3], strict=True))


def _size(stsd: Box | None) -> tuple[int, int]:
    """Width and height of the first entry, §12.1.3.2: 24 bytes into a visual sample entry."""
    if stsd is None:
        return 0, 0
    entries = boxes.children(stsd, 8)
    if not entries or entries[0].end - entries[0].body < 28:
        return 0, 0
    return entries[0].number(24, 2), entries[0].number(26, 2)
