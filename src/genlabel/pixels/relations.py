"""Relations: what was done to a picture, named and measured from the way two pictures match."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from genlabel.model.dataclass import dataclass
from genlabel.model.pixels import RELATIONS, Crop, Frame, Overlay
from genlabel.pixels.alignment import aligned
from genlabel.pixels.differences import POINTS, Differences, differences
from genlabel.pixels.matches import EVEN, Match, judged
from genlabel.pixels.unscaled import shifted
from genlabel.pixels.windows import WHOLE, Edges, Window, sampled

FINE = ((256, 3), (512, 2))
SMALL = 0.0009
"""Part of a side within which an edge cannot be told from the picture's own."""
FAINT = 0.6
"""Pixels of the coarser picture within which that is so."""
UNSCALED, NEARLY = 0.008, 0.06
"""Difference from 1 of a scale that is none, and that may be none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What was done, in the original's pixels."""

    names: tuple[str, ...] = ()
    scale: float | None = None
    crop: Crop | None = None
    frame: Frame | None = None
    overlay: Overlay | None = None
    rotation: int = 0
    mirrored: bool = False
    window: Window = WHOLE
    visible: Edges = WHOLE.common

    def having(self, names: Iterable[str]) -> Relation:
        """The same, with `names` in their places among the others."""
        both = {*self.names, *names}
        return replace(self, names=tuple(name for name in RELATIONS if name in both))


def related(match: Match) -> Relation:
    """What `match` shows of a copy, beside its format."""
    window = _simplest(match)
    ours, theirs = match.ours.size, match.theirs.size
    across = theirs[0] / (window.width * ours[0])
    down = theirs[1] / (window.height * ours[1])
    visible = window.common
    apart = differing(match, window, visible)
    if apart is not None and (barred := _barred(apart, window, visible, ours)) != visible:
        visible = barred
        apart = differing(match, window, visible)
    crop, frame = _crop(visible, ours), _frame(window, visible, ours)
    overlay = None if apart is None else overlay_of(apart, visible, ours)
    named = {
        "resized": max(abs(across - 1), abs(down - 1)) > 1e-6,
        "cropped": crop is not None,
        "framed": frame is not None,
        "mirrored": match.turn.mirrored,
        "rotated": bool(match.turn.rotation),
        "recoloured": apart is not None and apart.recoloured,
        "overlaid": overlay is not None,
    }
    return Relation(
        names=tuple(name for name, holds in named.items() if holds),
        scale=round((across * down) ** 0.5, 4),
        crop=crop,
        frame=frame,
        overlay=overlay,
        rotation=match.turn.rotation,
        mirrored=match.turn.mirrored,
        window=window,
        visible=visible,
    )


def differing(match: Match, window: Window, visible: Edges) -> Differences | None:
    """What differs of two pictures that lie over each other; None for next to no pixels."""
    from PIL import Image

    width = (visible[2] - visible[0]) * match.ours.size[0]
    height = (visible[3] - visible[1]) * match.ours.size[1]
    side = round((POINTS * max(width / height, height / width)) ** 0.5)
    pair = sampled(match.ours.image, match.theirs.image, window, side, visible)
    if pair is None:
        return None
    views = (match.ours, match.theirs)
    if not any(each.solid for each in views):
        return differences(*pair)
    ours, theirs = (each.solid or Image.new("L", each.image.size, 255) for each in views)
    solids = sampled(ours, theirs, window, side, visible) or ()
    known = [solid for solid, each in zip(solids, views, strict=True) if each.solid]
    return differences(*pair, known)


def _barred(apart: Differences, window: Window, visible: Edges, size: tuple[int, int]) -> Edges:
    """What is visible without the bars along edges where something was cut off or added, too.

    A picture that was cut and got a caption below is the same, point by point, as one of which less
    was cut and whose lower edge was covered: the first is what people do.
    """
    width, height = visible[2] - visible[0], visible[3] - visible[1]
    added = _added(window, visible)
    room = (visible[0], visible[1], 1 - visible[2], 1 - visible[3])
    lengths = [
        bar * side if max(missing, more) >= 2 * limit else 0.0
        for bar, side, missing, more, limit in zip(
            apart.bars, (width, height, width, height), room, added, _limits(size), strict=True
        )
    ]
    return (
        visible[0] + lengths[0],
        visible[1] + lengths[1],
        visible[2] - lengths[2],
        visible[3] - lengths[3],
    )


def _added(window: Window, visible: Edges) -> Edges:
    """What the published picture shows beyond `visible`, on each side."""
    return (
        visible[0] - window.left,
        visible[1] - window.top,
        window.left + window.width - visible[2],
        window.top + window.height - visible[3],
    )


def _simplest(match: Match) -> Window:
    """The window of the match, measured finely, and whole pixels where nothing speaks against."""
    fine: Window | None = match.window
    for side, steps in FINE:
        if fine is not None:
            fine = aligned(match.ours.grey, match.theirs.grey, fine, side, steps)
    window = match.window
    if fine is not None:
        better = judged(match.ours, match.theirs, match.turn, fine)
        if better is not None and better.agreement >= match.agreement - 0.01:
            window = fine
    window = _unscaled(_snapped(window, match), match)
    return WHOLE if window != WHOLE and _fits_whole(match, window) else window


def _fits_whole(match: Match, window: Window) -> bool:
    """Do both fit as well with nothing cut off? So it is where there is little to align by."""
    shape = match.ours.size[0] * match.theirs.size[1] / (match.ours.size[1] * match.theirs.size[0])
    if abs(shape - 1) > EVEN:
        return False
    whole = judged(match.ours, match.theirs, match.turn, WHOLE)
    if whole is None or whole.agreement < match.agreement - 0.02:
        return False
    return _is_no_worse(WHOLE, window, match)


