"""How a rewrite is put together: changes become edits, edits become pieces of the new file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from genlabel.model.dataclass import dataclass
from genlabel.storage.buffers import Pieces

Span = tuple[int, int]
"""(start, end) of bytes in a file, end exclusive."""


@dataclass(frozen=True, slots=True)
class Block:
    """One structural part of a file, as strip-check and inspect name it."""

    name: str
    """The format's own words, e.g. ``APP1 Exif``, ``iTXt XML:com.adobe.xmp``, ``VP8X``."""
    start: int
    """Offset of the block's first byte, header included."""
    length: int
    """Bytes on disk, header included."""

    @property
    def end(self) -> int:
        """Offset behind the block's last byte."""
        return self.start + self.length

    def __str__(self) -> str:
        return f"{self.name}, {self.length:,} bytes"


class Part(Protocol):
    """Anything that lies somewhere in a file: a block, a box, a chunk, a frame."""

    @property
    def start(self) -> int:
        """Offset of its first byte."""

    @property
    def end(self) -> int:
        """Offset behind its last byte."""


@dataclass(frozen=True, slots=True)
class Edit:
    """`new` takes the place of the source's bytes from `start` to `end` (exclusive)."""

    start: int
    end: int
    new: bytes

    @property
    def growth(self) -> int:
        """Bytes that the file gains by it; negative when it shrinks."""
        return len(self.new) - (self.end - self.start)


def put(parts: Sequence[Part], new: bytes, anchor: int) -> list[Edit]:
    """Edits that put `new` where the first of `parts` is and take the others out.

    Without parts it is inserted at `anchor`; empty `new` only removes.
    """
    if not parts:
        return [Edit(anchor, anchor, new)] if new else []
    first, *others = parts
    return [Edit(first.start, first.end, new), *removed(others)]


def removed(parts: Iterable[Part]) -> list[Edit]:
    """Edits that take `parts` out."""
    return [Edit(part.start, part.end, b"") for part in parts]


def growth(edits: Iterable[Edit]) -> int:
    """Bytes that the whole file gains."""
    return sum(edit.growth for edit in edits)


def splice(data: memoryview, edits: Iterable[Edit]) -> Pieces:
    """The new file: untouched views of `data` with the edits between them.

    Insertions at one offset keep the order in which they are given. Raises `ValueError` when two
    edits claim the same bytes, which is a fault of the format's module.
    """
    pieces: Pieces = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            raise ValueError(f"edits overlap at {edit.start:,}")
        if edit.start > at:
            pieces.append(data[at : edit.start])
        if edit.new:
            pieces.append(edit.new)
        at = edit.end
    if at < len(data):
        pieces.append(data[at:])
    return pieces


def spans(blocks: Iterable[Block], name: str) -> tuple[Span, ...]:
    """(start, end) of the blocks called `name`, neighbours joined."""
    joined: list[Span] = []
    for block in (each for each in blocks if each.name == name):
        neighbour = bool(joined) and joined[-1][1] == block.start
        joined.append((joined.pop()[0] if neighbour else block.start, block.end))
    return tuple(joined)


def in_utf8(raw: bytes) -> bytes:
    """A text in UTF-8: as it is, or from Latin-1 where it is no UTF-8."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1").encode()
    return raw


def printable(raw: bytes | memoryview, limit: int = 79) -> str:
    """Text from a file, fit for a block's name: Latin-1, cut, control characters escaped."""
    text = bytes(raw[:limit]).decode("latin-1")
    if text.isprintable() and "\\" not in text:
        return text
    return "".join(
        char if char.isprintable() and char != "\\" else f"\\x{ord(char):02x}" for char in text
    )
