"""CBOR as Python values (RFC 8949): maps, arrays, texts, bytes and numbers, bounded and exact.

What two readers could see differently is refused: a key twice in one map, bytes behind the item.
Indefinite lengths are read, for there are signers who write them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from genlabel.manifests.store.cbor import Ambiguous, Unreadable
from genlabel.model.escape import quoted
from genlabel.model.named_tuple import NamedTuple

MAX_BYTES = 1024 * 1024
"""Longest text that is read. Assertions have some kilobytes; pictures stand in boxes of their
own."""
MAX_DEPTH = 128
"""Deepest nesting, as in the engine; C2PA's own assertions have six levels."""

_BREAK = object()
_KEYS = frozenset((str, int, bytes))
_NO_KEY = "a key that is neither a text nor a number"
_INDEFINITE = 31
_SHORT_TEXT = 0x60
"""The head of a text without letters; that of one with up to 23 is as much more."""
_FLOATS = {25: ">e", 26: ">f", 27: ">d"}
_SIMPLE = {20: False, 21: True, 22: None, 23: None}
"""False, true, null and undefined (RFC 8949 §3.3)."""


class Twice(Ambiguous):
    """A map has one key twice: which value was meant, nobody can say."""


class Tag(NamedTuple):
    """A tagged value (RFC 8949 §3.4), such as a date."""

    number: int
    value: Any


