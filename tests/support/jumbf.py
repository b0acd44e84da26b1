"""A walk through JUMBF boxes (ISO/IEC 19566-5), independent of genlabel and of the engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

HEADER = 8
"""LBox and TBox; the stores looked at here have no XLBox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One box of a manifest store."""

    type: str
    """Four characters, ``jumb`` for superboxes."""
    label: str
    """A superbox's label, by its description box; empty for other boxes."""
    start: int
    """Of the header, from the beginning of the store."""
    end: int
    depth: int


def walk(store: bytes, start: int = 0, end: int | None = None, depth: int = 0) -> Iterator[Box]:
    """Every box in order, superboxes before what they hold."""
    end = len(store) if end is None else end
    while start < end:
        length = int.from_bytes(store[start : start + 4], "big")
        kind = store[start + 4 : start + HEADER].decode("latin-1")
        assert HEADER <= length <= end - start, f"box {kind} at {start} has length {length}"
        inner = start + HEADER
        label = _label(store, inner) if kind == "jumb" else ""
        yield Box(type=kind, label=label, start=start, end=start + length, depth=depth)
        if kind == "jumb":
            yield from walk(store, inner, start + length, depth + 1)
        start += length


def manifests(store: bytes) -> dict[str, bytes]:
    """The bytes of each manifest in a store, by its label."""
    return {
        box.label: store[box.start : box.end] for box in walk(store) if box.depth == 1 and box.label
    }


def _label(store: bytes, description: int) -> str:
    """UUID and toggles come before the label, which ends with NUL."""
    begin = description + HEADER + 16 + 1
    return store[begin : store.index(0, begin)].decode()
