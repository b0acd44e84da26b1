"""The frames of an ID3 tag of which nobody hears or sees anything.

Pictures, loudness and chapters are presented; so is whatever is not known to be words.
"""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.formats.coverage import Unseen
from genlabel.formats.edits import Block
from genlabel.formats.format import Survey

_WORDS = frozenset({b"COMM", b"PRIV", b"UFID", b"PCNT", b"POPM", b"OWNE"})
_OTHERS = frozenset({b"TXXX", b"WXXX", b"TDLY"})
"""Under names of one's own, ReplayGain's loudness among them; the silence between two songs."""
_LEADS = {"ID3v1 tag": 3, "PADDING": 4}
"""Blocks outside of the tag, with the length of what they are recognised by (RFC 9639 §8.1)."""


def unseen(survey: Survey) -> Iterator[Unseen]:
    """Words about the recording, in frames of the tag and in an ID3v1 tag; FLAC's padding."""
    if survey.parsed is not None:
        for frame in survey.parsed.frames:
            words = frame.id in _WORDS or (frame.id[:1] in (b"T", b"W") and frame.id not in _OTHERS)
            if words and not frame.coded and len(frame.id) == 4:
                block = Block(frame.name, frame.start, frame.end - frame.start)
                yield Unseen(block, ((frame.body, frame.end),))
    for block in survey.blocks:
        if block.name in _LEADS:
            yield Unseen(block, ((block.start + _LEADS[block.name], block.end),))
