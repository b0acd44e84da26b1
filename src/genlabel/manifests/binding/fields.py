"""The fields that hash assertions share: algorithm, hash and ranges (C2PA 2.4 §18.5, §18.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from genlabel.formats.edits import Span
from genlabel.manifests.binding.digest import ALGORITHMS
from genlabel.model.escape import quoted


class Malformed(ValueError):
    """An assertion is not built as its schema says; one clause why."""


class Unsupported(ValueError):
    """A hash algorithm that is not on the list of C2PA 2.4 §13.1, or none is named; one clause."""


def algorithm(*places: Any) -> str:
    """The first algorithm that is named, from the innermost structure outwards (§15.4).

    Raises `Unsupported`.
    """
    name = next((each for each in places if each is not None), None)
    if not isinstance(name, str) or name not in ALGORITHMS:
        raise Unsupported("names no hash algorithm" if name is None else f"is by {quoted(name)}")
    return name


def digest(value: Any) -> bytes | None:
    """The value of a ``hash`` field; None where there is none.

    A text counts as its bytes and a list as bytes by number, as c2pa-rs takes them. Raises
    `Malformed`.
    """
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, list) and all(type(each) is int and 0 <= each < 256 for each in value):
        return bytes(value)
    raise Malformed("its hash is no string of bytes")


def ranges(value: Any) -> list[Mapping[str, Any]]:
    """The maps of an ``exclusions`` field; none where there is none. Raises `Malformed`."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Malformed("its exclusions are no list of ranges")
    return value


def span(fields: Mapping[str, Any]) -> Span:
    """(start, end) of a range with ``start`` and ``length``. Raises `Malformed`."""
    start = number(fields, "start")
    return start, start + number(fields, "length")


def number(fields: Mapping[str, Any], key: str) -> int:
    """The whole number at `key`, which is not negative. Raises `Malformed`."""
    value = fields.get(key)
    if type(value) is not int or value < 0:  # True and False are numbers, too
        raise Malformed(f"a range without a {key}")
    return value


def in_order(spans: Iterable[Span]) -> None:
    """Raises `Malformed` for spans that overlap, or come in any other order than in the file."""
    at = 0
    for start, end in spans:
        if start < at:
            raise Malformed(f"its exclusion at {start:,} begins before the one in front of it ends")
        at = end
