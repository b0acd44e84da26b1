"""PDF's revisions: what was written into a document behind the bytes that were signed.

ISO 32000-2 §7.5.6. Told by the objects that an update writes anew, and by who refers to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from genlabel.formats.pdf.object_lookup import Objects
from genlabel.formats.pdf.parser import Dictionary, Name, Reference, Value
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import GenlabelError
from genlabel.model.expression import expression
from genlabel.storage.buffers import Buffer

MOST_PAGES = 2_000
"""Pages of which is asked which objects they are drawn with."""
MOST_NAMED = 5
"""Most pages that are named."""
_MOST_TOLD = 100_000
"""Objects of updates that are looked at."""


_NUMBER = expression(rb"[+-]?(?:\d+\.?\d*|\.\d+)")  # ISO 32000-2 §7.3.3


@dataclass(frozen=True, slots=True)
class Appended:
    """What was appended to a document as incremental updates."""

    updates: int
    size: int
    """Bytes."""
    changes: tuple[str, ...]
    """A sentence about each kind of object that is new or says something else than before."""


def appended(original: Buffer, published: Buffer) -> Appended | None:
    """What the updates behind `original` did, with which `published` begins; None where what
    follows is no update of it, or cannot be read."""
    size = len(published) - len(original)
    try:
        ours, theirs = Objects(memoryview(original)), Objects(memoryview(published))
        sections = [each for each in theirs.sections if each.offset >= len(original)]
        if ours.start not in {each.previous for each in sections}:
            return None
        beside = {each.trailer.integer(b"XRefStm") for each in sections if each.hybrid}
        updates = sum(each.offset not in beside for each in sections)
        written = {number for each in sections for number in each.entries}
        if len(written) > _MOST_TOLD:
            return Appended(updates, size, ())
        changed = {number for number in written if _said(ours, number) != _said(theirs, number)}
        return Appended(updates, size, tuple(_sentences(ours, theirs, changed)))
    except GenlabelError:
        return None


def _said(objects: Objects, number: int) -> object:
    """What an object says, and its stream, however that is spaced; None for none."""
    placed = objects.placed(Reference(number, 0))
    if placed is None:
        return None
    stored = objects.stream(placed.reference)
    if stored is None:
        return _plain(placed.value)
    return _plain(placed.value, without=b"Length"), bytes(objects.view[stored.start : stored.end])


def _plain(value: Value, *, without: bytes = b"") -> object:
    """A value without the places at which it is written."""
    if isinstance(value, Dictionary):
        return {key: _plain(each) for key, each in value.values.items() if key != without}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, bytes) and not isinstance(value, Name) and _NUMBER.fullmatch(value):
        return float(value)
    if type(value) is int:
        return float(value)
    return type(value), value


def _sentences(ours: Objects, theirs: Objects, changed: set[int]) -> Iterator[str]:
    """What `changed` objects are, each kind once: first of all what is seen."""
    values = {number: _value(theirs, number) or _value(ours, number) for number in changed}
    left = {number for number, value in values.items() if _kind(value) not in _OF_THE_FILE}
    if not left:
        yield "no object of it says anything else"
    if any(_kind(values[number]) in _SIGNATURES for number in left):
        yield "a digital signature was added, or changed"
    before, after = ({each.number: each for each in _pages(those)} for those in (ours, theirs))
    if len(before) != len(after):
        yield f"the number of pages is {len(after):,} instead of {len(before):,}"
    pages = [(at, each) for at, each in enumerate(after.values(), 1) if each.number in before]
    drawn = [at for at, each in pages if each.drawn & left or each.own != before[each.number].own]
    annotated = [
        at
        for at, each in pages
        if each.annotations & left or each.annotations != before[each.number].annotations
    ]
    if drawn:
        yield f"what is drawn was changed on page {_listed(drawn)}"
    if annotated:
        yield f"notes, links or form fields were changed on page {_listed(annotated)}"
    for each in (*before.values(), *after.values()):
        left -= each.drawn | each.annotations | {each.number}
    told = {_named(theirs, number, values[number]) for number in left}
    if any(each.others != before[each.number].others for _, each in pages):
        told.add(_REST)
    yield from (sentence for sentence in _OTHERS if sentence in told)


_SIGNATURES = (b"Sig", b"DocTimeStamp")
_SHOWN = frozenset({
    b"Contents", b"Resources", b"MediaBox", b"CropBox", b"Rotate", b"UserUnit", b"Group",
})  # fmt: skip
"""Entries of a page (§7.7.3.3) on which it depends what is seen."""
_OF_THE_FILE = (b"XRef", b"ObjStm")
"""How it is stored, and not what it says."""
_CATALOG = "the catalog was written anew"
_XMP = "the XMP metadata were changed"
_INFORMATION = "the document information (title, author, dates) was changed"
_FILES = "attached files were changed"
_FORM = "the form or its fields were changed"
_REST = "objects of other kinds were changed"
_OTHERS = (_FORM, _FILES, _XMP, _INFORMATION, _CATALOG, _REST)
_KINDS = {
    b"Catalog": _CATALOG,
    b"Metadata": _XMP,
    b"EmbeddedFile": _FILES,
    b"Filespec": _FILES,
    b"F": _FILES,
}


def _listed(pages: Sequence[int]) -> str:
    named = ", ".join(f"{each:,}" for each in pages[:MOST_NAMED])
    return f"{named} and {len(pages) - MOST_NAMED:,} more" if len(pages) > MOST_NAMED else named


def _named(objects: Objects, number: int, value: Dictionary | None) -> str | None:
    """What is said of an object that no page refers to."""
    information = objects.trailer.get(b"Info")
    if isinstance(information, Reference) and information.number == number:
        return _INFORMATION
    kind = _kind(value)
    if kind in _KINDS:
        return _KINDS[kind]
    if kind in (b"Page", b"Pages", *_SIGNATURES):
        return None
    if value is not None and (b"FT" in value.values or b"Fields" in value.values):
        return _FORM
    return _REST


def _kind(value: Value) -> bytes | None:
    kind = value.get(b"Type") if isinstance(value, Dictionary) else None
    return bytes(kind) if isinstance(kind, Name) else None


def _value(objects: Objects, number: int) -> Dictionary | None:
    value = objects.value(Reference(number, 0))
    return value if isinstance(value, Dictionary) else None


@dataclass(frozen=True, slots=True)
class _Page:
    """One page: its number as an object, and the objects that make what is seen of it."""

    number: int
    own: Mapping[bytes, object]
    """Its entries on which what is seen depends."""
    others: Mapping[bytes, object]
    """The other ones, but for its annotations."""
    drawn: set[int]
    annotations: set[int]


def _pages(objects: Objects) -> Iterator[_Page]:
    """The pages in their order."""
    waiting: list[Value] = [_root(objects).get(b"Pages")]
    visited, count = set[int](), 0
    while waiting and count < MOST_PAGES:
        reference = waiting.pop()
        if not isinstance(reference, Reference) or reference.number in visited:
            continue
        visited.add(reference.number)
        node = _value(objects, reference.number)
        if node is None:
            continue
        kids = objects.value(node.get(b"Kids"))
        if isinstance(kids, list):
            waiting.extend(reversed(kids))
            continue
        count += 1
        yield _Page(
            reference.number,
            {key: _plain(node.get(key)) for key in _SHOWN},
            {key: _plain(node.get(key)) for key in node.values.keys() - _SHOWN - {b"Annots"}},
            set(_drawn(objects, node)),
            set(_annotations(objects, node)),
        )


def _drawn(objects: Objects, page: Dictionary) -> Iterator[int]:
    yield from _references(objects, page.get(b"Contents"))
    yield from _references(objects, page.get(b"Resources"))
    resources = objects.value(page.get(b"Resources"))
    if isinstance(resources, Dictionary):
        for each in resources.values.values():
            yield from _references(objects, each)


def _root(objects: Objects) -> Dictionary:
    root = objects.value(objects.trailer.get(b"Root"))
    return root if isinstance(root, Dictionary) else Dictionary(0, 0)


def _references(objects: Objects, value: Value) -> Iterator[int]:
    """The objects that `value` is, or that stand in the list or dictionary that it is."""
    if isinstance(value, Reference):
        yield value.number
        value = objects.value(value)
    several: Iterable[Value] = value if isinstance(value, list) else ()
    if isinstance(value, Dictionary):
        several = value.values.values()
    for each in several:
        if isinstance(each, Reference):
            yield each.number


def _annotations(objects: Objects, page: Dictionary) -> Iterator[int]:
    """Those of a page, with what draws them."""
    for number in _references(objects, page.get(b"Annots")):
        yield number
        annotation = _value(objects, number)
        if annotation is None:
            continue
        yield from _references(objects, annotation.get(b"AP"))
        yield from _references(objects, annotation.get(b"Popup"))
