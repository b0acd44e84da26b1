"""Encoding: a picture that exists in memory only becomes a file's bytes, once."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

from genlabel.model.errors import ConfigurationError

if TYPE_CHECKING:
    from PIL import Image

_FORMATS = {"png": "PNG", "jpeg": "JPEG", "jpg": "JPEG", "webp": "WEBP", "avif": "AVIF"}


def encode(image: Image.Image, *, format: str, options: Mapping[str, object]) -> bytes:
    """`image` as the bytes of a file in `format` (png, jpeg, webp or avif), its ICC and Exif kept.

    `options` go to Pillow's encoder, e.g. ``{"quality": 95}``. Raises `ConfigurationError` for a
    format or options that do not fit the picture.
    """
    name = _FORMATS.get(format.lower())
    if name is None:
        raise ConfigurationError(
            f"{format}: not a format to save in", remedy="use png, jpeg, webp or avif"
        )
    carried: dict[str, object] = {}
    profile = image.info.get("icc_profile")
    if profile:
        carried["icc_profile"] = profile
    output = io.BytesIO()
    try:
        if len(exif := image.getexif()):
            carried["exif"] = exif.tobytes()
        image.save(output, name, **{**carried, **options})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SyntaxError) as error:
        raise ConfigurationError(
            f"the picture (mode {image.mode}) cannot be saved as {format}: {error}",
            remedy="convert it first, as with image.convert('RGB'), or choose another format",
        ) from error
    return output.getvalue()
