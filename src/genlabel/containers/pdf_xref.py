"""PDF's cross-reference: which objects live where, through all revisions, tables and streams alike.

ISO 32000-2 §7.5.4 to §7.5.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from genlabel.containers import pdf_objects, pdf_streams
from genlabel.containers.container import MAX_METADATA
from genlabel.containers.pdf_objects import NAME, Dictionary, Reference, Value, blank
from genlabel.errors import MalformedAsset, MalformedMetadata

MAX_REVISIONS = 2_000
"""Most cross-reference sections of one file."""
MAX_OBJECTS = 500_000
"""Most entries of all sections together."""
_MAX_OPENED = 4 * MAX_METADATA
"""Bytes of opened object streams behind which no other is opened."""
_TAIL = 2048  # bytes at the end in which startxref is looked for; readers look in 1,024
_REMEDY = "rewrite it first, for instance with: qpdf damaged.pdf repaired.pdf"

_START = re.compile(rb"startxref[\0\t\n\f\r ]+(\d{1,12})[\0\t\n\f\r ]+(?:%%EOF[\0\t\n\f\r ]*)?")
_OBJECT = re.compile(rb"[\0\t\n\f\r ]*(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+obj")
_TABLE = re.compile(rb"[\0\t\n\f\r ]*xref[\0\t\n\f\r ]+")
_SUBSECTION = re.compile(rb"(\d{1,10})[\0\t\n\f\r ]+(\d{1,10})[\0\t\n\f\r ]*[\r\n][\r\n\t ]*")
_ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf])[\0\t\n\f\r ]{1,2}")
_TRAILER = re.compile(rb"[\0\t\n\f\r ]*trailer")
_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
_END = re.compile(rb"[\0\t\n\f\r ]*endstream")


@dataclass(frozen=True, slots=True)
class Entry:
    """Where an object lives: at an offset of the file, or in an object stream."""

    offset: int
    generation: int = 0
    within: int | None = None
    """The number of its object stream; `offset` is then its index there."""


@dataclass(frozen=True, slots=True)
class Section:
    """One cross-reference section, made by one saving of the file."""

    offset: int
    trailer: Dictionary
    entries: dict[int, Entry | None]
    """None for an object that is freed."""
    stream: bool
    previous: int | None


@dataclass(frozen=True, slots=True)
class Stored:
    """A stream object: its dictionary and its bytes as they stand in the file."""

    dictionary: Dictionary
    start: int
    end: int


class Placed(NamedTuple):
    """An object's value and where that is written: in the file or in an object stream."""

    reference: Reference
    buffer: memoryview | bytes
    start: int
    end: int
    value: Value


