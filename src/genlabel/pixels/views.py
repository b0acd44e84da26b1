"""Views: what is looked at of a picture: its shown size, and a small copy of each frame."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from genlabel.model.cached_property import cached_property
from genlabel.model.dataclass import dataclass
from genlabel.pixels.decode import MAX_PIXELS, ORIENTATION, bands, checked, frames, opened
from genlabel.pixels.search import Field

if TYPE_CHECKING:
    from PIL import Image

SIDE, COARSE = 512, 256
"""Pixels of the longer side of what is looked at, JPEG being decoded no larger than it must be, and
of what serves where less is enough."""
GROUNDS = ("white", "black")
"""On which transparent pictures may have been laid."""


@dataclass(frozen=True)
class View:
    """One frame, small and as it is shown."""

    size: tuple[int, int]
    """Of the frame itself, in pixels, as shown."""
    image: Image.Image
    """RGB or RGBA, at most `SIDE` pixels wide and high."""
    solid: Image.Image | None = None
    """The transparency that it had before it was laid on a ground."""
    ground: str | None = None
    """The ground."""
    channel: str = "L"
    """In which it is compared: ``L``, ``R``, ``G`` or ``B``."""

    @property
    def transparent(self) -> bool:
        """Has it parts that show what is behind?"""
        return self.image.mode == "RGBA"

    @cached_property
    def grey(self) -> Image.Image:
        """Its luma, or the channel that says more."""
        plain = self.image if self.channel == "L" else self.image.getchannel(self.channel)
        return plain.convert("L")

    @cached_property
    def coarse(self) -> Image.Image:
        """The same with sides of at most about `COARSE` pixels."""
        grey, factor = self.grey, max(self.grey.size) // COARSE
        return grey.reduce(factor) if factor > 1 and min(grey.size) >= 64 else grey

    @cached_property
    def field(self) -> Field:
        """What a part of it is looked for in."""
        return Field(self.grey)

    def over(self, ground: str | None) -> View:
        """The view on a ground of one colour; without one, its colours with transparency dropped,
        so that what is hidden is laid bare."""
        from PIL import Image

        if not self.transparent:
            return self
        solid = self.image.getchannel("A")
        if ground is None:
            return View(self.size, self.image.convert("RGB"), solid)
        flat = Image.new("RGBA", self.image.size, ground)
        flat.alpha_composite(self.image)
        return View(self.size, flat.convert("RGB"), solid, ground)

    def turned(self, method: Image.Transpose) -> View:
        """The view mirrored or turned."""
        size = self.size[::-1] if method in _QUARTERS else self.size
        solid = None if self.solid is None else self.solid.transpose(method)
        return View(size, self.image.transpose(method), solid, self.ground, self.channel)


_QUARTERS = frozenset({2, 4, 5, 6})
"""Pillow's `Transpose` by which width and height change places."""


class Look:
    """An opened picture, frame by frame."""

    def __init__(self, image: Image.Image, most: int) -> None:
        self._image, self._most = image, most
        self.format = {"MPO": "JPEG"}.get(image.format or "", image.format or "")
        self.frames = 1 if self.format == "JPEG" else frames(image)

    def view(self, index: int = 0) -> View:
        """Frame `index`. Raises `MalformedAsset`, or whatever Pillow does, where it is damaged."""
        from PIL import Image

        image = self._image
        if index or self.frames > 1:
            image.seek(index)
        stored = checked(image, most=self._most).size
        if index == 0:
            image.draft(None, (SIDE, SIDE))
        small = reduced(image)
        small.thumbnail((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=2.0)
        if small.mode == "RGBA" and small.getchannel("A").getextrema() == (255, 255):
            small = small.convert("RGB")
        method = orientation(image)
        if self.frames == 1:
            image.close()  # so that only one of two pictures is decoded at a time
        if method is None:
            return View(stored, small)
        return View(stored, small).turned(method)


@contextmanager
def looked_at(data: bytes | memoryview, *, most: int = MAX_PIXELS) -> Iterator[Look]:
    """The picture in `data`, to be looked at inside the block; raises as `opened` does."""
    with opened(data, most=most) as image:
        yield Look(image, most)


def reduced(image: Image.Image) -> Image.Image:
    """The picture as `_eight_bits` makes it, in bands, each reduced at once to what is looked at.

    So a large one is in memory once, as it was decoded, and never beside its own conversion.
    """
    from PIL import Image

    image.load()
    longer = max(image.size)
    factor = max(1, longer // (2 * SIDE))
    if factor == 1:
        return _eight_bits(image)
    deep = _is_deep(image.mode)
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
    return _eight_bits(whole, image.mode) if deep else whole


def _is_deep(mode: str) -> bool:
    """Is it grey of more than 8 bits, which Pillow would cut off?"""
    return mode in ("F", "I") or mode.startswith("I;")


def _eight_bits(image: Image.Image, mode: str | None = None) -> Image.Image:
    """The picture as RGB or RGBA; `mode` is what it had before. Grey of 16 bits has its white; of
    deeper grey nobody knows it, and it is stretched."""
    mode = mode or image.mode
    if _is_deep(mode):
        deep = image.convert("F")
        low, high = (0.0, 65535.0) if mode.startswith("I;16") else deep.getextrema()
        assert isinstance(low, float)
        assert isinstance(high, float)
        scale = 255.0 / (high - low) if high > low else 0.0
        return deep.point(lambda value: value * scale - low * scale).convert("L").convert("RGB")
    transparent = image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info
    return image.convert("RGBA" if transparent else "RGB")


def orientation(image: Image.Image) -> Image.Transpose | None:
    """What the Exif orientation of `image` asks for; None where it changes nothing."""
    from PIL import Image

    try:
        said = image.getexif().get(ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, TypeError, LookupError):
        return None  # damaged Exif says nothing; the picture is still one
    turn = Image.Transpose
    return {
        2: turn.FLIP_LEFT_RIGHT,
        3: turn.ROTATE_180,
        4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE,
        6: turn.ROTATE_270,
        7: turn.TRANSVERSE,
        8: turn.ROTATE_90,
    }.get(said if isinstance(said, int) else 1)
