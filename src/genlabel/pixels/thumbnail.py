"""Thumbnails: a small copy of a picture without any metadata, for pages about it."""

from __future__ import annotations

import base64
from io import BytesIO

from genlabel.model.errors import MalformedAsset, UnsupportedFormat
from genlabel.pixels import decode, views

SIDE = 160
"""Pixels of the longer side."""


def data_uri(
    data: bytes | memoryview, *, side: int = SIDE, max_pixels: int = decode.MAX_PIXELS
) -> str | None:
    """The first frame of the picture in `data`, upright and at most `side` pixels wide and high, as
    a ``data:`` URI; None for what cannot be decoded, or has more than `max_pixels` pixels.

    It is encoded anew from pixels alone, so that nothing else of the file gets into the page.
    """
    from PIL import Image

    try:
        with (
            decode.opened(data, most=max_pixels) as image,
            decode.turn(image.width * image.height),
        ):
            image.draft("RGB", (side, side))
            small = views.reduced(image)
            small.thumbnail((side, side))
            method = views.orientation(image)
            small = (small if method is None else small.transpose(method)).convert("RGBA")
            flat = Image.new("RGB", small.size, "white")
            flat.paste(small, mask=small.getchannel("A"))
    except (MalformedAsset, UnsupportedFormat):
        return None
    output = BytesIO()
    flat.save(output, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(output.getvalue()).decode("ascii")
