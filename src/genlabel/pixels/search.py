"""Searching: where in the original, and how large, the published picture may lie.

Both are reduced to some thousand signs: lighter than around, darker, or neither. As rows of bits in
one long number each position costs a shift and a count of bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genlabel.pixels.windows import Window

if TYPE_CHECKING:
    from PIL import Image

POINTS, LONGEST = 1800, 63
"""Pixels of the raster of signs, and of its longer side at most."""
STEP = 1.06
"""From one size that is tried to the next."""
SMALLEST, LARGEST = 0.42, 1.75
"""Sizes of the published picture that are tried, in the original's."""
PART = 0.6
"""How much of the published picture's sides, about its middle, is looked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """A window that may be it, and how much speaks for it."""

    window: Window
    score: float


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


def _bits(image: Image.Image, size: tuple[int, int]) -> int:
    from PIL import Image

    canvas = Image.new("1", size)
    canvas.paste(image, (0, 0))
    return int.from_bytes(canvas.tobytes(), "big")


def places(ours: Image.Image, theirs: Image.Image, most: int) -> list[Place]:
    """The windows that fit best, best first, of grey pictures of any size."""
    from PIL import Image

    scale = min((POINTS / (ours.width * ours.height)) ** 0.5, LONGEST / max(ours.size))
    size = (max(8, round(ours.width * scale)), max(8, round(ours.height * scale)))
    small = _stretched(ours, 1.0).resize(size, Image.Resampling.BILINEAR)
    theirs = _stretched(theirs, PART)
    width, height = small.size
    stride, rows = 64, height + 1
    far = stride * rows
    lighter, darker = (_bits(each, (stride, rows)) for each in _signs(small, (0, 0, width, height)))
    field, turned = lighter << far | darker, darker << far | lighter
    found: list[Place] = []
    part = SMALLEST
    while part <= LARGEST:
        across = round(width * part)
        down = max(8, round(across * theirs.height / theirs.width))
        part *= STEP
        if across < 8 or down > 2.5 * height:
            continue
        wide, high = min(width, round(across * PART)), min(height, round(down * PART))
        left, top = (across - wide) // 2, (down - high) // 2
        view = theirs.resize((across, down), Image.Resampling.BILINEAR)
        signs = _signs(view, (left, top, left + wide, top + high))
        one, other = (_bits(each, (stride, high)) for each in signs)
        count = one.bit_count() + other.bit_count()
        if count < 12:
            continue
        wanted = one << far | other
        shifts = [
            (rows - high - y) * stride - x
            for y in range(height - high + 1)
            for x in range(width - wide + 1)
        ]
        scores = [
            (field >> shift & wanted).bit_count() - (turned >> shift & wanted).bit_count()
            for shift in shifts
        ]
        best = max(range(len(scores)), key=scores.__getitem__)
        y, x = divmod(best, width - wide + 1)
        window = Window((x - left) / width, (y - top) / height, across / width, down / height)
        found.append(Place(window, scores[best] / count * count**0.25))
    found.sort(key=lambda place: -place.score)
    return found[:most]
