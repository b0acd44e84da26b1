"""A GIF file with another one's coded pictures: every extension that is not theirs stays."""

from __future__ import annotations

from collections.abc import Iterable

from genlabel.formats.gif import blocks
from genlabel.formats.gif.blocks import Piece
from genlabel.storage.buffers import Pieces

_SHOWN = frozenset({blocks.IMAGE, blocks.CONTROL, blocks.TEXT, blocks.TRAILER})
_LOOPS = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})
"""How often an animation is shown, which goes with its frames."""


def recoded(old: memoryview, before: list[Piece], new: memoryview, after: list[Piece]) -> Pieces:
    """Screen, loop and pictures of `new`, with comments and applications of `old` before them.

    The manifest, which binds the old pictures, goes.
    """
    kept = [each for each in before if each.kind not in _SHOWN and not _is_frames_own(each)]
    loops = [each for each in after if each.application in _LOOPS]
    shown = [each for each in after if each.kind in _SHOWN]
    return [
        b"GIF89a",
        new[6 : after[0].start],
        *_bytes(new, loops),
        *_bytes(old, kept),
        *_bytes(new, shown),
    ]


def _is_frames_own(piece: Piece) -> bool:
    return piece.application in _LOOPS or piece.application.startswith(b"C2PA_GIF")


def _bytes(data: memoryview, pieces: Iterable[Piece]) -> Iterable[memoryview]:
    return (data[each.start : each.end] for each in pieces)
