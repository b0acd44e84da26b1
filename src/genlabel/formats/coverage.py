"""What a manifest's hash names in a file, and what it may leave out because nobody sees it.

Boxes by name are those of C2PA 2.4 §18.7.3. Parts that viewers show nothing of are words about the
picture; everything that is not known to be one of them counts as shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from genlabel.formats.edits import Block, Span
from genlabel.model.expression import expression
from genlabel.model.named_tuple import NamedTuple

TRAILING = ("trailing data", "trailing zeros")
"""Blocks behind the end of the picture."""

# What a picture, film or recording begins with, at any place …
_ANYWHERE = expression(
    rb"\xff\xd8\xff[\xc0-\xc4\xdb\xdd\xe0-\xef\xfe]|\x89PNG\r\n\x1a\n|GIF8[79]a"
    rb"|RIFF.{4}(?:WEBP|AVI |WAVE)|\0\0.{2}ftyp[ -~]{4}|\0\0\0\x0cJXL \r\n\x87\n|%PDF-1|%PDF-2"
    rb"|<svg[\s>]|\x1aE\xdf\xa3.{1,40}(?:webm|matroska)",
    re.DOTALL,
)
# … and what says so in too few bytes to be believed anywhere else than at the beginning
_MOST_SEARCHED = 64 * 1024 * 1024
_SOMETHING = expression(rb"[^\0]")
_BEGINNING = expression(rb"II[*+]\0|MM\0[*+]|BM|ID3[\2-\4]|fLaC|OggS|\xff\x0a|\xff[\xf2-\xfb]")


class HashedBox(NamedTuple):
    """One box as a general box hash names it."""

    name: str
    start: int
    end: int
    other_end: int | None = None
    """Where c2pa-rs lets it end, where the specification says otherwise."""


class Unseen(NamedTuple):
    """A block of which viewers show nothing."""

    block: Block
    contents: tuple[Span, ...]
    """Its bytes that decide on nothing: not its type, its length or what it is recognised by."""
    holds_exif: bool = False
    """The first of `contents` is an Exif structure: its orientation, colour space and small picture
    are shown, and only its texts are not."""
    is_packed: bool = False
    """Are the contents a Brotli stream?"""


def outside(spans: Iterable[Span], allowed: Iterable[Span]) -> Iterator[Span]:
    """What of `spans` lies outside of `allowed`, in order; both come in any order."""
    inside = _merged(allowed)
    first = 0
    for start, end in _merged(spans):
        while first < len(inside) and inside[first][1] <= start:
            first += 1
        for opens, closes in islice(inside, first, None):
            if opens >= end:
                break
            if start < opens:
                yield start, opens
            start = closes
        if start < end:
            yield start, end


def complement(spans: Iterable[Span], size: int) -> Iterator[Span]:
    """What of a file of `size` bytes is in none of `spans`."""
    return outside(((0, size),), spans)


def holds_picture(data: memoryview) -> bool:
    """Does a picture, a film or a recording seem to begin in `data`, by its signature?

    What is too much to look through is taken for one: words are never so long.
    """
    found = _SOMETHING.search(data)
    if found is None:
        return False
    if len(data) - found.start() > _MOST_SEARCHED:
        return True
    start = found.start()
    return bool(_BEGINNING.match(data, start) or _ANYWHERE.search(data, max(0, start - 3)))


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        elif start < end:
            merged.append((start, end))
    return merged
