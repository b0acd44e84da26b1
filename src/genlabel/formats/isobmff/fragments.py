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


def runs(data: memoryview, format: str, top: Iterable[Box]) -> Iterator[tuple[int, int]]:
    """(start, end) of each run of samples, in file order.

    Raises `MalformedAsset` when a box ends within its fields. That a run lies within the file is
    not checked here.
    """
    top = list(top)
    sizes = dict(_default_sizes(data, format, top))
    for moof in top:
        if moof.type != b"moof":
            continue
        behind = moof.start
        for traf in boxes.descend(data, format, [moof], (b"moof", b"traf")):
            parts = boxes.inside(data, format, traf)
            header = boxes.first(parts, b"tfhd")
            if header is None:
                continue
            track, base, size = _header(data, format, header)
            start = moof.start if base is None else base
            end = behind if base is None else base
            for trun in parts:
                if trun.type == b"trun":
                    offset, length = _run(data, format, trun, size or sizes.get(track, 0))
                    at = end if offset is None else start + offset
                    end = at + length
                    yield at, end
            behind = end


def count(data: memoryview, format: str, top: Iterable[Box], trak: Box) -> int:
    """How many samples of one track lie in fragments."""
    header = next(boxes.descend(data, format, [trak], (b"trak", b"tkhd")), None)
    if header is None:
        return 0
    version, _ = boxes.version_and_flags(data, format, header)
    number = _number(data, format, header, 20 if version else 12)  # §8.3.2.2
    total = 0
    for traf in boxes.descend(data, format, top, (b"moof", b"traf")):
        parts = boxes.inside(data, format, traf)
        own = boxes.first(parts, b"tfhd")
        if own is not None and _number(data, format, own, 4) == number:
            total += sum(_number(data, format, each, 4) for each in parts if each.type == b"trun")
    return total


def description(data: memoryview, format: str, top: Iterable[Box]) -> Iterator[memoryview]:
    """The runs' own boxes, which stay as they are when content moves, headers included."""
    for trun in boxes.descend(data, format, top, (b"moof", b"traf", b"trun")):
        yield data[trun.start : trun.end]


def _default_sizes(data: memoryview, format: str, top: list[Box]) -> Iterator[tuple[int, int]]:
    """Track and its samples' usual size, from trex (§8.8.3)."""
    for trex in boxes.descend(data, format, top, (b"moov", b"mvex", b"trex")):
        yield _number(data, format, trex, 4), _number(data, format, trex, 16)


def _header(data: memoryview, format: str, tfhd: Box) -> tuple[int, int | None, int | None]:
    """Track, base offset where it is given, size of every sample where it is given."""
    _, flags = boxes.version_and_flags(data, format, tfhd)
    track, at = _number(data, format, tfhd, 4), 8
    base = size = None
    if flags & _BASE:
        base, at = _number(data, format, tfhd, at, 8), at + 8
    at += 4 * bool(flags & _DESCRIPTION) + 4 * bool(flags & _DURATION)
    if flags & _SIZE:
        size = _number(data, format, tfhd, at)
    return track, base, size


def _run(data: memoryview, format: str, trun: Box, usual: int) -> tuple[int | None, int]:
    """Offset from the base where it is given (signed), and bytes of all samples."""
    _, flags = boxes.version_and_flags(data, format, trun)
    count, at = _number(data, format, trun, 4), 8
    offset = None
    if flags & _OFFSET:
        offset, at = _number(data, format, trun, at), at + 4
        offset -= (offset >> 31) << 32
    at += 4 * bool(flags & _FIRST_FLAGS)
    fields = [bit for bit in (_EACH_DURATION, _EACH_SIZE, _EACH_FLAGS, _EACH_TIME) if flags & bit]
    stride = 4 * len(fields)
    start = trun.body + at
    if start + count * stride > trun.end or (not stride and count > _MAX_SAMPLES):
        raise trun.error(format, "ends within its table")
    if not flags & _EACH_SIZE:
        return offset, count * usual
    numbers = data[start : start + count * stride].cast("B")
    column = 4 * fields.index(_EACH_SIZE)
    return offset, sum(
        int.from_bytes(numbers[each : each + 4], "big")
        for each in range(column, count * stride, stride)
    )


def _number(data: memoryview, format: str, box: Box, at: int, width: int = 4) -> int:
    start = box.body + at
    if start + width > box.end:
        raise box.error(format, "is too small")
    return int.from_bytes(data[start : start + width], "big")