def _unscaled(window: Window, match: Match) -> Window:
    """The window in which nothing is scaled, where it is near and both fit as well in it."""
    ours, theirs = match.ours.size, match.theirs.size
    width, height = theirs[0] / ours[0], theirs[1] / ours[1]
    apart = max(abs(window.width / width - 1), abs(window.height / height - 1))
    if ours == theirs or apart > NEARLY:
        return window
    if apart <= 1e-6:
        if max(*ours, *theirs) > FINE[-1][0]:
            return window  # a pixel of the raster is more than one of theirs
        moved = _placed(window, match)
        fits = (distance(match, each, FINE[-1][0]) for each in (moved, window))
        return moved if next(fits) < 0.9 * next(fits) else window
    left = window.left + (window.width - width) / 2
    top = window.top + (window.height - height) / 2
    start = replace(match, window=Window(left, top, width, height))
    plain = shifted(replace(start, window=shifted(start)), FINE[-1][0])
    plain = _placed(plain, match)
    return plain if _is_no_worse(plain, window, match) else window


def _placed(window: Window, match: Match) -> Window:
    """The window, moved a little along both sides to where both fit best."""
    size, side = match.ours.size, FINE[-1][0]
    steps = [max(1.0, each / side / 2) for each in size]
    for across, down in ((steps[0], 0.0), (0.0, steps[1])):
        places = [
            replace(
                window,
                left=round(window.left * size[0] + count * across) / size[0],
                top=round(window.top * size[1] + count * down) / size[1],
            )
            for count in range(-2, 3)
        ]
        window = min(places, key=lambda each: distance(match, each, side))
    return window


def _is_no_worse(one: Window, other: Window, match: Match) -> bool:
    side = FINE[-1][0]
    return distance(match, one, side) <= 1.02 * distance(match, other, side) + 0.1


def distance(match: Match, window: Window, side: int) -> float:
    """Mean absolute difference per channel on a raster of `side` pixels, 0 to 255."""
    from PIL import ImageChops, ImageStat

    pair = sampled(match.ours.image, match.theirs.image, window, side)
    if pair is None:
        return 255.0
    return sum(ImageStat.Stat(ImageChops.difference(*pair)).mean) / 3


def _snapped(window: Window, match: Match) -> Window:
    """The window with edges that lie on the original's, and a scale of 1, where they nearly do."""
    ours, theirs = match.ours.size, match.theirs.size
    limits = [SMALL + FAINT / min(pair) for pair in zip(ours, theirs, strict=True)]
    ends = (window.left + window.width - 1, window.top + window.height - 1)
    fits = (
        max(abs(window.left), abs(ends[0])) <= limits[0],
        max(abs(window.top), abs(ends[1])) <= limits[1],
    )
    if all(fits):
        return WHOLE
    across = theirs[0] / (window.width * ours[0])
    down = theirs[1] / (window.height * ours[1])
    if abs(across / down - 1) > EVEN:
        return window
    scale = (across * down) ** 0.5
    if any(fits):
        scale = theirs[0] / ours[0] if fits[0] else theirs[1] / ours[1]
    if abs(scale - 1) < UNSCALED:
        scale = 1.0
    width, height = theirs[0] / ours[0] / scale, theirs[1] / ours[1] / scale
    return Window(
        _edge(window.left + (window.width - width) / 2, width, limits[0], ours[0]),
        _edge(window.top + (window.height - height) / 2, height, limits[1], ours[1]),
        width,
        height,
    )


def _edge(start: float, length: float, limit: float, pixels: int) -> float:
    """`start`, so that it or the end lies on an edge of the original, or else on a pixel's."""
    end = start + length - 1
    if abs(start) <= min(limit, abs(end)):
        return 0.0
    if abs(end) <= limit:
        return 1 - length
    return round(start * pixels) / pixels


def _crop(visible: Edges, size: tuple[int, int]) -> Crop | None:
    """What is left of the original, where something of it is missing."""
    missing = (visible[0], visible[1], 1 - visible[2], 1 - visible[3])
    if not any(part >= limit for part, limit in zip(missing, _limits(size), strict=True)):
        return None
    return Crop(**_box(visible, size))


def _limits(size: tuple[int, int]) -> list[float]:
    """What is nothing, in the original's sides."""
    return [max(0.5 / side, SMALL) for side in (*size, *size)]


def _box(edges: Edges, size: tuple[int, int]) -> dict[str, int]:
    left, top = round(edges[0] * size[0]), round(edges[1] * size[1])
    right, bottom = round(edges[2] * size[0]), round(edges[3] * size[1])
    return {"left": left, "top": top, "width": right - left, "height": bottom - top}


def _frame(window: Window, visible: Edges, size: tuple[int, int]) -> Frame | None:
    """What was added on each side."""
    added = _added(window, visible)
    sides = zip(added, _limits(size), (*size, *size), strict=True)
    left, top, right, bottom = (
        max(1, round(part * side)) if part >= limit else 0 for part, limit, side in sides
    )
    if not (left or top or right or bottom):
        return None
    return Frame(left=left, top=top, right=right, bottom=bottom)


def overlay_of(apart: Differences, visible: Edges, size: tuple[int, int]) -> Overlay | None:
    """What was laid over a picture of `size`, of which `visible` is left."""
    if apart.box is None:
        return None
    width, height = visible[2] - visible[0], visible[3] - visible[1]
    edges = (
        visible[0] + apart.box[0] * width,
        visible[1] + apart.box[1] * height,
        visible[0] + apart.box[2] * width,
        visible[1] + apart.box[3] * height,
    )
    return Overlay(**_box(edges, size), share=round(apart.share, 4))
