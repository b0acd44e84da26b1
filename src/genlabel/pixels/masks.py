"""Masks: pictures of which only matters what is neither black nor transparent in them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from genlabel.model.errors import MalformedAsset, UnsupportedFormat
from genlabel.pixels.decode import opened, turn

if TYPE_CHECKING:
    from PIL import Image

Size = tuple[int, int]
Box = tuple[int, int, int, int]


def size(data: bytes | memoryview) -> Size | None:
    """Width and height of a picture as it is stored; None where that cannot be told."""
    try:
        with opened(data) as image:
            return image.size
    except (MalformedAsset, UnsupportedFormat):
        return None


def in_two_colours(data: bytes) -> bytes:
    """A mask as PNG in black and white, and nothing else that was in its file.

    Raises `UnsupportedFormat` or `MalformedAsset`.
    """
    from PIL.Image import Dither

    with opened(data) as image, turn(image.width * image.height):
        lit = _drawn(image).convert("1", dither=Dither.NONE)
        file = BytesIO()
        lit.save(file, "png", optimize=True)
    return file.getvalue()


def covered(data: bytes) -> tuple[Size, Box | None]:
    """The size of a mask, and left, top, width and height of the smallest rectangle around all that
    is neither black nor transparent in it; None of an empty one.

    Raises `UnsupportedFormat` or `MalformedAsset`.
    """
    with opened(data) as image, turn(image.width * image.height):
        box = _drawn(image).getbbox()
        whole = image.size
    if box is None:
        return whole, None
    left, top, right, bottom = box
    return whole, (left, top, right - left, bottom - top)


def _drawn(image: Image.Image) -> Image.Image:
    """A channel that is lit where a mask is neither black nor transparent."""
    from PIL import ImageChops

    colours = image.convert("RGBA")
    red, green, blue, alpha = colours.split()
    brightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return ImageChops.darker(
        brightest.point(lambda level: 255 * (level > 0)),
        alpha.point(lambda level: 255 * (level > 0)),
    )
