"""Small pictures drawn at run time, so that no test needs a file that somebody owns."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image, ImageDraw

MIMES: Final = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


def draw(format: str = "jpeg", size: tuple[int, int] = (64, 48), *, shade: int = 0) -> bytes:
    """A gradient with a disc, encoded as ``jpeg``, ``png`` or ``webp`` (lossless).

    Pictures with another `shade` (0 to 255) have other pixels.
    """
    width, height = size
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    box = (width // 4, height // 4, width // 2, height // 2)
    ImageDraw.Draw(picture).ellipse(box, fill=(200, shade, 40))
    encoded = io.BytesIO()
    options = {"lossless": True} if format == "webp" else {}
    picture.save(encoded, format.upper(), **options)
    return encoded.getvalue()


def flipped(data: bytes, at: int) -> bytes:
    """`data` with one bit of the byte at `at` changed; negative counts from the end."""
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)
