"""Fingerprints: which of many pictures are worth comparing with one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset, UnsupportedFormat
from genlabel.pixels.decode import MAX_PIXELS
from genlabel.pixels.search import Field
from genlabel.pixels.views import looked_at

if TYPE_CHECKING:
    from PIL import Image

NEAR = 600
"""Distance up to which two fingerprints are those of one picture that nobody cut."""
FOUND = 2.3
"""Score of a place from which on a part may be there; of different pictures 1 in 100 has it."""
_SIDE = 8
_SMALL = 160
"""Pixels of the longer side of what is looked for in others."""
_COLOURS = 64
"""Pixels of the longer side of what colours are counted on."""
_LEFT = 0.5
"""Part of a picture's points that a part of it may be."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a picture, as it is shown on a grey ground: about 10 kB."""

    levels: bytes
    """64 of grey, stretched from 0 to 255."""
    field: Field
    """In which parts of it are found."""
    colours: Mapping[int, float]
    """Which part of its points each of 512 colours has."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A published picture whose original is looked for."""

    levels: bytes
    grey: Image.Image
    colours: Mapping[int, float]

    def apart(self, original: Fingerprint) -> int:
        """How far both are apart, from 0."""
        return sum(abs(a - b) for a, b in zip(self.levels, original.levels, strict=True))

    def common(self, original: Fingerprint) -> float:
        """Which part of its points, from 0 to 1, has colours of the original: nearly all where it
        was cut from it."""
        theirs = original.colours
        return sum(min(part, theirs.get(c, 0.0) / _LEFT) for c, part in self.colours.items())

    def score(self, original: Fingerprint) -> float:
        """How surely it is found as a part of the original: from `FOUND` on it may be one."""
        return max((place.score for place in original.field.places(self.grey, 1)), default=0.0)


def fingerprint(data: bytes | memoryview, *, max_pixels: int = MAX_PIXELS) -> Fingerprint | None:
    """That of an original; None of what cannot be decoded, or is too large."""
    seen = _seen(data, max_pixels)
    return None if seen is None else Fingerprint(_levels(seen[0]), Field(seen[0]), seen[1])


def sought(data: bytes | memoryview, *, max_pixels: int = MAX_PIXELS) -> Sought | None:
    """A published picture; None of what cannot be decoded, or is too large."""
    seen = _seen(data, max_pixels)
    return None if seen is None else Sought(_levels(seen[0]), *seen)


def _seen(
    data: bytes | memoryview, max_pixels: int
) -> tuple[Image.Image, Mapping[int, float]] | None:
    """It in grey, and its colours."""
    from PIL import Image

    try:
        with looked_at(data, most=max_pixels) as picture:
            view = picture.view().over("grey")
            grey, colours = view.grey, _colours(view.image)
    except (MalformedAsset, UnsupportedFormat):
        return None
    grey.thumbnail((_SMALL, _SMALL), Image.Resampling.BOX)
    return grey, colours


def _colours(image: Image.Image) -> Mapping[int, float]:
    from PIL import Image

    small = image.convert("RGB")
    small.thumbnail((_COLOURS, _COLOURS), Image.Resampling.BOX)
    bands = (band.tobytes() for band in small.split())
    counts = Counter((r >> 5) << 6 | (g >> 5) << 3 | b >> 5 for r, g, b in zip(*bands, strict=True))
    return {colour: count / counts.total() for colour, count in counts.items()}


def _levels(grey: Image.Image) -> bytes:
    from PIL import Image, ImageOps

    small = grey.resize((_SIDE, _SIDE), Image.Resampling.BOX)
    return ImageOps.autocontrast(small).tobytes()
