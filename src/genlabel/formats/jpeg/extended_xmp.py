"""ExtendedXMP: what of a JPEG file's XMP did not fit into one segment, XMP part 3 §1.1.3.1.

Each portion is the digest of the whole (32 hex digits), its length, the portion's offset, bytes.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence

from genlabel.formats.jpeg.segments import APP1, EXTENDED_HEADER, MAX_CONTENT, segment
from genlabel.formats.slots import MAX_METADATA
from genlabel.model.errors import MalformedMetadata

_HEAD = len(EXTENDED_HEADER) + 32 + 8
_MAX_PACKETS = 16
"""Editors leave one old packet behind, now and then two; more are not looked at."""
_PORTION = MAX_CONTENT - _HEAD


def join(
    contents: Sequence[memoryview], main: bytes | None
) -> tuple[bytes | None, tuple[str, ...]]:
    """The extended packet that `main` points to, and what is wrong with the portions.

    Among several the one whose digest stands in `main` counts. None when portions are missing.
    """
    portions: dict[bytes, list[tuple[int, memoryview]]] = {}
    lengths: dict[bytes, int] = {}
    for content in contents:
        if len(content) < _HEAD:
            return None, ("ExtendedXMP segment without its header",)
        guid = bytes(content[len(EXTENDED_HEADER) : len(EXTENDED_HEADER) + 32])
        length, offset = struct.unpack_from(">II", content, len(EXTENDED_HEADER) + 32)
        portions.setdefault(guid, []).append((offset, content[_HEAD:]))
        lengths.setdefault(guid, length)
    if not portions:
        return None, ()
    if len(portions) > _MAX_PACKETS:
        return None, (f"{len(portions):,} ExtendedXMP packets, not read",)
    anomalies: list[str] = []
    named = [guid for guid in portions if main is not None and guid in main]
    if len(portions) > 1:
        anomalies.append(f"{len(portions)} ExtendedXMP packets")
    if not named:
        anomalies.append("ExtendedXMP that no XMP packet points to")
    guid = named[0] if named else next(iter(portions))
    packet = _assemble(sorted(portions[guid], key=lambda portion: portion[0]), lengths[guid])
    if packet is None:
        return None, (*anomalies, "portions of the ExtendedXMP are missing or overlap")
    if guid.upper() != digest(packet):
        anomalies.append("ExtendedXMP does not match its digest")
    return packet, tuple(anomalies)


def every(contents: Sequence[memoryview]) -> Iterator[bytes]:
    """All that portions say, those of one digest together, as far as they are there."""
    portions: dict[bytes, list[tuple[int, memoryview]]] = {}
    for content in contents:
        if len(content) >= _HEAD:
            guid = bytes(content[len(EXTENDED_HEADER) : len(EXTENDED_HEADER) + 32])
            offset = int.from_bytes(content[_HEAD - 4 : _HEAD], "big")
            portions.setdefault(guid, []).append((offset, content[_HEAD:]))
    for parts in portions.values():
        yield b"".join(part for _, part in sorted(parts, key=lambda part: part[0]))


def split(packet: bytes) -> bytes:
    """The APP1 segments that carry an extended packet.

    Raises `MalformedMetadata` for one longer than `MAX_METADATA`.
    """
    if len(packet) > MAX_METADATA:
        raise MalformedMetadata(
            f"extended xmp of {len(packet):,} bytes: more than {MAX_METADATA:,} are not written"
        )
    guid = digest(packet)
    segments = []
    for start in range(0, len(packet), _PORTION):
        head = EXTENDED_HEADER + guid + struct.pack(">II", len(packet), start)
        segments.append(segment(APP1, head, packet[start : start + _PORTION]))
    return b"".join(segments)


def digest(packet: bytes) -> bytes:
    """What ``xmpNote:HasExtendedXMP`` of the main packet has to say: MD5, upper-case hex."""
    return hashlib.md5(packet, usedforsecurity=False).hexdigest().upper().encode("ascii")


def _assemble(portions: Sequence[tuple[int, memoryview]], length: int) -> bytes | None:
    at = 0
    for offset, portion in portions:
        if offset != at:
            return None
        at += len(portion)
    if at != length or at > MAX_METADATA:
        return None
    return b"".join(portion for _, portion in portions)
