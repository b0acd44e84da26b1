"""Masks: pictures of which only matters what is neither black nor transparent in them."""

from __future__ import annotations

from genlabel.model.errors import MalformedAsset, UnsupportedFormat
from genlabel.pixels.decode import opened, turn

Size = tuple[int, int]
Box = tuple[int, int, int, int]


def size(data: bytes | memoryview) -> Size | None:
    """Width and height of a picture as it is stored; None where that cannot be told."""
    try:
        with opened(data) as image:
            return image.size
    except (MalformedAsset, UnsupportedFormat):
        return None


def covered(data: bytes) -> tuple[Size, Box | None]:
    """The size of a mask, and left, top, width and height of the smallest rectangle around all that
    is neither black nor transparent in it; None of an empty one.

    Raises `UnsupportedFormat` or `MalformedAsset`.
    """
    with opened(data) as image, turn(image.width * image.height):
        if image.has_transparency_data:
            lit = image.convert("RGBA")
            # what is transparent counts as black, whatever colour lies below
            drawn = image.convert("RGBA").convert("RGB")
            drawn.paste((0, 0, 0), mask=lit.getchannel("A").point(lambda alpha: 255 * (not alpha)))
        else:
            drawn = image.convert("RGB")
        box = drawn.getbbox()
        whole = image.size
    if box is None:
        return whole, None
    left, top, right, bottom = box
    return whole, (left, top, right - left, bottom - top)
