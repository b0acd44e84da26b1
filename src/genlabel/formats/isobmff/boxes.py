"""The boxes of an ISO base media file: type, size, content; read within bounds, never copied.

ISO/IEC 14496-12 §4.2. QuickTime calls them atoms (QTFF, "Atoms").
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from functools import lru_cache

from genlabel.formats.edits import Edit, printable
from genlabel.formats.malformed import no_room, past_end
from genlabel.formats.slots import MAX_BLOCKS
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset
from genlabel.storage.buffers import Buffer

_HEADER = struct.Struct(">I4s").unpack_from
_LARGE = struct.Struct(">Q").unpack_from
_MAX_SIZE = 2**32 - 1
_HEADER_SIZE = 8
_HEAD = 64
LEADING = frozenset((b"free", b"skip", b"wide"))
"""Boxes that say nothing and may stand before ``ftyp``."""
_MAX_LEADING = 8
_MAX_DEPTH = 16
"""Deepest path that is followed; moov/trak/mdia/minf/stbl/stco has six."""
_NESTING = frozenset(
    (
        *(b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"edts", b"udta"),
        *(b"dinf", b"tref", b"treg", b"mvex", b"mfra", b"meta", b"schi"),
    )
)
"""The boxes into which the engine descends (c2pa 0.91)."""
_FEW = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl", b"udta", b"meta"))
"""Those of which a film has few and that are looked into by many: what is in them is kept."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box: where it lies, not what it holds."""

    type: bytes
    start: int
    body: int
    """Offset of its content: after size, type, large size and extended type."""
    end: int
    data: memoryview = field(repr=False, compare=False)
    """The file that it lies in."""
    format: str = field(repr=False, compare=False)
    """The format's name, for errors."""
    uuid: bytes = b""
    """The 16 bytes of the extended type of a ``uuid`` box, else empty."""
    open: bool = False
    """True when its size is written as 0: it goes on to the end of the file."""
    kept: tuple[Box, ...] | None = field(default=None, init=False, repr=False, compare=False)
    """What is in it, where somebody has looked and others will."""

    @property
    def name(self) -> str:
        """The type as reports name it."""
        return type_name(self.type)

    @property
    def length(self) -> int:
        """Bytes on disk, header included."""
        return self.end - self.start

    def content(self) -> memoryview:
        """The bytes after the header."""
        return self.data[self.body : self.end]

    def whole(self) -> memoryview:
        """All its bytes, header included."""
        return self.data[self.start : self.end]

    def number(self, at: int, width: int = 4) -> int:
        """The number of `width` bytes, `at` bytes into the content.

        Raises `MalformedAsset` when it runs past the box.
        """
        start = self.body + at
        if start + width > self.end:
            raise self.error("is too small")
        return int.from_bytes(self.data[start : start + width], "big")

    def error(self, what: str) -> MalformedAsset:
        """What is wrong with the box, such as ``is too small``."""
        where = f"box {self.name} at {self.start:,}"
        return MalformedAsset(self.format, f"{where} {what}", offset=self.start)


def type_name(kind: bytes) -> str:
    """A type as reports name it."""
    return printable(kind).rstrip(" ") or "(blank)"


def brands(head: Buffer) -> tuple[bytes, frozenset[bytes]]:
    """The major brand and all brands in the first 64 bytes of a file's ``ftyp``; empty when it is
    no ISO file.

    ISO/IEC 14496-12 §4.3. That box comes as early as possible: free room may stand before it.
    """
    at = 0
    for _ in range(_MAX_LEADING):
        start = bytes(head[at : at + _HEAD])
        size, body = int.from_bytes(start[:4], "big"), _HEADER_SIZE
        if size == 1:
            size, body = int.from_bytes(start[8:16], "big"), 16
        if start[4:8] not in LEADING or size < body:
            break
        at += size
    if start[4:8] != b"ftyp" or size < body + 8:
        return b"", frozenset()
    return _listed(start, size, body)


