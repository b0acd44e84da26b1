"""Colours: parts of a picture as sRGB shows them, and a plate in the picture's own colours."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from genlabel.model.errors import UnsupportedFormat

if TYPE_CHECKING:
    from PIL import Image

_WITH_ALPHA = {"RGBA": "RGB", "LA": "L"}
MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I;16B", "I;16L"})
"""Modes of Pillow's in which labels are drawn."""


def in_srgb(part: Image.Image, profile: bytes) -> Image.Image:
    """A small part of a picture as RGB in sRGB; transparency is dropped."""
    if part.mode.startswith("I;16"):
        return _eight_bits(part).convert("RGB")
    if part.mode in _WITH_ALPHA:
        part = part.convert(_WITH_ALPHA[part.mode])
    if part.mode == "P":
        part = part.convert("RGBA").convert("RGB")
    if part.mode == "1":
        part = part.convert("L")
    converted = _converted(part, profile, to_srgb=True, mode="RGB") if profile else None
    return part.convert("RGB") if converted is None else converted


def in_mode_of(plate: Image.Image, image: Image.Image, profile: bytes) -> Image.Image:
    """`plate`, RGB in sRGB, as a solid part of `image`. Raises `UnsupportedFormat`."""
    mode = image.mode
    if mode == "P":
        return _in_palette(plate, image)
    if mode == "1":
        return plate.convert("L").point([0] * 128 + [255] * 128).convert("1")
    if mode.startswith("I;16"):
        return _deep(plate.convert("L"), mode)
    solid = _WITH_ALPHA.get(mode, mode)
    part = _converted(plate, profile, to_srgb=False, mode=solid) if profile else None
    part = plate.convert(solid) if part is None else part
    if mode in _WITH_ALPHA:
        part.putalpha(255)
    return part


def check_mode(image: Image.Image) -> None:
    """Raise `UnsupportedFormat` for a picture in whose colours nothing is drawn."""
    kind = (image.format or "picture").lower()
    if image.mode not in MODES:
        raise UnsupportedFormat(
            f"{kind}: no label is drawn on pictures of mode {image.mode}",
            remedy="convert it to RGB or greyscale first",
        )
    clear = image.info.get("transparency")
    if image.mode in ("RGB", "L", "I;16") and clear is not None and _is_grey(clear):
        raise UnsupportedFormat(
            f"{kind}: one tone of grey means transparent in it, and the label would show holes",
            remedy="convert it to a picture with an alpha channel first",
        )


def profile_of(image: Image.Image) -> bytes:
    """Its ICC profile; empty without one."""
    profile = image.info.get("icc_profile")
    return profile if isinstance(profile, bytes) else b""


def is_transparent(part: Image.Image, image: Image.Image) -> bool:
    """Shows a part of `image` what is behind it?"""
    if part.mode in _WITH_ALPHA:
        return part.getchannel("A").getextrema() != (255, 255)
    if part.mode == "P" and "transparency" in image.info:
        part.info["transparency"] = image.info["transparency"]
        return part.convert("RGBA").getchannel("A").getextrema() != (255, 255)
    return False


def _is_grey(clear: object) -> bool:
    return not isinstance(clear, tuple) or len(set(clear)) == 1


def _converted(
    part: Image.Image, profile: bytes, *, to_srgb: bool, mode: str
) -> Image.Image | None:
    """Through the ICC profile; None where that does not fit the picture."""
    from PIL import ImageCms

    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        one, other = (own, srgb) if to_srgb else (srgb, own)
        return ImageCms.profileToProfile(
            part, one, other, ImageCms.Intent.RELATIVE_COLORIMETRIC, outputMode=mode
        )
    except (OSError, ImageCms.PyCMSError, ValueError):
        return None


def _eight_bits(part: Image.Image) -> Image.Image:
    from PIL import Image

    data = part.convert("I").tobytes()
    return Image.frombytes(
        "L", part.size, bytes(data[1::4])
    )  # the second byte of 32, little-endian


def _deep(plate: Image.Image, mode: str) -> Image.Image:
    from PIL import Image

    doubled = bytes(byte for each in plate.tobytes() for byte in (each, each))  # 255 is 65,535
    return Image.frombytes(mode, plate.size, doubled)


def _in_palette(plate: Image.Image, image: Image.Image) -> Image.Image:
    """In the palette's own colours, or in those that it has room for."""
    palette = image.getpalette("RGBA") or []
    clear = image.info.get("transparency")
    colours = [tuple(palette[at : at + 4]) for at in range(0, len(palette), 4)]
    solid = [number for number, each in enumerate(colours) if not _is_clear(number, each, clear)]
    if not solid:
        raise UnsupportedFormat(
            "palette: has no colours for a label", remedy="convert it to RGB first"
        )
    grey = [_nearest(colours, solid, tone) for tone in range(256)]
    part = plate.convert("L").point(grey, "L")
    from PIL import Image

    return Image.frombytes("P", plate.size, part.tobytes())


def _is_clear(number: int, colour: tuple[int, ...], clear: object) -> bool:
    if isinstance(clear, bytes):
        return number < len(clear) and clear[number] < 255
    return number == clear or colour[3] < 255


def _nearest(colours: list[tuple[int, ...]], solid: list[int], tone: int) -> int:
    return min(solid, key=lambda each: sum((value - tone) ** 2 for value in colours[each][:3]))


def room_for_greys(image: Image.Image) -> None:
    """Put black, white and some greys into what a palette has free: a label is drawn in them."""
    palette = image.getpalette() or []
    highest = max((number for number, count in enumerate(image.histogram()) if count), default=0)
    clear = image.info.get("transparency")
    taken = {*range(highest + 1), *([clear] if isinstance(clear, int) else [])}
    known = {tuple(palette[3 * each : 3 * each + 3]) for each in range(highest + 1)}
    wanted = [tone for tone in (0, 255, 128, 64, 192) if (tone,) * 3 not in known]
    free = [number for number in range(256) if number not in taken]
    for number, tone in zip(free, wanted, strict=False):
        palette += [0] * (3 * number + 3 - len(palette))
        palette[3 * number : 3 * number + 3] = (tone,) * 3
    image.putpalette(palette)
