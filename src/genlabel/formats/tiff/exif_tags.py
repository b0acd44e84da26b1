"""The Exif slot of a TIFF file: the texts of its own directories, as a small structure.

In a TIFF file Exif is no block: artist and copyright stand in the first directory, among what
decoders need. The slot's payload gathers the texts of that directory and of those of Exif and GPS
below it into the structure that any other container would carry, without dead bytes, so that the
same texts always give the same payload; setting the slot puts those texts back that changed.
Everything else of these directories, maker notes above all, neither comes in nor goes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from genlabel.formats.tiff.append import EMPTY, Changes, NewValue, anew, edited, texts
from genlabel.formats.tiff.directories import EXIF_POINTER, GPS_POINTER, Directory, Tiff, opened
from genlabel.model.errors import MalformedMetadata

_OWN = frozenset({0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298})
"""Description, make, model, software, artist and copyright (Exif 3.0 §4.6.5.4)."""
_DESCRIPTION = 0x010E
_MACHINES = (b"ImageJ=", b"<?xml", b"<OME", b'{"', b"SCANIMAGE", b"MetaMorph")
"""Descriptions by which microscopes' and scientists' software finds its stacks and channels."""
_MAKER_NOTE = 0x927C  # Exif 3.0 §4.6.6.3.1
_LIMIT = 0xFFFF
"""Longest text that is gathered."""

Texts = Mapping[int, Mapping[int, NewValue | None]]
"""Pointer → tag → text; the first directory's own under 0."""


def gathered(tiff: Tiff, main: Directory) -> bytes | None:
    """The payload of the slot; None when the file says nothing in words."""
    words = _of(tiff, main)
    if not any(words.values()):
        return None
    below = {pointer: inner for pointer, inner in words.items() if pointer}
    return edited(opened(EMPTY), words[0], below=below)


def changes(tiff: Tiff, main: Directory, payload: bytes | None) -> dict[int, Changes]:
    """What changes in each directory, by the pointer to it, so that the slot has this payload.

    Without a payload the directories of Exif and GPS are let go of as wholes. Raises
    `MalformedMetadata` for a payload with anything but texts.
    """
    before = _of(tiff, main)
    if payload is None:
        pointers = {each for each in (EXIF_POINTER, GPS_POINTER) if main.get(each) is not None}
        return {0: dict.fromkeys([*before[0], *pointers])}
    structure = opened(payload)
    if anew(structure) != payload:
        raise MalformedMetadata("exif: a tiff file takes a block of nothing but texts")
    wanted = _of(structure, structure.directory(structure.first))
    inside = structure.directory(structure.first)
    if inside.entries and gathered(structure, inside) != payload:  # an empty one lets all go
        raise MalformedMetadata("exif: a tiff file has no place for some of these texts")
    old = before[0].get(_DESCRIPTION)
    if old is not None and is_for_machines(old.data) and wanted[0].get(_DESCRIPTION) != old:
        raise MalformedMetadata(
            "tiff: its description is not for people, software reads the stack by it",
            remedy="leave the description out of the label",
        )
    return {
        pointer: {
            tag: wanted[pointer].get(tag)
            for tag in sorted(now.keys() | wanted[pointer].keys())
            if now.get(tag) != wanted[pointer].get(tag)
        }
        for pointer, now in before.items()
    }


def is_for_machines(text: bytes) -> bool:
    """Is it a description by which software reads the picture?"""
    return text.startswith(_MACHINES)


def _of(tiff: Tiff, main: Directory) -> Texts:
    words = {0: texts(tiff, (each for each in main.entries if each.tag in _OWN))}
    for pointer in (EXIF_POINTER, GPS_POINTER):
        entry = main.get(pointer)
        below: Directory | None = None
        with suppress(MalformedMetadata):  # the pointer may lead nowhere
            below = tiff.pointed(entry) if entry is not None else None
        inner = below.entries if below is not None else ()
        words[pointer] = texts(
            tiff, (each for each in inner if each.tag != _MAKER_NOTE and each.count <= _LIMIT)
        )
    return words
