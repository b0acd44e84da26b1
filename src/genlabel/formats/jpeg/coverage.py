"""The segments of a JPEG file as a box hash names them, and those of which nobody sees anything.

C2PA 2.4 §18.7.3.1; ITU-T T.81 table B.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from genlabel.formats.coverage import HashedBox, Unseen
from genlabel.formats.edits import Block
from genlabel.formats.format import Survey
from genlabel.formats.jpeg import image_resources, segments
from genlabel.formats.jpeg.segments import (
    EOI,
    RESTARTS,
    SOI,
    SOS,
    STANDALONE,
    content_of,
    marker_of,
)
from genlabel.model.expression import expression

_MARKER = expression(rb"\xff+")
# In entropy-coded data FF 00 is a byte and FF FF is fill (T.81 B.1.1.5); a restart ends an interval
_INTERVAL_END = expression(rb"\xff+[^\x00\xff]")
_RESTART = expression(rb"\xff+[\xd0-\xd7]")
_SCAN_END = expression(rb"\xff+[^\x00\xff\xd0-\xd7]")
_UNSEEN = {
    segments.EXIF_BLOCK: len(segments.EXIF_HEADER),
    segments.XMP_BLOCK: len(segments.XMP_HEADER),
    segments.EXTENDED_BLOCK: len(segments.EXTENDED_HEADER),
    segments.PHOTOSHOP_BLOCK: len(segments.PHOTOSHOP_HEADER),
    "COM": 0,
}
"""Blocks of words, with the length of what they are recognised by."""


def boxes(survey: Survey) -> Iterator[HashedBox]:
    """Every segment up to the end of the file, those of further pictures among them.

    What lies between two segments, or behind the last one, is in none. As in c2pa-rs the list ends
    where no marker follows any more.
    """
    view = survey.data
    stores = list(reversed(survey.manifest_spans))
    yield HashedBox("SOI", 0, len(SOI))
    at = len(SOI)
    while (found := _MARKER.search(view, at)) and found.end() < len(view):
        start, marker = found.end() - 1, view[found.end()]
        if stores and stores[-1][0] <= start:
            at = stores.pop()[1]
            yield HashedBox("C2PA", start, at)
            continue
        name = "EOI" if marker == EOI[1] else segments.NAMES.get(marker)
        end = _end(view, start, marker)
        if name is None or end is None:
            return
        other = None
        if marker in RESTARTS:
            other, end = end, _until(_INTERVAL_END, view, end)
        elif marker == SOS:
            end = _until(_INTERVAL_END, view, end)
            if _RESTART.match(view, end):
                other = _until(_SCAN_END, view, end)
        yield HashedBox(name, start, end, other)
        at = end


def unseen(survey: Survey) -> Iterator[Unseen]:
    """Words about the picture, and what decoders step over between segments."""
    view = survey.data
    thumbnail = any(
        image_resources.has_thumbnail(view[block.start : block.end])
        for block in survey.blocks
        if block.name == segments.PHOTOSHOP_BLOCK
    )
    for block in survey.blocks:
        if block.name == segments.JUNK_BLOCK:
            yield Unseen(block, ((block.start, block.end),))
            continue
        if bytes(view[block.start : block.start + 2]) == b"\xff\xff":
            fill = block.start, marker_of(view, block)
            yield Unseen(Block("fill bytes", fill[0], fill[1] - fill[0]), (fill,))
        known = _UNSEEN.get(block.name)
        if known is None:
            continue
        content = block.end - len(content_of(view, block)) + known
        if block.name == segments.PHOTOSHOP_BLOCK and thumbnail:
            continue
        exif = block.name == segments.EXIF_BLOCK
        yield Unseen(block, ((min(content, block.end), block.end),), exif)


def _end(view: memoryview, start: int, marker: int) -> int | None:
    """Where the segment whose marker stands at `start` ends, by its length."""
    if marker in STANDALONE or marker == EOI[1]:
        return start + 2
    length = int.from_bytes(view[start + 2 : start + 4], "big")
    end = start + 2 + length
    return end if length >= 2 and end <= len(view) else None


def _until(what: re.Pattern[bytes], view: memoryview, at: int) -> int:
    """Where in entropy-coded data the marker stands that ends it; the end of the file without."""
    found = what.search(view, at)
    return found.start() if found else len(view)
