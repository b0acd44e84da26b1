"""Fingerprints: which of many pictures are worth comparing with one."""

from __future__ import annotations

from genlabel.model.errors import MalformedAsset, UnsupportedFormat
from genlabel.pixels.decode import MAX_PIXELS
from genlabel.pixels.views import looked_at

_SIDE = 8


def fingerprint(data: bytes | memoryview, *, max_pixels: int = MAX_PIXELS) -> bytes | None:
    """64 levels of grey, stretched from 0 to 255; None of what cannot be decoded, or is too large.

    As it is shown, on a grey ground; a turned or strongly cropped copy has another one.
    """
    from PIL import Image, ImageOps

    try:
        with looked_at(data, most=max_pixels) as picture:
            grey = picture.view().over("grey").grey
    except (MalformedAsset, UnsupportedFormat):
        return None
    small = grey.resize((_SIDE, _SIDE), Image.Resampling.BOX)
    return ImageOps.autocontrast(small).tobytes()


def apart(one: bytes, other: bytes) -> int:
    """How far two fingerprints are apart, from 0."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))
