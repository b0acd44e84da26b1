"""The chunks of a PNG file as a box hash names them, and those of which nobody sees anything.

C2PA 2.4 §18.7.3.2; PNG third edition §11.3.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from genlabel.formats.coverage import HashedBox, Unseen
from genlabel.formats.format import Survey
from genlabel.formats.png import text as png_text
from genlabel.formats.png.chunks import SIGNATURE

_HEADER = struct.Struct(">I4s").unpack_from
_LEAD, _CRC = 8, 4
_WORDY_PROFILES = ("iptc",)
"""Raw profiles without colour, orientation or a small picture, or words of how it is shown."""


def boxes(survey: Survey) -> Iterator[HashedBox]:
    """The signature and every chunk up to IEND, each IDAT chunk by itself."""
    view = survey.data
    yield HashedBox("PNGh", 0, len(SIGNATURE))
    at = len(SIGNATURE)
    while at + _LEAD + _CRC <= len(view):
        length, kind = _HEADER(view, at)
        end = at + _LEAD + length + _CRC
        name = "C2PA" if kind == b"caBX" else kind.decode("latin-1")
        yield HashedBox(name, at, end)
        if kind == b"IEND":
            return
        at = end


def unseen(survey: Survey) -> Iterator[Unseen]:
    """Texts behind their keywords, times, and Exif."""
    view = survey.data
    for block in survey.blocks:
        start, crc = block.start + _LEAD, (block.end - _CRC, block.end)
        if block.name == "tIME":
            yield Unseen(block, ((start, crc[0]), crc))
        elif block.name == "eXIf":
            yield Unseen(block, ((start, crc[0]), crc), True)
        elif block.name[:4].encode("latin-1") in png_text.TYPES and block.name[4:5] == " ":
            key = png_text.keyword(view[start : crc[0]])
            profile = key.removeprefix(png_text.RAW_PROFILE)
            said = start + len(key) + 1
            packed = key == png_text.XMP_KEYWORD and bytes(view[said : said + 1]) != b"\0"
            if not packed and (profile == key or profile in _WORDY_PROFILES):
                yield Unseen(block, ((start + len(key) + 1, crc[0]), crc))