def value(data: bytes | memoryview) -> Any:
    """The one item that fills `data`.

    Maps become `dict` with texts, integers or bytes as keys; strings of bytes `bytes`. Raises
    `Unreadable` for what is damaged, too long or too deep, `Twice` for a double key, and
    `Ambiguous` for bytes behind the item.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(f"{len(data):,} bytes of CBOR where at most {MAX_BYTES:,} are read")
    reader = _Reader(bytes(data))
    read = reader.item(0)
    if reader.at != len(reader.data):
        raise Ambiguous(f"{len(reader.data) - reader.at} bytes follow the item")
    return read


def members(data: bytes | memoryview) -> dict[str, bytes]:
    """The encoded values, as they stand, of the texts in the one map that fills `data`.

    Raises `Unreadable` like `value`, and for everything else than a map.
    """
    if len(data) > MAX_BYTES or not data or data[0] >> 5 != 5:
        raise Unreadable("no map")
    reader = _Reader(bytes(data))
    return {key: reader.data[start:end] for key, start, end in reader.spans() if type(key) is str}


def untagged(item: Any) -> Any:
    """The value below whatever tags it bears."""
    while isinstance(item, Tag):
        item = item.value
    return item


class _Reader:
    """One pass through a text; recursive, and no deeper than `MAX_DEPTH`."""

    __slots__ = ("at", "data", "size")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = len(data)
        self.at = 0

    def item(self, depth: int) -> Any:
        """The item here, and `at` behind it."""
        if depth > MAX_DEPTH:
            raise Unreadable(f"items nested more than {MAX_DEPTH} deep")
        data, size, at = self.data, self.size, self.at
        if at >= size:
            raise Unreadable(f"an item is missing at {at}")
        first = data[at]
        major, argument = first >> 5, first & 0x1F
        self.at = at + 1
        if major == 3 and argument < 24:  # most items are short texts: read here, without a call
            self.at = end = at + 1 + argument
            if end > size:
                raise Unreadable(f"the item at {at + 1} runs past the end")
            try:
                return data[at + 1 : end].decode()
            except UnicodeDecodeError as error:
                raise Unreadable(f"the text at {end} is no UTF-8") from error
        if major == 7:
            return self._simple(argument)
        if argument == _INDEFINITE:
            return self._indefinite(major, depth)
        if argument == 24 and at + 1 < size:
            argument = data[at + 1]
            self.at = at + 2
        elif argument >= 24:
            argument = self._argument(argument)
        if major == 3:
            return self._text(argument)
        if major == 2:
            return self._bytes(argument)
        if major == 0:
            return argument
        if major == 1:
            return -1 - argument
        if major == 6:
            return Tag(argument, self.item(depth + 1))
        # every item takes a byte at least: what announces more than there is ends before it grows
        if argument > size - self.at:
            raise Unreadable(f"the item at {self.at} announces {argument:,} others")
        if major == 4:
            return [self.item(depth + 1) for _ in range(argument)]
        return self._map(argument, depth)

    def _map(self, count: int, depth: int) -> dict[Any, Any]:
        """The pairs of a map that has so many."""
        data, size = self.data, self.size
        pairs: dict[Any, Any] = {}
        for _ in range(count):
            at = self.at
            length = data[at] - _SHORT_TEXT if at < size else -1
            if 0 <= length < 24 and depth < MAX_DEPTH:  # nearly all keys: read without a call
                self.at = end = at + 1 + length
                if end > size:
                    raise Unreadable(f"the item at {at + 1} runs past the end")
                try:
                    key: Any = data[at + 1 : end].decode()
                except UnicodeDecodeError as error:
                    raise Unreadable(f"the text at {end} is no UTF-8") from error
            else:
                key = self.item(depth + 1)
                if type(key) not in _KEYS:
                    raise Unreadable(_NO_KEY)
            if key in pairs:
                raise Twice(f"the key {quoted(key)} twice")
            pairs[key] = self.item(depth + 1)
        return pairs

    def _or_break(self, depth: int) -> Any:
        """The item here, or the break that ends an indefinite length."""
        if depth <= MAX_DEPTH and self.data[self.at : self.at + 1] == b"\xff":
            self.at += 1
            return _BREAK
        return self.item(depth)

    def spans(self) -> Iterator[tuple[Any, int, int]]:
        """The keys of the map here, each with where its value begins and ends; then the end."""
        short = self.data[self.at] & 0x1F
        self.at += 1
        count = None if short == _INDEFINITE else self._argument(short)
        while count is None or count > 0:
            key = self._or_break(1) if count is None else self.item(1)
            if key is _BREAK:
                break
            start = self.at
            self.item(1)
            yield key, start, self.at
            count = None if count is None else count - 1
        if self.at != self.size:
            raise Unreadable(f"{self.size - self.at} bytes follow the item")

    def _indefinite(self, major: int, depth: int) -> Any:
        if major in (2, 3):
            return self._chunks(major)
        if major not in (4, 5):
            raise Unreadable(f"an indefinite length of major type {major}")
        listed: list[Any] = []
        pairs: dict[Any, Any] = {}
        while (each := self._or_break(depth + 1)) is not _BREAK:
            if major == 4:
                listed.append(each)
            else:
                self._pair(pairs, each, depth)
        return listed if major == 4 else pairs

    def _chunks(self, major: int) -> str | bytes:
        """A string in pieces, each of which is one of definite length (RFC 8949 §3.2.3)."""
        pieces: list[Any] = []
        while True:
            if self.at >= self.size:
                raise Unreadable("a string without an end")
            first = self.data[self.at]
            self.at += 1
            if first == 0xFF:
                return b"".join(pieces) if major == 2 else "".join(pieces)
            if first >> 5 != major or first & 0x1F == _INDEFINITE:
                raise Unreadable("a string whose pieces are of another kind")
            length = self._argument(first & 0x1F)
            pieces.append(self._bytes(length) if major == 2 else self._text(length))

    def _pair(self, pairs: dict[Any, Any], key: Any, depth: int) -> None:
        if type(key) not in _KEYS:
            raise Unreadable(_NO_KEY)
        if key in pairs:
            raise Twice(f"the key {quoted(key)} twice")
        pairs[key] = self.item(depth + 1)

    def _simple(self, short: int) -> Any:
        if short in _SIMPLE:
            return _SIMPLE[short]
        if short == _INDEFINITE:
            raise Unreadable(f"a break at {self.at - 1} where an item is expected")
        if short in _FLOATS:
            form = _FLOATS[short]
            return struct.unpack(form, self._bytes(struct.calcsize(form)))[0]
        raise Unreadable(f"a simple value that is not known ({short})")

    def _argument(self, short: int) -> int:
        if short < 24:
            return short
        if short > 27:  # reserved
            raise Unreadable(f"the head at {self.at - 1} is of a form that is not read")
        return int.from_bytes(self._bytes(1 << short - 24), "big")

    def _bytes(self, length: int) -> bytes:
        end = self.at + length
        if end > self.size:
            raise Unreadable(f"the item at {self.at} runs past the end")
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def _text(self, length: int) -> str:
        start = self.at
        self.at = end = start + length
        if end > self.size:
            raise Unreadable(f"the item at {start} runs past the end")
        try:
            return self.data[start:end].decode()
        except UnicodeDecodeError as error:
            raise Unreadable(f"the text at {end} is no UTF-8") from error
