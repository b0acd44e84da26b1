"""PDF's cross-reference: which objects live where, through all revisions, tables and streams alike.

ISO 32000-2 §7.5.4 to §7.5.8.
"""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.formats.pdf import parser, streams
from genlabel.formats.pdf.parser import NAME, Dictionary, Value, blank
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset, MalformedMetadata
from genlabel.model.expression import expression

MAX_REVISIONS = 2_000
"""Most cross-reference sections of one file."""
_LAST_GENERATION = 65_535  # §7.3.10, Annex C.2
MAX_OBJECTS = 500_000
"""Most entries of all sections together."""
_TAIL = 2048  # bytes at the end in which startxref is looked for; readers look in 1,024
_REMEDY = "rewrite it first, for instance with: qpdf damaged.pdf repaired.pdf"

_START = expression(rb"startxref[\0\t\n\f\r ]+(\d{1,12})[\0\t\n\f\r ]+(?:%%EOF[\0\t\n\f\r ]*)?")
OBJECT = expression(rb"[\0\t\n\f\r ]*(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+obj")
_TABLE = expression(rb"[\0\t\n\f\r ]*xref[\0\t\n\f\r ]+")
_SUBSECTION = expression(rb"(\d{1,10})[\0\t\n\f\r ]+(\d{1,10})[\0\t\n\f\r ]*[\r\n][\r\n\t ]*")
_ENTRY = expression(rb"(\d{10}) (\d{5}) ([nf])[\0\t\n\f\r ]{1,2}")
_TRAILER = expression(rb"[\0\t\n\f\r ]*trailer")
_STREAM = expression(rb"stream(?:\r\n|\n|\r)")
_END = expression(rb"[\0\t\n\f\r ]*endstream")


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

    @property
    def hybrid(self) -> bool:
        """Is it a table with a stream beside it, which says more (§7.5.8.4)?"""
        return not self.stream and self.trailer.integer(b"XRefStm") is not None


@dataclass(frozen=True, slots=True)
class Stored:
    """A stream object: its dictionary and its bytes as they stand in the file."""

    dictionary: Dictionary
    start: int
    end: int


def sections(view: memoryview, start: int) -> Iterator[Section]:
    """The sections, newest first, from the one at `start`; a hybrid file's stream comes behind its
    table (§7.5.8.4). Raises `MalformedAsset`.
    """
    waiting, visited, left = [(start, True)], set[int](), MAX_OBJECTS
    while waiting:
        offset, followed = waiting.pop()
        if offset in visited:
            raise MalformedAsset(NAME, "cross-references lead in a circle", offset=offset)
        visited.add(offset)
        if len(visited) > MAX_REVISIONS:
            raise MalformedAsset(NAME, f"more than {MAX_REVISIONS:,} revisions")
        if not 0 < offset < len(view):
            raise lying(f"a cross-reference at {offset:,} is outside the file", offset)
        table = _TABLE.match(view, offset, offset + 64)
        read = _table(view, offset, table.end(), left) if table else _stream(view, offset, left)
        left -= len(read.entries)
        yield read
        if read.previous is not None and followed:
            waiting.append((read.previous, True))
        beside = read.trailer.integer(b"XRefStm")
        if beside is not None and read.hybrid:
            waiting.append((beside, False))


def stored(view: memoryview, dictionary: Dictionary, end: int, length: Value) -> Stored | None:
    """The stream that begins where the `dictionary` before it ends; None where there is none.

    Raises `MalformedAsset` when its `length` lies.
    """
    begun = _STREAM.match(view, blank(view, end))
    if not begun:
        return None
    start = begun.end()
    if (
        not isinstance(length, int)
        or not 0 <= length <= len(view) - start
        or not _END.match(view, start + length, start + length + 32)
    ):
        raise MalformedAsset(NAME, f"stream at {start:,} has a length that lies", offset=start)
    return Stored(dictionary, start, start + length)


