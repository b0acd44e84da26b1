"""The chunks of a RIFF file: type, length, data, padding to even."""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from genlabel.formats.edits import Block, Edit, growth, printable
from genlabel.formats.malformed import no_room, past_end
from genlabel.formats.slots import MANIFEST, MAX_BLOCKS, MAX_METADATA, Slot
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset
from genlabel.model.named_tuple import NamedTuple
from genlabel.storage.buffers import Buffer

HEADER = 12
"""``RIFF``, 32-bit length of what follows, form type."""
MAX_SIZE = 2**32 - 10
"""Most bytes that a RIFF list tells the length of, with its padding."""
_LONG = 0xFFFFFFFF
_UNKNOWN = 0x7FFFF000
"""From here on, lengths that programs write which do not know them yet."""
_MAX_LISTED = 1_000_000
_CHUNK = struct.Struct("<4sI").unpack_from


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk; `end` is after its padding, which a careless writer may have left out."""

    type: bytes
    start: int
    length: int
    """Bytes of its data."""
    end: int

    @property
    def name(self) -> str:
        """The type as reports name it, without trailing spaces."""
        return printable(self.type).rstrip(" ") or "(blank)"

    @property
    def padded(self) -> bool:
        """False when the data's length is odd and the padding is missing."""
        return (self.end - self.start) % 2 == 0

    def content(self, data: memoryview) -> memoryview:
        """The chunk's data without header and padding."""
        return data[self.start + 8 : self.start + 8 + self.length]


def has_form(form: bytes, *others: bytes) -> Callable[[Buffer], bool]:
    """For `Format.accepts`: is it a RIFF list of this form, or a list of one of the `others`?"""
    return lambda head: bytes(head[:4]) in (b"RIFF", *others) and bytes(head[8:12]) == form


class RiffList(NamedTuple):
    """The first RIFF list of a file."""

    chunks: list[Chunk]
    end: int
    """The offset behind it."""
    wrong: tuple[WrongLength, ...] = ()
    """The lengths that do not tell the truth."""


class WrongLength(NamedTuple):
    """A length that is wrong, and nothing else is: what it belongs to ends with the file."""

    name: str
    start: int
    """Of the chunk or list."""
    told: int
    length: int

    @property
    def words(self) -> str:
        """What is odd, as a clause."""
        return (
            f"the length of {self.name} at {self.start:,} says {self.told:,} bytes, and "
            f"{self.length:,} are there"
        )

    @property
    def mended(self) -> Edit:
        """What puts it right."""
        at = self.start + 4
        return Edit(at, at + 4, self.length.to_bytes(4, "little"))


def walk(
    data: memoryview,
    format: str,
    long: Mapping[bytes, int] | None = None,
    *,
    streamed: Collection[bytes] = (),
) -> RiffList:
    """The chunks of the first RIFF list.

    `format` is its name for errors; `long` are the lengths, by type, that 32 bits cannot hold.
    Padding may be missing after the last chunk. Where whole chunks end with the file, a list that
    claims to be longer is only told; so is the length of a last chunk of a `streamed` type, which
    nobody knew when the file went through a pipe. Raises `MalformedAsset` when another length runs
    past the end.
    """
    long = long or {}
    size = len(data)
    if size < HEADER:
        raise MalformedAsset(format, f"ends at {size:,} in its header", offset=size)
    length = int.from_bytes(data[4:8], "little")
    end = 8 + (long.get(bytes(data[:4]), length) if length == _LONG else length)
    is_odd = end > size and (end > size + 1 or end % 2)
    is_piped = (is_odd or length == 0) and not long
    if is_odd and (long or size - 8 > MAX_SIZE):
        raise past_end(format, "RIFF list at 0", end - size, 0)
    stop = size if is_piped else min(end, size)
    try:
        chunks = inner(data, HEADER, stop, format, long, streamed if is_piped else ())
    except MalformedAsset:
        if is_odd and length < _UNKNOWN:  # it was cut off, and the list's own length says so
            raise past_end(format, "RIFF list at 0", end - size, 0) from None
        raise
    wrong = [WrongLength("the RIFF list", 0, length, size - 8)] if is_piped else []
    last = chunks[-1] if chunks else None
    if last is not None and is_piped:
        told = int.from_bytes(data[last.start + 4 : last.start + 8], "little")
        if told != last.length and last.type in streamed:
            wrong.append(WrongLength(f"chunk {last.name}", last.start, told, last.length))
    return RiffList(chunks, last.end if last else HEADER, tuple(wrong))


def inner(
    data: memoryview,
    start: int,
    end: int,
    format: str,
    long: Mapping[bytes, int] | None = None,
    streamed: Collection[bytes] = (),
) -> list[Chunk]:
    """The chunks from `start` to `end`; the other arguments are those of `walk`, and so is what it
    raises.
    """
    long = long or {}
    chunks: list[Chunk] = []
    at = start
    while at < end:
        if len(chunks) >= MAX_BLOCKS:
            raise MalformedAsset(format, f"more than {MAX_BLOCKS:,} chunks", offset=at)
        if at + 8 > end:
            raise MalformedAsset(format, f"RIFF list ends at {end:,} within a chunk", offset=at)
        kind, length = _CHUNK(data, at)
        if length == _LONG:
            length = long.get(kind, length)
        if kind in streamed and (length >= _UNKNOWN or length == 0) and at + 8 + length != end:
            length = end - at - 8
        stop = at + 8 + length
        if stop > end:
            raise past_end(format, f"chunk {printable(kind)} at {at:,}", stop - end, at)
        stop = min(stop + length % 2, end)
        chunks.append(Chunk(kind, at, length, stop))
        at = stop
    return chunks


