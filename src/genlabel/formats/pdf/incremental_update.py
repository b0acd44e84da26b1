"""PDF's incremental updates: a new revision behind the last one, whose bytes all stay.

ISO 32000-2 §7.5.6. The cross-reference is of the kind that the file has: a table or a stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from genlabel.formats.edits import Edit, splice
from genlabel.formats.pdf.object_lookup import Objects, Placed
from genlabel.formats.pdf.parser import Dictionary, Reference

MARKER = b"\n%genlabel: what follows is one incremental update\n"
"""Begins every update that is made here, so that the next one can take its place."""

_MOST_OBJECTS = 8_388_607  # the largest number that old readers take (ISO 32000-1 annex C.2)

Body = bytes | None
"""An object's bytes between ``obj`` and ``endobj``; None frees the object."""


class Edits:
    """The objects that an update makes anew: cut up where they are written, added or freed."""

    def __init__(self, objects: Objects) -> None:
        """Nothing is changed at first."""
        self._next = objects.size
        self._placed: dict[Reference, Placed] = {}
        self._cuts: dict[Reference, dict[Edit, None]] = {}
        self._bodies: dict[Reference, Body] = {}

    def cut(self, placed: Placed, start: int, end: int, new: bytes) -> None:
        """`new` takes the place of the bytes from `start` to `end` where `placed` is written."""
        self._placed[placed.reference] = placed
        edit = Edit(start - placed.start, end - placed.start, new)
        self._cuts.setdefault(placed.reference, {})[edit] = None

    def entry(self, placed: Placed, dictionary: Dictionary, key: bytes, new: bytes) -> None:
        """Set the value at `key` of a `dictionary` in `placed`; an empty one takes the key out."""
        start, end = dictionary.spans.get(key, (dictionary.end - 2, dictionary.end - 2))
        self.cut(placed, start, end, b"/" + key + b" " + new if new else b"")

    def put(self, reference: Reference, body: Body) -> None:
        """Give an object another body, or free it."""
        self._bodies[reference] = body

    def leave(self, references: Iterable[Reference]) -> None:
        """Give no new object a number to which one of `references` leads nowhere so far."""
        numbers = (each.number for each in references if each.number < _MOST_OBJECTS)
        self._next = max(self._next, 1 + max(numbers, default=0))

    def add(self, body: bytes) -> Reference:
        """A new object."""
        reference = Reference(self._next, 0)
        self._next += 1
        self._bodies[reference] = body
        return reference

    def bodies(self) -> Mapping[Reference, Body]:
        """All of them with their bodies."""
        bodies: dict[Reference, Body] = {}
        for reference, cuts in self._cuts.items():
            placed = self._placed[reference]
            written = memoryview(placed.buffer)[placed.start : placed.end]
            bodies[reference] = b"".join(splice(written, cuts))
        return bodies | self._bodies


def update(objects: Objects, changed: Mapping[Reference, Body]) -> bytes:
    """The bytes that, put behind the file, give `changed` objects their new bodies."""
    new = bytearray(MARKER)
    base = len(objects.view)
    places: dict[int, tuple[int, int, bool]] = {}
    for (number, generation), body in sorted(changed.items()):
        if body is None:
            places[number] = (0, 65535, False)  # §7.5.4: never to be used again
            continue
        places[number] = (base + len(new), generation, True)
        new += b"%d %d obj\n" % (number, generation) + body + b"\nendobj\n"
    start = base + len(new)
    size = max(objects.size, 1 + max(places))
    if objects.sections[0].stream:
        places[size] = (start, 0, True)
        new += _stream(objects, places, size, start)
    else:
        new += _table(objects, places, size)
    return bytes(new + b"startxref\n%d\n%%%%EOF\n" % start)


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
    head = b"%d 0 obj\n<</Type/XRef/W[1 %d 2]/Index[%s]" % (own, width, index)
    head += b"/Length %d" % len(rows) + _trailer(objects, own + 1)
    return head + b">>\nstream\n" + rows + b"\nendstream\nendobj\n"


def _trailer(objects: Objects, size: int) -> bytes:
    """What a trailer says: the new size, the section before, and what the file's own one named."""
    trailer = objects.trailer
    own = b"".join(
        bytes(objects.view[slice(*trailer.spans[key])])
        for key in (b"Root", b"Info", b"ID")
        if key in trailer.spans
    )
    return b"/Size %d/Prev %d" % (size, objects.start) + own


def _runs(numbers: Mapping[int, object]) -> list[tuple[int, int]]:
    """The numbers as runs: the first of each and how many they are."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and sum(runs[-1]) == number:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
    return runs
