"""Comparing: is it the same picture, and what happened to its pixels on the way?

Both pictures are reduced to a small raster. Two rasters show the same picture when their edges
correlate, which brightness, contrast, colour space and compression hardly change, and which the
light sky and dark ground that most photographs share do not feign; flat ones when their colours
agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product, zip_longest
from math import sqrt
from typing import TYPE_CHECKING

from genlabel.model.errors import MalformedAsset, UnsupportedFormat
from genlabel.model.results import Pixels
from genlabel.pixels.decode import (
    MAX_PIXELS,
    ORIENTATION,
    TooLarge,
    bands,
    digests,
    opened,
    turn,
)

if TYPE_CHECKING:
    from PIL import Image

RASTER = 32
"""Width and height of the raster on which pictures are compared."""
DRAFT = 256
"""Pictures are first reduced to fit this square; JPEG is decoded no larger than it must be."""
SAME = 0.60
"""Least correlation of the edges of one picture. Of 3,784 pairs of different pictures none had
more than 0.50; JPEG q20, WebP q50, 128 px, grey, a logo on 4 % of the area and brightness -40 to
+60 % left 0.72 or more. A rim of 3 % cut off leaves 5 of 6 pictures above it."""
STRONG = 4
"""Edges count for no more than so many times the average one: a logo is not the whole picture."""
FLAT = 500.0
"""Root mean square below which a raster has no edges, in thousandths of a grey level."""
NEAR = 12.0
"""Largest mean difference of two flat rasters of one picture."""
ASPECT = 0.02
"""Relative difference of aspect ratios above which a centred crop is tried."""

_Raster = bytes  # RASTER * RASTER RGB triples


@dataclass(frozen=True, slots=True)
class _Look:
    """What is compared of one picture."""

    format: str
    size: tuple[int, int]
    """As displayed, orientation applied."""
    views: tuple[Image.Image, ...]
    """Reduced, RGB or RGBA: as displayed, then as stored where an orientation says otherwise."""


def compare(
    original: bytes | memoryview, published: bytes | memoryview, *, max_pixels: int = MAX_PIXELS
) -> Pixels:
    """What happened to the pixels of `original` on the way to `published`.

    ``identical``: every decoded pixel of every frame is equal, in the same format (a caller that
    knows the coded pictures to be equal may say ``metadata-only``); else ``converted`` to another
    format, ``resized`` (or cropped about its centre), ``re-encoded``, or ``different``: not the
    same picture. ``undecodable`` when one of the two cannot be decoded, with the reason
    ``too-large`` when it has more than `max_pixels` pixels.
    Never raises for what the bytes hold.
    """
    if original == published:
        return Pixels(same_picture=True, change="identical", distance=0.0)
    try:
        sizes = [_size(each, max_pixels) for each in (original, published)]
        with turn(*sizes):
            return _compared(original, published, max_pixels)
    except TooLarge:
        return Pixels(same_picture=None, change="undecodable", reason="too-large")
    except (MalformedAsset, UnsupportedFormat):
        return Pixels(same_picture=None, change="undecodable")


def _size(data: bytes | memoryview, most: int) -> int:
    with opened(data, most=most) as image:
        return image.width * image.height


def _compared(
    original: bytes | memoryview, published: bytes | memoryview, max_pixels: int
) -> Pixels:
    ours, theirs = _look(original, max_pixels), _look(published, max_pixels)
    correlation, distance = _best(ours, theirs)
    if correlation < SAME:
        return Pixels(same_picture=False, change="different", distance=distance)
    change = _change(ours, theirs)
    # Equal pixels leave equal rasters; only then is it worth decoding both in full.
    if change == "re-encoded" and distance == 0.0 and _equal(original, published, max_pixels):
        return Pixels(same_picture=True, change="identical", distance=0.0)
    return Pixels(same_picture=True, change=change, distance=distance)


def _change(ours: _Look, theirs: _Look) -> str:
    if ours.format != theirs.format:
        return "converted"
    # An orientation that was lost or applied turns the size, and resizes nothing.
    return "re-encoded" if sorted(ours.size) == sorted(theirs.size) else "resized"


def _equal(original: bytes | memoryview, published: bytes | memoryview, max_pixels: int) -> bool:
    both = (digests(each, most=max_pixels) for each in (original, published))
    return all(one == other for one, other in zip_longest(*both))


def _look(data: bytes | memoryview, max_pixels: int) -> _Look:
    from PIL import Image

    with opened(data, most=max_pixels) as image:
        name = {"MPO": "JPEG"}.get(image.format or "", image.format or "")
        stored = image.size
        image.draft(None, (DRAFT, DRAFT))
        small = reduced(image)
        small.thumbnail((DRAFT, DRAFT), Image.Resampling.BOX, reducing_gap=2.0)
        shown_as = turned(image, small)
        if shown_as is None:
            return _Look(name, stored, (small,))
        upright = shown_as.width > shown_as.height
        landscape = small.width > small.height
        shown = stored if upright == landscape else (stored[1], stored[0])
        return _Look(name, shown, (shown_as, small))


def reduced(image: Image.Image) -> Image.Image:
    """The picture as `_eight_bits` makes it, in bands, each reduced at once to what is looked at.

    So a large one is in memory once, as it was decoded, and never beside its own conversion.
    """
    from PIL import Image

    image.load()
    longer = max(image.size)
    factor = max(1, longer // (4 * DRAFT))
    if factor == 1:
        return _eight_bits(image)
    deep = image.mode in ("F", "I") or image.mode.startswith("I;")
    across, down = min(factor, image.width), min(factor, image.height)
    parts = []
    for band in bands(image, rows=down):
        if "transparency" in image.info:
            band.info["transparency"] = image.info["transparency"]
        plain = band.convert("F") if deep else _eight_bits(band)
        parts.append(plain.reduce((across, down)))
    size = (parts[0].width, sum(part.height for part in parts))
    whole = Image.new(parts[0].mode, size)
    top = 0
    for part in parts:
        whole.paste(part, (0, top))
        top += part.height
    return _eight_bits(whole) if deep else whole


def _eight_bits(image: Image.Image) -> Image.Image:
    """The picture as RGB or RGBA; deep grey is stretched, as Pillow would cut it off."""
    if image.mode in ("F", "I") or image.mode.startswith("I;"):
        deep = image.convert("F")
        low, high = deep.getextrema()
        assert isinstance(low, float)
        assert isinstance(high, float)
        scale = 255.0 / (high - low) if high > low else 0.0
        return deep.point(lambda value: value * scale - low * scale).convert("L").convert("RGB")
    transparent = image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info
    return image.convert("RGBA" if transparent else "RGB")


def turned(image: Image.Image, small: Image.Image) -> Image.Image | None:
    """`small` as the Exif orientation of `image` shows it; None where it changes nothing."""
    from PIL import Image

    try:
        orientation = image.getexif().get(ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, TypeError, LookupError):
        return None  # damaged Exif says nothing; the picture is still one
    turn = Image.Transpose
    method = {
        2: turn.FLIP_LEFT_RIGHT,
        3: turn.ROTATE_180,
        4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE,
        6: turn.ROTATE_270,
        7: turn.TRANSVERSE,
        8: turn.ROTATE_90,
    }.get(orientation if isinstance(orientation, int) else 1)
    return None if method is None else small.transpose(method)


def _best(ours: _Look, theirs: _Look) -> tuple[float, float]:
    """Correlation and distance of the most alike of the ways in which the two can be seen."""
    shown = theirs.views[0]
    seen = []
    for view in ours.views:
        for box in _boxes(view, shown):
            if view.mode == shown.mode == "RGBA":  # both over the same ground, twice
                seen.append(_both(view, box, shown))
            else:
                for one, other in product(_rasters(view, box), _rasters(shown, None)):
                    seen.append(_alike(one, other))
    return max(seen, key=lambda pair: (round(pair[0], 6), -pair[1]))


def _both(view: Image.Image, box: _Box, shown: Image.Image) -> tuple[float, float]:
    pairs = [
        _alike(_over(view, box, ground), _over(shown, None, ground))
        for ground in ("white", "black")
    ]
    return min(pair[0] for pair in pairs), max(pair[1] for pair in pairs)


_Box = tuple[float, float, float, float] | None


def _boxes(view: Image.Image, shown: Image.Image) -> Iterator[_Box]:
    """The whole, and where the shapes differ the largest centred part of the other's shape."""
    yield None
    width, height = view.size
    wanted = shown.width / shown.height
    if abs(wanted / (width / height) - 1) > ASPECT:
        across, down = min(width, height * wanted), min(height, width / wanted)
        left, top = (width - across) / 2, (height - down) / 2
        yield (left, top, left + across, top + down)


