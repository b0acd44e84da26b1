"""Sample files: what the pages of the documentation work with, the same every time."""

from __future__ import annotations

import io
import wave
from array import array
from collections.abc import Iterator
from math import pi, sin
from typing import TYPE_CHECKING, Any

from genlabel.pixels.draw import EXAMPLE_SIZE, example, landscape, picture

if TYPE_CHECKING:
    from PIL import Image

PHOTOGRAPHER = "Ada Lovelace"
_ARTIST = 0x013B  # Exif 3.0 §4.6.2.1
_RATE = 22_050
_DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 80">
  <rect width="120" height="80" fill="#f4efe6"/>
  <path d="M0 60 Q30 30 60 55 T120 45 V80 H0 Z" fill="#26465f"/>
  <circle cx="86" cy="28" r="10" fill="#e0793d"/>
</svg>
"""


def samples() -> Iterator[tuple[str, bytes]]:
    """Path below a folder → content.

    `cat.png` stands for what a model made and `downloaded.webp` for what a website makes of it;
    `photo.jpg` is a photograph by Ada Lovelace, `retouched.jpg` and `inpainted.jpg` are edits of
    it. `more/` has other formats, `archive/` a tree of photographs by year.
    """
    from PIL import Image

    cat = example()
    yield "cat.png", cat
    with Image.open(io.BytesIO(cat)) as drawn:
        yield "downloaded.webp", _saved(drawn, "WEBP")
    yield from _photographs()
    yield "more/banner.gif", picture("gif", size=(320, 80), seed=7, frames=4)
    yield "more/chime.wav", _chime()
    yield "more/drawing.svg", _DRAWING.encode()
    yield "more/plate.tif", picture("tiff", size=(640, 480), seed=9)
    yield "archive/2007/harbour.jpg", _photograph((480, 320), seed=11)
    yield "archive/2008/fair.JPG", _photograph((480, 320), seed=12)
    yield "archive/2008/june/market.jpg", _photograph((480, 320), seed=13)
    yield "archive/readme.txt", b"Photographs by year. This file is no picture.\n"


def _photographs() -> Iterator[tuple[str, bytes]]:
    """A photograph, an edit by hand, and one by a model: a blurred corner stands for both."""
    from PIL import Image, ImageFilter

    photo = _photograph(EXAMPLE_SIZE, seed=5)
    yield "photo.jpg", photo
    corner = (0, 0, 400, 300)
    for name, radius in (("retouched.jpg", 2), ("inpainted.jpg", 9)):
        with Image.open(io.BytesIO(photo)) as image:
            exif = image.getexif()
            image.paste(image.crop(corner).filter(ImageFilter.GaussianBlur(radius)), corner)
            yield name, _saved(image, "JPEG", quality=92, exif=exif)


def _photograph(size: tuple[int, int], *, seed: int) -> bytes:
    """A JPEG file with the photographer's name in its Exif."""
    from PIL import Image

    exif = Image.Exif()
    exif[_ARTIST] = PHOTOGRAPHER
    return _saved(landscape(size, seed=seed), "JPEG", quality=92, exif=exif)


def _saved(image: Image.Image, format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def _chime() -> bytes:
    """Half a second of a tone that dies away: WAV, mono, 16 bits."""
    samples = array(
        "h",
        (
            round(12_000 * sin(2 * pi * 660 * step / _RATE) * (1 - step / (_RATE / 2)))
            for step in range(_RATE // 2)
        ),
    )
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, _RATE, 0, "NONE", ""))
        sound.writeframes(samples.tobytes())
    return file.getvalue()
