"""Badges of one's own: a PNG or WebP picture, or an SVG drawing, which is made one."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

from genlabel.model.errors import ConfigurationError
from genlabel.model.expression import expression
from genlabel.pixels.visible import svg_renderer
from genlabel.storage import bounded_programs

if TYPE_CHECKING:
    from PIL import Image

MAX_DRAWING = 1024 * 1024
"""Most bytes of an SVG drawing."""
_BY_HAND = "make a PNG of it first: rsvg-convert -h 512 badge.svg -o badge.png"
_MAX_PIXELS = 16_000_000
_ELSEWHERE = expression(rb"<!ENTITY|<\?xml-stylesheet|@import|href\s*=\s*[\"']\s*(?!#|data:)", re.I)
"""What may bring something into a drawing that is not in its file."""


@lru_cache(maxsize=4)
def badge_picture(content: bytes) -> Image.Image:
    """A badge's picture, in RGBA. Raises `ConfigurationError` for what is none."""
    from PIL import Image, UnidentifiedImageError

    drawn = b"<svg" in content[:4096] or content.lstrip()[:5] == b"<?xml"
    picture = _rendered(content) if drawn else content
    try:
        with Image.open(BytesIO(picture), formats=("PNG", "WEBP")) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise ConfigurationError("badge: of more than 16 megapixels")
            return image.convert("RGBA")
    except UnidentifiedImageError as error:  # its text names an object in memory, not the file
        raise ConfigurationError(
            "badge: is no SVG, PNG or WebP", remedy="give an SVG or PNG file"
        ) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise ConfigurationError(
            f"badge: cannot be read ({error})", remedy="give an SVG or PNG file"
        ) from error


def _rendered(drawing: bytes) -> bytes:
    """An SVG drawing as a PNG file. Raises `ConfigurationError`."""
    if len(drawing) > MAX_DRAWING:
        raise ConfigurationError("badge: a drawing of more than 1 megabyte", remedy=_BY_HAND)
    if find_spec("resvg_py") is None:
        raise ConfigurationError(
            "badge: SVG is rendered with the extra genlabel[svg]",
            remedy="install that, or make a PNG of it first: rsvg-convert -h 512 badge.svg -o "
            "badge.png",
        )
    if _ELSEWHERE.search(drawing):
        raise ConfigurationError(
            "badge: the drawing refers to something outside of its file",
            remedy="put it into the file",
        )
    name = svg_renderer.__name__
    picture = bounded_programs.answer(name, drawing, seconds=svg_renderer.SECONDS)
    if not picture:
        raise ConfigurationError("badge: the drawing cannot be rendered", remedy=_BY_HAND)
    return picture