def _rasters(view: Image.Image, box: _Box) -> Iterator[_Raster]:
    """The raster, or the ways in which a transparent picture may have been flattened."""
    if view.mode == "RGB":
        yield _raster(view, box)
        return
    yield _over(view, box, "white")
    yield _over(view, box, "black")
    yield _raster(view.convert("RGB"), box)  # transparency dropped, hidden colours laid bare


def _over(view: Image.Image, box: _Box, ground: str) -> _Raster:
    from PIL import Image

    flat = Image.new("RGBA", view.size, ground)
    flat.alpha_composite(view)
    return _raster(flat.convert("RGB"), box)


def _raster(view: Image.Image, box: _Box) -> _Raster:
    from PIL import Image

    return view.resize((RASTER, RASTER), Image.Resampling.BILINEAR, box=box).tobytes()


def _alike(one: _Raster, other: _Raster) -> tuple[float, float]:
    """Correlation of the edges (-1 to 1) and mean absolute difference (0 to 255) of two rasters.

    For flat rasters, which have no edges to correlate, correlation is 1 or 0 by their colours.
    """
    distance = sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)
    ours, theirs = _edges(one), _edges(other)
    power, other_power = sum(a * a for a in ours), sum(b * b for b in theirs)
    flat = FLAT * FLAT * len(ours)
    if min(power, other_power) < flat:
        alike = distance <= NEAR and max(power, other_power) < 4 * flat
        return (1.0 if alike else 0.0), distance
    one_soft, other_soft = _softened(ours), _softened(theirs)
    common = sum(a * b for a, b in zip(one_soft, other_soft, strict=True))
    both = sum(a * a for a in one_soft) * sum(b * b for b in other_soft)
    return common / sqrt(both), distance


def _softened(edges: list[int]) -> list[float]:
    """The edges, the strongest cut down to a multiple of the average."""
    most = STRONG * sum(abs(edge) for edge in edges) / len(edges)
    return [max(-most, min(most, edge)) for edge in edges]


def _edges(raster: _Raster) -> list[int]:
    """How much the luma (ITU-R BT.601 weights, times 1000) rises to the right and downwards."""
    pixels = zip(raster[::3], raster[1::3], raster[2::3], strict=True)
    luma = [299 * red + 587 * green + 114 * blue for red, green, blue in pixels]
    rows = range(0, len(luma), RASTER)
    across = [luma[row + x + 1] - luma[row + x] for row in rows for x in range(RASTER - 1)]
    down = [luma[i + RASTER] - luma[i] for i in range(len(luma) - RASTER)]
    return across + down
