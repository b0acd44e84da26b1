"""PDF's incremental updates: a new revision behind the last one, whose bytes all stay.

ISO 32000-2 §7.5.6. The cross-reference is of the kind that the file has: a table or a stream.
"""

from __future__ import annotations

from collections.abc import Mapping

from genlabel.containers.pdf_objects import Dictionary, Reference
from genlabel.containers.pdf_xref import Objects

MARKER = b"\n%genlabel: what follows is one incremental update\n"
"""Begins every update that is made here, so that the next one can take its place."""

Body = bytes | None
"""An object's bytes between ``obj`` and ``endobj``; None frees the object."""


def update(objects: Objects, changed: Mapping[Reference, Body]) -> bytes:
    """The bytes that, put behind the file, give `changed` objects their new bodies."""
    made = bytearray(MARKER)
    base = len(objects.view)
    places: dict[int, tuple[int, int, bool]] = {}
    for (number, generation), body in sorted(changed.items()):
        if body is None:
            places[number] = (0, 65535, False)  # §7.5.4: never to be used again
            continue
        places[number] = (base + len(made), generation, True)
        made += b"%d %d obj\n" % (number, generation) + body + b"\nendobj\n"
    start = base + len(made)
    size = max(objects.size, 1 + max(places))
    if objects.sections[0].stream:
        places[size] = (start, 0, True)
        made += _stream(objects, places, size, start)
    else:
        made += _table(objects, places, size)
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)


def _table(objects: Objects, places: Mapping[int, tuple[int, int, bool]], size: int) -> bytes:
    lines = [b"xref\n"]
    places = {0: (0, 65535, False), **places}  # readers look for the head of the free list (§7.5.4)
    for first, count in _runs(places):
        lines.append(b"%d %d\n" % (first, count))
        for number in range(first, first + count):
            place, generation, used = places[number]
            lines.append(b"%010d %05d %s \n" % (place, generation, b"n" if used else b"f"))
    return b"".join(lines) + b"trailer\n<<" + _trailer(objects, size) + b">>\n"


def _stream(
    objects: Objects, places: Mapping[int, tuple[int, int, bool]], own: int, start: int
) -> bytes:
    """A cross-reference stream, which is the object `own` itself (§7.5.8)."""
    width = max(4, (start.bit_length() + 7) // 8)
    rows = b"".join(
        bytes((used,)) + place.to_bytes(width, "big") + generation.to_bytes(2, "big")
        for _, (place, generation, used) in sorted(places.items())
    )
    index = b" ".join(b"%d %d" % run for run in _runs(places))
    said = b"/Type/XRef/W[1 %d 2]/Index[%s]/Length %d" % (width, index, len(rows))
    head = b"%d 0 obj\n<<" % own + said + _trailer(objects, own + 1)
    return head + b">>\nstream\n" + rows + b"\nendstream\nendobj\n"


def _trailer(objects: Objects, size: int) -> bytes:
    """What a trailer says: the new size, the section before, and what the file's own one named."""
    trailer = objects.trailer
    kept = b"".join(
        bytes(objects.view[slice(*trailer.spans[key])])
        for key in (b"Root", b"Info", b"ID")
        if key in trailer.spans
    )
    return b"/Size %d/Prev %d" % (size, objects.start) + kept


def _runs(numbers: Mapping[int, object]) -> list[tuple[int, int]]:
    """The numbers as runs: the first of each and how many they are."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and sum(runs[-1]) == number:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
    return runs


def with_entry(buffer: memoryview | bytes, dictionary: Dictionary, key: bytes, new: bytes) -> bytes:
    """`dictionary` as it is written in `buffer`, with the value at `key` replaced or added.

    Empty `new` takes the key out. All other bytes stay.
    """
    entry = b"/" + key + b" " + new if new else b""
    start, end = dictionary.spans.get(key, (dictionary.end - 2, dictionary.end - 2))
    written = (buffer[dictionary.start : start], entry, buffer[end : dictionary.end])
    return b"".join(bytes(each) for each in written)
