"""The Exif mark: fields of the label in the TIFF tags that every reader shows.

Exif 3.0 §4.6. An existing block is extended by `formats.tiff.append`, so that maker notes, GPS,
thumbnail and orientation stay where they are; a fresh one is an empty one extended (decision 056).
Capture dates are never written (DateTimeOriginal and its kin).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from genlabel.formats.format import EXIF, MAX_METADATA, Slot
from genlabel.formats.tiff import directories
from genlabel.formats.tiff.append import EMPTY, NewValue, anew, edited
from genlabel.formats.tiff.directories import EXIF_POINTER, Directory, Tiff
from genlabel.metadata.encoding import decoded
from genlabel.metadata.mark import is_wanted
from genlabel.model.carried import carried_by
from genlabel.model.errors import MalformedMetadata
from genlabel.model.fields import FIELDS, field_of
from genlabel.model.report import Declaration, Mark

if TYPE_CHECKING:
    from genlabel.model.label import Label

MARK = Mark.EXIF
SLOTS = (EXIF,)

EXIF_VERSION = 0x9000  # Exif 3.0 §4.6.6.1.1, mandatory in a directory of its own
VERSION = b"0232"
_ORIENTATION = 0x0112  # Exif 3.0 §4.6.5.1.6
UNIQUE_ID = 0xA420  # Exif 3.0 §4.6.6.6.1, the one of our tags that lives below the pointer

_TYPES = frozenset({directories.ASCII, directories.UTF8, directories.UNDEFINED, directories.BYTE})
_PLACES: Mapping[str, int] = {
    each.name: int(each.places[MARK].where.split()[0], 16) for each in FIELDS if MARK in each.places
}
"""Field → tag."""


def compose(
    existing: Mapping[Slot, bytes],
    label: Label,
    *,
    limit: int | None = None,
    taken: Collection[str] = (),
) -> Mapping[Slot, bytes | None]:
    """The block that says `label` beside what it said; nothing when it says it already, or when
    neither file nor label asks for Exif.

    Raises `MalformedMetadata` when the block cannot be extended safely, or when it would outgrow
    `limit` and did not before.
    """
    if not is_wanted(MARK, EXIF, existing, label):
        return {}
    block = existing.get(EXIF, b"")
    before = read(existing)
    wanted = carried_by(MARK, label, beside=before, taken=taken)
    changed = {
        tag: getattr(wanted, field)
        for field, tag in _PLACES.items()
        if getattr(wanted, field) != getattr(before, field)
    }
    if not changed:
        return {}
    texts = {tag: _joined(value) for tag, value in changed.items()}
    result = _extended(block or EMPTY, texts)
    if limit is not None and len(result) > limit >= len(block):
        raise MalformedMetadata(
            f"exif: the block would exceed the {limit:,} bytes that one segment holds",
            remedy="shorten description or copyright, or make room in the block",
        )
    if read({EXIF: result}) != wanted:
        # a value that runs beyond the end of the block would go on into what is appended
        raise MalformedMetadata(
            "exif: a value reaches beyond the end of the block, and would read differently",
            remedy="repair or remove the Exif block",
        )
    return {EXIF: result}


def read(payloads: Mapping[Slot, bytes]) -> Declaration:
    """What the tags say. Raises `MalformedMetadata`."""
    values: dict[str, str | tuple[str, ...]] = {}
    for field, text in _texts(payloads.get(EXIF, b"")):
        # a copyright may have two, the photographer's and the editor's
        values.setdefault(field, (text,) if field_of(field).several else text)
    return Declaration(**values)  # type: ignore[arg-type]  # values follow the table's types


def words(payloads: Mapping[Slot, bytes]) -> Iterator[tuple[str, str]]:
    """Every text of our tags, with its place. Raises `MalformedMetadata`."""
    return ((f"exif {field}", text) for field, text in _texts(payloads.get(EXIF, b"")))


def _texts(block: bytes) -> Iterable[tuple[str, str]]:
    """Field and text of every entry with one of our tags."""
    if len(block) > _REMEMBERED:
        return _read(block)
    return _read_again(bytes(block)) if block else ()


def _read(block: bytes) -> Iterator[tuple[str, str]]:
    if len(block) > MAX_METADATA:
        raise MalformedMetadata(f"exif: {len(block):,} bytes, at most {MAX_METADATA:,} are read")
    structure = directories.opened(block)
    main = structure.directory(structure.first)
    inner = below(structure, main, EXIF_POINTER)
    for field, tag in _PLACES.items():
        holder = inner if tag == UNIQUE_ID else main
        entry = holder.get(tag) if holder is not None else None
        if entry is None or entry.type not in _TYPES:
            continue
        for part in (structure.value(entry) or b"").split(b"\0"):
            if text := decoded(part).strip():
                yield field, text


_REMEMBERED = 64 * 1024
"""Largest block whose texts are kept: signing reads the same one for each mark and each check."""


@lru_cache(maxsize=4)
def _read_again(block: bytes) -> tuple[tuple[str, str], ...]:
    return tuple(_read(block))


def turns(block: bytes) -> bool:
    """Does it state any orientation but the upright one? False where it cannot be read."""
    try:
        structure = directories.opened(block)
        entry = structure.directory(structure.first).get(_ORIENTATION)
    except MalformedMetadata:
        return False
    numbers = structure.numbers(entry) if entry is not None else None
    return numbers is not None and numbers != (1,)


def below(structure: Tiff, main: Directory, tag: int) -> Directory | None:
    """The directory at the pointer `tag`; None also where that leads nowhere: the rest can still be
    read."""
    pointer = main.get(tag)
    try:
        return structure.pointed(pointer) if pointer is not None else None
    except MalformedMetadata:
        return None


def _joined(value: str | tuple[str, ...] | None) -> str:
    return "; ".join(value) if isinstance(value, tuple) else value or ""


def _extended(block: bytes, texts: Mapping[int, str]) -> bytes:
    structure = directories.opened(block)
    values: dict[int, NewValue | None] = {tag: _value(text) for tag, text in texts.items()}
    inner = {UNIQUE_ID: values.pop(UNIQUE_ID)} if UNIQUE_ID in values else {}
    if inner and structure.directory(structure.first).get(EXIF_POINTER) is None:
        version = NewValue(type=directories.UNDEFINED, count=len(VERSION), data=VERSION)
        inner[EXIF_VERSION] = version
    result = edited(structure, values, below={EXIF_POINTER: inner} if inner else {})
    # A block that only ever held texts gathers no dead bytes, and a TIFF file has no other kind.
    return (anew(structure) == block and anew(directories.opened(result))) or result


def _value(text: str) -> NewValue | None:
    # UTF-8 under the type ASCII: readers know it so, and few know Exif 3.0's type 129.
    data = text.encode() + b"\0"
    return NewValue(type=directories.ASCII, count=len(data), data=data) if text else None
