"""What the JPEG pictures of a document say of themselves, as far as they stand in it as they are.

ISO 32000-2 §7.4.8 (DCTDecode): such a stream is a JPEG file, markers and all. What is compressed
once more, or encrypted, is not looked into.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from genlabel.formats.format import Survey
from genlabel.formats.slots import EXIF, XMP, Slot
from genlabel.model.expression import expression

MAX_BLOCKS = 512
"""Most blocks that are looked at."""
_BLOCK = expression(rb"\xff\xe1(..)(?:(http://ns\.adobe\.com/xap/1\.0/\0)|Exif\0\0)", re.DOTALL)


def said(survey: Survey) -> Iterator[tuple[str, Mapping[Slot, bytes]]]:
    """Place and payload of each block of XMP or Exif in a picture."""
    for block in islice(_BLOCK.finditer(survey.data), MAX_BLOCKS):
        end = block.start(1) + int.from_bytes(block[1], "big")
        slot = XMP if block[2] else EXIF
        yield f"a picture at {block.start():,}", {slot: bytes(survey.data[block.end() : end])}
