"""Matches: one way in which two pictures may lie over each other, and how well they agree so."""

from __future__ import annotations

from genlabel.model.dataclass import dataclass
from genlabel.pixels.alignment import detail, tiles
from genlabel.pixels.sameness import RASTER, sameness
from genlabel.pixels.views import View
from genlabel.pixels.windows import Window, sampled

JUDGED = 160
"""Pixels of the longer side of the raster on which agreement is measured."""
SURE = 0.75
"""Agreement from which on nothing better is looked for."""
COPY, LIKELY, ANOTHER = 0.45, 0.40, 0.30
"""Agreement from which on it is a copy, rather a copy, and below which it is another picture."""
SAME = 0.75
"""Sameness from which on it is a copy, whatever the tiles say; different pictures reach 0.5, pages
with lines of words 0.73."""
SHARE = 0.28
"""Least part of either picture that the other one shows."""
FEW = 6
"""Tiles that show something, below which pictures are compared by their colours."""
EVEN = 0.02
"""Difference of two scales or shapes that are one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Mirrored left to right or not, and then turned clockwise by quarters."""

    mirrored: bool = False
    rotation: int = 0
    """Degrees: 0, 90, 180 or 270."""
    undone: int | None = None
    """Pillow's `Transpose` that makes the picture stand as before."""


TURNS = (
    Turn(),
    Turn(mirrored=True, undone=0),
    Turn(rotation=180, undone=3),
    Turn(mirrored=True, rotation=180, undone=1),
    Turn(rotation=90, undone=2),
    Turn(rotation=270, undone=4),
    Turn(mirrored=True, rotation=90, undone=6),
    Turn(mirrored=True, rotation=270, undone=5),
)


@dataclass(frozen=True, slots=True)
class Match:
    """One way in which both pictures may lie over each other."""

    ours: View
    theirs: View
    """On one ground, and turned to stand as the original does."""
    turn: Turn
    window: Window
    agreement: float
    """-1 to 1."""
    shown: float
    """Tiles that show something; few say little."""


def turned_back(theirs: View, turn: Turn) -> View:
    """The published picture as it stood before."""
    from PIL import Image

    return theirs if turn.undone is None else theirs.turned(Image.Transpose(turn.undone))


def judged(ours: View, theirs: View, turn: Turn, window: Window) -> Match | None:
    """How well both agree with `theirs` in `window`; None where they have little in common."""
    left, top, right, bottom = window.common
    common = max(0.0, right - left) * max(0.0, bottom - top)
    if min(common, common / (window.width * window.height)) < SHARE:
        return None
    pair = sampled(ours.grey, theirs.grey, window, JUDGED)
    if pair is None:
        return None
    agreement, shown = tiles(detail(pair[0]), detail(pair[1])).agreement()
    if agreement < SURE:
        levels = sampled(ours.image, theirs.image, window, RASTER)
        same = sameness(*levels) if levels is not None else 0.0
        if same >= SAME:
            agreement, shown = max(agreement, same), max(shown, FEW)
    return Match(ours, theirs, turn, window, agreement, shown)
