"""Drawn AVIF and HEIF pictures, and how they are decoded without genlabel."""

from __future__ import annotations

import struct
from collections.abc import Callable

Boxes = list[tuple[bytes, bytes]]


def box(kind: bytes, *contents: bytes) -> bytes:
    """A box, made without genlabel."""
    body = b"".join(contents)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def split(data: bytes) -> Boxes:
    """Type and whole bytes of boxes one behind the other, read without genlabel."""
    found: Boxes = []
    at = 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        size = size or len(data) - at
        found.append((kind, data[at : at + size]))
        at += size
    return found


def branded(avif: bytes, major: bytes, *compatible: bytes) -> bytes:
    """The same picture under other brands; ftyp keeps its length, so nothing moves."""
    size = int.from_bytes(avif[:4], "big")
    words = b"".join((major, bytes(4), *compatible)).ljust(size - 8, b"\0")[: size - 8]
    return avif[:8] + words + avif[size:]


def located(data: bytes, rebuild: Callable[[bytes, bytes], bytes]) -> bytes:
    """`data`, a still picture whose iloc is made anew by `rebuild(old iloc, shift of 4 bytes)`.

    The new box may have another length; `rebuild` is told by how much the media data moves.
    """
    parts = dict(split(data))
    inner = dict(split(parts[b"meta"][12:]))
    growth = len(rebuild(inner[b"iloc"], bytes(4))) - len(inner[b"iloc"])
    inner[b"iloc"] = rebuild(inner[b"iloc"], struct.pack(">i", growth))
    meta = box(b"meta", bytes(4), *inner.values())
    return b"".join((parts[b"ftyp"], meta, parts[b"mdat"]))


def entries(iloc: bytes) -> list[tuple[int, int, int]]:
    """(item, offset, length) of a table as Pillow writes it: version 0, widths 4, 4 and 0."""
    assert iloc[8:14] == b"\0\0\0\0\x44\0"
    count = int.from_bytes(iloc[14:16], "big")
    return [
        (item, offset, length)
        for item, _, extents, offset, length in struct.iter_unpack(
            ">HHHII", iloc[16 : 16 + 14 * count]
        )
        if extents == 1
    ]


def with_bases(version: int, *, first_is_absolute: bool) -> Callable[[bytes, bytes], bytes]:
    """An iloc with base_offset_size 4: the base is the item's offset, or 0 for the first one."""

    def rebuild(old: bytes, shift: bytes) -> bytes:
        moved = struct.unpack(">i", shift)[0]
        parts = []
        for number, (item, offset, length) in enumerate(entries(old)):
            absolute = first_is_absolute and number == 0
            base, rest = (0, offset + moved) if absolute else (offset + moved, 0)
            method = b"\0\0" if version else b""
            parts.append(struct.pack(">H", item) + method + bytes(2) + struct.pack(">I", base))
            parts.append(struct.pack(">HII", 1, rest, length))
        count = struct.pack(">H", len(entries(old)))
        return box(b"iloc", bytes((version, 0, 0, 0, 0x44, 0x40)), count, *parts)

    return rebuild


def decodable(data: bytes) -> bytes:
    """A HEIF picture coded in AV1 under the brand that Pillow asks for."""
    if data[8:12] == b"msf1":
        return branded(data, b"avis", b"avif", b"avis", b"msf1", b"mif1")
    return branded(data, b"avif", b"avif", b"mif1")


def with_exif(data: bytes, *blocks: bytes) -> bytes:
    """Pillow's still picture with an Exif item for each block, all of them describing it."""
    parts = dict(split(data))
    inner = dict(split(parts[b"meta"][12:]))
    ((first, _, length),) = entries(inner[b"iloc"])
    numbers = range(first + 1, first + 1 + len(blocks))
    wrapped = [bytes(4) + each for each in blocks]
    infe = [struct.pack(">HH", number, 0) + b"Exif\0" for number in numbers]
    old = inner[b"iinf"][14:]
    inner[b"iinf"] = box(
        b"iinf",
        bytes(4),
        struct.pack(">H", 1 + len(blocks)),
        old,
        *(box(b"infe", b"\2\0\0\0", each) for each in infe),
    )
    cited = [box(b"cdsc", struct.pack(">HHH", number, 1, first)) for number in numbers]
    inner[b"iref"] = box(b"iref", bytes(4), *cited)

    def meta(at: int) -> bytes:
        rows = [struct.pack(">HHHII", first, 0, 1, at, length)]
        at += length
        for number, each in zip(numbers, wrapped, strict=True):
            rows.append(struct.pack(">HHHII", number, 0, 1, at, len(each)))
            at += len(each)
        inner[b"iloc"] = box(b"iloc", bytes(4), b"\x44\0", struct.pack(">H", len(rows)), *rows)
        return box(b"meta", bytes(4), *inner.values())

    start = len(parts[b"ftyp"]) + len(meta(0)) + 8
    media = box(b"mdat", parts[b"mdat"][8:], *wrapped)
    return parts[b"ftyp"] + meta(start) + media
