"""Frames of GIF that decode to true colour, as pictures with a palette of their own again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

_MOST = 256
_ROOM = 5
"""Colours left to a label where a frame has more than a palette holds."""


def indexed(frame: Image.Image) -> Image.Image:
    """`frame` in mode P: exactly, where it has at most 256 colours; others are as they are.

    A frame that was put together from several palettes can have more; it gets the nearest of some.
    """
    from PIL import Image

    if frame.mode not in ("RGB", "RGBA"):
        return frame
    rgb, clear = frame, None
    if frame.mode == "RGBA":
        rgb = frame.convert("RGB")
        clear = frame.getchannel("A").point([255] * 128 + [0] * 128)
        if clear.getbbox() is None:
            clear = None
        else:
            rgb.paste(_solid(rgb, clear), mask=clear)
    most = _MOST - (clear is not None)
    colours = rgb.getcolors(most)
    count = len(colours) if colours else most - _ROOM
    made = rgb.quantize(count, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    if clear is not None:
        made.paste(count, mask=clear)
        made.info["transparency"] = count
    return made


def _solid(rgb: Image.Image, clear: Image.Image) -> tuple[int, ...]:
    """A colour that a frame has where it is not clear."""
    shown = clear.point([255] + [0] * 255).getbbox()
    if shown is None:
        return (0, 0, 0)
    row = rgb.crop((0, shown[1], rgb.width, shown[1] + 1))
    beside = clear.crop((0, shown[1], rgb.width, shown[1] + 1)).tobytes()
    colour = row.getpixel((beside.index(0), 0))
    return colour if isinstance(colour, tuple) else (0, 0, 0)
