"""Sameness: how much of what two pictures show has the same levels, point by point.

Tiles of detail tell little of a symbol on an empty ground or of a soft gradient, and nothing of
which way round a symmetric one stands. Levels do, where nobody changed them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

RASTER = 96
"""Pixels of the longer side of the raster on which it is measured."""
EQUAL = 8
"""Difference, in levels of every channel, within which two points are the same."""
APART = 24
"""Difference from which on something else is shown."""
SHOWS = 10
"""Difference, in levels, from a point `REACH` away of one that shows something."""
REACH = 7
BOX = 0.4
"""Part of the picture that something laid over it covers at most."""
LEFT = 0.35
"""Part of all that shows something that is left outside of that at least."""
ENOUGH = 0.9
"""Sameness from which on nothing better is looked for."""
LEAST_GAIN = 0.6
"""Factor of brightness to which, and from whose inverse, one is made as light as the other."""
STRIPES, STRIPED = (160, 160), 4.0
"""The raster on which stripes are looked for, and how much more levels change across them."""
UNSEEN = 0.25
"""Levels by which neighbours along stripes differ on average where there is nothing to see."""
MARGIN = 12
"""Difference, in levels, from a picture's corner within which a margin is even."""
HUE = 16.0
"""Difference of the mean levels of two sets of stripes that may be the same."""
COLOURS = (48, 48)
"""The raster of which colours are counted."""
LEAST = 0.02
"""Part of the raster that shows something below which nothing is concluded."""


def sameness(one: Image.Image, other: Image.Image) -> float:
    """The part, 0 to 1, of all points at which one of two RGB pictures of one size shows something
    that is the same in both, as they are or with one made as light as the other; where what differs
    lies in a box, of those outside of it."""
    from PIL import ImageChops

    masks = [_shown(each) for each in (one, other)]
    shown = ImageChops.lighter(*masks)
    if _lit(shown) < LEAST * one.width * one.height:
        return 0.0
    share = _share(one, other, shown)
    if share >= ENOUGH:
        return share
    before, after = (_middle(*pair) for pair in zip((one, other), masks, strict=True))
    gain = after / max(1, before)
    if not LEAST_GAIN <= gain <= 1 / LEAST_GAIN or abs(gain - 1) < 1 / 32:
        return share
    levels = [min(255, round(level * gain)) for level in range(256)]
    return max(share, _share(one.point(levels * 3), other, shown))


def _middle(image: Image.Image, shown: Image.Image) -> int:
    """The middle level of the points that show something."""
    counts = image.convert("L").histogram(shown)
    left = sum(counts) / 2
    for level, count in enumerate(counts):
        left -= count
        if left <= 0:
            return level
    return 0


def _share(one: Image.Image, other: Image.Image, shown: Image.Image) -> float:
    """The part of what is `shown` that is the same."""
    from PIL import ImageChops

    count = _lit(shown)
    difference = widest(ImageChops.difference(one, other))
    same = ImageChops.darker(shown, difference.point(_WITHIN))
    share = _lit(same) / count
    box = covered(difference)
    if box is None:
        return share
    outside = shown.copy()
    outside.paste(0, box)
    same.paste(0, box)
    left, least = _lit(outside), LEAST * one.width * one.height
    return max(share, _lit(same) / left) if left >= max(LEFT * count, least) else share


def share_shown(image: Image.Image) -> float:
    """The part, 0 to 1, of an RGB picture that is no even ground."""
    small = image.copy()
    small.thumbnail((RASTER, RASTER))
    return _lit(_shown(small)) / (small.width * small.height)


def common_colours(one: Image.Image, other: Image.Image) -> float:
    """The part, 0 to 1, of the points of two RGB pictures whose colours, of 64, both have, wherever
    they lie."""
    from PIL import Image

    counts = []
    for image in (one, other):
        few = image.resize(COLOURS, Image.Resampling.BOX).point(_QUARTERS * 3)
        counts.append(Counter(zip(*(channel.tobytes() for channel in few.split()), strict=True)))
    return (counts[0] & counts[1]).total() / (COLOURS[0] * COLOURS[1])


def is_striped(image: Image.Image) -> bool:
    """Do levels change along one side, and hardly along the other? Nothing then tells how far along
    the stripes a part of the picture lies."""
    across, down = _changes(image)
    return max(across, down) >= STRIPED * min(across, down)


def is_even_along(image: Image.Image) -> bool:
    """Is it striped, and nowhere anything to see along the stripes?"""
    return is_striped(image) and min(_changes(image)) <= UNSEEN


def _changes(image: Image.Image) -> tuple[float, float]:
    """How much the levels of neighbours on a raster differ, across and down."""
    from PIL import Image, ImageChops, ImageStat

    small = image.convert("L").resize(STRIPES, Image.Resampling.BOX)
    width, height = STRIPES
    across, down = (
        ImageStat.Stat(ImageChops.difference(small.crop(one), small.crop(other))).mean[0]
        for one, other in (
            ((1, 0, width, height), (0, 0, width - 1, height)),
            ((0, 1, width, height), (0, 0, width, height - 1)),
        )
    )
    return across, down


def are_like_stripes(one: Image.Image, other: Image.Image) -> bool:
    """Are both, within an even margin, stripes whose colours are the same on average? What is as
    fine as pixels has other colours at each size, and each place looks like the next."""
    from PIL import ImageStat

    inner = [_within_margin(each) for each in (one, other)]
    means = zip(*(ImageStat.Stat(each).mean for each in inner), strict=True)
    return all(map(is_striped, inner)) and all(abs(a - b) <= HUE for a, b in means)


def _within_margin(image: Image.Image) -> Image.Image:
    """The picture without what has its corner's colour all along the edges."""
    from PIL import Image, ImageChops

    corner = Image.new(image.mode, image.size, image.getpixel((0, 0)))
    box = widest(ImageChops.difference(image, corner)).point(_UNEVEN).getbbox()
    return image if box is None else image.crop(box)


def covered(difference: Image.Image) -> tuple[int, int, int, int] | None:
    """The box about all that differs but for specks and seams; None where that is too much."""
    from PIL import ImageFilter

    box = difference.point(_APART).filter(ImageFilter.MinFilter(3)).getbbox()
    if box is None:
        return None
    left, top, right, bottom = box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2
    if (right - left) * (bottom - top) > BOX * difference.width * difference.height:
        return None
    return left, top, right, bottom


def _shown(image: Image.Image) -> Image.Image:
    """Light where a point differs from one that is `REACH` pixels to the right or below."""
    from PIL import ImageChops

    width, height = image.size
    moved = (ImageChops.offset(image, *by) for by in ((REACH, 0), (0, REACH)))
    right, below = (widest(ImageChops.difference(image, each)) for each in moved)
    right.paste(0, (0, 0, REACH, height))  # what came round from the other side
    below.paste(0, (0, 0, width, REACH))
    return ImageChops.lighter(right, below).point(_BEYOND)


def widest(difference: Image.Image) -> Image.Image:
    """The greatest difference of a channel at each point."""
    from PIL import ImageChops

    first, *others = difference.split()
    for channel in others:
        first = ImageChops.lighter(first, channel)
    return first


def _lit(mask: Image.Image) -> int:
    return mask.histogram()[255]


_QUARTERS = [value // 64 for value in range(256)]
_WITHIN = [255 * (value <= EQUAL) for value in range(256)]
_APART = [255 * (value > APART) for value in range(256)]
_UNEVEN = [255 * (value > MARGIN) for value in range(256)]
_BEYOND = [255 * (value >= SHOWS) for value in range(256)]
