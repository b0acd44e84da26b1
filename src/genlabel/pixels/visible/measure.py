"""Measure: what can be read of a label after encoding, and what became of all other pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import UnsupportedFormat
from genlabel.model.visible import Box
from genlabel.pixels.decode import opened
from genlabel.pixels.visible import colours, contrast, place
from genlabel.pixels.visible.coding import Coding
from genlabel.pixels.visible.contrast import Colour
from genlabel.pixels.visible.laid import Laid

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
_BY_ALPHA = {"RGBA": "RGBa", "LA": "La"}
_SAMPLES = 2_048
_BAND, _FEW = 64, 16
"""Rows of a band, and of how many bands of a large JPEG one is looked at."""
_LEAST = 1_024
"""Pixels along a bar that are measured, at least."""
_BLOCK = 16
"""Pixels of the largest block of JPEG that stands for itself, where colours are halved."""
_SAME, _OTHER, _SPECKS = 6.0, 96, 0.002
"""Mean difference of a plate that is there already, of 255; difference from which on a pixel shows
something else, and the part of such pixels that coding makes."""
_WHOLE = 2_000_000
"""Pixels up to which all are compared; of larger pictures one band of rows in four is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was found in the encoded picture."""

    contrast: float
    edge_contrast: float
    changed: float


def around(image: Image.Image, box: Box, profile: bytes, *, near: int = 0) -> list[float]:
    """Luminances of pixels around `box`, at most some thousands of them."""
    found: list[float] = []
    for edges in _strips(image.size, box, near):
        part = colours.in_srgb(_crop(image, edges), profile)
        step = max(1, part.width * part.height * 4 // _SAMPLES)
        found += contrast.luminances(part.tobytes(), step)
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


def shows(image: Image.Image, laid: Laid) -> bool:
    """Is the plate in its place on `image`, but for what coding changes?"""
    from PIL import ImageChops, ImageOps, ImageStat

    plate = place.turned_back(laid.plate.image, laid.method)
    there = image.crop(laid.stored.edges).convert("RGB")
    if image.mode == "P":  # a palette has not every tone; of a plate it has two
        plate, there = (ImageOps.autocontrast(each.convert("L")) for each in (plate, there))
    apart = ImageChops.difference(there, plate).convert("L")
    other = sum(apart.histogram()[_OTHER:]) / (apart.width * apart.height)
    return ImageStat.Stat(apart).mean[0] <= _SAME and other <= _SPECKS


def is_even(image: Image.Image, row: int) -> bool:
    """Has a row of pixels a single tone, but for one pixel in ten?"""
    levels = sorted(image.crop((0, row, image.width, row + 1)).convert("L").tobytes())
    few = len(levels) // 20
    return levels[-1 - few] - levels[few] <= _OTHER


def encoded(image: Image.Image, laid: Laid, coding: Coding, most: int) -> tuple[bytes, Measured]:
    """The file of `image`, drawn on, and what was measured there.

    Raises `UnsupportedFormat` where coding leaves too little of the label, or changes too much.
    """
    if coding.format == "JPEG" and image.width * image.height > _WHOLE:
        measured = _measured_in_parts(image, laid, coding)
        require_legible(measured, coding)
        return coding.encoded(image), measured
    for quality in coding.qualities or (None,):
        data = coding.encoded(image, quality)
        with opened(data, most=2 * most) as there:
            there.load()
            measured = measured_in(there, image, laid, lossy=coding.lossy)
        if measured.changed <= LITTLE:
            break
    require_legible(measured, coding)
    return data, measured


def _measured_in_parts(image: Image.Image, laid: Laid, coding: Coding) -> Measured:
    """What a large JPEG will show, from parts of it that are encoded alone.

    Blocks are coded each for itself (T.81 §4.5), so that parts at the edges of blocks come out as
    they do in the whole; decoding all of it a second time would take as long as the first.
    """
    window, near = _window(laid) if laid.grows else (_beside(laid.stored), laid)
    left, top, right, bottom = window
    window = (max(0, left), max(0, top), min(image.width, right), min(image.height, bottom))
    box = near.stored
    moved = replace(box, left=box.left - window[0], top=box.top - window[1])
    part = image.crop(window)
    seen = measured_in(_coded(part, coding), part, replace(near, stored=moved), lossy=False)
    total, count, box = 0.0, 0, laid.stored
    for start in range(0, image.height, _BAND * _FEW):
        band = image.crop((0, start, image.width, min(start + _BAND, image.height)))
        summed, values = _apart(band, _coded(band, coding), box, start)
        total, count = total + summed, count + values
    return replace(seen, changed=round(total / max(count, 1), 3))


def _beside(box: Box) -> tuple[int, int, int, int]:
    """The blocks of a label, and two around them."""
    left, top = ((each - 2 * _BLOCK) // _BLOCK * _BLOCK for each in (box.left, box.top))
    right, bottom = (-(-each // _BLOCK) * _BLOCK + 2 * _BLOCK for each in (box.right, box.bottom))
    return left, top, right, bottom


def _window(laid: Laid) -> tuple[tuple[int, int, int, int], Laid]:
    """The blocks at the letters of a bar, from side to side of the window, and the bar there."""
    box, letters = laid.stored, place.turned_back(laid.plate.letters, laid.method).getbbox()
    first, _, last, _ = letters or (0, 0, 0, 0)
    if box.width < box.height:
        _, first, _, last = letters or (0, 0, 0, 0)
    longest = max(box.width, box.height)
    first = max(0, min(first, longest - _LEAST) // _BLOCK * _BLOCK)
    last = min(longest, max(-(-last // _BLOCK) * _BLOCK, first + _LEAST))
    left, top, right, bottom = _beside(box)
    if box.width < box.height:
        return (left, first, right, last), laid.piece((0, first, box.width, last))
    return (first, top, last, bottom), laid.piece((first, 0, last, box.height))


def _coded(part: Image.Image, coding: Coding) -> Image.Image:
    with opened(coding.encoded(part)) as there:
        there.load()
        return there


def require_legible(measured: Measured, coding: Coding) -> None:
    """Raise `UnsupportedFormat` where too little can be read, or too much was changed."""
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


def measured_in(there: Image.Image, drawn: Image.Image, laid: Laid, *, lossy: bool) -> Measured:
    """What is found of the label `there`, where `drawn` was encoded."""
    part = colours.in_srgb(_crop(there, laid.stored.edges), laid.profile)
    plate = _mean(part, laid, laid.plate.bare)
    letters = _mean(part, laid, laid.plate.letters)
    rim = _mean(part, laid, laid.plate.edge)
    tones = (rim, plate) if laid.plate.tones.outlined else (plate,)
    beside = around(there, laid.stored, laid.profile, near=_NEAR)
    return Measured(
        contrast=round(contrast.ratio(plate, letters), 2),
        edge_contrast=round(contrast.edge(tones, beside), 2),
        changed=round(_changed(drawn, there, laid.stored), 3) if lossy else 0.0,
    )


def _crop(image: Image.Image, edges: tuple[int, int, int, int]) -> Image.Image:
    part = image.crop(edges)
    if image.mode == "P" and "transparency" in image.info:
        part.info["transparency"] = image.info["transparency"]
    return part


def _mean(part: Image.Image, laid: Laid, mask: Image.Image) -> Colour:
    from PIL import ImageStat

    red, green, blue = ImageStat.Stat(part, place.turned_back(mask, laid.method)).mean
    return red, green, blue


def _changed(drawn: Image.Image, there: Image.Image, box: Box) -> float:
    """Mean difference of the pixels that are not the label's and not near it.

    Colours count by how opaque they are: what is behind clear pixels nobody sees.
    """
    total, count = 0.0, 0
    stride = 1 if drawn.width * drawn.height <= _WHOLE else 4
    mode = drawn.mode if drawn.mode == there.mode and drawn.mode != "P" else "RGBA"
    for top in range(0, drawn.height, _BAND * stride):
        edges = (0, top, drawn.width, min(top + _BAND, drawn.height))
        one, other = _crop(drawn, edges), _crop(there, edges)
        if one.mode != mode or other.mode != mode:
            one, other = one.convert(mode), other.convert(mode)
        if mode in _BY_ALPHA:
            one, other = one.convert(_BY_ALPHA[mode]), other.convert(_BY_ALPHA[mode])
        summed, values = _apart(one, other, box, top)
        total, count = total + summed, count + values
    return total / max(count, 1)


def _apart(one: Image.Image, other: Image.Image, box: Box, top: int) -> tuple[float, int]:
    """The sum of the differences of two bands that begin at row `top`, and of how many values."""
    from PIL import ImageChops, ImageStat

    apart = ImageChops.difference(one, other)
    _blank(apart, box, top)
    return sum(ImageStat.Stat(apart).sum), apart.width * apart.height * len(apart.getbands())


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
