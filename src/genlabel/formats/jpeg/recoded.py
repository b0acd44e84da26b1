"""A JPEG file with another one's coded picture: every segment that is not pixels stays."""

from __future__ import annotations

from genlabel.formats.edits import Block
from genlabel.formats.format import Survey
from genlabel.formats.jpeg import segments
from genlabel.storage.buffers import Pieces

_JFIF, _ADOBE = "APP0 JFIF", "APP14 Adobe"
_CODED = frozenset(
    {*(f"SOF{n}" for n in range(16)), "DHT", "DAC", "DQT", "DRI", "DNL", "DHP", "EXP"}
    | {_ADOBE, "scan data"}
)
_GONE = _CODED | {segments.C2PA_BLOCK, segments.JUNK_BLOCK, "APP0 JFXX"}
"""What is not taken over: a manifest binds the old picture, and JFXX is a thumbnail of it."""


def recoded(old: Survey, new: Survey) -> Pieces:
    """The segments of `old` before those of `new` that decoders need, and what follows the picture.

    The segments of JFIF and Adobe are the old ones, if there are; a new one of Adobe's stands for
    them where the new coding wants it. Without both, components are known by their numbers.
    """
    kept = [each for each in old.blocks[1:] if each.name not in _GONE]
    first = [each for each in kept if each.name == _JFIF]
    trailer = [each for each in kept if each.name == "trailing data"]
    others = [each for each in kept if each not in first and each not in trailer]
    lead = [_bytes(old, each) for each in first]
    coded = [_bytes(new, each) for each in new.blocks if each.name in _CODED]
    if not any(each.name == _ADOBE for each in new.blocks):
        coded[:0] = [_bytes(old, each) for each in old.blocks if each.name == _ADOBE]
    return [
        segments.SOI,
        *lead,
        *(_bytes(old, each) for each in others),
        *coded,
        *(_bytes(old, each) for each in trailer),
    ]


def _bytes(survey: Survey, block: Block) -> memoryview:
    return survey.data[block.start : block.end]
