"""Lettering: lines of words at the size that is wanted, as a mask of their letters."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.pixels.visible.fonts import Font

if TYPE_CHECKING:
    from PIL import Image, ImageFont

_LARGEST = 8_192
"""Pixels an em of the largest letters."""
_CAPITALS = "AI"
"""Their height is the height of the letters; A and I are of equal height in every script's font."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, and where its ink lies relative to its own origin."""

    text: str
    font: ImageFont.FreeTypeFont
    box: tuple[int, int, int, int]
    direction: str | None

    @property
    def width(self) -> int:
        """Of the ink, in pixels."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> int:
        """Of the ink, in pixels."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class Lettering:
    """Lines whose capital letters are of one height, as far as fonts have sizes."""

    lines: tuple[Line, ...]
    letter: int
    """Height of a capital letter, or of the lowest line where there is none, in pixels."""

    @property
    def gap(self) -> int:
        """Between lines."""
        return max(2, self.letter // 2)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of all lines' ink."""
        heights = sum(line.height for line in self.lines)
        return max(line.width for line in self.lines), heights + self.gap * (len(self.lines) - 1)

    def mask(self, size: tuple[int, int], corner: tuple[int, int], across: float) -> Image.Image:
        """The letters, white on black, in a picture of mode L; lines aligned by `across` (0 to 1)
        in the rectangle whose upper left corner is `corner`."""
        from PIL import Image, ImageDraw

        image = Image.new("L", size, 0)
        draw = ImageDraw.Draw(image)
        left, top = corner
        width, _ = self.size
        for line in self.lines:
            x = left + round((width - line.width) * across)
            draw.text(
                (x - line.box[0], top - line.box[1]),
                line.text,
                fill=255,
                font=line.font,
                direction=line.direction,
            )
            top += line.height + self.gap
        return image


def lettered(lines: Sequence[str], fonts: Sequence[Font], *, height: int) -> Lettering:
    """`lines`, each in its font, with capital letters of at least `height` pixels.

    Raises `ConfigurationError` where no size gives that.
    """
    pairs = list(zip(lines, fonts, strict=True))
    sets = [
        _lettered([line for line, other in pairs if other == font], font, height=height)
        for font in dict.fromkeys(fonts)
    ]
    placed = {line.text: line for each in sets for line in each.lines}
    return Lettering(tuple(placed[line] for line in lines), min(each.letter for each in sets))


def _lettered(lines: Sequence[str], font: Font, *, height: int) -> Lettering:
    size = max(8, math.ceil(height * 1.25))
    while size <= _LARGEST:
        lettering = _at(lines, font, size)
        if lettering.letter >= height:
            return lettering
        size += max(1, (height - lettering.letter) * size // max(1, lettering.letter) // 2)
    raise ConfigurationError(
        f"{font.name}: has no letters of {height} pixels", remedy="name another font with --font"
    )


def _at(lines: Sequence[str], font: Font, size: int) -> Lettering:
    sized = font.sized(size)
    placed = tuple(_line(sized, text, shaped=font.shaped) for text in lines)
    if any(each in text for text in lines for each in _CAPITALS):
        _, top, _, bottom = sized.getbbox(_CAPITALS)
        letter = int(bottom - top)
    else:
        letter = min(line.height for line in placed)
    return Lettering(placed, letter)


def _line(font: ImageFont.FreeTypeFont, text: str, *, shaped: bool) -> Line:
    direction = None
    if shaped:
        strong = (unicodedata.bidirectional(each) for each in text)
        first = next((each for each in strong if each in ("L", "R", "AL")), "L")
        rightward = any(unicodedata.bidirectional(each) in ("R", "AL") for each in text)
        direction = "rtl" if first in ("R", "AL") or rightward else "ltr"
    left, top, right, bottom = font.getbbox(text, direction=direction)
    if right <= left or bottom <= top:
        raise ConfigurationError(f"words: {text!r} leaves nothing to be seen")
    return Line(
        text,
        font,
        (math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom)),
        direction,
    )
