"""Drawing: an example picture for the demo, and small pictures for tests, the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import pi, sin
from random import Random
from typing import TYPE_CHECKING

from genlabel.model.errors import UnsupportedFormat

if TYPE_CHECKING:
    from PIL import Image

EXAMPLE_SIZE = (1200, 800)

_Colour = tuple[int, int, int]
# From the horizon's warmth to the foreground's dusk; one palette is one hour of the day.
_PALETTES: tuple[tuple[_Colour, _Colour, _Colour, _Colour], ...] = (
    ((38, 70, 120), (250, 196, 140), (255, 238, 200), (24, 42, 56)),
    ((64, 44, 104), (244, 140, 130), (255, 226, 180), (34, 22, 52)),
    ((30, 110, 140), (214, 236, 220), (255, 255, 236), (16, 58, 62)),
    ((20, 28, 66), (120, 130, 190), (236, 240, 255), (10, 14, 34)),
)
_FORMATS = {
    **{"jpeg": "JPEG", "jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"},
    **{"tiff": "TIFF", "tif": "TIFF"},
    "avif": "AVIF",
}
_LAYERS = 6


def formats() -> frozenset[str]:
    """The names of the formats in which pictures are drawn here; AVIF came with Pillow 11.3."""
    from PIL import Image

    Image.init()
    return frozenset(name for name, plugin in _FORMATS.items() if plugin in Image.SAVE)


def example(format: str = "png") -> bytes:
    """The demo's picture: hills under an evening sky, 1200 by 800, as a file in `format`."""
    return picture(format, size=EXAMPLE_SIZE, seed=5)


def picture(
    format: str = "png",
    *,
    size: tuple[int, int] = (64, 48),
    seed: int = 1,
    mode: str = "RGB",
    frames: int = 1,
    lossless: bool = False,
    quality: int = 90,
) -> bytes:
    """A file with a picture that only these arguments decide: hills, differing by `seed`.

    `format` is jpeg, png, webp, gif, tiff or avif; `mode` a mode of Pillow's that the format holds,
    such as L, P, RGB, RGBA or CMYK; `frames` more than 1 makes an animation in which the hills
    move, or pages. `lossless` is WebP's, `quality` JPEG's, WebP's and AVIF's. Raises
    `UnsupportedFormat` for a mode or a number of frames that the format does not hold.
    """
    name = _FORMATS.get(format.lower())
    if name is None:
        raise UnsupportedFormat(
            f"{format}: no format in which pictures are drawn",
            remedy=f"use one of {', '.join(_FORMATS)}",
        )
    if frames > 1 and name == "JPEG":
        raise UnsupportedFormat(f"{format}: holds one frame, and {frames} are asked for")
    first, *others = (
        _in_mode(landscape(size, seed=seed, drift=index / max(frames, 1)), mode)
        for index in range(max(frames, 1))
    )
    file = BytesIO()
    animation = (
        {"save_all": True, "append_images": others, "duration": 120, "loop": 0} if others else {}
    )
    coding = {} if name == "TIFF" else {"lossless": lossless, "quality": quality}
    try:
        first.save(file, name, **coding, **animation)
    except KeyError as error:  # AVIF came with Pillow 11.3
        raise UnsupportedFormat(f"{format}: this Pillow does not write it") from error
    except (OSError, ValueError) as error:
        raise UnsupportedFormat(f"{format}: holds no pictures of mode {mode}") from error
    return file.getvalue()


def landscape(size: tuple[int, int], *, seed: int = 1, drift: float = 0.0) -> Image.Image:
    """Hills in the haze before a low sun, RGB; `drift` (0 to 1) moves them around once."""
    from PIL import Image, ImageDraw, ImageFilter

    width, height = size
    chance = Random(seed)  # noqa: S311  (a picture, not a secret)
    high, low, sun, near = _PALETTES[seed % len(_PALETTES)]
    horizon = 0.62 * height
    sky = _gradient(size, high, low)

    glow = Image.new("L", size, 0)
    across, down = width * chance.uniform(0.25, 0.75), horizon * chance.uniform(0.55, 0.8)
    radius = max(2.0, min(size) * 0.09)
    disc = (across - radius, down - radius, across + radius, down + radius)
    ImageDraw.Draw(glow).ellipse(disc, fill=210)
    halo = glow.filter(ImageFilter.GaussianBlur(radius * 0.9))
    sky.paste(Image.new("RGB", size, sun), mask=halo)
    sky.paste(Image.new("RGB", size, sun), mask=glow.filter(ImageFilter.GaussianBlur(radius / 12)))

    for layer in range(_LAYERS):
        depth = (layer + 1) / _LAYERS
        base = horizon * 0.86 + (height - horizon * 0.86) * depth**1.5 * 0.86
        swing = height * (0.05 + 0.06 * (1 - depth))
        ridge = _ridge(width, base, swing, chance, drift)
        # Twice as large and reduced: Pillow draws polygons without smoothing their edges.
        mask = Image.new("L", (width * 2, height * 2), 0)
        outline = [(x * 2, y * 2) for x, y in ridge]
        ImageDraw.Draw(mask).polygon([*outline, (width * 2, height * 2), (0, height * 2)], fill=255)
        mask = mask.resize(size, Image.Resampling.BOX)
        top = _mix(low, near, 0.25 + 0.75 * depth)
        sky.paste(_gradient(size, top, _mix(top, low, 0.35 * (1 - depth))), mask=mask)
    return sky


def _ridge(
    width: int, base: float, swing: float, chance: Random, drift: float
) -> Sequence[tuple[float, float]]:
    """A line of hills: a few waves of doubling frequency, from left to right."""
    waves = [
        (swing / 2**octave, chance.uniform(1.0, 1.6) * 2**octave, chance.uniform(0, 2 * pi))
        for octave in range(5)
    ]
    step = max(1, width // 400)
    return [
        (
            x,
            base
            - sum(
                height * sin(2 * pi * (pace * x / max(width, 1)) + phase + 2 * pi * drift)
                for height, pace, phase in waves
            ),
        )
        for x in range(0, width + step, step)
    ]


def _gradient(size: tuple[int, int], top: _Colour, bottom: _Colour) -> Image.Image:
    """From `top` down to `bottom`."""
    from PIL import Image

    column = Image.new("RGB", (1, size[1]))
    last = max(size[1] - 1, 1)
    column.putdata([_mix(top, bottom, y / last) for y in range(size[1])])
    return column.resize(size)


def _mix(one: _Colour, other: _Colour, share: float) -> _Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    """`image` in another mode; where that has transparency, it fades out to the right."""
    from PIL import Image

    if mode not in ("RGBA", "LA"):
        return image.convert(mode)
    fade = Image.linear_gradient("L").rotate(90).resize(image.size)
    faded = image.convert(mode)
    faded.putalpha(fade)
    return faded
