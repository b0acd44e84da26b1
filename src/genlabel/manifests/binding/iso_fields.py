"""The values in a hash assertion of ISO media, each held against the type that its schema says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class Malformed(ValueError):
    """The assertion is not what its schema says (``assertion.bmffHash.malformed``)."""


def number(value: object, what: str) -> int:
    """An unsigned integer of at most 64 bits."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 64:
        raise Malformed(f"{what} is no unsigned number")
    return value


def octets(value: object, what: str) -> bytes:
    """A byte string; or numbers of one byte each, as old signers wrote them."""
    if isinstance(value, list) and all(type(each) is int and 0 <= each < 256 for each in value):
        return bytes(value)
    if not isinstance(value, bytes):
        raise Malformed(f"{what} is no byte string")
    return value


def text(value: object, what: str) -> str:
    """A text."""
    if not isinstance(value, str):
        raise Malformed(f"{what} is no text")
    return value


def sequence(value: object, what: str) -> Sequence[Any]:
    """An array."""
    if not isinstance(value, list | tuple):
        raise Malformed(f"{what} is no array")
    return value


def table(value: object, what: str) -> Mapping[str, Any]:
    """A map."""
    if not isinstance(value, Mapping):
        raise Malformed(f"{what} is no map")
    return value
