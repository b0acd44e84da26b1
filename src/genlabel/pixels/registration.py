"""Registration: how the published picture lies over the original, and how well both agree there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from genlabel.pixels.alignment import aligned, detail
from genlabel.pixels.differences import CHROMA, chroma
from genlabel.pixels.matches import FEW, SURE, TURNS, Match, Turn, judged, turned_back
from genlabel.pixels.unscaled import turned, unscaled
from genlabel.pixels.views import GROUNDS, View
from genlabel.pixels.windows import WHOLE, Window

if TYPE_CHECKING:
    from PIL import Image

STRETCH = 1.06
"""Most by which width and height are scaled differently in what a search has found."""
LUMA = 1.6
"""How many times as much as luma another channel must show to be preferred."""
_COARSE = ((32, 3), (64, 3), (128, 3))
_TRIED = 4
"""Places that are looked at closely, of those that were found."""


def registered(ours: View, theirs: View) -> Match:
    """The best way in which both lie over each other, however bad it is."""
    pairs = [_legible(*pair) for pair in _flattened(ours, theirs)]
    best = max((_whole(*pair) for pair in pairs), key=lambda match: match.agreement)
    for pair in pairs:
        as_turned = turned(*pair)
        if as_turned is not None and as_turned.agreement >= SURE:
            return as_turned
    if best.agreement >= SURE or best.shown < FEW:
        return best
    best = unscaled(pairs) or best
    if best.agreement >= SURE:
        return best
    tried = [each for turn in TURNS[:2] for pair in pairs for each in _places(*pair, turn)]
    best = _closer(best, tried)
    if best.agreement < SURE:
        tried = [each for turn in TURNS[2:] for pair in pairs for each in _places(*pair, turn)]
        best = _closer(best, tried)
    return best


def _closer(best: Match, tried: list[tuple[float, Match]]) -> Match:
    """The best of `best` and of those of `tried` that promise most."""
    tried.sort(key=lambda pair: -pair[0])
    for _, start in tried[:_TRIED]:
        window = _aligned(start.ours.grey, start.theirs.grey, start.window)
        if window is None or _stretch(start.ours, start.theirs, window) > STRETCH:
            continue
        match = judged(start.ours, start.theirs, start.turn, window)
        if match is not None and match.agreement > best.agreement:
            best = match
        if best.agreement >= SURE:
            break
    return best


def _flattened(ours: View, theirs: View) -> Iterator[tuple[View, View]]:
    """Both without transparency, in the ways in which it may have been lost."""
    if not (ours.transparent or theirs.transparent):
        yield ours, theirs
        return
    grounds: Sequence[str | None] = (*GROUNDS, None)
    if ours.transparent and theirs.transparent:
        grounds = (_ground(ours),)
    for ground in grounds:
        yield ours.over(ground), theirs.over(ground)


def _legible(ours: View, theirs: View) -> tuple[View, View]:
    """Both in the channel that shows most, where luma hides what colours show."""
    from PIL import ImageStat

    if chroma(theirs.image) < CHROMA:
        return ours, theirs
    small = ours.image.reduce(2)
    shown = {"L": ImageStat.Stat(detail(small.convert("L"))).stddev[0] * LUMA}
    for channel in "RGB":
        shown[channel] = ImageStat.Stat(detail(small.getchannel(channel))).stddev[0]
    channel = max(shown, key=shown.__getitem__)
    return replace(ours, channel=channel), replace(theirs, channel=channel)


def _ground(view: View) -> str:
    """The ground on which the view shows more."""
    from PIL import ImageStat

    return max(GROUNDS, key=lambda each: ImageStat.Stat(view.over(each).grey).stddev[0])


def _whole(ours: View, theirs: View) -> Match:
    """Both as they are, one over the other, scaled to fit."""
    unmoved = judged(ours, theirs, Turn(), WHOLE) or Match(ours, theirs, Turn(), WHOLE, 0.0, 0.0)
    window = _aligned(ours.grey, theirs.grey, WHOLE)
    moved = None if window is None else judged(ours, theirs, Turn(), window)
    return moved if moved is not None and moved.agreement > unmoved.agreement else unmoved


def _places(ours: View, theirs: View, turn: Turn) -> Iterator[tuple[float, Match]]:
    """Where it may lie when turned so, with how much speaks for it."""
    back = turned_back(theirs, turn)
    for place in ours.field.places(back.grey, 2):
        yield place.score, Match(ours, back, turn, place.window, 0.0, 0.0)


def _aligned(ours: Image.Image, theirs: Image.Image, window: Window) -> Window | None:
    moved: Window | None = window
    for side, steps in _COARSE:
        if moved is None:
            return None
        moved = aligned(ours, theirs, moved, side, steps)
    return moved


def _stretch(ours: View, theirs: View, window: Window) -> float:
    across = theirs.size[0] / (window.width * ours.size[0])
    down = theirs.size[1] / (window.height * ours.size[1])
    return max(across / down, down / across)
