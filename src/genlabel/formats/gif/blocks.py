"""The blocks of a GIF file: header, colour tables, extensions, images, trailer.

GIF89a specification, §§17-26; XMP in GIF: XMP specification part 3 §1.1.2.
"""

from __future__ import annotations

from genlabel.formats.edits import printable
from genlabel.formats.slots import MAX_BLOCKS
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset

SIGNATURES = (b"GIF87a", b"GIF89a")
HEADER = 13
"""Signature and version, then the logical screen descriptor (§§17-18)."""

IMAGE, EXTENSION, TRAILER = 0x2C, 0x21, 0x3B
TEXT, CONTROL, COMMENT, APPLICATION = 0x01, 0xF9, 0xFE, 0xFF  # extension labels, §§23-26
_SOME_PARTS = 65_536
"""Sub-blocks that any file may have; beyond it they must hold 32 bytes on average (255 are usual),
since the engine takes its time over each."""
_FULL = 0xFF
"""Most bytes of a sub-block."""
_TOGETHER = 256
"""Full sub-blocks that are looked at in one step."""
_APPLICATION = 11  # identifier and authentication code, §26

MAGIC_TRAILER = b"\x01" + bytes(range(0xFF, -1, -1)) + b"\0"
"""258 bytes behind an XMP packet: whatever byte of the packet a reader takes for a length, it ends
at the terminator of the sub-blocks (XMP specification part 3 §1.1.2)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One block with everything that belongs to it, terminator included."""

    kind: int
    """`IMAGE`, `TRAILER`, or the label of an extension."""
    name: str
    start: int
    body: int
    """Where the sub-blocks begin; behind an application's name."""
    end: int
    parts: int
    """How many sub-blocks it has."""
    application: bytes = b""
    """The eleven bytes of an application extension's name."""


def screen_end(data: memoryview) -> int:
    """Offset behind the logical screen descriptor and the global colour table.

    Raises `MalformedAsset` when the file is shorter.
    """
    if len(data) < HEADER:
        raise MalformedAsset("gif", f"ends at {len(data):,} in its header", offset=len(data))
    end = HEADER + _table(data[10])
    if end > len(data):
        raise MalformedAsset("gif", "ends within its global colour table", offset=HEADER)
    return end


def walk(data: memoryview) -> tuple[list[Piece], int]:
    """The blocks behind the screen, trailer included, and the offset after it.

    The trailer may be missing at the end of the file.
    Raises `MalformedAsset` when a block runs past the end, is of no known kind, or there are too
    many.
    """
    pieces: list[Piece] = []
    at = screen_end(data)
    parts, most = 0, _SOME_PARTS + len(data) // 32
    while not pieces or (pieces[-1].kind != TRAILER and at < len(data)):
        if len(pieces) >= MAX_BLOCKS:
            raise MalformedAsset("gif", f"more than {MAX_BLOCKS:,} blocks", offset=at)
        try:
            piece = _piece(data, at)
        except IndexError as error:
            past = f"block at {at:,} runs past the end, at {len(data):,}"
            raise MalformedAsset("gif", past, offset=at) from error
        pieces.append(piece)
        at = piece.end
        parts += piece.parts
        if parts > most:
            raise MalformedAsset("gif", f"more than {most:,} sub-blocks", offset=piece.start)
    return pieces, at


def _piece(data: memoryview, at: int) -> Piece:
    kind = data[at]
    if kind == TRAILER:
        return Piece(TRAILER, "trailer", at, at + 1, at + 1, 0)
    if kind == IMAGE:
        # §20: nine bytes of descriptor, local colour table, then the least code size
        body = at + 10 + _table(data[at + 9]) + 1
        return Piece(IMAGE, "image", at, body, *_after(data, body))
    if kind != EXTENSION:
        raise MalformedAsset("gif", f"byte {kind:#04x} at {at:,} begins no block", offset=at)
    label, body = data[at + 1], at + 2
    application = b""
    if label == APPLICATION and data[body] == _APPLICATION:
        body += 1 + _APPLICATION
        application = bytes(data[body - _APPLICATION : body])
    end, parts = _after(data, body)
    return Piece(label, _name(label, application), at, body, end, parts, application)


def _name(label: int, application: bytes) -> str:
    if application:
        identifier, code = printable(application[:8]), printable(application[8:])
        return f"application {identifier}" + (code if code.isascii() and "\\" not in code else "")
    known = {CONTROL: "graphic control", COMMENT: "comment", TEXT: "plain text"}
    return known.get(label, f"extension {label:#04x}")


def _table(flags: int) -> int:
    """Bytes of the colour table that packed fields announce (§§18, 20)."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _after(data: memoryview, at: int) -> tuple[int, int]:
    """Offset behind the terminator of the sub-blocks at `at`, and their number (§15).

    Raises `IndexError` at the end of the file.
    """
    count = 0
    while length := data[at]:
        if length == _FULL:  # as all of a picture's are but its last: stepped over together
            lengths = bytes(data[at : at + _TOGETHER * (_FULL + 1) : _FULL + 1])
            run = len(lengths) - len(lengths.lstrip(b"\xff"))
            at += run * (_FULL + 1)
            count += run
        else:
            at += length + 1
            count += 1
    return at + 1, count


def joined(data: memoryview, piece: Piece) -> bytes:
    """The contents of a block's sub-blocks, without their lengths."""
    parts: list[memoryview] = []
    at = piece.body
    while length := data[at]:
        parts.append(data[at + 1 : at + 1 + length])
        at += length + 1
    return b"".join(parts)


def application(name: bytes, content: bytes) -> bytes:
    """A new application extension with `content` in sub-blocks of 255 bytes."""
    parts = [bytes((EXTENSION, APPLICATION, _APPLICATION)), name]
    for at in range(0, len(content), 255):
        part = content[at : at + 255]
        parts += (bytes((len(part),)), part)
    return b"".join((*parts, b"\0"))


def xmp(packet: bytes) -> bytes:
    """A new XMP extension: the packet as it is, without lengths, and the magic trailer.

    The packet must hold no null byte, which would end the block.
    """
    name = bytes((EXTENSION, APPLICATION, _APPLICATION)) + b"XMP DataXMP"
    return b"".join((name, packet, MAGIC_TRAILER))


def is_whole(data: memoryview, piece: Piece) -> bool:
    """Does its content stand there uncut, with the trailer that a packet has?"""
    return (
        piece.end - piece.body > len(MAGIC_TRAILER)
        and data[piece.end - len(MAGIC_TRAILER) : piece.end] == MAGIC_TRAILER
    )


def packet_of(data: memoryview, piece: Piece) -> tuple[bytes, bool]:
    """The packet of an XMP extension, and whether it is written as the specification says.

    Some writers leave the trailer out and cut the packet into sub-blocks like any other data, or
    write it whole with a trailer of their own.
    """
    whole = bytes(data[piece.body : piece.end])
    if whole.endswith(MAGIC_TRAILER):
        return whole[: -len(MAGIC_TRAILER)], True
    parts = joined(data, piece)
    if parts.lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"<"):
        return parts, False
    return whole[: whole.rfind(b">") + 1] or parts, False