def blocks(
    view: memoryview, riff_list: RiffList, further: Iterable[Block] = (), *, whole: str
) -> tuple[list[Block], list[str]]:
    """The header, the chunks, `further` lists and what trails them; what is odd about lengths.

    `whole` is what ends there, for anomalies.
    """
    chunks, _, wrong = riff_list
    form = bytes(view[8:12]).decode("latin-1").rstrip()
    blocks = [Block(f"{bytes(view[:4]).decode('latin-1')} {form}", 0, HEADER)]
    blocks += [Block(each.name, each.start, each.end - each.start) for each in chunks]
    blocks += further
    anomalies = [each.words for each in wrong]
    if chunks and not chunks[-1].padded:
        anomalies.append(f"chunk {chunks[-1].name} at {chunks[-1].start:,} lacks its padding")
    end = blocks[-1].end
    if end < len(view):
        blocks.append(Block("trailing data", end, len(view) - end))
        anomalies.append(f"{len(view) - end:,} bytes after the end of {whole}")
    return blocks, anomalies


def payloads(
    view: memoryview, chunks: Sequence[Chunk], types: Mapping[Slot, tuple[bytes, ...]]
) -> tuple[dict[Slot, bytes], list[str]]:
    """The payloads of chunks, by the `types` that a slot may be found in, and what is odd.

    The first type that is there counts. A manifest is not bounded: it is no longer than the file.
    """
    payloads: dict[Slot, bytes] = {}
    anomalies: list[str] = []
    for slot, names in types.items():
        carriers = [each for name in names for each in chunks if each.type == name]
        if not carriers:
            continue
        content = carriers[0].content(view)
        if slot != MANIFEST and len(content) > MAX_METADATA:
            anomalies.append(f"{slot.kind} of more than {MAX_METADATA:,} bytes, not read")
        else:
            payloads[slot] = bytes(content)
        if len(carriers) > 1:
            anomalies.append(f"{len(carriers)} {slot.kind} chunks")
    return payloads, anomalies


def chunk(kind: bytes, content: bytes) -> bytes:
    """A new chunk with its padding."""
    return kind + len(content).to_bytes(4, "little") + content + bytes(len(content) % 2)


def wrapped(store: bytes) -> tuple[bytes, int]:
    """The chunk of a manifest store, and its length without padding (`Format.wrapped`)."""
    return chunk(b"C2PA", store), 8 + len(store)


def sized(format: str, riff_list: RiffList, edits: Sequence[Edit]) -> list[Edit]:
    """`edits` of a list's chunks, with the padding that the last one lacks and the list's length.

    Raises `MalformedMetadata` when the file would outgrow RIFF.
    """
    last = riff_list.chunks[-1]
    stays = not any(each.end == last.end and each.start < each.end for each in edits)
    padding = [Edit(last.end, last.end, b"\0")] if stays and not last.padded else []
    size = riff_list.end - 8 + growth([*padding, *edits])
    if size > MAX_SIZE:
        raise no_room(f"{format} of {size:,} bytes: RIFF holds {MAX_SIZE:,}")
    return [*padding, *edits, Edit(4, 8, size.to_bytes(4, "little"))]


def unpadded(chunks: Iterable[Chunk], types: Collection[bytes]) -> tuple[int, int] | None:
    """The one chunk of these types without its padding; None for none or several."""
    spans = [(each.start, each.start + 8 + each.length) for each in chunks if each.type in types]
    return spans[0] if len(spans) == 1 else None


def irregular(data: memoryview, chunks: Iterable[Chunk]) -> bool:
    """Is there a list that is more, or less, than whole chunks with padding of null bytes?

    The engine writes every list again, and so would change this one: c2pa-rs 0.91 leaves out what
    is no chunk, and mistakes ``RIFF`` and ``seqt`` within a file for lists of another kind.
    """
    lists = [(each.type, each.start, each.start + 8 + each.length) for each in chunks]
    count = 0
    while lists:
        kind, start, end = lists.pop()
        if kind in (b"RIFF", b"seqt"):
            return True
        if kind != b"LIST":
            continue
        at = start + HEADER
        while at < end:
            count += 1
            if at + 8 > end or count > _MAX_LISTED:
                return True
            inner, length = _CHUNK(data, at)
            stop = at + 8 + length
            if stop + length % 2 > end or (length % 2 and data[stop]):
                return True
            if inner in (b"RIFF", b"seqt", b"LIST"):
                lists.append((inner, at, stop))
            at = stop + length % 2
        if at != end:
            return True
    return False
