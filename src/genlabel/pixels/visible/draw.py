"""Draw: a visible label on a picture, encoded as it was, and measured on what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genlabel.model.errors import UnsupportedFormat
from genlabel.model.visible import Box, Position, VisibleStyle
from genlabel.pixels.decode import MAX_PIXELS, frames, opened, turn
from genlabel.pixels.views import orientation
from genlabel.pixels.visible import colours, measure, place, plate as plates
from genlabel.pixels.visible.coding import Coding, coding_of
from genlabel.pixels.visible.fonts import Font, font_for
from genlabel.pixels.visible.lettering import Lettering, lettered
from genlabel.pixels.visible.measure import Measured
from genlabel.pixels.visible.plate import Plate

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What is drawn."""

    lines: tuple[str, ...]
    style: VisibleStyle
    position: Position
    least_share: float = 0.0
    """What a law wants of the letters' height, of the shorter side."""
    font: str | None = None
    badge: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture with a label, in a file that holds little but its pixels."""

    data: bytes
    lines: tuple[str, ...]
    box: Box
    shown: tuple[int, int]
    """Width and height of the marked picture as the viewer sees it."""
    letter: int
    """Height of a capital letter, in pixels."""
    font: str
    measured: Measured
    lossy: bool


def draw(data: bytes | memoryview, drawing: Drawing, *, most: int = MAX_PIXELS) -> Drawn:
    """The picture in `data` with a label.

    Raises `UnsupportedFormat` for a picture in a format, of a mode or of a size on which none is
    drawn, `ConfigurationError` for words that no font can write, `MalformedAsset` for what cannot
    be decoded and `TooLarge` for a picture of more than `most` pixels.
    """
    with opened(data, most=most) as image, turn(image.width * image.height):
        coding = coding_of(image, data)
        if frames(image) > 1:
            raise UnsupportedFormat(f"{coding.format.lower()}: no label is drawn on animations")
        image.load()
        return _Work(image, drawing).drawn(coding, most)


class _Work:
    """One picture that is drawn on."""

    def __init__(self, image: Image.Image, drawing: Drawing) -> None:
        self._image, self._drawing = image, drawing
        colours.check_mode(image)
        self._method = orientation(image)
        self._profile = colours.profile_of(image)
        turned = self._method is not None and int(self._method) in _QUARTERS
        self._shown = image.size[::-1] if turned else image.size
        place.check_size(self._shown, drawing.style)
        if image.mode == "P":
            colours.room_for_greys(image)

    def drawn(self, coding: Coding, most: int) -> Drawn:
        """The label drawn, the picture encoded, and that looked at."""
        height = place.letter_height(self._shown, self._drawing.least_share)
        if self._drawing.style is VisibleStyle.STRIP:
            return self._framed(coding, height, most)
        return self._overlaid(coding, height, most)

    def _overlaid(self, coding: Coding, height: int, most: int) -> Drawn:
        drawing = self._drawing
        lettering, font, size = self._lettering(height)
        margin = _half(lettering.letter if lettering else height)
        box = place.placed(self._shown, size, drawing.position, margin)
        stored = place.as_stored(box, self._shown, self._method)
        tones = plates.tones(
            measure.around(self._image, stored, self._profile),
            hidden=colours.is_transparent(self._image.crop(_wider(stored).edges), self._image),
        )
        line = _line(height)
        if drawing.badge is not None:
            plate = plates.pictured(plates.badge_picture(drawing.badge), size, line=line)
        else:
            assert lettering is not None
            pad = (size[0] - lettering.size[0]) // 2, (size[1] - lettering.size[1]) // 2
            mask = lettering.mask(size, pad, drawing.position.across)
            frame = line if drawing.style is VisibleStyle.BADGE else 0
            plate = plates.painted(mask, tones, line=line, frame=frame)
        upright = place.turned_back(plate.image, self._method)
        part = colours.in_mode_of(upright, self._image, self._profile)
        self._image.paste(part, stored.edges)
        return self._finished(
            self._image, plate, stored, box, coding, lettering, font, height, most
        )

    def _framed(self, coding: Coding, height: int, most: int) -> Drawn:
        drawing = self._drawing
        font = font_for(drawing.lines, drawing.font)
        width, shown_height = self._shown
        lettering, lines = _fitting(drawing.lines, font, height, width)
        bar = lettering.size[1] + 2 * _half(lettering.letter)
        if coding.format == "JPEG":
            bar = -(-bar // place.BLOCK) * place.BLOCK
        above = drawing.position.down == 0.0
        box = Box(left=0, top=0 if above else shown_height, width=width, height=bar)
        shown = (width, shown_height + bar)
        stored = place.as_stored(box, shown, self._method)
        grown = self._grown(stored)
        beside = measure.around(grown, stored, self._profile)
        transparent = colours.is_transparent(self._image, self._image)
        tones = plates.tones(beside, hidden=transparent)
        room = width - lettering.size[0] - 2 * _half(lettering.letter)
        corner = (
            _half(lettering.letter) + round(max(0, room) * drawing.position.across),
            (bar - lettering.size[1]) // 2,
        )
        mask = lettering.mask((width, bar), corner, drawing.position.across)
        sides = (transparent, transparent or not above, transparent, transparent or above)
        plate = plates.painted(mask, tones, line=_line(height), outlined=sides)
        upright = place.turned_back(plate.image, self._method)
        grown.paste(colours.in_mode_of(upright, self._image, self._profile), stored.edges)
        return self._finished(
            grown, plate, stored, box, coding, lettering, font, height, most, lines=lines
        )

    def _grown(self, bar: Box) -> Image.Image:
        """The picture with room for a bar at `bar`."""
        from PIL import Image

        old = self._image
        upright = self._method is None or int(self._method) not in _QUARTERS
        across, down = (0, bar.height) if upright else (bar.width, 0)
        grown = Image.new(old.mode, (old.width + across, old.height + down))
        if old.mode == "P":
            grown.putpalette(old.getpalette("RGB") or [])
        grown.paste(old, (0 if bar.left else across, 0 if bar.top else down))
        grown.info = dict(old.info)
        return grown

    def _lettering(self, height: int) -> tuple[Lettering | None, Font | None, tuple[int, int]]:
        """Letters, their font, and the size of the plate about them."""
        drawing = self._drawing
        if drawing.badge is not None:
            picture = plates.badge_picture(drawing.badge)
            tall = 2 * height
            room = 4 * _line(height)
            return None, None, (max(1, tall * picture.width // picture.height) + room, tall + room)
        font = font_for(drawing.lines, drawing.font)
        lettering = lettered(drawing.lines, font, height=height)
        frame = 2 * _line(height) if drawing.style is VisibleStyle.BADGE else 0
        pad = 2 * (_half(lettering.letter) + frame + _line(height))
        return lettering, font, (lettering.size[0] + pad, lettering.size[1] + pad)

    def _finished(
        self,
        image: Image.Image,
        plate: Plate,
        stored: Box,
        box: Box,
        coding: Coding,
        lettering: Lettering | None,
        font: Font | None,
        height: int,
        most: int,
        *,
        lines: Sequence[str] | None = None,
    ) -> Drawn:
        looked = measure.Looked(image, plate, stored, self._method, self._profile)
        data, measured = looked.encoded(coding, most=2 * most)
        turned = self._method is not None and int(self._method) in _QUARTERS
        return Drawn(
            data=data,
            lines=tuple(self._drawing.lines if lines is None else lines),
            box=box,
            shown=image.size[::-1] if turned else image.size,
            letter=lettering.letter if lettering else height,
            font=font.name if font else "",
            measured=measured,
            lossy=coding.lossy,
        )


_QUARTERS = frozenset({2, 4, 5, 6})
"""Pillow's `Transpose` by which width and height change places."""


def _half(letter: int) -> int:
    return -(-letter // 2)


def _line(height: int) -> int:
    """Width of outlines."""
    return max(2, height // 8)


def _wider(box: Box) -> Box:
    return Box(
        left=max(0, box.left - measure.RING),
        top=max(0, box.top - measure.RING),
        width=box.width + 2 * measure.RING,
        height=box.height + 2 * measure.RING,
    )


def _fitting(
    lines: tuple[str, ...], font: Font, height: int, width: int
) -> tuple[Lettering, tuple[str, ...]]:
    """The lines of a strip: broken where they are too wide, the letters AI alone where a word is.

    Raises `UnsupportedFormat` where not even these have room.
    """
    broken = tuple(word for line in lines for word in line.split())
    for tried in (lines, broken, ("AI",)):
        lettering = lettered(tried, font, height=height)
        if lettering.size[0] + 2 * _half(lettering.letter) <= width:
            return lettering, tried
    raise UnsupportedFormat(f"picture of {width} pixels: too narrow for letters that can be read")
