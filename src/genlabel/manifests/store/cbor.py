"""Where each item of a CBOR text begins and ends (RFC 8949), without building its values.

For the few items of a hostile text that are wanted; everything else is only stepped over, in one
pass and without recursion. Indefinite lengths are refused: nobody signs with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from genlabel.model.named_tuple import NamedTuple

_MAX_ITEMS = 4096
"""Most items within one that is stepped over. A signature box has some fifty."""


class Unreadable(ValueError):
    """The bytes are no CBOR, or of a form that is not read here."""


class Ambiguous(Unreadable):
    """Two readers could see two things: something is there twice, or stands where nothing may.

    Unlike what merely cannot be read, nobody writes this by accident.
    """


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


_MAJORS = tuple(Major)
# By identity: an enumeration's members are slow to look up, to hash and to compare.
_BYTES, _TEXT, _ARRAY, _MAP, _TAG = _MAJORS[2:7]


class Item(NamedTuple):
    """One item of the text that it was found in."""

    major: Major
    argument: int
    """The number, length, count, tag or simple value of its head."""
    head: int
    """First byte of the head."""
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
    first, argument, start = _head(data, at)
    if first is _BYTES or first is _TEXT:
        if start + argument > len(data):
            raise Unreadable(f"the item at {at} runs past the end")
        return Item(first, argument, at, start, start + argument)
    if not _inside(first, argument):
        return Item(first, argument, at, start, start)
    major, count, end, awaited = first, argument, start, 0
    for _ in range(_MAX_ITEMS):
        if major is _BYTES or major is _TEXT:
            end += count
        else:
            awaited += _inside(major, count)
        if end > len(data):
            raise Unreadable(f"the item at {at} runs past the end")
        if not awaited:
            return Item(first, argument, at, start, end)
        awaited -= 1
        major, count, end = _head(data, end)
    raise Unreadable(f"the item at {at} holds more than {_MAX_ITEMS:,} items")


def opening(data: bytes, at: int = 0) -> Item:
    """The item that begins at `at`, of which no more is read than its head, where it ends here.

    Raises `Unreadable`.
    """
    major, argument, start = _head(data, at)
    return Item(major, argument, at, start, start)


def children(data: bytes, parent: Item, *, most: int) -> list[Item]:
    """What an array, a map (keys and values in turn) or a tag holds, and nothing for all others.

    Raises `Unreadable` for more than `most`.
    """
    count = _inside(parent.major, parent.argument)
    if count > most:
        raise Unreadable(f"{count} items where at most {most} are read")
    items: list[Item] = []
    at = parent.start
    for _ in range(count):
        items.append(item(data, at))
        at = items[-1].end
    return items


def content(data: bytes, string: Item) -> bytes:
    """The bytes of a byte or text string."""
    if string.major is not _BYTES and string.major is not _TEXT:
        raise Unreadable(f"major type {string.major} where a string is read")
    return data[string.start : string.end]


def string(data: bytes) -> bytes:
    """`data` as a byte string with the shortest head."""
    return head(Major.BYTES, len(data)) + data


def text(data: bytes) -> bytes:
    """`data`, which is UTF-8, as a text string."""
    return head(Major.TEXT, len(data)) + data


def array(*items: bytes) -> bytes:
    """An array of encoded items."""
    return head(Major.ARRAY, len(items)) + b"".join(items)


def mapping(items: Mapping[bytes, bytes]) -> bytes:
    """A map of encoded items by texts, in their order."""
    pairs = (text(key) + value for key, value in items.items())
    return head(Major.MAP, len(items)) + b"".join(pairs)


def head(major: Major, argument: int) -> bytes:
    """The shortest head of an item, as deterministic CBOR has it (RFC 8949 §4.2.1)."""
    first = major << 5
    if argument < 24:
        return bytes([first | argument])
    short = 24
    while argument >> (8 << short - 24):
        short += 1
    return bytes([first | short]) + argument.to_bytes(1 << short - 24, "big")


def _inside(major: Major, argument: int) -> int:
    """How many items follow a head that belong to it."""
    if major is _ARRAY:
        return argument
    if major is _MAP:
        return 2 * argument
    return 1 if major is _TAG else 0


def _head(data: bytes, at: int) -> tuple[Major, int, int]:
    """Major type, argument, and where the head ends (RFC 8949 §3)."""
    if at >= len(data):
        raise Unreadable(f"an item is missing at {at}")
    major, short = _MAJORS[data[at] >> 5], data[at] & 0x1F
    if short < 24:
        return major, short, at + 1
    if short > 27:  # 28 to 30 are reserved, 31 is an indefinite length
        raise Unreadable(f"the head at {at} is of a form that is not read")
    end = at + 1 + (1 << short - 24)
    if end > len(data):
        raise Unreadable(f"the head at {at} runs past the end")
    return major, int.from_bytes(data[at + 1 : end], "big"), end
