"""The chunks of a PNG file and how a new one is made, PNG third edition §5."""

from __future__ import annotations

import struct
import zlib

from genlabel.formats.edits import printable
from genlabel.formats.malformed import past_end
from genlabel.formats.slots import MAX_BLOCKS
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_LENGTH = 2**31 - 1
"""PNG §5.3: the length of a chunk's data."""
_LEAST_MEAN = 1024
"""Least mean bytes of more than `MAX_BLOCKS` chunks in a run; encoders cut 8 KiB and more. The
engine reads each chunk by several calls, so that empty ones by the million would take minutes."""
OVERHEAD = 12
"""Bytes of a chunk around its data: length, type and CRC."""
_HEADER = struct.Struct(">I4s").unpack_from
# Image data is cut into thousands of chunks; a run of them is one block.
_IN_RUNS = frozenset({b"IDAT", b"fdAT"})


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk, or a run of IDAT or fdAT chunks; `end` is after the (last) CRC."""

    type: bytes
    start: int
    end: int

    @property
    def in_run(self) -> bool:
        """Is it image data, of which the CRC is left to decoders?"""
        return self.type in _IN_RUNS

    def content(self, data: memoryview) -> memoryview:
        """The chunk's data; of a run this makes no sense."""
        return data[self.start + 8 : self.end - 4]

    def crc_holds(self, data: memoryview) -> bool:
        """Does the CRC match type and data?"""
        crc = int.from_bytes(data[self.end - 4 : self.end], "big")
        return zlib.crc32(data[self.start + 4 : self.end - 4]) == crc


def walk(data: memoryview) -> tuple[list[Chunk], int]:
    """All chunks up to IEND, and the offset after it; or up to the end of the file, where nothing
    but IEND or a part of it is missing behind a picture.

    Raises `MalformedAsset` when a length runs past the end, a type has other bytes than letters,
    or the file ends before that.
    """
    size = len(data)
    at = len(SIGNATURE)
    chunks: list[Chunk] = []
    while True:
        if at + OVERHEAD > size:
            if END.startswith(data[at:]) and any(each.type == b"IDAT" for each in chunks):
                return chunks, at
            raise MalformedAsset("png", f"ends at {size:,} without an IEND chunk", offset=size)
        length, kind = _HEADER(data, at)
        if not kind.isalpha():
            what = f"no chunk at {at:,}: '{printable(kind)}' is no chunk type"
            raise MalformedAsset("png", what, offset=at)
        end = at + OVERHEAD + length
        if end > size:
            raise past_end("png", f"chunk {kind.decode()} at {at:,}", end - size, at)
        if kind in _IN_RUNS:
            end = _end_of_run(data, kind, end)
        chunks.append(Chunk(kind, at, end))
        at = end
        if kind == b"IEND":
            return chunks, at
        if len(chunks) >= MAX_BLOCKS:
            raise MalformedAsset("png", f"more than {MAX_BLOCKS:,} chunks", offset=at)


def chunk(kind: bytes, content: bytes) -> bytes:
    """A new chunk with its length and CRC."""
    body = kind + content
    return b"".join((len(content).to_bytes(4, "big"), body, zlib.crc32(body).to_bytes(4, "big")))


END = chunk(b"IEND", b"")
"""The last chunk of a file."""


def _end_of_run(data: memoryview, kind: bytes, end: int) -> int:
    last = len(data) - OVERHEAD
    start, count = end, 0
    while end <= last:
        length, following = _HEADER(data, end)
        # A length that lies is left to the walker, which has the words for it.
        if following != kind or end + length > last:
            break
        end += OVERHEAD + length
        count += 1
        if count > MAX_BLOCKS and end - start < count * _LEAST_MEAN:
            raise MalformedAsset("png", f"more than {MAX_BLOCKS:,} tiny image chunks", offset=end)
    return end