class Objects:
    """The objects of a file by number, the newest revision first."""

    def __init__(self, view: memoryview) -> None:
        """Walk the cross-reference of `view`. Raises `MalformedAsset`."""
        self.view = view
        self.start, self.end = last_start(view)
        self.sections = tuple(self._walk())
        self.trailer = self.sections[0].trailer
        self.live: dict[int, Entry] = {}
        gone: set[int] = set()
        for section in self.sections:
            for number, entry in section.entries.items():
                if number in self.live or number in gone:
                    continue
                if entry is None:
                    gone.add(number)
                else:
                    self.live[number] = entry
        """Every object's place by number, as the newest section that names it says."""
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
            found = self._known.get(value.number) or self._found(value)
            if found is None or not isinstance(found.value, Reference):
                return found
            value = found.value
        raise MalformedAsset(NAME, "references lead in a circle")

    def _found(self, reference: Reference) -> Placed | None:
        """An object at its place, read once; of all objects together only so much is read."""
        number = reference.number
        entry = self.live.get(number)
        if entry is None:
            return None
        if entry.within is not None:
            buffer, start = self._inside(entry.within, number)
            value, end = pdf_objects.value(buffer, start)
            placed = Placed(Reference(number, 0), buffer, start, end, value)
        else:
            start = self._begins(number, entry)
            value, end = pdf_objects.value(self.view, start)
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
        found = self.placed(value)
        return found.value if found else None

    def stream(self, reference: Value) -> Stored | None:
        """The stream object that `reference` leads to; None when it is none.

        Raises `MalformedAsset` when its length lies.
        """
        entry = self.live.get(reference.number) if isinstance(reference, Reference) else None
        if not isinstance(reference, Reference) or entry is None or entry.within is not None:
            return None
        found = self._known.get(reference.number) or self._found(reference)
        if found is None or not isinstance(found.value, Dictionary):
            return None
        return self._stored(found.value, found.end, self.value(found.value.get(b"Length")))

    def _stored(self, dictionary: Dictionary, end: int, length: Value) -> Stored | None:
        begun = _STREAM.match(self.view, blank(self.view, end))
        if not begun:
            return None
        start = begun.end()
        if (
            not isinstance(length, int)
            or not 0 <= length <= len(self.view) - start
            or not _END.match(self.view, start + length, start + length + 32)
        ):
            raise MalformedAsset(NAME, f"stream at {start:,} has a length that lies", offset=start)
        return Stored(dictionary, start, start + length)

    def _begins(self, number: int, entry: Entry) -> int:
        """Where the value of an object that is not in an object stream begins."""
        found = _OBJECT.match(self.view, entry.offset, entry.offset + 64)
        if not found or int(found[1]) != number:
            raise _lying(f"object {number} is not at {entry.offset:,}", entry.offset)
        return found.end()

    def _inside(self, container: int, number: int) -> tuple[bytes, int]:
        """An opened object stream and where an object begins in it (§7.5.7)."""
        if container not in self._opened:
            self._opened[container] = self._unpacked(container)
        data, index = self._opened[container]
        if number not in index:
            raise _lying(f"object {number} is not in object stream {container}", 0)
        return data, index[number]

    def _unpacked(self, container: int) -> tuple[bytes, dict[int, int]]:
        entry = self.live.get(container)
        opened = sum(len(data) for data, _ in self._opened.values())
        if opened > _MAX_OPENED or entry is None or entry.within is not None:
            raise MalformedAsset(NAME, f"object stream {container} cannot be opened")
        stored = self.stream(Reference(container, entry.generation))
        count = stored.dictionary.integer(b"N") if stored else None
        first = stored.dictionary.integer(b"First") if stored else None
        if stored is None or count is None or first is None:
            raise MalformedAsset(NAME, f"object {container} is no object stream")
        try:
            data = pdf_streams.content(stored.dictionary, self.view[stored.start : stored.end])
        except MalformedMetadata as error:
            raise MalformedAsset(NAME, f"object stream {container}: {error}") from error
        words = data[: max(0, first)].split(maxsplit=2 * max(0, min(count, MAX_OBJECTS)))
        words = words[: 2 * max(0, count)]
        if not 0 <= 2 * count <= len(words) or not all(word.isdigit() for word in words):
            raise MalformedAsset(NAME, f"object stream {container} has an index that lies")
        numbers = [int(word[:12]) for word in words]
        index: dict[int, int] = {}
        for number, offset in zip(numbers[::2], numbers[1::2], strict=True):
            index.setdefault(number, first + offset)
        return data, index

    def _walk(self) -> Iterator[Section]:
        """The sections, newest first; a hybrid file's stream comes behind its table (§7.5.8.4)."""
        waiting, seen, left = [(self.start, True)], set[int](), MAX_OBJECTS
        while waiting:
            offset, followed = waiting.pop()
            if offset in seen:
                raise MalformedAsset(NAME, "cross-references lead in a circle", offset=offset)
            seen.add(offset)
            if len(seen) > MAX_REVISIONS:
                raise MalformedAsset(NAME, f"more than {MAX_REVISIONS:,} revisions")
            section = self._section(offset, left)
            left -= len(section.entries)
            yield section
            if section.previous is not None and followed:
                waiting.append((section.previous, True))
            beside = section.trailer.integer(b"XRefStm")
            if beside is not None and not section.stream:
                waiting.append((beside, False))

    def _section(self, offset: int, left: int) -> Section:
        if not 0 < offset < len(self.view):
            raise _lying(f"a cross-reference at {offset:,} is outside the file", offset)
        table = _TABLE.match(self.view, offset, offset + 64)
        if table:
            return self._table(offset, table.end(), left)
        return self._cross_stream(offset, left)

    def _table(self, offset: int, at: int, left: int) -> Section:
        view, entries = self.view, dict[int, Entry | None]()
        while not _TRAILER.match(view, at, at + 64):
            head = _SUBSECTION.match(view, at, at + 64)
            if not head:
                raise _lying(f"cross-reference table at {offset:,} is damaged", at)
            first, count, at = int(head[1]), int(head[2]), head.end()
            if count > left - len(entries) or count > (len(view) - at) // 19:
                raise _lying(f"cross-reference table at {offset:,} runs past the end", at)
            for number in range(first, first + count):
                line = _ENTRY.match(view, at)
                if not line:
                    raise _lying(f"cross-reference table at {offset:,} is damaged", at)
                at = line.end()
                place = int(line[1])
                used = line[3] == b"n" and place
                entries[number] = self._checked(number, place, int(line[2])) if used else None
        trailer, _ = pdf_objects.value(view, view_end(_TRAILER, view, at))
        return self._made(offset, trailer, entries, stream=False)

    def _cross_stream(self, offset: int, left: int) -> Section:
        found = _OBJECT.match(self.view, offset, offset + 64)
        dictionary, end = pdf_objects.value(self.view, found.end()) if found else (None, 0)
        stored = None
        if isinstance(dictionary, Dictionary) and dictionary.get(b"Type") == b"XRef":
            stored = self._stored(dictionary, end, dictionary.get(b"Length"))
        if stored is None or not isinstance(dictionary, Dictionary):
            raise _lying(f"no cross-reference at {offset:,}", offset)
        try:
            data = pdf_streams.content(dictionary, self.view[stored.start : stored.end])
        except MalformedMetadata as error:
            raise MalformedAsset(NAME, f"cross-reference at {offset:,}: {error}") from error
        widths, count = pdf_streams.rows(data, dictionary.get(b"W"))
        if count > left:
            raise MalformedAsset(NAME, f"more than {MAX_OBJECTS:,} objects", offset=offset)
        numbers = self._numbers(dictionary, count)
        entries: dict[int, Entry | None] = {}
        one, two, three = widths[0], widths[0] + widths[1], sum(widths)
        for number, at in zip(numbers, range(0, count * three, three), strict=False):
            kind = int.from_bytes(data[at : at + one], "big") if one else 1
            place = int.from_bytes(data[at + one : at + two], "big")
            third = int.from_bytes(data[at + two : at + three], "big")
            entries[number] = None
            if kind == 1 and place:
                entries[number] = self._checked(number, place, third)
            elif kind == 2:
                entries[number] = Entry(third, within=place)
        return self._made(offset, dictionary, entries, stream=True)

    @staticmethod
    def _numbers(dictionary: Dictionary, count: int) -> Iterator[int]:
        """The object numbers of a cross-reference stream's rows, at most `count` (§7.5.8.2)."""
        said = dictionary.get(b"Index")
        index = said if isinstance(said, list) else [0, dictionary.integer(b"Size") or 0]
        for first, many in zip(index[::2], index[1::2], strict=False):
            if not isinstance(first, int) or not isinstance(many, int) or first < 0:
                raise MalformedAsset(NAME, "cross-reference stream with an impossible index")
            yield from range(first, first + min(max(0, many), count))

    def _checked(self, number: int, place: int, generation: int) -> Entry:
        if place >= len(self.view):
            raise _lying(f"object {number} at {place:,} is outside the file", place)
        return Entry(place, generation)

    @staticmethod
    def _made(
        offset: int, trailer: Value, entries: dict[int, Entry | None], *, stream: bool
    ) -> Section:
        if not isinstance(trailer, Dictionary):
            raise _lying(f"cross-reference at {offset:,} has no trailer", offset)
        return Section(offset, trailer, entries, stream, trailer.integer(b"Prev"))


def last_start(view: memoryview) -> tuple[int, int]:
    """Where the newest cross-reference begins, and where the revision ends that says so (§7.5.5).

    Raises `MalformedAsset` when the end of the file does not say it.
    """
    tail = max(0, len(view) - _TAIL)
    found = list(_START.finditer(bytes(view[tail:]) + b"\n"))
    if not found:
        raise _lying("ends without saying where its cross-reference is", len(view))
    return int(found[-1][1]), min(len(view), tail + found[-1].end())


def view_end(pattern: re.Pattern[bytes], view: memoryview, at: int) -> int:
    """Where the match of `pattern` at `at` ends."""
    found = pattern.match(view, at)
    return found.end() if found else at


def _lying(message: str, offset: int) -> MalformedAsset:
    return MalformedAsset(NAME, message, offset=offset, remedy=_REMEDY)