@lru_cache(maxsize=16)
def _listed(start: bytes, size: int, body: int) -> tuple[bytes, frozenset[bytes]]:
    """The brands in the first bytes of an ``ftyp`` box, which each format asks for in turn."""
    major = start[body : body + 4]
    words = (start[at : at + 4] for at in range(body + 8, min(size, len(start)) - 3, 4))
    return major, frozenset((major, *words))


def walk(
    data: memoryview, format: str, start: int = 0, end: int | None = None, *, most: int = MAX_BLOCKS
) -> list[Box]:
    """The boxes one behind the other from `start` to `end` (exclusive; the file's end).

    `format` is the container's name for errors. Up to seven zero bytes behind the last box are
    passed over: QuickTime ends some lists with a 32-bit zero. Raises `MalformedAsset` when a size
    lies, a header is cut off, or there are more than `most`.
    """
    end = len(data) if end is None else end
    boxes: list[Box] = []
    at = start
    while at < end:
        if end - at < 8 and not any(data[at:end]):
            break
        if len(boxes) >= most:
            raise MalformedAsset(format, f"more than {most:,} boxes", offset=at)
        size, kind = _HEADER(data, at) if end - at >= _HEADER_SIZE else (0, b"")
        if _HEADER_SIZE <= size <= end - at and kind != b"uuid":  # as nearly all are
            box = Box(kind, at, at + _HEADER_SIZE, at + size, data, format)
        else:
            box = _box(data, format, at, end)
        boxes.append(box)
        at = box.end
    return boxes


def _box(data: memoryview, format: str, at: int, end: int) -> Box:
    if end - at < 8:
        raise MalformedAsset(format, f"ends at {end:,} within a box's header", offset=at)
    declared, kind = _HEADER(data, at)
    size, body = declared, at + 8
    if size == 1:  # ISO/IEC 14496-12 §4.2.2: the size follows in 64 bits
        body += 8
        size = _LARGE(data, at + 8)[0] if body <= end else 0
    elif size == 0 and end == len(data):  # to the end of the file, so only where that is the end
        size = end - at
    uuid = b""
    if kind == b"uuid":
        uuid = bytes(data[body : body + 16])
        body += 16
    if at + size < body or body > end:
        raise MalformedAsset(
            format, f"box {printable(kind)} at {at:,} is smaller than its header", offset=at
        )
    if at + size > end:
        raise past_end(format, f"box {printable(kind)} at {at:,}", at + size - end, at)
    return Box(kind, at, body, at + size, data, format, uuid, open=not declared)


def count(top: Sequence[Box], *, most: int) -> None:
    """Raise `MalformedAsset` for more than `most` boxes, or for some that lie deeper than any
    reader goes.

    The engine takes time by the square of their number: 0.1 s for 2,000, half a minute for 30,000.
    """
    total = len(top)
    for level in _levels(top):
        inner: list[Box] = []
        for box in level:
            if box.type in _NESTING and total + len(inner) <= most:
                inner += inside(box)
        total += len(inner)
        if total > most:
            raise MalformedAsset(top[0].format, f"more than {most:,} boxes")
        level[:] = inner


def weigh(top: Sequence[Box], *, beside: int, most: int) -> None:
    """Raise `MalformedAsset` for so many boxes that the engine would be busy for minutes.

    Its time grows with the square of how many lie side by side. `beside` is how many may in one
    place, or fewer in each of several; `most` is how many there may be in all.
    """
    room = sum(box.length for box in top if box.type in _NESTING) // _HEADER_SIZE
    if room + len(top) <= min(beside, most):
        return  # too few bytes for too many boxes: so it is with nearly all films
    found, squares = len(top), len(top) ** 2
    for level in _levels(top):
        below: list[Box] = []
        for box in level:
            if box.type not in _NESTING or found > most:
                continue
            try:
                siblings = inside(box)
                number = len(siblings)
            except MalformedAsset:  # no matter here, but there may be very many before the fault
                siblings, number = [], box.length // _HEADER_SIZE
            found += number
            squares += number**2
            below += siblings
        if found > most or squares > beside**2:
            raise MalformedAsset(
                top[0].format,
                f"more boxes than can be looked at in time ({most:,}, or {beside:,} side by side)",
                remedy="join its fragments, as ffmpeg does with -c copy",
            )
        level[:] = below


