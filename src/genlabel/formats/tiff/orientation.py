"""Whether Exif tells viewers to turn a picture: the tag Orientation (Exif 3.0 §4.6.5.1.6)."""

from __future__ import annotations

from genlabel.formats.tiff.directories import opened
from genlabel.model.errors import MalformedMetadata

_ORIENTATION = 0x0112
_UPRIGHT = (1,)


def turns(block: bytes) -> bool:
    """Does it say any orientation but the upright one? False where it cannot be read."""
    try:
        structure = opened(block)
        entry = structure.directory(structure.first).get(_ORIENTATION)
    except MalformedMetadata:
        return False
    numbers = structure.numbers(entry) if entry is not None else None
    return numbers is not None and numbers != _UPRIGHT
