"""Places: how large a label is, where it stands, and where that is in the pixels as stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlabel.model.errors import UnsupportedFormat
from genlabel.model.visible import Box, Position, VisibleStyle

if TYPE_CHECKING:
    from PIL import Image

LEAST_SIDE = 96
"""Pixels of the shorter side from which on something may be laid over a picture."""
LEAST_HEIGHT = 12
"""Pixels of a capital letter."""
LEAST_SHARE = 0.025
"""Of the shorter side."""
USUAL_SHARE = 0.03
NARROWEST = 28
"""Pixels of width from which on a strip has room for the letters AI in the shipped font."""
MOST_AREA = 0.15
"""Part of the picture that a label may cover."""
BLOCK = 16
"""A strip on a JPEG picture is a multiple of this high, so that its blocks stay the same."""


def letter_height(size: tuple[int, int], least_share: float, usual: float = USUAL_SHARE) -> int:
    """Pixels of a capital letter on a picture of this size; `least_share` is what a law wants."""
    shorter = min(size)
    wanted = max(LEAST_HEIGHT, -(-shorter * max(least_share, usual) // 1))
    return int(wanted)


def check_size(size: tuple[int, int], style: VisibleStyle) -> None:
    """Raise `UnsupportedFormat` for a picture that is too small to have something laid over it."""
    if style is not VisibleStyle.STRIP and min(size) < LEAST_SIDE:
        raise UnsupportedFormat(
            f"picture of {size[0]} by {size[1]} pixels: a label that can be read needs "
            f"{LEAST_SIDE} pixels a side",
            remedy=_remedy(size),
        )


def _remedy(size: tuple[int, int]) -> str:
    """What helps a picture on which there is no room."""
    if size[0] < NARROWEST:
        return "make it larger first"
    return "put the label outside of it with --style strip (of sign: --visible strip)"


def placed(size: tuple[int, int], plate: tuple[int, int], at: Position, margin: int) -> Box:
    """Where a plate stands on a picture. Raises `UnsupportedFormat` where it has no room."""
    room = (size[0] - 2 * margin - plate[0], size[1] - 2 * margin - plate[1])
    if min(room) < 0 or plate[0] * plate[1] > MOST_AREA * size[0] * size[1]:
        raise UnsupportedFormat(
            f"picture of {size[0]} by {size[1]} pixels: {plate[0]} by {plate[1]} pixels of words "
            "would cover too much",
            remedy=_remedy(size),
        )
    return Box(
        left=margin + round(room[0] * at.across),
        top=margin + round(room[1] * at.down),
        width=plate[0],
        height=plate[1],
    )


def as_stored(box: Box, shown: tuple[int, int], method: Image.Transpose | None) -> Box:
    """`box` of the picture as it is shown, in the pixels that `method` turns into that."""
    corners = [
        _point(corner, shown, method)
        for corner in ((box.left, box.top), (box.right - 1, box.bottom - 1))
    ]
    left, top = (min(each) for each in zip(*corners, strict=True))
    right, bottom = (max(each) + 1 for each in zip(*corners, strict=True))
    return Box(left=left, top=top, width=right - left, height=bottom - top)


def _point(
    point: tuple[int, int], shown: tuple[int, int], method: Image.Transpose | None
) -> tuple[int, int]:
    """The stored pixel that is shown at `point`."""
    if method is None:
        return point
    x, y = point
    right, bottom = shown[0] - 1 - x, shown[1] - 1 - y
    # Pillow's Transpose: mirrored, turned upside down, by 90, 180 and 270 degrees, transposed, both
    stored = (
        *((right, y), (x, bottom), (bottom, x), (right, bottom)),
        *((y, right), (y, x), (bottom, right)),
    )
    return stored[method]


_BACK = {2: 4, 4: 2}


def turned_back(image: Image.Image, method: Image.Transpose | None) -> Image.Image:
    """An upright `image` as it must be stored so that `method` shows it upright."""
    from PIL import Image

    if method is None:
        return image
    return image.transpose(Image.Transpose(_BACK.get(int(method), int(method))))
