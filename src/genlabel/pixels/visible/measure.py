"""Measure: what can be read of a label after encoding, and what became of all other pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genlabel.model.errors import UnsupportedFormat
from genlabel.model.visible import Box
from genlabel.pixels.decode import opened
from genlabel.pixels.visible import colours, contrast, place
from genlabel.pixels.visible.coding import Coding
from genlabel.pixels.visible.contrast import Colour
from genlabel.pixels.visible.plate import Plate

if TYPE_CHECKING:
    from PIL import Image

RING = 8
"""Pixels around a label that its coding may touch, and against which its edge stands out."""
_NEAR = 2
"""Pixels next to the edge, which coding mixes with it."""
LITTLE = 1.0
"""Mean difference of other pixels, of 255, that is little enough."""
MOST = 2.0
"""What must never be exceeded."""
_SAMPLES = 4_096
_BAND = 64
_WHOLE = 2_000_000
"""Pixels up to which all are compared; of larger pictures one band of rows in four is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was found in the encoded picture."""

    contrast: float
    edge_contrast: float
    changed: float


def around(image: Image.Image, box: Box, profile: bytes, *, near: int = 0) -> list[Colour]:
    """Colours in sRGB of pixels around `box`, at most some thousands of them."""
    found: list[Colour] = []
    for edges in _strips(image.size, box, near):
        part = colours.in_srgb(image.crop(edges), profile)
        step = max(1, part.width * part.height * 4 // _SAMPLES)
        raw = part.tobytes()
        found += [
            (float(raw[at]), float(raw[at + 1]), float(raw[at + 2]))
            for at in range(0, len(raw), 3 * step)
        ]
    return found


def _strips(size: tuple[int, int], box: Box, near: int) -> Iterator[tuple[int, int, int, int]]:
    left, right = max(0, box.left - RING), min(size[0], box.right + RING)
    for edges in (
        (left, max(0, box.top - RING), right, box.top - near),
        (left, box.bottom + near, right, min(size[1], box.bottom + RING)),
        (left, box.top, box.left - near, box.bottom),
        (box.right + near, box.top, right, box.bottom),
    ):
        if edges[2] > edges[0] and edges[3] > edges[1]:
            yield edges


@dataclass(frozen=True, slots=True)
class Looked:
    """A picture with its label, before it is encoded."""

    image: Image.Image
    plate: Plate
    stored: Box
    method: Image.Transpose | None
    profile: bytes

    def encoded(self, coding: Coding, *, most: int) -> tuple[bytes, Measured]:
        """Its file, and what was measured there. Raises `UnsupportedFormat` where coding leaves too
        little of the label, or changes too much of the picture."""
        tries = coding.qualities or (None,)
        for quality in tries:
            data = coding.encoded(self.image, quality)
            measured = self._measured(data, most, lossy=coding.lossy)
            if measured.changed <= LITTLE:
                break
        if measured.changed > MOST:
            raise UnsupportedFormat(
                f"{coding.format.lower()}: encoding it again would change its pixels by "
                f"{measured.changed:.1f} of 255 on average",
                remedy="put the label on the picture that it was made from",
            )
        if measured.contrast < contrast.LETTERS or measured.edge_contrast < contrast.EDGE:
            raise UnsupportedFormat(
                f"{coding.format.lower()}: its colours leave the label a contrast of "
                f"{measured.contrast:.1f} : 1, and {measured.edge_contrast:.1f} : 1 at its edge",
                remedy="convert it to RGB first",
            )
        return data, measured

    def _measured(self, data: bytes, most: int, *, lossy: bool) -> Measured:
        with opened(data, most=most) as image:
            image.load()
            part = colours.in_srgb(image.crop(self.stored.edges), self.profile)
            plate = self._mean(part, self.plate.bare)
            letters = self._mean(part, self.plate.letters)
            rim = self._mean(part, self.plate.edge)
            tones = (rim, plate) if self.plate.tones.outlined else (plate,)
            return Measured(
                contrast=round(contrast.ratio(plate, letters), 2),
                edge_contrast=round(
                    contrast.edge(tones, around(image, self.stored, self.profile, near=_NEAR)), 2
                ),
                changed=round(self._changed(image), 3) if lossy else 0.0,
            )

    def _mean(self, part: Image.Image, mask: Image.Image) -> Colour:
        from PIL import ImageStat

        red, green, blue = ImageStat.Stat(part, place.turned_back(mask, self.method)).mean
        return red, green, blue

    def _changed(self, encoded: Image.Image) -> float:
        """Mean difference of the pixels that are not the label's and not near it."""
        from PIL import ImageChops, ImageStat

        total, count = 0.0, 0
        stride = 1 if self.image.width * self.image.height <= _WHOLE else 4
        for top in range(0, self.image.height, _BAND * stride):
            edges = (0, top, self.image.width, min(top + _BAND, self.image.height))
            apart = ImageChops.difference(self.image.crop(edges), encoded.crop(edges))
            _blank(apart, self.stored, top)
            total += sum(ImageStat.Stat(apart).sum)
            count += apart.width * apart.height * len(apart.getbands())
        return total / max(count, 1)


def _blank(band: Image.Image, box: Box, top: int) -> None:
    """Leave the label and what is near it out of a band of differences."""
    edges = (
        max(0, box.left - RING),
        max(0, box.top - RING - top),
        min(band.width, box.right + RING),
        min(band.height, box.bottom + RING - top),
    )
    if edges[3] > edges[1] and edges[2] > edges[0]:
        band.paste(tuple(0 for _ in band.getbands()) if len(band.getbands()) > 1 else 0, edges)
