"""PDF's objects without a cross-reference: where it is damaged, the file is looked through.

ISO 32000-2 annex I lets readers rebuild what is damaged, and they do. The data hash of a manifest
needs no cross-reference, so a file that carries one is still judged; nothing is written into it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from genlabel.formats.pdf import parser, xref
from genlabel.formats.pdf.object_lookup import Objects
from genlabel.formats.pdf.parser import NAME, Dictionary, Name, Reference, Value
from genlabel.formats.pdf.xref import Entry, Section, Stored
from genlabel.model.errors import MalformedAsset
from genlabel.model.expression import expression

RELATIONSHIP = b"C2PA_Manifest"
_MAX_FAILURES = 8
"""Things that cannot be read before it is given up: each may have cost a walk to the end."""
_MAX_TRAILERS = 16
_MAX_STREAMS = 1_000
"""Object streams that are opened."""
_MAX_CANDIDATES = 10_000
"""Objects that are asked whether they describe a manifest."""

_OBJECT = expression(
    rb"(?<![0-9])(\d{1,10})[\0\t\n\f\r ]{1,16}(\d{1,5})[\0\t\n\f\r ]{1,16}obj(?![A-Za-z0-9])"
)
_TRAILER = expression(rb"trailer[\0\t\n\f\r ]{0,16}<<")
_BEGIN = expression(rb"stream(?:\r\n|\n|\r)")
_END = expression(rb"(?:\r\n|\n|\r)?endstream")
_KIND = expression(rb"/Type[\0\t\n\f\r ]{0,16}/(XRef|ObjStm|Catalog)(?![A-Za-z0-9])")


class Recovered(Objects):
    """The objects of a file by number, the last one of each number in the file."""

    def __init__(self, view: memoryview) -> None:
        """Look through `view`. Raises `MalformedAsset` where there is too much or nothing."""
        self._failures = 0
        self._streams: list[int] = []
        places = [(each.start(), int(each[1]), int(each[2])) for each in _objects(view)]
        entries: dict[int, Entry | None] = {n: Entry(at, gen) for at, n, gen in places}
        kinds = _kinds(view, places)
        empty = Dictionary(0, 0)
        super().__init__(view, sections=(Section(0, empty, entries, False, None),))
        self.trailer = self._trailer(kinds) or empty
        if b"Encrypt" not in self.trailer.values:
            for number in kinds[b"ObjStm"][:_MAX_STREAMS]:
                self._enter(number)

    def described(self) -> Iterator[tuple[Reference, Dictionary]]:
        """The file specifications that say they are the document's manifest, in the file's order.

        Whether or not the document lists them.
        """
        for number in self._candidates():
            entry = self.live[number]
            reference = Reference(number, entry.generation)
            try:
                value = self.value(reference)
            except MalformedAsset:
                self._fail()
                continue
            if isinstance(value, Dictionary) and self._is_manifest(value):
                yield reference, value

    def stream(self, reference: Value) -> Stored | None:
        """The stream object that `reference` leads to; where its length lies, up to its end."""
        try:
            return super().stream(reference)
        except MalformedAsset:
            self._fail()
        placed = self.placed(reference)
        if placed is None or not isinstance(placed.value, Dictionary):
            return None
        end = _END.search(self.view, placed.end)
        begun = _BEGIN.match(self.view, parser.blank(self.view, placed.end))
        if begun is None or end is None or end.start() < begun.end():
            return None
        return Stored(placed.value, begun.end(), end.start())

    def _is_manifest(self, file: Dictionary) -> bool:
        try:
            return self.value(file.get(b"AFRelationship")) == Name(RELATIONSHIP)
        except MalformedAsset:
            self._fail()
            return False

    def _candidates(self) -> list[int]:
        """Live objects around the word, and those of object streams that hold it."""
        direct = sorted((e.offset, n) for n, e in self.live.items() if e.within is None)
        offsets = [offset for offset, _ in direct]
        numbers: dict[int, None] = {}
        for word in re.finditer(RELATIONSHIP, self.view):
            at = bisect_right(offsets, word.start()) - 1
            if at >= 0:
                numbers[direct[at][1]] = None
            if len(numbers) >= _MAX_CANDIDATES:
                raise MalformedAsset(NAME, "more manifests than can be looked at")
        for stream in self._streams:
            data, index = self._inside_of(stream)
            if RELATIONSHIP in data:
                numbers.update(dict.fromkeys(n for n in index if n in self.live))
        return list(numbers)[:_MAX_CANDIDATES]

    def _inside_of(self, stream: int) -> tuple[bytes, dict[int, int]]:
        return self._opened.get(stream, (b"", {}))

    def _enter(self, number: int) -> None:
        """The objects in an object stream, unless they come again behind it."""
        entry = self.live.get(number)
        if entry is None or entry.within is not None:
            return
        try:
            self._opened[number] = self._unpacked(number)
        except MalformedAsset:
            self._fail()
            return
        self._streams.append(number)
        for each in self._opened[number][1]:
            known = self.live.get(each)
            place = self._place(known) if known is not None else -1
            if place < entry.offset:
                self.live[each] = Entry(0, within=number)

    def _place(self, entry: Entry) -> int:
        """Where in the file an object stands, or the object stream that holds it."""
        return entry.offset if entry.within is None else self.live[entry.within].offset

    def _trailer(self, kinds: dict[bytes, list[int]]) -> Dictionary | None:
        """The last trailer, or cross-reference stream, or what a catalog makes up for them."""
        found = [each.end() - 2 for each in _TRAILER.finditer(self.view)][-_MAX_TRAILERS:]
        for at in reversed(found):
            try:
                value, _ = parser.value(self.view, at)
            except MalformedAsset:
                self._fail()
                continue
            if isinstance(value, Dictionary) and isinstance(value.get(b"Root"), Reference):
                return value
        for number in reversed(kinds[b"XRef"][-_MAX_TRAILERS:]):
            try:
                value = self.value(Reference(number, 0))
            except MalformedAsset:
                self._fail()
                continue
            if isinstance(value, Dictionary) and isinstance(value.get(b"Root"), Reference):
                return value
        for number in reversed(kinds[b"Catalog"]):
            return Dictionary(0, 0, {b"Root": Reference(number, self.live[number].generation)})
        return None

    def _fail(self) -> None:
        self._failures += 1
        if self._failures > _MAX_FAILURES:
            raise MalformedAsset(NAME, "too much of it is damaged")


def _objects(view: memoryview) -> Iterator[re.Match[bytes]]:
    for count, each in enumerate(_OBJECT.finditer(view)):
        if count >= xref.MAX_OBJECTS:
            raise MalformedAsset(NAME, f"more than {xref.MAX_OBJECTS:,} objects")
        yield each


def _kinds(view: memoryview, places: list[tuple[int, int, int]]) -> dict[bytes, list[int]]:
    """The numbers of objects that say what they are: streams of objects and the like."""
    starts = [start for start, _, _ in places]
    kinds: dict[bytes, list[int]] = {b"XRef": [], b"ObjStm": [], b"Catalog": []}
    for word in _KIND.finditer(view):
        at = bisect_right(starts, word.start()) - 1
        listed = kinds[word[1]]
        if at >= 0 and len(listed) < xref.MAX_OBJECTS:
            listed.append(places[at][1])
    return kinds
