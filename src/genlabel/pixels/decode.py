"""Decode pictures: what the pixels of every frame are, within bounds.

Pillow is loaded with the first picture. Whatever it raises on hostile bytes becomes one of two
errors: `UnsupportedFormat` for bytes that it does not know, `MalformedAsset` for those it cannot
decode. Pictures that would need a huge allocation are refused before they are decoded.
"""

from __future__ import annotations

import hashlib
import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

from genlabel.model.errors import GenlabelError, MalformedAsset, UnsupportedFormat
from genlabel.storage.buffers import is_mapped

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 50_000_000
"""Most pixels of one decoded frame unless somebody says otherwise: 200 MB at 4 bytes a pixel."""
LIGHT = 2_000_000
"""Pixels up to which pictures are decoded by all threads at once; larger ones take turns."""
MAX_FRAMES = 10_000
"""Most frames of one picture that are looked at."""

FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "GIF", "TIFF", "AVIF", "BMP", "JPEG2000")
"""What Pillow may try. Others are left out on purpose: EPS, for one, runs a foreign program."""

ORIENTATION = 0x0112  # Exif 3.0 §4.6.5.1.6

GLIMPSED = ("BMP", "DDS", "GIF", "ICO", "JPEG2000", "PPM", "PSD", "QOI", "TGA", "TIFF", "AVIF")
"""What Pillow may try where nothing but the size is wanted of a file in another format than ours.
TGA is known by no signature, so it is not among those that are decoded."""


def glimpsed(data: bytes | memoryview) -> tuple[int, int] | None:
    """Width and height of a picture in a format that is not decoded; None where Pillow has none."""
    from PIL import Image

    Image.init()
    known = tuple(name for name in GLIMPSED if name in Image.OPEN)
    try:
        with _hushed(), Image.open(_file(data), formats=known) as image:
            return image.size
    except Exception:  # noqa: BLE001  whatever its readers raise on damaged files
        return None


def profile(data: bytes | memoryview) -> bytes:
    """The ICC profile of a picture; empty without one, and where none can be read."""
    try:
        with opened(data) as image:
            found = image.info.get("icc_profile")
    except (MalformedAsset, UnsupportedFormat):
        return b""
    return found if isinstance(found, bytes) else b""


class TooLarge(MalformedAsset):
    """A picture that is not decoded because of its size."""


@contextmanager
def opened(data: bytes | memoryview, *, most: int = MAX_PIXELS) -> Iterator[Image.Image]:
    """The picture in `data`, opened and not yet decoded; errors inside the block are translated.

    Raises `UnsupportedFormat` or `MalformedAsset`, `TooLarge` for one of more than `most` pixels.
    """
    from PIL import Image, UnidentifiedImageError

    name = "picture"
    try:
        with _hushed(), Image.open(_file(data), formats=_readable()) as image:
            name = (image.format or name).lower()
            yield checked(image, most=most)
    except GenlabelError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(name, most) from error
    except UnidentifiedImageError as error:
        raise UnsupportedFormat("the bytes are no picture that can be decoded") from error
    except Exception as error:
        reason = f"{error}".strip().rstrip(".") or type(error).__name__
        raise MalformedAsset(name, f"the pixels cannot be decoded ({reason})") from error


class _Hush:
    """Python's warnings, which are of the whole process, are off while somebody decodes."""

    def __init__(self) -> None:
        self._lock, self._count = threading.Lock(), 0
        self._before = warnings.catch_warnings()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """What Pillow thinks of a file is for programmers who wrote it."""
        with self._lock:
            self._count += 1
            if self._count == 1:
                self._before = warnings.catch_warnings()
                self._before.__enter__()
                warnings.simplefilter("ignore")
        try:
            yield
        finally:
            with self._lock:
                self._count -= 1
                if not self._count:
                    self._before.__exit__(None, None, None)


_hushed = _Hush()
_turn = threading.RLock()


def turn(*sizes: int) -> AbstractContextManager[object]:
    """Held while pictures of so many pixels are decoded: two large ones at once, never more."""
    return _turn if max(sizes, default=0) > LIGHT else nullcontext()


def _file(data: bytes | memoryview) -> IO[bytes]:
    """`data` as a file that Pillow reads; a mapped one is not copied."""
    return _Mapped(data) if is_mapped(data) else BytesIO(data)


class _Mapped(io.BufferedReader):
    """A mapped file. Pillow hands all of it to libtiff for each page of a TIFF, and would read it
    anew each time if it could not be asked for its bytes, as those of a `BytesIO`."""

    def __init__(self, data: bytes | memoryview) -> None:
        super().__init__(_View(data))
        self._data = data

    def getvalue(self) -> bytes | memoryview:
        """All bytes, which are not copied."""
        return self._data


class _View(io.RawIOBase):
    """A buffer as a file."""

    def __init__(self, data: bytes | memoryview) -> None:
        self._data, self._at = memoryview(data), 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(0, offset + (0, self._at, len(self._data))[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        part = self._data[self._at : self._at + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)


def _readable() -> tuple[str, ...]:
    """The formats that this build of Pillow reads."""
    from PIL import Image

    if not set(FORMATS).issubset(Image.OPEN):
        Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def _too_large(name: str, most: int) -> TooLarge:
    return TooLarge(
        name,
        f"more than {most:,} pixels are not decoded",
        remedy="give a smaller version of the picture, or a higher bound (--max-pixels)",
    )


def checked(image: Image.Image, *, most: int) -> Image.Image:
    """`image`, unless decoding it would allocate too much: raises `TooLarge`."""
    if image.width * image.height > most:
        raise _too_large((image.format or "picture").lower(), most)
    return image


def bands(image: Image.Image, rows: int = 1) -> Iterator[Image.Image]:
    """`image` from top to bottom in parts of about a megapixel, each of a multiple of `rows`.

    What is made of a part costs little; made of the whole it would double what is in memory.
    """
    step = max(rows, (1 << 20) // max(image.width, 1) // rows * rows)
    for top in range(0, image.height, step):
        yield image.crop((0, top, image.width, min(top + step, image.height)))


def digests(data: bytes | memoryview, *, most: int = MAX_PIXELS) -> Iterator[str]:
    """SHA-256 of every frame's size and pixels, in order, one frame in memory at a time.

    Equal digests mean equal pixels as a viewer sees them: a palette and its colours are the same,
    and so are grey as such and grey as RGB. Orientation and colour profile are not applied.
    """
    with opened(data, most=most) as image:
        for index in range(frames(image)):
            image.seek(index)
            yield _digest(checked(image, most=most))


def frames(image: Image.Image) -> int:
    """How many frames or pages it has. Raises `MalformedAsset` for too many."""
    count = getattr(image, "n_frames", 1)
    if not isinstance(count, int) or count > MAX_FRAMES:
        raise MalformedAsset((image.format or "picture").lower(), f"{count} frames are too many")
    return count


def _digest(image: Image.Image) -> str:
    # RGBA holds all 8-bit modes; deeper ones and CMYK would lose something and stay as they are.
    mode = image.mode if image.mode in _BEYOND_RGBA else "RGBA"
    image.load()
    digest = hashlib.sha256(f"{mode} {image.width}x{image.height}\n".encode())
    for band in bands(image):
        digest.update((band if band.mode == mode else band.convert(mode)).tobytes())
    return digest.hexdigest()


_BEYOND_RGBA = frozenset({"I", "F", "I;16", "I;16L", "I;16B", "I;16N", "CMYK", "YCbCr", "LAB"})
