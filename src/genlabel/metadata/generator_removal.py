"""A file's payloads without the texts that generators left in them, and without their bytes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence

from genlabel.formats.format import EXTENDED_XMP, XMP, Slot, SlotKind
from genlabel.formats.tiff import directories
from genlabel.formats.tiff.append import anew, edited
from genlabel.formats.tiff.directories import EXIF_POINTER, GPS_POINTER, Tiff
from genlabel.metadata import iim
from genlabel.metadata.exif import below
from genlabel.metadata.generator_notes import Note
from genlabel.metadata.xmp import edit, extended, packet, parse
from genlabel.metadata.xmp.graph import Name

Changes = Mapping[Slot, bytes | None]


def without(payloads: Mapping[Slot, bytes], notes: Iterable[Note]) -> Changes:
    """What changes in `payloads` so that they hold none of these texts.

    Raises `MalformedMetadata` where a block cannot be edited safely.
    """
    changes: dict[Slot, bytes | None] = {}
    by_slot: dict[Slot, list[Note]] = {}
    for each in notes:
        by_slot.setdefault(each.slot, []).append(each)
    for slot, several in by_slot.items():
        if slot.kind is SlotKind.EXIF:
            changes[slot] = _exif(payloads[slot], [each.tag for each in several if each.tag])
        elif slot.kind is SlotKind.IIM:
            gone = [each.dataset for each in several if each.dataset is not None]
            changes[slot] = iim.without(payloads[slot], gone)
        elif slot.kind is SlotKind.TEXT:
            changes[slot] = None
    return {**changes, **_xmp(payloads, by_slot.get(XMP, ()), by_slot.get(EXTENDED_XMP, ()))}


def spans(structure: Tiff, tags: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the values of these tags stand apart, by pointer and tag, and nothing else does."""
    wanted = set(tags)
    main = structure.directory(structure.first)
    holders = [(0, main)]
    for pointer in (EXIF_POINTER, GPS_POINTER):
        if (inner := below(structure, main, pointer)) is not None:
            holders.append((pointer, inner))
    kept = [(each.offset, each.end) for _, each in holders]
    gone: list[tuple[int, int]] = []
    for pointer, holder in holders:
        for entry in holder.entries:
            if (place := structure.span(entry)) is not None:
                (gone if (pointer, entry.tag) in wanted else kept).append(place)
    kept.append((len(structure.data), sys.maxsize))
    return [each for each in gone if not any(_overlap(each, other) for other in kept)]


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _exif(block: bytes, tags: list[tuple[int, int]]) -> bytes:
    structure = directories.opened(block)
    main = {tag: None for pointer, tag in tags if not pointer}
    inner = {tag: None for pointer, tag in tags if pointer}
    result = edited(structure, main, below={EXIF_POINTER: inner} if inner else {})
    if anew(structure) == block and (tidy := anew(directories.opened(result))) is not None:
        return tidy  # a block of nothing but texts has no dead bytes
    blank = bytearray(result)
    for start, end in spans(structure, tags):
        blank[start:end] = bytes(end - start)
    return bytes(blank)


def _xmp(payloads: Mapping[Slot, bytes], main: Sequence[Note], more: Sequence[Note]) -> Changes:
    """The packet without these texts, and the ExtendedXMP, which it names by its digest."""
    if not main and not more:
        return {}
    graph = parse.parse(payloads[XMP], _names(main))
    out = tuple(one for name in _names(main) for one in graph.properties(name)) if graph else ()
    body = edit.edited(graph, edit.Edits(out=out))
    changes: dict[Slot, bytes | None] = {}
    if more:
        rest = extended.without(packet.body_of(payloads[EXTENDED_XMP]), _names(more))
        body, changes[EXTENDED_XMP] = extended.pointing(body, rest), rest
    return {**changes, XMP: packet.wrap(body)}


def _names(notes: Iterable[Note]) -> set[Name]:
    return {each.property for each in notes if each.property is not None}
