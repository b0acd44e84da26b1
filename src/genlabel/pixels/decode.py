"""Decode pictures: what the pixels of every frame are, within bounds.

Pillow is loaded with the first picture. Whatever it raises on hostile bytes becomes one of two
errors: `UnsupportedFormat` for bytes that it does not know, `MalformedAsset` for those it cannot
decode. Pictures that would need a huge allocation are refused before they are decoded.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from genlabel.model.errors import MalformedAsset, UnsupportedFormat

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 120_000_000
"""Most pixels of one decoded frame: 480 MB as RGBA. A 100-megapixel camera stays below."""
MAX_FRAMES = 10_000
"""Most frames of one picture that are looked at."""

FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "GIF", "TIFF", "AVIF", "BMP", "JPEG2000")
"""What Pillow may try. Others are left out on purpose: EPS, for one, runs a foreign program."""

ORIENTATION = 0x0112  # Exif 3.0 §4.6.5.1.6

# Everything that Pillow's readers have been seen to raise on damaged files.
_UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    EOFError,
    MemoryError,
    RuntimeError,  # AVIF frames
    struct.error,
    zlib.error,
)


GLIMPSED = ("BMP", "DDS", "GIF", "ICO", "JPEG2000", "PPM", "PSD", "QOI", "TGA", "TIFF", "AVIF")
"""What Pillow may try where nothing but the size is wanted of a file in another format than ours.
TGA is known by no signature, so it is not among those that are decoded."""


def glimpsed(data: bytes | memoryview) -> tuple[int, int] | None:
    """Width and height of a picture in a format that is not decoded; None where Pillow has none."""
    from PIL import Image

    Image.init()
    known = tuple(name for name in GLIMPSED if name in Image.OPEN)
    try:
        with Image.open(BytesIO(data), formats=known) as image:
            return image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, *_UNREADABLE):
        return None


@contextmanager
def opened(data: bytes | memoryview) -> Iterator[Image.Image]:
    """The picture in `data`, opened and not yet decoded; errors inside the block are translated.

    Raises `UnsupportedFormat` or `MalformedAsset`.
    """
    from PIL import Image, UnidentifiedImageError

    name = "picture"
    try:
        with Image.open(BytesIO(data), formats=_readable()) as image:
            name = (image.format or name).lower()
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_big(name) from error
    except UnidentifiedImageError as error:
        raise UnsupportedFormat("the bytes are no picture that can be decoded") from error
    except _UNREADABLE as error:
        reason = f"{error}".strip().rstrip(".") or type(error).__name__
        raise MalformedAsset(name, f"the pixels cannot be decoded ({reason})") from error


def _readable() -> tuple[str, ...]:
    """The formats that this build of Pillow reads."""
    from PIL import Image

    if not set(FORMATS).issubset(Image.OPEN):
        Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def too_big(name: str) -> MalformedAsset:
    """The error for a picture that is not decoded because of its size."""
    return MalformedAsset(
        name,
        f"more than {MAX_PIXELS:,} pixels are not decoded",
        remedy="give a smaller version of the picture",
    )


def checked(image: Image.Image) -> Image.Image:
    """`image`, unless decoding it would allocate too much: raises `MalformedAsset`."""
    if image.width * image.height > MAX_PIXELS:
        raise too_big((image.format or "picture").lower())
    return image


def digests(data: bytes | memoryview) -> Iterator[str]:
    """SHA-256 of every frame's size and pixels, in order, one frame in memory at a time.

    Equal digests mean equal pixels as a viewer sees them: a palette and its colours are the same,
    and so are grey as such and grey as RGB. Orientation and colour profile are not applied.
    """
    with opened(data) as image:
        checked(image)
        for index in range(_frames(image)):
            image.seek(index)
            yield _digest(checked(image))


def _frames(image: Image.Image) -> int:
    count = getattr(image, "n_frames", 1)
    if not isinstance(count, int) or count > MAX_FRAMES:
        raise MalformedAsset((image.format or "picture").lower(), f"{count} frames are too many")
    return count


def _digest(image: Image.Image) -> str:
    # RGBA holds all 8-bit modes; deeper ones and CMYK would lose something and stay as they are.
    plain = image if image.mode in _BEYOND_RGBA else image.convert("RGBA")
    digest = hashlib.sha256(f"{plain.mode} {plain.width}x{plain.height}\n".encode())
    digest.update(plain.tobytes())
    return digest.hexdigest()


_BEYOND_RGBA = frozenset({"I", "F", "I;16", "I;16L", "I;16B", "I;16N", "CMYK", "YCbCr", "LAB"})
