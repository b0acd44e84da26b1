"""Small pictures drawn at run time, so that no test needs a file that somebody owns."""

from __future__ import annotations

import io
from typing import Final

import numpy
import tifffile
from PIL import Image, ImageDraw

Extra = tuple[int, int, int | None, object, bool]
"""Tag, type, count, value, and whether it goes into the first directory only."""
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


def dng(order: str = "<") -> bytes:
    """A small DNG: a preview in the first directory, the sensor's mosaic in a SubIFD."""
    return _raw(order, [(50706, 1, 4, bytes((1, 4, 0, 0)), True), (50708, 2, None, "Drawn", True)])


def camera_raw() -> bytes:
    """The same without what makes it a DNG: such as a camera writes."""
    return _raw("<", [])


def _raw(order: str, extra: list[Extra]) -> bytes:
    mosaic = (numpy.arange(8 * 16, dtype="uint16") * 13 % 4096).reshape(8, 16)
    pattern: list[Extra] = [
        (33421, 3, 2, (2, 2), True),
        (33422, 1, 4, bytes((0, 1, 1, 2)), True),
    ]
    out = io.BytesIO()
    with tifffile.TiffWriter(out, byteorder=order) as file:  # type: ignore[arg-type]
        file.write(
            numpy.full((6, 8, 3), 99, "uint8"),
            photometric="rgb",
            subfiletype=1,
            subifds=1,
            metadata=None,
            software=False,
            extratags=[*extra, (271, 2, None, "Camera Works", True)],
        )
        file.write(
            mosaic, photometric=32803, subfiletype=0, metadata=None, extratags=pattern, software=""
        )
    return out.getvalue()


def flipped(data: bytes, at: int) -> bytes:
    """`data` with one bit of the byte at `at` changed; negative counts from the end."""
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)
