"""PDF's objects: values are parsed where they lie, with the spans by which they can be replaced.

ISO 32000-2 §7.2 and §7.3. Only what the cross-reference, the catalog, metadata and attached files
need: strings and real numbers are kept as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset
from genlabel.model.expression import expression
from genlabel.model.named_tuple import NamedTuple

NAME = "pdf"
MAX_DEPTH = 40
"""Most arrays and dictionaries in each other; the deepest that real catalogs have is about six."""
MAX_VALUES = 200_000
"""Most values of one object."""

# ISO 32000-2 §7.2.3: white space, comments, and the characters that end a word
_BLANK = expression(rb"(?:[\0\t\n\f\r ]+|%[^\r\n]*)*")
_WORD = expression(rb"[^\0\t\n\f\r ()<>\[\]{}/%]+")
_REFERENCE = expression(rb"(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R(?![A-Za-z0-9])")
_HEXADECIMAL = expression(rb"<[0-9A-Fa-f\0\t\n\f\r ]*>")
_IN_STRING = expression(rb"[^()\\]*")
_ESCAPED = expression(rb"#([0-9A-Fa-f]{2})")
_INTEGER = expression(rb"[+-]?\d{1,19}")
_IN_LITERAL = expression(rb"\\(?:([0-7]{1,3})|(\r\n|[\s\S]))|\r\n?")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


class Reference(NamedTuple):
    """An indirect reference, ``12 0 R`` (§7.3.10)."""

    number: int
    generation: int


class Name(bytes):
    """A name without its solidus, ``#`` escapes resolved (§7.3.5)."""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A dictionary (§7.3.7) and where it is written."""

    start: int
    end: int
    """Behind its ``>>``."""
    values: dict[bytes, Value] = field(default_factory=dict)
    spans: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    """From a key's solidus to the end of its value. Of a key that comes twice, the last one's."""

    def get(self, key: bytes) -> Value:
        """The value at `key`; None when there is none."""
        return self.values.get(key)

    def integer(self, key: bytes) -> int | None:
        """The integer at `key`; None when there is none."""
        number = self.values.get(key)
        return number if isinstance(number, int) and not isinstance(number, bool) else None


class Array(list["Value"]):
    """An array (§7.3.6) and where it is written."""

    __slots__ = ("end", "spans", "start")

    def __init__(
        self, values: Iterable[Value], start: int, end: int, spans: list[tuple[int, int]]
    ) -> None:
        """`spans` are those of the values, `end` is behind the bracket."""
        super().__init__(values)
        self.start, self.end, self.spans = start, end, spans


Value = bytes | int | bool | None | Reference | Name | Array | Dictionary
"""Strings, real numbers and unknown words are `bytes`, as they are written."""


def text(written: Value) -> bytes | None:
    """What a string says that is `written` in parentheses or in hexadecimal digits (§7.3.4).

    None for what is no string.
    """
    if not isinstance(written, bytes) or isinstance(written, Name):
        return None
    if written[:1] == b"<":
        digits = b"".join(written.strip(b"<>").split()).replace(b"\0", b"")
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    if written[:1] == b"(":
        return _IN_LITERAL.sub(_unescaped, written[1:-1])
    return None


def _unescaped(escape: re.Match[bytes]) -> bytes:
    """One escape of a literal string, or a line's end in it (§7.3.4.2)."""
    octal, other = escape[1], escape[2]
    if octal is not None:
        return bytes((int(octal, 8) & 0xFF,))
    if other is None or other in (b"\r\n", b"\r", b"\n"):
        return b"\n" if other is None else b""
    return _ESCAPES.get(other, other)


def blank(view: memoryview | bytes, at: int) -> int:
    """Where the white space and the comments that begin at `at` end."""
    space = _BLANK.match(view, at)
    return space.end() if space else at


def value(view: memoryview | bytes, at: int) -> tuple[Value, int]:
    """The value that begins at or behind `at`, and where it ends. Raises `MalformedAsset`."""
    return _Parser(view).value(at, 0)


class _Parser:
    """One walk through one object, with a count of what it has met."""

    def __init__(self, view: memoryview | bytes) -> None:
        self._view = view
        self._left = MAX_VALUES

    def value(self, at: int, depth: int) -> tuple[Value, int]:
        view = self._view
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            raise MalformedAsset(NAME, f"object at {at:,} is too deep or too long", offset=at)
        at = blank(view, at)
        lead = bytes(view[at : at + 2])
        if lead == b"<<":
            return self._dictionary(at, depth)
        if lead[:1] == b"[":
            return self._array(at, depth)
        if lead[:1] == b"/":
            return self._name(at)
        if lead[:1] == b"(":
            end = self._string(at)
            return bytes(view[at:end]), end
        if match := _HEXADECIMAL.match(view, at):
            return match[0], match.end()
        if match := _REFERENCE.match(view, at):
            return Reference(int(match[1]), int(match[2])), match.end()
        match = _WORD.match(view, at)
        if not match:
            raise MalformedAsset(NAME, f"no value at {at:,}", offset=at)
        word, end = match[0], match.end()
        if _INTEGER.fullmatch(word):
            return int(word), end
        return {b"true": True, b"false": False, b"null": None}.get(word, word), end

    def _name(self, at: int) -> tuple[Name, int]:
        match = _WORD.match(self._view, at + 1)
        if not match:
            return Name(b""), at + 1
        word = _ESCAPED.sub(lambda code: bytes.fromhex(code[1].decode()), match[0])
        return Name(word), match.end()

    def _string(self, at: int) -> int:
        view, depth, end = self._view, 0, at
        while end < len(view):
            char = view[end]
            if char == 0x5C:  # a backslash takes the next character along
                end += 1
            elif char == 0x28:
                depth += 1
            elif char == 0x29:
                depth -= 1
                if not depth:
                    return end + 1
            plain = _IN_STRING.match(view, end + 1)
            end = plain.end() if plain else end + 1
        raise MalformedAsset(NAME, f"string at {at:,} does not end", offset=at)

    def _array(self, at: int, depth: int) -> tuple[Array, int]:
        view, end = self._view, blank(self._view, at + 1)
        values: list[Value] = []
        spans: list[tuple[int, int]] = []
        while bytes(view[end : end + 1]) != b"]":
            start = end
            each, end = self.value(start, depth + 1)
            values.append(each)
            spans.append((start, end))
            end = blank(view, end)
        return Array(values, at, end + 1, spans), end + 1

    def _dictionary(self, at: int, depth: int) -> tuple[Dictionary, int]:
        view, end = self._view, blank(self._view, at + 2)
        values: dict[bytes, Value] = {}
        spans: dict[bytes, tuple[int, int]] = {}
        while bytes(view[end : end + 2]) != b">>":
            start = end
            if bytes(view[end : end + 1]) != b"/":
                raise MalformedAsset(NAME, f"no key of a dictionary at {end:,}", offset=end)
            key, end = self._name(end)
            values[bytes(key)], end = self.value(end, depth + 1)
            spans[bytes(key)] = (start, end)
            end = blank(view, end)
        return Dictionary(at, end + 2, values, spans), end + 2
