"""The boxes of a JPEG XL file as a box hash names them, and those of which nobody sees anything.

C2PA 2.4 §15.12.3.2; ISO/IEC 18181-2 §9.
"""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.formats.coverage import HashedBox, Unseen
from genlabel.formats.edits import Block
from genlabel.formats.format import Survey
from genlabel.formats.isobmff.boxes import Box
from genlabel.formats.jxl import brotli

_WORDS = frozenset({b"xml ", b"Exif"})
"""Orientation and colour are the codestream's alone (ISO/IEC 18181-2 §9.3)."""


def boxes(survey: Survey) -> Iterator[HashedBox]:
    """Every box at the top; only the one with the manifest store is called ``C2PA``."""
    stores = {start for start, _ in survey.manifest_spans}
    for box in survey.parsed.boxes:
        name = "C2PA" if box.start in stores else box.type.decode("latin-1")
        yield HashedBox(name, box.start, box.end)


def unseen(survey: Survey) -> Iterator[Unseen]:
    """XMP and Exif, compressed or not."""
    for box in survey.parsed.boxes:
        start = box.body
        if box.type == brotli.TYPE:
            start += 4 if _inner(box) in _WORDS else 0
        if start > box.body or box.type in _WORDS:
            block = Block(box.name, box.start, box.length)
            yield Unseen(block, ((start, box.end),), is_packed=start > box.body)


def _inner(box: Box) -> bytes:
    return brotli.inner_type(box.content())
