"""Unscaled: the way in which two pictures lie over each other where nothing was scaled.

What was only turned, cut or framed has the same levels pixel by pixel: no size is to be searched,
and repeated patterns, in which an alignment finds a wrong place, tell the right one from others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from genlabel.model.pixels import Turned
from genlabel.pixels.alignment import aligned
from genlabel.pixels.matches import EVEN, JUDGED, SURE, TURNS, Match, Turn, judged, turned_back
from genlabel.pixels.views import View
from genlabel.pixels.windows import WHOLE, Window, sampled

if TYPE_CHECKING:
    from PIL import Image

RASTER = (32, 32)
"""On which turns are compared."""
CLEARLY = 0.5
"""Part of the difference of pictures as they stand that is left where they are turned."""
NEAR, SYMMETRIC = 16.0, 0.8
"""Levels by which a symmetric picture is apart from itself at most, and part of that difference, as
it stands, that is left where it is turned."""
FINE = (128, 512)
"""Rasters on which such a one is looked at: coding changes small parts, and they may tell."""
TRIED, PROMISING = 6, 18
"""Places that are looked at closely, of so many that may be one and the same."""
ALIKE = 0.2
"""Levels by which one place is no better than another."""
AROUND = 3
"""Pixels of the raster by which these are moved at most."""


def turned(ours: View, theirs: View) -> Match | None:
    """Both over each other, one of them turned, where that alone explains by far the most: of what
    is nearly symmetric the detail agrees in more ways than one."""
    apart, clearly = _roughly_apart(ours, theirs), CLEARLY
    nearest = min(apart, key=apart.__getitem__, default=TURNS[0])
    near = [turn for turn in apart if apart[turn] <= 2 * apart[nearest] + ALIKE]
    if len(near) > 1 and apart[nearest] <= NEAR:
        tried = [apart, *(_finely_apart(ours, theirs, near, side) for side in FINE)]
        apart = min(tried, key=lambda each: _ratio([each[turn] for turn in near]))
        nearest, clearly = min(near, key=apart.__getitem__), SYMMETRIC
    if nearest == TURNS[0] or apart[nearest] > clearly * apart.get(TURNS[0], 255.0):
        return None
    return judged(ours, turned_back(theirs, nearest), nearest, WHOLE)


def or_turned(match: Match) -> tuple[Turned, ...]:
    """The ways in which the published picture may have been turned as well as the match says: those
    that look the same on every raster, of a picture that is symmetric."""
    ours, theirs = match.ours, match.theirs
    small = _roughly_apart(ours, theirs)
    apart = small.get(TURNS[0], 255.0)
    most = min(NEAR, 4 * (apart + 1))  # that raster is none too symmetric itself
    left = [turn for turn in TURNS[1:] if apart <= most and small.get(turn, 255.0) <= most]
    for side in FINE:
        if not left:
            break
        fine = _finely_apart(ours, theirs, (TURNS[0], *left), side)
        left = [turn for turn in left if fine[turn] * SYMMETRIC <= fine[TURNS[0]]]
    both = ((turn, judged(ours, turned_back(theirs, turn), turn, WHOLE)) for turn in left)
    return tuple(
        _both(match.turn, turn)
        for turn, other in both
        if other is not None and other.agreement >= SURE
    )


def _both(one: Turn, other: Turn) -> Turned:
    """What `other`, and then `one`, do together."""
    back = -1 if one.mirrored else 1
    return Turned(
        mirrored=one.mirrored != other.mirrored,
        rotation=(one.rotation + back * other.rotation) % 360,
    )


def _ratio(several: Sequence[float]) -> float:
    """Of the least to the one next to it."""
    least, second, *_ = sorted(several)
    return least / second if second else 1.0


def _roughly_apart(ours: View, theirs: View) -> dict[Turn, float]:
    """How far their levels are apart on `RASTER` with `theirs` turned in each way that fits."""
    from PIL import Image

    shape = ours.size[0] / ours.size[1]
    small = [each.image.resize(RASTER, Image.Resampling.BOX) for each in (ours, theirs)]
    apart = {}
    for turn in TURNS:
        across, down = theirs.size[::-1] if turn.rotation % 180 else theirs.size
        if abs(shape * down / across - 1) <= EVEN:
            method = turn.undone
            other = small[1] if method is None else small[1].transpose(Image.Transpose(method))
            apart[turn] = _apart(small[0], other)
    return apart


def _finely_apart(ours: View, theirs: View, turns: Sequence[Turn], side: int) -> dict[Turn, float]:
    """How far their levels are apart with `theirs` turned so, on a raster of `side` pixels."""
    pairs = {
        turn: sampled(ours.image, turned_back(theirs, turn).image, WHOLE, side) for turn in turns
    }
    return {turn: 255.0 if pair is None else _apart(*pair) for turn, pair in pairs.items()}


def unscaled(pairs: Sequence[tuple[View, View]]) -> Match | None:
    """The best way in which a part of one lies in the other, pixel by pixel, of those in which
    they surely agree."""
    tried = [each for pair in pairs for turn in TURNS for each in _places(*pair, turn)]
    tried.sort(key=lambda each: -each[0])
    found = [(levels_apart(match), match) for pair in pairs for match in _at_the_edges(*pair)]
    looked: list[Match] = []
    for _, start in tried[:PROMISING]:
        if len(looked) >= 2 * TRIED or any(_is_beside(start, each) for each in looked):
            continue
        window = shifted(start)
        looked += (start, replace(start, window=window))
        fine = aligned(start.ours.grey, start.theirs.grey, window, JUDGED, 2) or window
        match = judged(start.ours, start.theirs, start.turn, fine)
        if match is not None and match.agreement >= SURE:
            found.append((levels_apart(match), match))
    nearest = min((apart for apart, _ in found), default=0.0)
    alike = [match for apart, match in found if apart <= 1.1 * nearest + ALIKE]
    return min(alike, key=lambda match: TURNS.index(match.turn), default=None)


def _at_the_edges(ours: View, theirs: View) -> Iterator[Match]:
    """Cut or added to at edges, or evenly on both sides: told of what shows little, too."""
    sides = (theirs.size[0] / ours.size[0], theirs.size[1] / ours.size[1])
    starts = [sorted({0.0, (1 - side) / 2, 1 - side}) for side in sides]
    if max(sides) > 1 + EVEN and min(sides) >= 1 - EVEN:
        for left, top in product(*starts):
            match = judged(ours, theirs, TURNS[0], Window(left, top, *sides))
            if match is not None and match.agreement >= SURE:
                yield match


def _is_beside(one: Match, other: Match) -> bool:
    """Do both lie at places from which one and the same is found?"""
    across = abs(one.window.left - other.window.left) * one.ours.size[0]
    down = abs(one.window.top - other.window.top) * one.ours.size[1]
    near = 0.7 * AROUND / JUDGED * max(one.ours.size)
    return one.turn == other.turn and one.ours is other.ours and max(across, down) <= near


def levels_apart(match: Match) -> float:
    """How far levels are apart in the window of the match, in all colours."""
    pair = sampled(match.ours.image, match.theirs.image, match.window, JUDGED)
    return 255.0 if pair is None else _apart(*pair)


def _places(ours: View, theirs: View, turn: Turn) -> Iterator[tuple[float, Match]]:
    """Where it may lie when turned so, with how much speaks for it."""
    back = turned_back(theirs, turn)
    sides = (back.size[0] / ours.size[0], back.size[1] / ours.size[1])
    is_part = max(sides) <= 1 + EVEN and min(sides) < 1 - EVEN
    if is_part or (min(sides) >= 1 - EVEN and max(sides) > 1 + EVEN):
        for place in ours.field.of_size(back.grey, sides, TRIED):
            yield place.score, Match(ours, back, turn, place.window, 0.0, 0.0)


def shifted(match: Match, side: int = JUDGED) -> Window:
    """The window of the match, moved to where levels are the least apart, on a raster of `side`
    pixels."""
    window, size = match.window, match.ours.grey.size
    pitch = max(1.0, max(size) / side)
    ours, theirs = (
        image.resize((max(8, round(across)), max(8, round(down))))
        for image, across, down in (
            (match.ours.grey, size[0] / pitch, size[1] / pitch),
            (match.theirs.grey, window.width * size[0] / pitch, window.height * size[1] / pitch),
        )
    )
    left, top = round(window.left * ours.width), round(window.top * ours.height)
    _, at = min(
        (_at(ours, theirs, (left + x, top + y)), (left + x, top + y))
        for x in range(-AROUND, AROUND + 1)
        for y in range(-AROUND, AROUND + 1)
    )
    return replace(window, left=at[0] / ours.width, top=at[1] / ours.height)


def _at(ours: Image.Image, theirs: Image.Image, at: tuple[int, int]) -> float:
    """How far their levels are apart with `theirs` at that place, whatever was added to all."""
    left, top = max(0, at[0]), max(0, at[1])
    right, bottom = min(ours.width, at[0] + theirs.width), min(ours.height, at[1] + theirs.height)
    if min(right - left, bottom - top) < 8:
        return 255.0
    box = (left - at[0], top - at[1], right - at[0], bottom - at[1])
    return _apart(ours.crop((left, top, right, bottom)), theirs.crop(box))


def _apart(one: Image.Image, other: Image.Image) -> float:
    """The standard deviation of the difference of two pictures, over all channels."""
    from PIL import ImageChops, ImageStat

    spread = ImageStat.Stat(ImageChops.subtract(one, other, 1, 128)).stddev
    return sum(spread) / len(spread)
