"""A PNG file with another one's coded picture: every chunk that is not pixels stays."""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.formats.edits import Block
from genlabel.formats.format import Survey
from genlabel.formats.png.chunks import SIGNATURE
from genlabel.storage.buffers import Pieces

_DATA = frozenset({"IDAT", "fcTL", "fdAT"})
_CODED = _DATA | {"IHDR", "PLTE", "tRNS", "acTL"}
_BY_INDEX = frozenset({"bKGD", "hIST", "sPLT"})
"""Chunks that may speak of entries of the palette."""


def recoded(old: Survey, new: Survey) -> Pieces:
    """The chunks of `old` around those of `new` that hold pixels, in the order that PNG §5.6 wants.

    Chunks that count by a palette go where that is another one. The manifest, which binds the old
    picture, goes.
    """
    gone = _CODED | {"signature", "caBX"}
    if list(_called(old, "PLTE")) != list(_called(new, "PLTE")):
        gone |= _BY_INDEX
    names = [each.name for each in old.blocks]
    palette = names.index("PLTE") if "PLTE" in names else None
    data = min(names.index(each) for each in _DATA if each in names)
    early = old.blocks[: palette or data]
    middle = old.blocks[palette or data : data]
    late = old.blocks[data:]
    return [
        SIGNATURE,
        *_called(new, "IHDR", "acTL"),
        *_kept(old, early, gone),
        *_called(new, "PLTE"),
        *_called(new, "tRNS"),
        *_kept(old, middle, gone),
        *_called(new, *_DATA),
        *_kept(old, late, gone),
    ]


def _called(survey: Survey, *names: str) -> Iterator[memoryview]:
    for each in survey.blocks:
        if each.name in names:
            yield survey.data[each.start : each.end]


def _kept(survey: Survey, blocks: tuple[Block, ...], gone: frozenset[str]) -> Iterator[memoryview]:
    for each in blocks:
        if each.name not in gone:
            yield survey.data[each.start : each.end]
