"""Registration: how the published picture lies over the original, and how well both agree there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from genlabel.pixels.alignment import aligned, detail
from genlabel.pixels.differences import CHROMA, chroma
from genlabel.pixels.matches import FEW, SURE, TURNS, Match, Turn, judged, turned_back
from genlabel.pixels.unscaled import CLEARLY, levels_apart, turned, unscaled
from genlabel.pixels.views import GROUNDS, View
from genlabel.pixels.windows import WHOLE, Window

STRETCH = 1.06
"""Most by which width and height are scaled differently in what a search has found."""
LUMA = 1.6
"""How many times as much as luma another channel must show to be preferred."""
_COARSE = ((32, 3), (64, 3), (128, 3))
_ROUGH = 64
"""Pixels of a raster for which the coarse pictures do."""
_BESIDE = 0.05
"""Part of the original's sides by which two starts are hardly apart."""
_ASIDE = 0.01
"""Part of the original's sides by which a window is not the whole."""
_EXPLAINED = 6.0
"""How far levels are apart, at most, where a crop or frame explains all but the coding."""
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
    if best.agreement >= SURE and not _is_doubtful(best):
        return best
    in_the_middle = max((_middle(*pair) for pair in pairs), key=lambda match: match.agreement)
    if in_the_middle.agreement >= SURE and not _is_doubtful(in_the_middle):
        return in_the_middle
    as_cut = unscaled(pairs)
    if best.agreement >= SURE:
        other = as_cut or _closer(_none(best), _all_places(pairs, TURNS[:2]))
        return other if _is_clearer(other, best) else best
    if as_cut is not None or best.shown < FEW:
        return as_cut or best
    best = _closer(best, _all_places(pairs, TURNS[:2]))
    if best.agreement < SURE:
        best = max((best, *_in_full(pairs)), key=lambda match: match.agreement)
    return best if best.agreement >= SURE else _closer(best, _all_places(pairs, TURNS[2:]))


def _none(match: Match) -> Match:
    return replace(match, agreement=0.0)


def _is_clearer(other: Match, match: Match) -> bool:
    """Does it explain the levels by far better, or as well without stretching the picture?"""
    if other.agreement < SURE:
        return False
    unstretched = _stretch(match.ours, match.theirs, match.window) > STRETCH
    return levels_apart(other) < (1.0 if unstretched else CLEARLY) * levels_apart(match)


def _all_places(
    pairs: Iterable[tuple[View, View]], turns: Iterable[Turn]
) -> list[tuple[float, Match]]:
    return [each for turn in turns for pair in pairs for each in _places(*pair, turn)]


def _is_doubtful(match: Match) -> bool:
    """Is it said to be stretched, or part of it to be gone or added, without a good likeness of the
    rest? Of what is regular or nearly symmetric the detail agrees in more ways than one."""
    window = match.window
    if _stretch(match.ours, match.theirs, window) > STRETCH:
        return True
    aside = max(
        abs(each)
        for each in (window.left, window.top, 1 - window.left - window.width,
                     1 - window.top - window.height)
    )  # fmt: skip
    return aside > _ASIDE and levels_apart(match) > _EXPLAINED


def _closer(best: Match, tried: list[tuple[float, Match]]) -> Match:
    """The best of `best` and of those of `tried` that promise most."""
    tried.sort(key=lambda pair: -pair[0])
    looked: list[Match] = []
    for _, start in tried[:_TRIED]:
        if any(_is_beside(start, each) for each in looked):
            continue
        looked.append(start)
        window = _aligned(start.ours, start.theirs, start.window)
        if window is None or _stretch(start.ours, start.theirs, window) > STRETCH:
            continue
        match = judged(start.ours, start.theirs, start.turn, window)
        if match is not None and match.agreement > best.agreement:
            best = match
        if best.agreement >= SURE:
            break
    return best


def _is_beside(one: Match, other: Match) -> bool:
    """Do both start from places and sizes from which one and the same is found?"""
    pairs = zip(one.window.common, other.window.common, strict=True)
    same = one.turn == other.turn and one.ours is other.ours
    return same and max(abs(a - b) for a, b in pairs) <= _BESIDE


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
    window = _aligned(ours, theirs, WHOLE)
    moved = None if window is None else judged(ours, theirs, Turn(), window)
    return moved if moved is not None and moved.agreement > unmoved.agreement else unmoved


def _middle(ours: View, theirs: View) -> Match:
    """Cut above and below, or on both sides, to another shape, as pages do that have one."""
    shape = ours.size[0] * theirs.size[1] / (ours.size[1] * theirs.size[0])
    width, height = min(1.0, 1 / shape), min(1.0, shape)
    start = Window((1 - width) / 2, (1 - height) / 2, width, height)
    window = _aligned(ours, theirs, start)
    match = None if window is None else judged(ours, theirs, Turn(), window)
    return match or Match(ours, theirs, Turn(), start, 0.0, 0.0)


def _places(ours: View, theirs: View, turn: Turn) -> Iterator[tuple[float, Match]]:
    """Where it may lie when turned so, with how much speaks for it."""
    back = turned_back(theirs, turn)
    for place in ours.field.places(back.grey, 2):
        yield place.score, Match(ours, back, turn, place.window, 0.0, 0.0)


def _in_full(pairs: Iterable[tuple[View, View]]) -> Iterator[Match]:
    """Where it may lie with its whole width or height left, as sites cut. Of fine textures nothing
    is left on the coarsest rasters but a caption, which pulls: they are aligned on a finer one."""
    for ours, theirs in pairs:
        shape = ours.size[0] * theirs.size[1] / (ours.size[1] * theirs.size[0])
        for sides in ((1.0, shape), (1 / shape, 1.0)):
            for place in ours.field.of_size(theirs.grey, sides, 1):
                window = _aligned(ours, theirs, place.window, _COARSE[2:])
                match = None if window is None else judged(ours, theirs, TURNS[0], window)
                if match is not None and _stretch(ours, theirs, match.window) <= STRETCH:
                    yield match


def _aligned(
    ours: View, theirs: View, window: Window, rasters: Sequence[tuple[int, int]] = _COARSE
) -> Window | None:
    moved: Window | None = window
    for side, steps in rasters:
        if moved is None:
            return None
        rough = side <= _ROUGH
        pair = (ours.coarse, theirs.coarse) if rough else (ours.grey, theirs.grey)
        moved = aligned(*pair, moved, side, steps)
    return moved


def _stretch(ours: View, theirs: View, window: Window) -> float:
    across = theirs.size[0] / (window.width * ours.size[0])
    down = theirs.size[1] / (window.height * ours.size[1])
    return max(across / down, down / across)
