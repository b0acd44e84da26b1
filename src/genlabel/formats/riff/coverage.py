"""The chunks of a RIFF file as a box hash names them, and those of which nobody sees anything.

C2PA 2.4 §18.7.3.5. In AVI every chunk counts as seen: an index may say that frames lie in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.formats.coverage import HashedBox, Unseen
from genlabel.formats.edits import Block
from genlabel.formats.format import Survey
from genlabel.formats.jpeg.segments import EXIF_HEADER
from genlabel.formats.riff import chunks as riff
from genlabel.formats.riff.chunks import Chunk

_WORDS = frozenset({b"XMP ", b"_PMX", b"bext", b"iXML"})
_LISTED = 4  # the type of a list, in front of what it lists


def boxes(survey: Survey) -> Iterator[HashedBox]:
    """The twelve bytes of each list at the top, and the chunks in it; lists in it are one box."""
    view = survey.data
    yield HashedBox(_name(view, 8), 0, riff.HEADER)
    yield from _chunks(view, survey.parsed.chunks)
    for block in survey.blocks:
        if block.start >= survey.parsed.end and block.name.startswith("RIFF"):
            start = block.start + riff.HEADER
            yield HashedBox(_name(view, block.start + 8), block.start, start)
            yield from _chunks(view, riff.inner(view, start, block.end, survey.format))


def unseen(survey: Survey) -> Iterator[Unseen]:
    """XMP, Exif and what sound files say in words."""
    view = survey.data
    for chunk in survey.parsed.chunks:
        block = Block(chunk.name, chunk.start, chunk.end - chunk.start)
        start, end = chunk.start + 8, chunk.start + 8 + chunk.length
        if chunk.type == b"EXIF":
            start += len(EXIF_HEADER) * (bytes(view[start : start + 6]) == EXIF_HEADER)
            yield Unseen(block, ((start, end),), True)
        elif chunk.type in _WORDS:
            yield Unseen(block, ((start, chunk.end),))
        elif chunk.type == b"LIST" and bytes(view[start : start + _LISTED]) == b"INFO":
            yield Unseen(block, ((start + _LISTED, end),))


def _chunks(view: memoryview, chunks: list[Chunk]) -> Iterator[HashedBox]:
    for chunk in chunks:
        name = _name(view, chunk.start + 8 if chunk.type == b"LIST" else chunk.start)
        yield HashedBox(name, chunk.start, chunk.end)


def _name(view: memoryview, at: int) -> str:
    return bytes(view[at : at + 4]).decode("latin-1")
