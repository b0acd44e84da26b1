"""The ID3v2 tag in front of a recording: its header, its frames, and where each of them lies.

ID3v2.4 structure §3 and §4, ID3v2.3 §3. ID3v2.2 and tags that are coded as a whole are listed and
not edited.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from genlabel.formats.edits import printable
from genlabel.formats.malformed import no_room, past_end
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset, MalformedMetadata
from genlabel.storage.buffers import Buffer

HEADER = 10
"""``ID3``, version, revision, flags, and the syncsafe size of what follows (ID3v2.4 §3.1)."""
MAX_FRAMES = 2_000
"""Most frames of one tag; the engine compares each of them with all others."""
MAX_SIZE = 2**28 - 1
"""The most that a syncsafe integer of four bytes says."""

# ID3v2.4 §3.1: the flags of a tag
_UNSYNCHRONISED, _EXTENDED, _FOOTER = 0x80, 0x40, 0x10
# ID3v2.4 §4.1.2 and ID3v2.3 §3.3.1: what is done to a frame's bytes, by version
_CODED = {3: 0xE0, 4: 0x4F}
_NUMBERED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ")


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: where it lies, not what it says."""

    id: bytes
    """Four characters, three in ID3v2.2."""
    start: int
    body: int
    """Offset of its content, after its header."""
    end: int
    coded: bool
    """Is its content compressed, encrypted, unsynchronised or grouped?"""

    @property
    def name(self) -> str:
        """The id as reports name it."""
        return printable(self.id)

    def content(self, data: memoryview) -> memoryview:
        """The bytes after the header."""
        return data[self.body : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """The tag that a file begins with."""

    version: int
    """2, 3 or 4: the number behind ``ID3v2.``."""
    end: int
    """Offset behind padding and footer, where the recording begins."""
    frames: tuple[Frame, ...]
    first: int
    """Where the frames begin: behind header and extended header."""
    last: int
    """Where they end and padding begins."""
    obstacle: str | None
    """What about it keeps its frames from being exchanged; None when they can be."""


def extent(head: Buffer) -> int | None:
    """Where the tag at the beginning of `head` ends; None when there is none."""
    start = bytes(head[:HEADER])
    if len(start) < HEADER or start[:3] != b"ID3" or start[3] not in (2, 3, 4):
        return None
    if any(byte & 0x80 for byte in start[6:]):
        return None
    footer = HEADER if start[3] == 4 and start[5] & _FOOTER else 0
    return HEADER + _syncsafe(start[6:]) + footer


def walk(data: memoryview, format: str) -> Tag | None:
    """The tag at the beginning of `data`; None when there is none.

    `format` is the container's name for errors. Raises `MalformedAsset` when a size lies.
    """
    end = extent(data)
    if end is None:
        return None
    if end > len(data):
        raise past_end(format, "ID3 tag at 0", end - len(data), 0)
    version, flags = data[3], data[5]
    body_end = HEADER + _syncsafe(bytes(data[6:HEADER]))
    obstacle = _obstacle(version, flags)
    if version < 4 and flags & _UNSYNCHRONISED:  # offsets within it mean nothing
        return Tag(
            version=version, end=end, frames=(), first=body_end, last=body_end, obstacle=obstacle
        )
    first = HEADER
    if version > 2 and flags & _EXTENDED:
        first = min(first + _extended(data, format, version, body_end), body_end)
    try:
        frames = tuple(frames_in(data, format, first, body_end, version))
    except MalformedAsset:
        if version != 4:
            raise
        # Old versions of iTunes wrote sizes as in ID3v2.3.
        frames = tuple(frames_in(data, format, first, body_end, 4, plain=True))
        obstacle = obstacle or "an ID3v2.4 tag with sizes as in ID3v2.3"
    if obstacle is None:
        coded = next((each.name for each in frames if each.coded), None)
        if coded is not None:
            obstacle = f"a compressed, encrypted or otherwise coded ID3 frame ({coded})"
    last = frames[-1].end if frames else first
    return Tag(version=version, end=end, frames=frames, first=first, last=last, obstacle=obstacle)


def frame(id: bytes, *contents: Buffer, version: int) -> bytes:
    """A new frame without flags."""
    length = sum(map(len, contents))
    if length > MAX_SIZE - HEADER:
        raise MalformedMetadata(f"ID3 frame of {length:,} bytes: a tag holds {MAX_SIZE:,}")
    size = syncsafe(length) if version == 4 else length.to_bytes(4, "big")
    return b"".join((id, size, b"\0\0", *contents))


def header(version: int, size: int) -> bytes:
    """The header of a tag with `size` bytes behind it. Raises `MalformedMetadata`."""
    if size > MAX_SIZE:
        raise no_room(f"ID3 tag of {size:,} bytes: it holds {MAX_SIZE:,}")
    return b"ID3" + bytes((version, 0, 0)) + syncsafe(size)


def syncsafe(number: int) -> bytes:
    """Four bytes of seven bits each (ID3v2.4 §6.2)."""
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def _syncsafe(raw: bytes) -> int:
    return reduce(lambda number, byte: number << 7 | byte, raw, 0)


def _obstacle(version: int, flags: int) -> str | None:
    if version == 2:
        return "an ID3v2.2 tag"
    if flags & _UNSYNCHRONISED:
        return "an unsynchronised ID3 tag"
    if flags & _EXTENDED:
        return "an ID3 tag with an extended header"
    if version == 4 and flags & _FOOTER:
        return "an ID3 tag with a footer"
    return None


def _extended(data: memoryview, format: str, version: int, end: int) -> int:
    """Length of the extended header: its size counts itself in ID3v2.4 only (§3.2)."""
    if end - HEADER < 4:
        raise MalformedAsset(format, "ID3 tag ends in its extended header", offset=HEADER)
    raw = bytes(data[HEADER : HEADER + 4])
    return int.from_bytes(raw, "big") + 4 if version == 3 else _syncsafe(raw)


def frames_in(
    data: memoryview, format: str, start: int, end: int, version: int, *, plain: bool = False
) -> Iterator[Frame]:
    """The frames from `start` up to padding or `end`, also those of a chapter (ID3v2 Chapter Frame
    Addendum §3.1). With `plain`, sizes of ID3v2.4 are read as those of ID3v2.3 are.
    """
    at, count = start, 0
    lead, width = (6, 3) if version == 2 else (10, 4)
    while at < end and data[at] != 0:
        count += 1
        if count > MAX_FRAMES:
            raise MalformedAsset(format, f"more than {MAX_FRAMES:,} ID3 frames", offset=at)
        id = bytes(data[at : at + width])
        if at + lead > end:
            raise MalformedAsset(format, f"ID3 tag ends at {end:,} within a frame", offset=at)
        if not _NUMBERED.issuperset(id):
            raise MalformedAsset(format, f"{printable(id)!r} at {at:,} is no ID3 frame", offset=at)
        size = bytes(data[at + width : at + 2 * width])
        where = f"ID3 frame {printable(id)} at {at:,}"
        if version == 4 and not plain and max(size) > 0x7F:
            raise MalformedAsset(format, f"{where} has no syncsafe size", offset=at)
        length = _syncsafe(size) if version == 4 and not plain else int.from_bytes(size, "big")
        stop = at + lead + length
        if stop > end:
            past = f"{where} runs {stop - end:,} bytes past the tag"
            raise MalformedAsset(format, past, offset=at)
        coded = version > 2 and bool(data[at + 9] & _CODED[version])
        yield Frame(id, at, at + lead, stop, coded)
        at = stop
