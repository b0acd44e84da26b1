"""The samples of a fragmented ISO file: where each run of them lies.

ISO/IEC 14496-12 §8.8: movie fragments, their headers (tfhd) and their runs (trun).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from genlabel.formats.isobmff import boxes
from genlabel.formats.isobmff.boxes import Box

# §8.8.7.1: what a tfhd holds behind its track number, in this order
_BASE, _DESCRIPTION, _DURATION, _SIZE = 0x1, 0x2, 0x8, 0x10
# §8.8.8.1: what a trun holds, and what each of its samples does
_OFFSET, _FIRST_FLAGS = 0x1, 0x4
_EACH_DURATION, _EACH_SIZE, _EACH_FLAGS, _EACH_TIME = 0x100, 0x200, 0x400, 0x800
_MAX_SAMPLES = 1 << 24
"""Most samples of one run of which every one has the same size: more is an attack."""


def runs(top: Iterable[Box]) -> Iterator[tuple[int, int, int]]:
    """(track, start, end) of each run of samples, in file order.

    Raises `MalformedAsset` when a box ends within its fields. That a run lies within the file is
    not checked here.
    """
    top = list(top)
    sizes = dict(_default_sizes(top))
    for moof in top:
        if moof.type != b"moof":
            continue
        behind = moof.start
        for traf in boxes.descend([moof], (b"moof", b"traf")):
            parts = boxes.inside(traf)
            header = boxes.first(parts, b"tfhd")
            if header is None:
                continue
            track, base, size = _header(header)
            start = moof.start if base is None else base
            end = behind if base is None else base
            for trun in parts:
                if trun.type == b"trun":
                    offset, length = _run(trun, size or sizes.get(track, 0))
                    at = end if offset is None else start + offset
                    end = at + length
                    yield track, at, end
            behind = end


def count(top: Iterable[Box], track: int) -> int:
    """How many samples of the track with one number lie in fragments."""
    total = 0
    for traf in boxes.descend(top, (b"moof", b"traf")):
        parts = boxes.inside(traf)
        tfhd = boxes.first(parts, b"tfhd")
        if tfhd is not None and tfhd.number(4) == track:
            total += sum(each.number(4) for each in parts if each.type == b"trun")
    return total


def description(top: Iterable[Box]) -> Iterator[memoryview]:
    """The runs' own boxes, which stay as they are when content moves, headers included."""
    for trun in boxes.descend(top, (b"moof", b"traf", b"trun")):
        yield trun.whole()


def _default_sizes(top: list[Box]) -> Iterator[tuple[int, int]]:
    """Track and its samples' usual size, from trex (§8.8.3)."""
    for trex in boxes.descend(top, (b"moov", b"mvex", b"trex")):
        yield trex.number(4), trex.number(16)


def _header(tfhd: Box) -> tuple[int, int | None, int | None]:
    """Track, base offset where it is given, size of every sample where it is given."""
    _, flags = boxes.version_and_flags(tfhd)
    track, at = tfhd.number(4), 8
    base = size = None
    if flags & _BASE:
        base, at = tfhd.number(at, 8), at + 8
    at += 4 * bool(flags & _DESCRIPTION) + 4 * bool(flags & _DURATION)
    if flags & _SIZE:
        size = tfhd.number(at)
    return track, base, size


def _run(trun: Box, usual: int) -> tuple[int | None, int]:
    """Offset from the base where it is given (signed), and bytes of all samples."""
    _, flags = boxes.version_and_flags(trun)
    count, at = trun.number(4), 8
    offset = None
    if flags & _OFFSET:
        offset, at = trun.number(at), at + 4
        offset -= (offset >> 31) << 32
    at += 4 * bool(flags & _FIRST_FLAGS)
    fields = [bit for bit in (_EACH_DURATION, _EACH_SIZE, _EACH_FLAGS, _EACH_TIME) if flags & bit]
    stride = 4 * len(fields)
    start = trun.body + at
    if start + count * stride > trun.end or (not stride and count > _MAX_SAMPLES):
        raise trun.error("ends within its table")
    if not flags & _EACH_SIZE:
        return offset, count * usual
    column = start + 4 * fields.index(_EACH_SIZE)
    places = range(column, start + count * stride, stride)
    return offset, sum(int.from_bytes(trun.data[at : at + 4], "big") for at in places)
