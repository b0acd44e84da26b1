"""Searching: where in the original, and how large, the published picture may lie.

Both are reduced to some thousand signs: lighter than around, darker, or neither. As rows of bits in
one long number each position costs a shift and a count of bits.
"""

from __future__ import annotations

import heapq
from math import log
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass
from genlabel.pixels.windows import Window

if TYPE_CHECKING:
    from PIL import Image

POINTS, LONGEST = 1800, 63
"""Pixels of the raster of signs, and of its longer side at most."""
STEP = 1.06
"""From one size that is tried to the next."""
SMALLEST, LARGEST = 0.42, 1.75
"""Sizes of the published picture that are tried, in the original's."""
_PARTS = [SMALLEST * STEP**at for at in range(int(log(LARGEST / SMALLEST, STEP)) + 1)]
SOUGHT = 176
"""Pixels of the longer side of what is looked for, from which all sizes of it are made."""
PART = 0.6
"""How much of the published picture's sides, about its middle, is looked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """A window that may be it, and how much speaks for it."""

    window: Window
    score: float


_STRIDE = 64
_Box = tuple[int, int, int, int]


def _signs(image: Image.Image, box: _Box) -> tuple[Image.Image, Image.Image]:
    """Where `box` of the picture is lighter and where it is darker than around, as pictures of
    bits; what stands out elsewhere, such as a frame, does not count."""
    from PIL import ImageChops, ImageFilter, ImageStat

    blur = image.filter(ImageFilter.BoxBlur(3))
    relief = ImageChops.subtract(image, blur, 1, 128).crop(box)
    least = max(1.5, 0.4 * ImageStat.Stat(relief).stddev[0])
    lighter = relief.point([255 * (value > 128 + least) for value in range(256)], "1")
    darker = relief.point([255 * (value < 128 - least) for value in range(256)], "1")
    return lighter, darker


def _stretched(image: Image.Image, part: float) -> Image.Image:
    """The picture with all its tones used, as `part` of its sides, about its middle, has them."""
    width, height = image.size
    left, top = round(width * (1 - part) / 2), round(height * (1 - part) / 2)
    counts = image.crop((left, top, width - left, height - top)).histogram()
    few = sum(counts) / 200
    low = next(level for level in range(256) if sum(counts[: level + 1]) > few)
    high = next(level for level in range(255, -1, -1) if sum(counts[level:]) > few)
    times = 255 / max(8, high - low)
    return image.point([max(0, min(255, round((level - low) * times))) for level in range(256)])


def _no_larger(image: Image.Image) -> Image.Image:
    """The picture with sides of at most about `SOUGHT` pixels."""
    factor = max(image.size) // SOUGHT
    sides = min(factor, image.width), min(factor, image.height)
    return image.reduce(sides) if factor > 1 else image


def _bits(image: Image.Image, size: tuple[int, int]) -> int:
    from PIL import Image

    canvas = Image.new("1", size)
    canvas.paste(image, (0, 0))
    return int.from_bytes(canvas.tobytes(), "big")


class Field:
    """The original's signs, in which those of a published picture are looked for."""

    def __init__(self, ours: Image.Image) -> None:
        from PIL import Image

        scale = min((POINTS / (ours.width * ours.height)) ** 0.5, LONGEST / max(ours.size))
        size = (max(8, round(ours.width * scale)), max(8, round(ours.height * scale)))
        small = _stretched(ours, 1.0).resize(size, Image.Resampling.BILINEAR)
        self.size = size
        self._rows = size[1] + 1
        lighter, darker = (
            _bits(each, (_STRIDE, self._rows)) for each in _signs(small, (0, 0, *size))
        )
        self._far = _STRIDE * self._rows
        self._same = lighter << self._far | darker
        self._opposite = darker << self._far | lighter

    def places(self, theirs: Image.Image, most: int) -> list[Place]:
        """The windows that fit best, best first; at most one of each size, of which every other one
        is tried, and then those beside the best."""
        theirs = _stretched(_no_larger(theirs), PART)
        found = {at: self._of_part(theirs, at) for at in range(0, len(_PARTS), 2)}

        def best(count: int) -> list[int]:
            places = ((at, place.score) for at, place in found.items() if place is not None)
            return [at for at, _ in heapq.nlargest(count, places, key=lambda pair: pair[1])]

        beside = {at + step for at in best(most + 1) for step in (-1, 1)}
        found |= {at: self._of_part(theirs, at) for at in beside if 0 <= at < len(_PARTS)}
        return [place for at in best(most) if (place := found[at]) is not None]

    def _of_part(self, theirs: Image.Image, at: int) -> Place | None:
        """The best window of that size; None where it has none."""
        from PIL import Image

        width, height = self.size
        across = round(width * _PARTS[at])
        down = max(8, round(across * theirs.height / theirs.width))
        if across < 8 or down > 2.5 * height:
            return None
        whole = (across / width, down / height)
        view = theirs.resize((across, down), Image.Resampling.BILINEAR)
        return next(iter(self._best(view, whole, PART, 1)), None)

    def of_size(self, theirs: Image.Image, sides: tuple[float, float], most: int) -> list[Place]:
        """The windows of this width and height that fit best, best first."""
        from PIL import Image

        part = 1.0 if max(sides) <= 1 else PART
        theirs = _stretched(_no_larger(theirs), part)
        across, down = (int(side * pixels) for side, pixels in zip(sides, self.size, strict=True))
        if min(across, down) < 8 or down > 2.5 * self.size[1] or across > 2.5 * self.size[0]:
            return []
        box = (
            0,
            0,
            theirs.width * across / (sides[0] * self.size[0]),
            theirs.height * down / (sides[1] * self.size[1]),
        )
        view = theirs.resize((across, down), Image.Resampling.BILINEAR, box=box)
        return self._best(view, sides, part, most)

    def _best(
        self, view: Image.Image, whole: tuple[float, float], part: float, most: int
    ) -> list[Place]:
        """The best places of `view`, of which `part` about the middle is looked for, as windows
        of the sides `whole`."""
        width, height = self.size
        across, down = view.size
        wide, high = min(width, round(across * part)), min(height, round(down * part))
        left, top = (across - wide) // 2, (down - high) // 2
        one, other = (
            _bits(each, (_STRIDE, high))
            for each in _signs(view, (left, top, left + wide, top + high))
        )
        count = one.bit_count() + other.bit_count()
        if count < 12:
            return []
        wanted = one << self._far | other
        shifts = [
            (self._rows - high - y) * _STRIDE - x
            for y in range(height - high + 1)
            for x in range(width - wide + 1)
        ]
        same = [(self._same >> shift & wanted).bit_count() for shift in shifts]
        found = []
        for score, at in self._scored(wanted, shifts, same, most):
            y, x = divmod(at, width - wide + 1)
            window = Window((x - left) / width, (y - top) / height, *whole)
            found.append(Place(window, score / count * count**0.25))
        return found

    def _scored(
        self, wanted: int, shifts: list[int], same: list[int], most: int
    ) -> list[tuple[int, int]]:
        """The highest scores, highest first, each with its place among `shifts`.

        A score is what is the same less what is the opposite: where less is the same than a score
        that was found, nothing needs to be counted.
        """
        best: list[tuple[int, int]] = []
        for at in sorted(range(len(same)), key=same.__getitem__, reverse=True):
            if len(best) == most and same[at] <= best[0][0]:
                break
            score = same[at] - (self._opposite >> shifts[at] & wanted).bit_count()
            if len(best) < most:
                heapq.heappush(best, (score, -at))
            else:
                heapq.heappushpop(best, (score, -at))
        return [(score, -at) for score, at in sorted(best, reverse=True)]
