"""Fingerprints: which of many pictures are worth comparing with one."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a picture, as it is shown on a grey ground: about 10 kB."""

    levels: bytes
    """64 of grey, stretched from 0 to 255."""
    field: Field
    """In which parts of it are found."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A published picture whose original is looked for."""

    levels: bytes
    grey: Image.Image

    def apart(self, original: Fingerprint) -> int:
        """How far both are apart, from 0."""
        return sum(abs(a - b) for a, b in zip(self.levels, original.levels, strict=True))

    def may_be_of(self, original: Fingerprint) -> bool:
        """Is it worth decoding both, since all of the original or a part of it may be shown?"""
        if self.apart(original) <= NEAR:
            return True
        return any(place.score >= FOUND for place in original.field.places(self.grey, 1))


def fingerprint(data: bytes | memoryview, *, max_pixels: int = MAX_PIXELS) -> Fingerprint | None:
    """That of an original; None of what cannot be decoded, or is too large."""
    grey = _grey(data, max_pixels)
    return None if grey is None else Fingerprint(_levels(grey), Field(grey))


def sought(data: bytes | memoryview, *, max_pixels: int = MAX_PIXELS) -> Sought | None:
    """A published picture; None of what cannot be decoded, or is too large."""
    grey = _grey(data, max_pixels)
    return None if grey is None else Sought(_levels(grey), grey)


def _grey(data: bytes | memoryview, max_pixels: int) -> Image.Image | None:
    from PIL import Image

    try:
        with looked_at(data, most=max_pixels) as picture:
            grey = picture.view().over("grey").grey
    except (MalformedAsset, UnsupportedFormat):
        return None
    grey.thumbnail((_SMALL, _SMALL), Image.Resampling.BOX)
    return grey


def _levels(grey: Image.Image) -> bytes:
    from PIL import Image, ImageOps

    small = grey.resize((_SIDE, _SIDE), Image.Resampling.BOX)
    return ImageOps.autocontrast(small).tobytes()
