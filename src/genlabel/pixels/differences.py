"""Differences: how the colours changed between two pictures that lie over each other, and where
something else is shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass
from genlabel.pixels.alignment import detail, tiles
from genlabel.pixels.overlays import APART, overlaid
from genlabel.pixels.sameness import covered, widest
from genlabel.pixels.tones import GAIN, LEAST, levels, lit, tones
from genlabel.pixels.windows import Edges

if TYPE_CHECKING:
    from PIL import Image

POINTS = 24_000
"""Pixels of the raster on which two pictures are compared point by point."""
SHIFT = 6.0
"""Root mean square, in levels of 255, by which the tones are moved where colours are another's."""
DRAINED = 0.3
"""Share of its colour below which a picture that had some is grey."""
CHROMA = 6.0
"""Mean difference of channels, in levels, of a picture that has colour."""

BLOCKS = 16
"""Tiles along the longer side in which the detail is compared."""
ALIKE = 0.6
"""Correlation of the detail of a tile from which on both show the same there."""
EQUAL = 0.8
"""Correlation from which on the tones can be compared."""
EDGE = 24
"""Difference, in levels, of neighbours between which there is an edge."""
_HALF = [255 * (16 <= value < 240) for value in range(256)]


@dataclass(frozen=True, slots=True)
class Differences:
    """What compression does not explain."""

    recoloured: bool
    box: Edges | None
    """Of what was laid over, in sides of what both show."""
    share: float
    """Part of what both show that is covered."""
    bars: Edges
    """Thickness of the bars along the edges that are something else all along."""


def differences(
    one: Image.Image, other: Image.Image, solids: Sequence[Image.Image] = ()
) -> Differences:
    """Between two RGB pictures on one raster; where one of `solids`, the transparency of the first
    or of both, is dark, a ground is seen."""
    from PIL import ImageChops

    solid = reduce(ImageChops.darker, solids) if solids else None
    agreeing, asked = _agreeing(one.convert("L"), other.convert("L"), solid)
    box = covered(widest(ImageChops.difference(one, other)))
    if box is not None:
        outside = asked.copy()
        outside.paste(0, box)
        # one level beside the box says nothing of what may have become of the others
        asked = outside if lit(outside) >= LEAST and levels(one, outside) > 1 else asked
    grey = _is_drained(one, other)
    pairs = [*zip(one.split(), other.split(), strict=True), (one.convert("L"), other.convert("L"))]
    *channels, luma = (tones(*pair, asked) for pair in pairs)
    recoloured = grey or any(each.shift > SHIFT or each.is_scaled() for each in (luma, *channels))
    if abs(luma.gain) >= GAIN:  # then two levels of a channel are enough
        recoloured = recoloured or any(each.is_scaled(2) for each in channels)
    kept = list(range(256))
    curve = luma.curve() if recoloured else kept
    apart = _moved(one.convert("L"), curve, other.convert("L"), solid)
    if not grey:
        curve = [value for each in channels for value in (each.curve() if recoloured else kept)]
        colours = _moved(one, curve, other, solid).point([value * 3 // 5 for value in range(256)])
        apart = ImageChops.lighter(apart, colours)
    if len(solids) == 2:
        apart = ImageChops.lighter(apart, ImageChops.difference(*solids))
        # what is laid over hides: what stays half transparent was coded anew
        half = ImageChops.darker(*(each.point(_HALF) for each in solids))
        apart.paste(0, mask=half)
    noise = sorted(apart.tobytes())[apart.width * apart.height // 2]
    return Differences(recoloured, *overlaid(apart, max(APART, 6 * noise), agreeing))


def _agreeing(
    one: Image.Image, other: Image.Image, solid: Image.Image | None
) -> tuple[Image.Image, Image.Image]:
    """Light where the detail of both is the same; and where their tones can be compared: there,
    but not at edges, which blur, nor where a ground is seen."""
    from PIL import Image, ImageChops, ImageFilter

    measured = tiles(detail(one), detail(other), BLOCKS)
    agreeing, sure = (Image.new("L", measured.size) for _ in range(2))
    agreeing.putdata([255 * (value > ALIKE) for value in measured.correlations()])
    sure.putdata([255 * (value > EQUAL) for value in measured.correlations()])
    agreeing, sure = (each.resize(one.size, Image.Resampling.NEAREST) for each in (agreeing, sure))
    high, low = one.filter(ImageFilter.MaxFilter(3)), one.filter(ImageFilter.MinFilter(3))
    even = ImageChops.difference(high, low).point([255 * (value < EDGE) for value in range(256)])
    every = solid or Image.new("L", one.size, 255)
    for asked in (ImageChops.darker(sure, even), sure, agreeing):
        asked = ImageChops.darker(asked, every)
        if lit(asked) >= LEAST:
            return agreeing, asked
    return agreeing, every


def _moved(
    one: Image.Image, curve: list[int], other: Image.Image, solid: Image.Image | None
) -> Image.Image:
    """How far `other` is from `one` with its tones moved, at each point."""
    moved = one.point(curve)
    if solid is not None:
        moved.paste(one, mask=solid.point([255 * (value < 128) for value in range(256)]))
    return _apart(moved, other)


def _apart(one: Image.Image, other: Image.Image) -> Image.Image:
    """The greatest difference of a channel at each point."""
    from PIL import ImageChops

    return widest(ImageChops.difference(one, other))


def _is_drained(one: Image.Image, other: Image.Image) -> bool:
    before, after = chroma(one), chroma(other)
    return before > CHROMA and after < DRAINED * before


def chroma(image: Image.Image) -> float:
    """How far the channels of an RGB picture are apart, on average, in levels."""
    from PIL import ImageChops, ImageStat

    red, green, blue = image.split()
    pairs = ((red, green), (green, blue), (red, blue))
    return max(ImageStat.Stat(ImageChops.difference(*pair)).mean[0] for pair in pairs)
