"""PDF's objects by number: read where the newest revision has them, each once, and not too many.

ISO 32000-2 §7.3.10 and §7.5.7.
"""

from __future__ import annotations

from genlabel.formats.pdf import parser, streams, xref
from genlabel.formats.pdf.parser import NAME, Dictionary, Reference, Value
from genlabel.formats.pdf.xref import Entry, Section, Stored
from genlabel.formats.slots import MAX_METADATA
from genlabel.model.errors import MalformedAsset, MalformedMetadata
from genlabel.model.named_tuple import NamedTuple

_MAX_OPENED = 4 * MAX_METADATA
"""Bytes of opened object streams behind which no other is opened."""


class Placed(NamedTuple):
    """An object's value and where that is written: in the file or in an object stream."""

    reference: Reference
    buffer: memoryview | bytes
    start: int
    end: int
    value: Value


class Objects:
    """The objects of a file by number, the newest revision first."""

    def __init__(self, view: memoryview, *, sections: tuple[Section, ...] = ()) -> None:
        """Walk the cross-reference of `view`, unless its `sections` are given.

        Raises `MalformedAsset`.
        """
        self.view = view
        self.start, self.end = (0, len(view)) if sections else xref.last_start(view)
        self.sections = sections or tuple(xref.sections(view, self.start))
        self.trailer = self.sections[0].trailer
        self.live: dict[int, Entry] = {}
        """Every object's place by number, as the newest section that names it says."""
        free: set[int] = set()
        pending: list[int] = []
        for section in self.sections:
            for number, entry in section.entries.items():
                if number in self.live or number in free:
                    continue
                if entry is None:
                    pending.append(number)
                else:
                    self.live[number] = entry
            # what a hybrid file's table says is free may be in the stream beside it (§7.5.8.4)
            if not section.hybrid:
                free.update(pending)
                pending = []
        self._opened: dict[int, tuple[bytes, dict[int, int]]] = {}
        self._known: dict[int, Placed] = {}
        self._read = 0

    @property
    def size(self) -> int:
        """The first number that no object has had."""
        declared = self.trailer.integer(b"Size") or 0
        return max(declared, 1 + max((max(s.entries, default=0) for s in self.sections), default=0))

    def placed(self, value: Value) -> Placed | None:
        """The object that the reference `value` leads to at last; None where there is none.

        Raises `MalformedAsset` when there is no end to it.
        """
        for _ in range(8):
            if not isinstance(value, Reference):
                return None
            placed = self._known.get(value.number) or self._read_at(value)
            if placed is None or not isinstance(placed.value, Reference):
                return placed
            value = placed.value
        raise MalformedAsset(NAME, "references lead in a circle")

    def _read_at(self, reference: Reference) -> Placed | None:
        """An object at its place, read once; of all objects together only so much is read."""
        number = reference.number
        entry = self.live.get(number)
        if entry is None:
            return None
        if entry.within is not None:
            buffer, start = self._inside(entry.within, number)
            value, end = parser.value(buffer, start)
            placed = Placed(Reference(number, 0), buffer, start, end, value)
        else:
            head = xref.OBJECT.match(self.view, entry.offset, entry.offset + 64)
            if not head or int(head[1]) != number:
                raise xref.lying(f"object {number} is not at {entry.offset:,}", entry.offset)
            start = head.end()
            value, end = parser.value(self.view, start)
            placed = Placed(Reference(number, entry.generation), self.view, start, end, value)
        self._read += placed.end - placed.start
        if self._read > MAX_METADATA:
            raise MalformedAsset(NAME, "objects of more than 16 MiB would have to be read")
        self._known[number] = placed
        return placed

    def value(self, value: Value) -> Value:
        """What a value stands for, followed through references."""
        if not isinstance(value, Reference):
            return value
        placed = self.placed(value)
        return placed.value if placed else None

    def stream(self, reference: Value) -> Stored | None:
        """The stream object that `reference` leads to; None when it is none.

        Raises `MalformedAsset` when its length lies.
        """
        entry = self.live.get(reference.number) if isinstance(reference, Reference) else None
        if not isinstance(reference, Reference) or entry is None or entry.within is not None:
            return None
        placed = self._known.get(reference.number) or self._read_at(reference)
        if placed is None or not isinstance(placed.value, Dictionary):
            return None
        return xref.stored(
            self.view, placed.value, placed.end, self.value(placed.value.get(b"Length"))
        )

    def _inside(self, container: int, number: int) -> tuple[bytes, int]:
        """An opened object stream and where an object begins in it (§7.5.7)."""
        if container not in self._opened:
            self._opened[container] = self._unpacked(container)
        data, index = self._opened[container]
        if number not in index:
            raise xref.lying(f"object {number} is not in object stream {container}", 0)
        return data, index[number]

    def _unpacked(self, container: int) -> tuple[bytes, dict[int, int]]:
        entry = self.live.get(container)
        opened = sum(len(data) for data, _ in self._opened.values())
        if opened > _MAX_OPENED or entry is None or entry.within is not None:
            raise MalformedAsset(NAME, f"object stream {container} cannot be opened")
        packed = self.stream(Reference(container, entry.generation))
        count = packed.dictionary.integer(b"N") if packed else None
        first = packed.dictionary.integer(b"First") if packed else None
        if packed is None or count is None or first is None:
            raise MalformedAsset(NAME, f"object {container} is no object stream")
        try:
            data = streams.content(packed.dictionary, self.view[packed.start : packed.end])
        except MalformedMetadata as error:
            raise MalformedAsset(NAME, f"object stream {container}: {error}") from error
        words = data[: max(0, first)].split(maxsplit=2 * max(0, min(count, xref.MAX_OBJECTS)))
        words = words[: 2 * max(0, count)]
        if not 0 <= 2 * count <= len(words) or not all(word.isdigit() for word in words):
            raise MalformedAsset(NAME, f"object stream {container} has an index that lies")
        numbers = [int(word[:12]) for word in words]
        index: dict[int, int] = {}
        for number, offset in zip(numbers[::2], numbers[1::2], strict=True):
            index.setdefault(number, first + offset)
        return data, index
