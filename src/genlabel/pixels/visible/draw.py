"""Draw: a visible label on a picture, encoded as it was, and measured on what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import UnsupportedFormat
from genlabel.model.visible import Box, Position, VisibleStyle
from genlabel.pixels.decode import MAX_PIXELS, frames, opened, turn
from genlabel.pixels.views import orientation
from genlabel.pixels.visible import animation, colours, measure, place, plate as plates
from genlabel.pixels.visible.badge import badge_picture
from genlabel.pixels.visible.coding import Coding, coding_of
from genlabel.pixels.visible.fonts import Font, fonts_for
from genlabel.pixels.visible.laid import QUARTERS, Laid, outside
from genlabel.pixels.visible.lettering import Lettering, lettered
from genlabel.pixels.visible.plate import Plate

if TYPE_CHECKING:
    from PIL import Image

_TRIES = 4
"""Most heights that are tried for a bar: it depends on the picture that it was put beside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What is drawn."""

    lines: tuple[str, ...]
    style: VisibleStyle
    position: Position
    short: str | None = None
    """What stands there where not even the single words have room; None: then it is refused."""
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
    measured: measure.Measured
    lossy: bool


def draw(data: bytes | memoryview, drawing: Drawing, *, most: int = MAX_PIXELS) -> Drawn:
    """The picture in `data` with a label.

    Raises `UnsupportedFormat` for a picture in a format, of a mode or of a size on which none is
    drawn, `ConfigurationError` for words that no font can write, `MalformedAsset` for what cannot
    be decoded and `TooLarge` for a picture of more than `most` pixels.
    """
    with opened(data, most=most) as image, turn(image.width * image.height):
        coding = coding_of(image, data)
        count = frames(image)
        image.load()
        work = _Work(image, drawing, coding, hidden=count > 1)
        laid = work.strip() if drawing.style is VisibleStyle.STRIP else work.overlay()
        if count > 1:
            return _drawn(laid, drawing, coding, *animation.encoded(image, laid, coding, most))
        return _drawn(laid, drawing, coding, *measure.encoded(laid.on(image), laid, coding, most))


def already(
    data: bytes | memoryview, drawing: Drawing, *, most: int = MAX_PIXELS
) -> tuple[tuple[str, ...], Box] | None:
    """Lines and place of this very label where an earlier run has drawn it on every frame; None
    where it is not there.

    Raises what `draw` raises.
    """
    with opened(data, most=most) as image, turn(image.width * image.height):
        coding = coding_of(image, data)
        count = frames(image)
        image.load()
        laid = _standing(image, drawing, coding, hidden=count > 1)
        if laid is None:
            return None
        for number in range(count):
            image.seek(number)
            if not measure.shows(image, laid):
                return None
        return laid.lines or drawing.lines, laid.box


def _standing(image: Image.Image, drawing: Drawing, coding: Coding, *, hidden: bool) -> Laid | None:
    """Where the label would be if it had been drawn; None where there is no room for that."""
    work = _Work(image, drawing, coding, hidden=hidden)
    if drawing.style is not VisibleStyle.STRIP:
        return work.overlay()
    above, bar = drawing.position.down == 0.0, 0
    width, height = image.size
    try:
        for _ in range(_TRIES):
            was, bar = bar, work.bar_beside((width, height - bar))
            if bar == was or 2 * bar > height:
                break
        rows = (0, bar - 1) if above else (height - 1, height - bar)
        known = bar == was and orientation(image) is None
        if not known or not all(measure.is_even(image, row) for row in rows):
            return None
        inner = image.crop((0, bar if above else 0, width, height - (0 if above else bar)))
        return _Work(inner, drawing, coding, hidden=hidden).strip()
    except UnsupportedFormat:
        return None


def _drawn(
    laid: Laid, drawing: Drawing, coding: Coding, data: bytes, measured: measure.Measured
) -> Drawn:
    return Drawn(
        data=data,
        lines=laid.lines or drawing.lines,
        box=laid.box,
        shown=laid.shown,
        letter=laid.letter,
        font=", ".join(dict.fromkeys(each.name for each in laid.fonts)),
        measured=measured,
        lossy=coding.lossy,
    )


class _Work:
    """What is laid over a picture, or beside it."""

    def __init__(
        self, image: Image.Image, drawing: Drawing, coding: Coding, *, hidden: bool
    ) -> None:
        self._image, self._drawing, self._coding = image, drawing, coding
        self._hidden = hidden
        """Will something else be seen around the label than what is there now?"""
        colours.check_mode(image)
        self._method = orientation(image)
        self._profile = colours.profile_of(image)
        turned = self._method is not None and int(self._method) in QUARTERS
        self._shown = image.size[::-1] if turned else image.size
        place.check_size(self._shown, drawing.style)
        self._height = place.letter_height(self._shown, drawing.least_share)

    def overlay(self) -> Laid:
        """A plate or badge on the picture."""
        drawing, height = self._drawing, self._height
        lettering, fonts, size = self._lettering(height)
        letter = lettering.letter if lettering else height
        box = place.placed(self._shown, size, drawing.position, _half(letter))
        stored = place.as_stored(box, self._shown, self._method)
        line = _line(height)
        if lettering is None:
            assert drawing.badge is not None
            plate = plates.pictured(badge_picture(drawing.badge), size, line=line)
        else:
            around = self._image.crop(_wider(stored).edges)
            tones = plates.tones(
                measure.around(self._image, stored, self._profile),
                hidden=self._hidden or colours.is_transparent(around, self._image),
            )
            pad = (size[0] - lettering.size[0]) // 2, (size[1] - lettering.size[1]) // 2
            mask = lettering.mask(size, pad, drawing.position.across)
            frame = line if drawing.style is VisibleStyle.BADGE else 0
            plate = plates.painted(mask, tones, line=line, frame=frame)
        return self._laid(plate, stored, box, self._shown, letter, fonts)

    def strip(self) -> Laid:
        """A bar beside the picture."""
        drawing, height = self._drawing, self._height
        width, shown_height = self._shown
        height, lettering, lines, fonts, bar = self._whole_bar(height, self._shown)
        half = _half(lettering.letter)
        above = drawing.position.down == 0.0
        box = Box(left=0, top=0 if above else shown_height, width=width, height=bar)
        shown = (width, shown_height + bar)
        stored = place.as_stored(box, shown, self._method)
        beside = measure.around(self._image, outside(stored, self._method), self._profile)
        hidden = self._hidden or colours.is_transparent(self._image, self._image)
        tones = plates.tones(beside, hidden=hidden)
        room = max(0, width - lettering.size[0] - 2 * half)
        corner = (half + round(room * drawing.position.across), (bar - lettering.size[1]) // 2)
        mask = lettering.mask((width, bar), corner, drawing.position.across)
        sides = (hidden, hidden or not above, hidden, hidden or above)
        plate = plates.painted(mask, tones, line=_line(height), outlined=sides)
        return self._laid(plate, stored, box, shown, lettering.letter, fonts, lines, grows=True)

    def bar_beside(self, size: tuple[int, int]) -> int:
        """How high the bar beside a picture of this size is."""
        height = place.letter_height(size, self._drawing.least_share)
        return self._whole_bar(height, size)[-1]

    def _whole_bar(
        self, height: int, size: tuple[int, int]
    ) -> tuple[int, Lettering, tuple[str, ...], tuple[Font, ...], int]:
        """The height of its letters, and the bar, of which the picture becomes larger."""
        lettering, lines, fonts, bar = self._bar(height)
        while lettering.letter < (more := self._least((size[0], size[1] + bar))):
            height = more
            lettering, lines, fonts, bar = self._bar(height)
        return height, lettering, lines, fonts, bar

    def _bar(self, height: int) -> tuple[Lettering, tuple[str, ...], tuple[Font, ...], int]:
        """What stands in a bar, and how high that is."""
        lettering, lines, fonts = _fitting(self._drawing, height, self._shown[0])
        bar = lettering.size[1] + 2 * _half(lettering.letter)
        if self._coding.format == "JPEG":
            bar = -(-bar // place.BLOCK) * place.BLOCK
        return lettering, lines, fonts, bar

    def _least(self, size: tuple[int, int]) -> int:
        """The least height of letters on a picture of this size."""
        return place.letter_height(size, self._drawing.least_share, place.LEAST_SHARE)

    def _laid(
        self,
        plate: Plate,
        stored: Box,
        box: Box,
        shown: tuple[int, int],
        letter: int,
        fonts: tuple[Font, ...],
        lines: tuple[str, ...] = (),
        *,
        grows: bool = False,
    ) -> Laid:
        return Laid(
            plate=plate,
            stored=stored,
            box=box,
            shown=shown,
            method=self._method,
            profile=self._profile,
            letter=letter,
            fonts=fonts,
            lines=lines,
            grows=grows,
        )

    def _lettering(self, height: int) -> tuple[Lettering | None, tuple[Font, ...], tuple[int, int]]:
        """Letters, their fonts, and the size of the plate about them."""
        drawing = self._drawing
        if drawing.badge is not None:
            picture = badge_picture(drawing.badge)
            tall = 2 * height
            room = 4 * _line(height)
            return None, (), (max(1, tall * picture.width // picture.height) + room, tall + room)
        fonts = fonts_for(drawing.lines, drawing.font)
        lettering = lettered(drawing.lines, fonts, height=height)
        frame = 2 * _line(height) if drawing.style is VisibleStyle.BADGE else 0
        pad = 2 * (_half(lettering.letter) + frame + _line(height))
        return lettering, fonts, (lettering.size[0] + pad, lettering.size[1] + pad)


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
    drawing: Drawing, height: int, width: int
) -> tuple[Lettering, tuple[str, ...], tuple[Font, ...]]:
    """The lines of a strip: broken where they are too wide, what is short where a word is.

    Raises `UnsupportedFormat` where not even these have room.
    """
    broken = tuple(word for line in drawing.lines for word in line.split())
    short = ((drawing.short,),) if drawing.short else ()
    for tried in (drawing.lines, broken, *short):
        fonts = fonts_for(tried, drawing.font)
        lettering = lettered(tried, fonts, height=height)
        if lettering.size[0] + 2 * _half(lettering.letter) <= width:
            return lettering, tried, fonts
    raise UnsupportedFormat(
        f"picture of {width} pixels: too narrow for letters that can be read",
        remedy="make it larger first",
    )