def _levels(top: Sequence[Box]) -> Iterator[list[Box]]:
    """One list as long as it is filled anew with the boxes one level below.

    Raises `MalformedAsset` when they lie deeper than any reader goes.
    """
    level = list(top)
    for _ in range(_MAX_DEPTH):
        yield level
        if not level:
            return
    raise MalformedAsset(top[0].format, f"boxes within boxes, more than {_MAX_DEPTH} deep")


def children(parent: Box, skip: int = 0) -> list[Box]:
    """The boxes in `parent`, after `skip` bytes of its own fields (4 in a full box)."""
    if parent.body + skip > parent.end:
        raise parent.error("is too small")
    return walk(parent.data, parent.format, parent.body + skip, parent.end)


def first(boxes: Iterable[Box], kind: bytes) -> Box | None:
    """The first box of a type."""
    for each in boxes:
        if each.type == kind:
            return each
    return None


def descend(boxes: Iterable[Box], path: tuple[bytes, ...]) -> Iterator[Box]:
    """Every box at the end of a path of types, such as ``(b"moov", b"trak", b"mdia")``.

    Boxes on the way hold nothing but boxes; ``meta`` may be a full box (ISO) or not (QuickTime).
    """
    if len(path) > _MAX_DEPTH:
        raise ValueError(f"a path of {len(path)} boxes")
    for box in boxes:
        if box.type == path[0]:
            if len(path) == 1:
                yield box
            else:
                yield from descend(inside(box), path[1:])


def nests(box: Box) -> bool:
    """Is it one of the boxes into which the engine descends?"""
    return box.type in _NESTING


def inside(box: Box) -> Sequence[Box]:
    """The boxes in a box that holds nothing but boxes, or in ``meta``."""
    if box.kept is not None:
        return box.kept
    found = children(box, 4 if box.type == b"meta" and is_full(box) else 0)
    if box.type not in _FEW:
        return found
    kept = tuple(found)
    object.__setattr__(box, "kept", kept)
    return kept


def is_full(meta: Box) -> bool:
    """Is this ``meta`` a full box (ISO/IEC 14496-12 §8.11.1) and not QuickTime's plain one?"""
    # A plain one begins with its first child's header; hdlr comes first in both.
    return bytes(meta.data[meta.body + 4 : min(meta.body + 8, meta.end)]) != b"hdlr"


def version_and_flags(box: Box) -> tuple[int, int]:
    """Version (8 bits) and flags (24 bits) of a full box, ISO/IEC 14496-12 §4.2.2."""
    word = box.number(0)
    return word >> 24, word & 0xFFFFFF


def box(kind: bytes, *contents: Buffer) -> bytes:
    """A new box; a ``uuid`` box's extended type is the first 16 bytes of its contents."""
    length = sum(map(len, contents))
    if length + 8 > _MAX_SIZE:
        return b"".join((b"\0\0\0\1", kind, (length + 16).to_bytes(8, "big"), *contents))
    return b"".join(((length + 8).to_bytes(4, "big"), kind, *contents))


def grown(box: Box, growth: int) -> list[Edit]:
    """What makes the size field of `box` say `growth` bytes more (fewer when negative).

    A box that goes on to the end of the file gets its size written, so that others may follow it.
    Raises `MalformedMetadata` when the new size does not fit into the field that is there.
    """
    size = box.length + growth
    if not growth and not box.open:
        return []
    if bytes(box.data[box.start : box.start + 4]) == b"\0\0\0\1":
        return [Edit(box.start + 8, box.start + 16, size.to_bytes(8, "big"))]
    if size > _MAX_SIZE:
        raise no_room(f"box {box.name} of {size:,} bytes: its size field has 32 bits")
    return [Edit(box.start, box.start + 4, size.to_bytes(4, "big"))]
