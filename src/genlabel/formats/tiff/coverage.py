"""Which values of a TIFF structure are mere words, and where all the others lie.

Texts and what metadata standards put into a directory (XMP, IIM, Photoshop's resources) are shown
by no viewer. Everything else may be: orientation, colour space, small pictures, makers' notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from genlabel.formats.coverage import Unseen, outside
from genlabel.formats.edits import Block, Span
from genlabel.formats.jpeg import image_resources
from genlabel.formats.tiff import directories, exif_tags, layout as tiff_layout
from genlabel.formats.tiff.directories import Directory, Entry, Tiff
from genlabel.formats.tiff.layout import Layout
from genlabel.model.errors import MalformedMetadata

_TEXTS = (directories.ASCII, directories.UTF8)
_WORDS = frozenset(
    {tiff_layout.XMP, tiff_layout.IPTC}
    # Windows' own texts, and the user's comment (Exif 3.0 §4.6.6.3.2)
    | {*range(0x9C9B, 0x9CA0), 0x9286}
)
_MOST_DIRECTORIES = 16
"""Of an Exif block; it has two in a row."""


def unseen(layout: Layout) -> Iterator[Unseen]:
    """The words of a file's directories, where they stand apart from them."""
    tiff = layout.tiff
    shown = list(pointed(layout))
    for branch in layout.branches():
        for start, end in outside(_words(tiff, branch.directory), shown):
            yield Unseen(Block(f"{branch.name} text", start, end - start), ((start, end),))


def pointed(layout: Layout) -> Iterator[Span]:
    """Where lies what is no word and no manifest: directories, values, strips and tiles."""
    tiff = layout.tiff
    yield 0, tiff.pointer + tiff.width
    for branch in layout.branches():
        yield from branch.data
        yield from _others(tiff, branch.directory)


def words_in(exif: memoryview) -> list[Span]:
    """The words of an Exif block, as spans of it; nothing where it cannot be read."""
    try:
        tiff = directories.opened(exif)
        found = list(tiff.chain(_MOST_DIRECTORIES))
        for directory in tuple(found):
            for tag in (directories.EXIF_POINTER, directories.GPS_POINTER):
                entry = directory.get(tag)
                if entry is not None:
                    found.append(tiff.pointed(entry))
        words = [span for each in found for span in _words(tiff, each)]
        others = [span for each in found for span in _others(tiff, each)]
    except MalformedMetadata:
        return []
    inside = (span for span in words if span[1] <= len(exif))
    return list(outside(inside, [(0, 8), *others, *_thumbnails(tiff, found)]))


def _words(tiff: Tiff, directory: Directory) -> Iterator[Span]:
    for entry in directory.entries:
        place = tiff.span(entry)
        if place is not None and _is_word(tiff, entry):
            yield place


def _others(tiff: Tiff, directory: Directory) -> Iterator[Span]:
    yield directory.offset, directory.end
    for entry in directory.entries:
        place = tiff.span(entry)
        if place is not None and not _is_word(tiff, entry) and entry.tag != tiff_layout.C2PA:
            yield place


def _is_word(tiff: Tiff, entry: Entry) -> bool:
    if entry.tag == tiff_layout.PHOTOSHOP:
        return not image_resources.has_thumbnail(tiff.value(entry) or b"")
    if entry.tag in _WORDS:
        return True
    if entry.type not in _TEXTS or tiff_layout.is_decoded(entry.tag):
        return False
    return not exif_tags.is_for_machines(tiff.value(entry) or b"")


def _thumbnails(tiff: Tiff, found: Iterable[Directory]) -> Iterator[Span]:
    """Small pictures by offset and length (Exif 3.0 §4.6.8), in strips or as a JPEG file."""
    for directory in found:
        for offsets, lengths in ((513, 514), (273, 279)):
            where, how_long = directory.get(offsets), directory.get(lengths)
            if where is not None and how_long is not None:
                starts, sizes = tiff.numbers(where) or (), tiff.numbers(how_long) or ()
                yield from (
                    (start, start + size) for start, size in zip(starts, sizes, strict=False)
                )
