"""Custom assertions: what a company says in a manifest beside the label, under a name of its own.

C2PA 2.4 §6.2.1: the label of a custom assertion begins with a reversed domain of whoever defines
it. Every reader shows that it is there; what it means only those know who know the label.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from genlabel.model.arguments import argument
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import LabelError
from genlabel.model.expression import expression
from genlabel.model.text import is_forbidden

MAX_ASSERTIONS = 16
MAX_BYTES = 16_384
"""Most bytes of JSON of all custom assertions of a label."""
MAX_DEPTH = 16
_MAX_LABEL = 128
_MAX_INTEGER = 2**53 - 1
"""Beyond it readers that count in floating-point lose digits (RFC 8259 §6)."""
_PART = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_LABEL = expression(rf"{_PART}(?:\.{_PART}(?:_{_PART})*){{2,}}")
_TAKEN = ("c2pa", "cawg", "stds", "org.c2pa", "org.cawg", "dev.genlabel")
"""Beginnings of labels that others have defined."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """A custom assertion (C2PA 2.4 §6.2.1): a label in a reversed domain, and JSON.

    ``Assertion("com.acme.review", {"approved": True, "desk": "science"})``. It is public once
    written. Raises `LabelError` for a label that is none of the caller's own, and for what is no
    JSON object, deeper than 16 levels, or longer than 16,384 bytes with the others of its label.
    """

    label: str
    """Domain reversed, then what it is: ``com.acme.review``; at most 128 characters."""
    data: Mapping[str, Any] = field(hash=False)
    """A JSON object: dict, list, str, int, float, bool and None; a copy is kept."""

    def __post_init__(self) -> None:
        label = argument("label", self.label, (str,))
        if len(label) > _MAX_LABEL or not _LABEL.fullmatch(label):
            raise LabelError(
                f"assertion: {label[:_MAX_LABEL]!r} is no label in a reversed domain",
                remedy="write your domain backwards and a name behind it: com.example.review",
            )
        if any(label.lower() == each or label.lower().startswith(f"{each}.") for each in _TAKEN):
            raise LabelError(
                f"assertion: {label} belongs to those who define it, and is not free",
                remedy="begin it with a domain of your own",
            )
        if not isinstance(self.data, Mapping):
            raise LabelError(
                f"{label}: {type(self.data).__name__} is no JSON object",
                remedy="give a dict with names for its values",
            )
        for value, depth in _values(self.data):
            _check(label, value, depth)
        object.__setattr__(self, "data", json.loads(self.text))
        size = len(self.text.encode())
        if size > MAX_BYTES:
            raise LabelError(f"{label}: {size:,} bytes of JSON, and {MAX_BYTES:,} are allowed")

    @property
    def text(self) -> str:
        """The data as JSON."""
        return json.dumps(self.data, ensure_ascii=False, separators=(",", ":"), default=dict)


def assertions_of(given: Iterable[Assertion]) -> tuple[Assertion, ...]:
    """`given` in order. Raises `LabelError` for what is no assertion, and for too much."""
    if isinstance(given, str | bytes | Mapping | Assertion) or not isinstance(given, Iterable):
        raise LabelError(
            f"assertions: {type(given).__name__} is no list of assertions",
            remedy="write [Assertion('com.example.review', {'approved': True})]",
        )
    assertions = tuple(argument("assertions", each, (Assertion,)) for each in given)
    labels = [each.label.lower() for each in assertions]
    for label in labels:
        if labels.count(label) > 1:
            raise LabelError(f"assertions: {label} is given twice", remedy="put both into one")
    size = sum(len(each.text.encode()) for each in assertions)
    if len(assertions) > MAX_ASSERTIONS or size > MAX_BYTES:
        raise LabelError(
            f"assertions: {len(assertions)} of {size:,} bytes; at most {MAX_ASSERTIONS} of "
            f"{MAX_BYTES:,} bytes go into a label",
            remedy="keep the rest where you serve it, and say the address",
        )
    return assertions


def _values(data: Mapping[str, Any]) -> Iterator[tuple[object, int]]:
    """Every key and value, with its depth; without recursion, and no deeper than is looked at."""
    waiting: list[tuple[object, int]] = [(data, 1)]
    seen = 0
    while waiting and seen <= MAX_BYTES:  # each takes a byte of JSON at least
        value, depth = waiting.pop()
        seen += 1
        yield value, depth
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, Mapping):
            waiting.extend((each, depth + 1) for pair in value.items() for each in pair)
        elif isinstance(value, list | tuple):
            waiting.extend((each, depth + 1) for each in value)
    if waiting:
        raise LabelError(f"assertion: longer than {MAX_BYTES:,} bytes of JSON")


def _check(label: str, value: object, depth: int) -> None:
    """Raise `LabelError` for what JSON does not have, or a label shall not."""
    if depth > MAX_DEPTH:
        raise LabelError(f"{label}: deeper than {MAX_DEPTH} levels")
    if isinstance(value, Mapping):
        for name in value:
            if not isinstance(name, str):
                raise LabelError(f"{label}: {name!r} is no name of JSON", remedy="write a text")
    elif isinstance(value, str):
        for char in value:
            if is_forbidden(ord(char)):
                raise LabelError(f"{label}: character U+{ord(char):04X} is not allowed in a label")
    elif not _is_plain(value):
        raise LabelError(
            f"{label}: {str(value)[:60]!r} ({type(value).__name__}) is no value of JSON",
            remedy="write it as a text",
        )


def _is_plain(value: object) -> bool:
    """Is it another value of JSON, which every reader reads alike?"""
    if isinstance(value, bool | list | tuple) or value is None:
        return True
    if isinstance(value, int):
        return abs(value) <= _MAX_INTEGER
    return isinstance(value, float) and math.isfinite(value)
