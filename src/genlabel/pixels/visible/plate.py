"""Plates: the label's own small picture, upright and in sRGB, with the tones that stand out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.pixels.visible import contrast
from genlabel.pixels.visible.contrast import BLACK, WHITE, Colour

if TYPE_CHECKING:
    from PIL import Image

_APART = 110
"""Difference of grey, of 255, from which on a badge's pixel counts as one of its letters."""
_SOLID = 250
"""A letter's inner pixels have at least this of its tone, of 255."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tones:
    """The colours of a plate."""

    plate: Colour
    letters: Colour
    outlined: bool
    """Has it a line of the letters' tone around it, so that one of both stands out everywhere?"""

    @property
    def edge(self) -> tuple[Colour, ...]:
        """What of it meets its surroundings."""
        return (self.letters, self.plate) if self.outlined else (self.plate,)


def tones(around: Sequence[float], *, hidden: bool) -> Tones:
    """Black with white letters or the reverse, whichever stands out from what is `around`.

    Where neither does, or where it is `hidden` what will be seen there, the plate gets an outline:
    every tone has 4.5 : 1 to black or to white.
    """
    dark = Tones(plate=BLACK, letters=WHITE, outlined=False)
    light = Tones(plate=WHITE, letters=BLACK, outlined=False)
    if not hidden:
        found = [(contrast.edge(each.edge, around), each) for each in (dark, light)]
        most, best = max(found, key=lambda each: each[0])
        if most >= contrast.EDGE * 1.1:  # encoding costs a little
            return best
    return Tones(plate=BLACK, letters=WHITE, outlined=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A plate as it is laid over a picture, or beside it."""

    image: Image.Image
    """RGB, in sRGB."""
    tones: Tones
    letters: Image.Image
    """Mode L: where a pixel is a letter's."""
    bare: Image.Image
    """Mode L: where it is the plate's and nothing else's."""
    edge: Image.Image = field(repr=False)
    """Mode L: where it is the outermost line's."""


def painted(
    letters: Image.Image,
    tones: Tones,
    *,
    line: int,
    frame: int = 0,
    outlined: tuple[bool, bool, bool, bool] = (True, True, True, True),
) -> Plate:
    """A plate with `letters`, outlined by `line` pixels at some sides (left, top, right, bottom).

    `frame` is the width of a frame inside of it, in the letters' tone.
    """
    from PIL import Image, ImageChops, ImageDraw

    size = letters.size
    ink = letters.copy()
    draw = ImageDraw.Draw(ink)
    rim = Image.new("L", size, 0)
    _rim(rim, line, outlined)
    if tones.outlined:
        ink.paste(255, mask=rim)
    if frame:
        inset = line * (2 if tones.outlined else 1)
        edges = (inset, inset, size[0] - 1 - inset, size[1] - 1 - inset)
        draw.rectangle(edges, outline=255, width=frame)
    plate = Image.new("RGB", size, _whole(tones.plate))
    plate.paste(_whole(tones.letters), mask=ink)
    bare = ink.point([255] + [0] * 255)
    if not tones.outlined:
        bare = ImageChops.subtract(bare, rim)
    solid = letters.point([0] * _SOLID + [255] * (256 - _SOLID))
    return Plate(image=plate, tones=tones, letters=solid, bare=bare, edge=rim)


def pictured(picture: Image.Image, size: tuple[int, int], *, line: int) -> Plate:
    """An outlined plate with a picture of one's own in it, in the tone from which that stands out.

    Raises `ConfigurationError` where neither black nor white is.
    """
    from PIL import Image, ImageOps

    inner = (size[0] - 4 * line, size[1] - 4 * line)
    fitted = ImageOps.contain(picture.convert("RGBA"), inner, Image.Resampling.LANCZOS)
    dark = Tones(plate=BLACK, letters=WHITE, outlined=True)
    light = Tones(plate=WHITE, letters=BLACK, outlined=True)
    found = [_standing_out(fitted, size, tones, line) for tones in (dark, light)]
    most, plate = max(found, key=lambda each: each[0])
    if most < contrast.LETTERS:
        raise ConfigurationError(
            f"badge: stands out by {most:.1f} : 1 from a black or white plate, and "
            f"{contrast.LETTERS} : 1 is the least",
            remedy="give one in black or white, of which not everything is transparent",
        )
    return plate


def _standing_out(
    fitted: Image.Image, size: tuple[int, int], tones: Tones, line: int
) -> tuple[float, Plate]:
    """A plate with a picture in it, and the contrast of what is apart from the plate's tone."""
    from PIL import Image, ImageStat

    base = painted(Image.new("L", size, 0), tones, line=line)
    place = ((size[0] - fitted.width) // 2, (size[1] - fitted.height) // 2)
    image = base.image.copy()
    image.paste(fitted, place, fitted)
    tone = round(tones.plate[0])
    apart = [255 if abs(each - tone) > _APART else 0 for each in range(256)]
    inside = Image.new("L", size, 0)
    inside.paste(fitted.getchannel("A").point([0] + [255] * 255), place)
    nothing = Image.new("L", size, 0)
    letters = Image.composite(image.convert("L").point(apart), nothing, inside)
    bare = Image.composite(nothing, base.bare, inside)
    plate = Plate(image=image, tones=tones, letters=letters, bare=bare, edge=base.edge)
    if letters.getbbox() is None:
        return 1.0, plate
    red, green, blue = ImageStat.Stat(image, letters).mean
    return contrast.ratio((red, green, blue), tones.plate), plate


def _rim(image: Image.Image, line: int, sides: tuple[bool, bool, bool, bool]) -> None:
    from PIL import ImageDraw

    draw = ImageDraw.Draw(image)
    right, bottom = image.width - 1, image.height - 1
    lines = (
        (0, 0, line - 1, bottom),
        (0, 0, right, line - 1),
        (right - line + 1, 0, right, bottom),
        (0, bottom - line + 1, right, bottom),
    )
    for edges, drawn in zip(lines, sides, strict=True):
        if drawn:
            draw.rectangle(edges, fill=255)


def _whole(colour: Colour) -> tuple[int, int, int]:
    red, green, blue = (round(each) for each in colour)
    return red, green, blue