def _table(view: memoryview, offset: int, at: int, left: int) -> Section:
    entries: dict[int, Entry | None] = {}
    while not (end := _TRAILER.match(view, at, at + 64)):
        head = _SUBSECTION.match(view, at, at + 64)
        if not head:
            raise lying(f"cross-reference table at {offset:,} is damaged", at)
        first, count, at = int(head[1]), int(head[2]), head.end()
        if count > left - len(entries) or count > (len(view) - at) // 19:
            raise lying(f"cross-reference table at {offset:,} runs past the end", at)
        for number in range(first, first + count):
            line = _ENTRY.match(view, at)
            if not line:
                raise lying(f"cross-reference table at {offset:,} is damaged", at)
            at = line.end()
            place = int(line[1])
            used = line[3] == b"n" and place
            entries[number] = _checked(view, number, place, int(line[2])) if used else None
    trailer, _ = parser.value(view, end.end())
    return _section(offset, trailer, entries, stream=False)


def _stream(view: memoryview, offset: int, left: int) -> Section:
    head = OBJECT.match(view, offset, offset + 64)
    dictionary, end = parser.value(view, head.end()) if head else (None, 0)
    packed = None
    if isinstance(dictionary, Dictionary) and dictionary.get(b"Type") == b"XRef":
        packed = stored(view, dictionary, end, dictionary.get(b"Length"))
    if packed is None or not isinstance(dictionary, Dictionary):
        raise lying(f"no cross-reference at {offset:,}", offset)
    try:
        data = streams.content(dictionary, view[packed.start : packed.end])
    except MalformedMetadata as error:
        raise MalformedAsset(NAME, f"cross-reference at {offset:,}: {error}") from error
    widths, count = streams.rows(data, dictionary.get(b"W"))
    if count > left:
        raise MalformedAsset(NAME, f"more than {MAX_OBJECTS:,} objects", offset=offset)
    numbers = _numbers(dictionary, count)
    entries: dict[int, Entry | None] = {}
    one, two, three = widths[0], widths[0] + widths[1], sum(widths)
    for number, at in zip(numbers, range(0, count * three, three), strict=False):
        kind = int.from_bytes(data[at : at + one], "big") if one else 1
        place = int.from_bytes(data[at + one : at + two], "big")
        third = int.from_bytes(data[at + two : at + three], "big")
        entries[number] = None
        if kind == 1 and place:
            entries[number] = _checked(view, number, place, third)
        elif kind == 2:
            entries[number] = Entry(third, within=place)
    return _section(offset, dictionary, entries, stream=True)


def _numbers(dictionary: Dictionary, count: int) -> Iterator[int]:
    """The object numbers of a cross-reference stream's rows, at most `count` (§7.5.8.2)."""
    declared = dictionary.get(b"Index")
    index = declared if isinstance(declared, list) else [0, dictionary.integer(b"Size") or 0]
    for first, many in zip(index[::2], index[1::2], strict=False):
        if not isinstance(first, int) or not isinstance(many, int) or first < 0:
            raise MalformedAsset(NAME, "cross-reference stream with an impossible index")
        yield from range(first, first + min(max(0, many), count))


def _checked(view: memoryview, number: int, place: int, generation: int) -> Entry:
    if place >= len(view):
        raise lying(f"object {number} at {place:,} is outside the file", place)
    if generation > _LAST_GENERATION:
        raise lying(f"object {number} has the generation {generation:,}", place)
    return Entry(place, generation)


def _section(
    offset: int, trailer: Value, entries: dict[int, Entry | None], *, stream: bool
) -> Section:
    if not isinstance(trailer, Dictionary):
        raise lying(f"cross-reference at {offset:,} has no trailer", offset)
    return Section(offset, trailer, entries, stream, trailer.integer(b"Prev"))


def last_start(view: memoryview) -> tuple[int, int]:
    """Where the newest cross-reference begins, and where the revision ends that says so (§7.5.5).

    Raises `MalformedAsset` when the end of the file does not say it.
    """
    tail = max(0, len(view) - _TAIL)
    starts = list(_START.finditer(bytes(view[tail:]) + b"\n"))
    if not starts:
        raise lying("ends without saying where its cross-reference is", len(view))
    return int(starts[-1][1]), min(len(view), tail + starts[-1].end())


def lying(message: str, offset: int) -> MalformedAsset:
    """The error about a file whose cross-reference is wrong, with the way out."""
    return MalformedAsset(NAME, message, offset=offset, remedy=_REMEDY)
