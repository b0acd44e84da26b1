"""What in an ISO file counts from the file's beginning: found, and put right when content moves.

ISO/IEC 14496-12: stco, co64 (§8.7.5), saio (§8.7.9), tfhd (§8.8.7), tfra (§8.8.10), iloc (§8.11.3).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from genlabel.formats.edits import Edit
from genlabel.formats.isobmff import boxes, item_locations
from genlabel.formats.isobmff.boxes import Box
from genlabel.formats.malformed import no_room
from genlabel.model.errors import MalformedMetadata

_STBL = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
_ILOCS = (
    (b"meta", b"iloc"),
    (b"moov", b"meta", b"iloc"),
    (b"moov", b"trak", b"meta", b"iloc"),
    (b"moof", b"meta", b"iloc"),
    (b"moof", b"traf", b"meta", b"iloc"),
)
CUT = "ends within its table"
_HAS_BASE = 0x1  # §8.8.7.1: base-data-offset-present
_HAS_TYPE = 0x1  # §8.7.9.2: aux_info_type is there


class Moves:
    """How far each byte of a file moves by some edits."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        ordered = sorted((edit for edit in edits if edit.growth), key=lambda edit: edit.end)
        self._ends = [edit.end for edit in ordered]
        self._sums = list(accumulate((edit.growth for edit in ordered), initial=0))

    def __call__(self, at: int) -> int:
        """What is to be added to offset `at`: the growth of all that ends there or before."""
        return self._sums[bisect_right(self._ends, at)]

    def all(self, numbers: Sequence[int]) -> list[int]:
        """The new offsets of many, in few steps where all of them lie behind every edit."""
        if not self._ends:
            return list(numbers)
        if min(numbers, default=0) >= self._ends[-1]:
            distance = self._sums[-1]
            return [number + distance for number in numbers]
        return [number + self(number) for number in numbers]


def follow(top: Iterable[Box], edits: Iterable[Edit], *, but: Iterable[Box] = ()) -> list[Edit]:
    """The edits that put every stored offset right after `edits` have moved what it points to.

    `top` are the file's top-level boxes; `but` names iloc boxes that the caller writes anew.
    Every table keeps its length. Raises `MalformedAsset` when a table runs past its box, and
    `MalformedMetadata` when a new offset does not fit into its field.
    """
    top = list(top)
    moves = Moves(edits)
    spared = {box.start for box in but}
    new = list(_tables(top, moves))
    for path in _ILOCS:
        for box in boxes.descend(top, path):
            if box.start not in spared:
                new += item_locations.moved(item_locations.read(box), moves)
    return new


def self_contained(minf: Box) -> bool:
    """Are a track's samples in this very file? Only then its chunk offsets are ours to move.

    §8.7.2: an entry of dref with flag 1 means the same file. A track without dref is taken so.
    """
    entries = [
        entry
        for dref in boxes.descend(boxes.inside(minf), (b"dinf", b"dref"))
        for entry in boxes.children(dref, 8)
    ]
    return not entries or any(boxes.version_and_flags(entry)[1] & 1 for entry in entries)


def _tables(top: Sequence[Box], moves: Moves) -> Iterator[Edit]:
    for minf in boxes.descend(top, _STBL[:-1]):
        if not self_contained(minf):
            continue
        for stbl in boxes.descend(boxes.inside(minf), _STBL[-1:]):
            for box in boxes.inside(stbl):
                if box.type in (b"stco", b"co64"):
                    yield from _table(box, 4, 4 if box.type == b"stco" else 8, moves)
                elif box.type == b"saio":
                    version, flags = boxes.version_and_flags(box)
                    skip = 12 if flags & _HAS_TYPE else 4
                    yield from _table(box, skip, 8 if version else 4, moves)
    # saio in a traf counts from the fragment's base, so only the base moves (§8.7.9.3)
    for box in boxes.descend(top, (b"moof", b"traf", b"tfhd")):
        if boxes.version_and_flags(box)[1] & _HAS_BASE:
            yield from _numbers(box, [box.body + 8], 8, moves)
    for box in boxes.descend(top, (b"mfra", b"tfra")):
        at, width = random_access(box)
        yield from _numbers(box, at, width, moves)


def _table(box: Box, skip: int, width: int, moves: Moves) -> Iterator[Edit]:
    """A count and then nothing but offsets, written anew in one piece when one of them changes."""
    numbers = table(box, skip, width)
    new = moves.all(numbers)
    if new == list(numbers):
        return
    start = box.body + skip + 4
    if max(new) >= 1 << 8 * width or min(new) < 0:
        bits = f"its offsets have {8 * width} bits, and the file grows beyond"
        raise no_room(f"box {box.name} at {box.start:,}: {bits}")
    packed = struct.pack(f">{len(new)}{'I' if width == 4 else 'Q'}", *new)
    yield Edit(start, start + len(packed), packed)


def table(box: Box, skip: int, width: int, *, each: int = 1) -> tuple[int, ...]:
    """The numbers of a table: `skip` bytes, a 32-bit count, then `each` numbers an entry.

    A number has 4 or 8 bytes. Raises `MalformedAsset` when they run past the box.
    """
    start = box.body + skip + 4
    if start > box.end:
        raise box.error(CUT)
    count = int.from_bytes(box.data[start - 4 : start], "big") * each
    if start + count * width > box.end:
        raise box.error(CUT)
    numbers: tuple[int, ...] = struct.unpack_from(
        f">{count}{'I' if width == 4 else 'Q'}", box.data, start
    )
    return numbers


def random_access(box: Box) -> tuple[range, int]:
    """Where in a tfra box the places of fragments stand, and their width in bytes.

    §8.8.10.2: time and moof_offset, each in 4 or 8 bytes, then three short numbers. Raises
    `MalformedAsset` when they run past the box.
    """
    version, _ = boxes.version_and_flags(box)
    start = box.body + 16
    if start > box.end:
        raise box.error(CUT)
    sizes = int.from_bytes(box.data[box.body + 8 : box.body + 12], "big")
    width = 8 if version == 1 else 4
    stride = 2 * width + sum((sizes >> shift & 3) + 1 for shift in (4, 2, 0))
    count = int.from_bytes(box.data[box.body + 12 : box.body + 16], "big")
    if start + count * stride > box.end:
        raise box.error(CUT)
    return range(start + width, start + width + count * stride, stride), width


def _numbers(box: Box, at: Iterable[int], width: int, moves: Moves) -> Iterator[Edit]:
    for start in at:
        if start + width > box.end:
            raise box.error(CUT)
        value = int.from_bytes(box.data[start : start + width], "big")
        new = value + moves(value)
        if new >= 1 << 8 * width or new < 0:
            where = f"box {box.name} at {box.start:,}"
            raise MalformedMetadata(f"{where}: offset {new:,} does not fit into its field")
        if new != value:
            yield Edit(start, start + width, new.to_bytes(width, "big"))
