"""Where each item of a CBOR text begins and ends (RFC 8949), without building its values.

For the few items of a hostile text that are wanted; everything else is only stepped over, in one
pass and without recursion. Indefinite lengths are refused: nobody signs with them.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Unreadable(ValueError):
    """The bytes are no CBOR, or of a form that is not read here."""


class Major(IntEnum):
    """The major types, RFC 8949 §3.1."""

    UNSIGNED = 0
    NEGATIVE = 1
    BYTES = 2
    TEXT = 3
    ARRAY = 4
    MAP = 5
    TAG = 6
    SIMPLE = 7


class Item(NamedTuple):
    """One item of the text that it was found in."""

    major: Major
    argument: int
    """The number, length, count, tag or simple value of its head."""
    start: int
    """First byte behind the head."""
    end: int
    """First byte behind the whole item."""

    @property
    def integer(self) -> int | None:
        """Its value if it is an integer; bignums are tagged bytes and no integers here."""
        if self.major is Major.UNSIGNED:
            return self.argument
        return -1 - self.argument if self.major is Major.NEGATIVE else None

    def is_null(self) -> bool:
        """Is it ``null``, RFC 8949 §3.3?"""
        return self.major is Major.SIMPLE and self.argument == 22 and self.start == self.end


def item(data: bytes, at: int = 0) -> Item:
    """The item that begins at `at`. Raises `Unreadable`."""
    major, argument, start = _head(data, at)
    end, awaited = start, 0
    while True:
        if major in (Major.BYTES, Major.TEXT):
            end += argument
        elif major is Major.ARRAY:
            awaited += argument
        elif major is Major.MAP:
            awaited += 2 * argument
        elif major is Major.TAG:
            awaited += 1
        if end + awaited > len(data):  # every item still to come takes a byte at least
            raise Unreadable(f"the item at {at} runs past the end")
        if not awaited:
            break
        awaited -= 1
        major, argument, end = _head(data, end)
    first, count, _ = _head(data, at)
    return Item(first, count, start, end)


def children(data: bytes, parent: Item, *, most: int) -> list[Item]:
    """What an array, map (keys and values in turn) or tag holds. Raises `Unreadable` over `most`"""
    counts = {Major.ARRAY: parent.argument, Major.MAP: 2 * parent.argument, Major.TAG: 1}
    count = counts.get(parent.major)
    if count is None or count > most:
        raise Unreadable(f"{count} items where an array or map of at most {most} is read")
    found: list[Item] = []
    at = parent.start
    for _ in range(count):
        found.append(item(data, at))
        at = found[-1].end
    return found


def content(data: bytes, string: Item) -> bytes:
    """The bytes of a byte or text string."""
    if string.major not in (Major.BYTES, Major.TEXT):
        raise Unreadable(f"major type {string.major} where a string is read")
    return data[string.start : string.end]


def _head(data: bytes, at: int) -> tuple[Major, int, int]:
    """Major type, argument, and where the head ends (RFC 8949 §3)."""
    if at >= len(data):
        raise Unreadable(f"an item is missing at {at}")
    major, short = Major(data[at] >> 5), data[at] & 0x1F
    if short < 24:
        return major, short, at + 1
    if short > 27:  # 28 to 30 are reserved, 31 is an indefinite length
        raise Unreadable(f"the head at {at} is of a form that is not read")
    end = at + 1 + (1 << short - 24)
    if end > len(data):
        raise Unreadable(f"the head at {at} runs past the end")
    return major, int.from_bytes(data[at + 1 : end], "big"), end
