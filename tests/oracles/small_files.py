"""One small file of every kind that a container comes in, made at run time and without genlabel.

For trials that ask the same of every format: `NAMES` says which there are, `small` makes one.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from functools import cache

import numpy
import tifffile
from PIL import Image

from oracles import films, libheif
from oracles.absence import program
from oracles.drawings import DRAWING
from oracles.libjxl import CODESTREAM, CONTAINED
from oracles.pictures import dng, draw
from oracles.recordings import SILENCE, flac, frame, tag
from oracles.riff_files import film, form, sound

SIZE = (24, 16)


@cache
def small(name: str) -> bytes:
    """The file of one of `NAMES`.

    The test ends as by `absent` where the program that makes it is missing.
    """
    return _MAKERS[name]()


def _frames(*, size: tuple[int, int] = SIZE, count: int = 3) -> list[Image.Image]:
    drawn = (draw("png", size, shade=80 * number) for number in range(count))
    return [Image.open(io.BytesIO(each)) for each in drawn]


def _saved(format: str, *, frames: int = 1, **options: object) -> bytes:
    first, *others = _frames(count=frames)
    encoded = io.BytesIO()
    if others:
        options |= {"save_all": True, "append_images": others}
    first.save(encoded, format, **options)
    return encoded.getvalue()


def _tiff(*, order: str = "<", big: bool = False, pages: int = 1) -> bytes:
    width, height = SIZE
    noise = numpy.random.default_rng(1)
    out = io.BytesIO()
    with tifffile.TiffWriter(out, byteorder=order, bigtiff=big) as file:  # type: ignore[arg-type]
        for _ in range(pages):
            drawn = noise.integers(0, 256, (height, width, 3), "uint8")
            file.write(drawn, metadata=None, photometric="rgb")
    return out.getvalue()


def _mp3() -> bytes:
    """Silent frames, as their side information says; behind that they hold other bytes."""
    chance = random.Random(1)
    frames = (SILENCE[:40] + chance.randbytes(377) for _ in range(3))
    return tag(frame(b"TIT2", b"\3Waves")) + b"".join(frames)


def _film(name: str) -> bytes:
    program("ffmpeg")
    return films.film(name)


def _heic() -> bytes:
    libheif.needed()
    return libheif.encoded(draw("png", SIZE))


_MAKERS: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: _saved("JPEG"),
    "mpo": lambda: _saved("MPO", frames=2),
    "png": lambda: _saved("PNG"),
    "apng": lambda: _saved("PNG", frames=3),
    "webp": lambda: _saved("WEBP"),
    "webp animated": lambda: _saved("WEBP", frames=3),
    "gif": lambda: _saved("GIF"),
    "gif animated": lambda: _saved("GIF", frames=3),
    "tiff": _tiff,
    "tiff big endian": lambda: _tiff(order=">"),
    "tiff pages": lambda: _tiff(pages=3),
    "tiff pages big endian": lambda: _tiff(order=">", pages=2),
    "bigtiff": lambda: _tiff(big=True),
    "dng": dng,
    "avif": lambda: _saved("AVIF", speed=10),
    "avif animated": lambda: _saved("AVIF", speed=10, frames=3),
    "heic": _heic,
    "jxl": lambda: CONTAINED,
    "jxl naked": lambda: CODESTREAM,
    "svg": lambda: DRAWING,
    "mp4": lambda: _film("small mp4"),
    "mp4 fragmented": lambda: _film("small mp4 fragmented"),
    "mov": lambda: _film("small mov"),
    "m4a": lambda: _film("small m4a"),
    "mp3": _mp3,
    "flac": flac,
    "wav": lambda: form(b"WAVE", *sound()),
    "avi": lambda: film([draw("jpeg", SIZE, shade=shade) for shade in (0, 90)], size=24),
    "pdf": lambda: _saved("PDF", frames=2, title="drawn"),
}
NAMES = tuple(_MAKERS)
