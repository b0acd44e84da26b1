"""Photoshop image resources: the block in which JPEG carries IIM among other people's resources.

Adobe Photoshop File Formats, "Image Resource Blocks": signature, number, Pascal name padded to
even, 32-bit length, data padded to even.
"""

from __future__ import annotations

import hashlib
import struct
from functools import lru_cache

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata
from genlabel.model.expression import expression

_IIM = 0x0404
_IPTC_DIGEST = 0x0425
"""MD5 of the IIM data: when it differs, readers hold the IIM for newer than the XMP."""
_8BIM = b"8BIM"
_THUMBNAIL = expression(rb"8BIM\x04[\x09\x0c]")
_SIGNATURES = frozenset({_8BIM, b"PHUT", b"AgHg", b"DCSR", b"MeSa"})


@dataclass(frozen=True, slots=True)
class Resource:
    """One image resource; `raw` is all of it, the padding of its data excepted."""

    number: int
    """The resource number; -1 for one whose signature is not Photoshop's own."""
    raw: bytes
    data: bytes


_REMEMBERED = 64 * 1024
"""Largest block that is kept parsed: signing reads the same one several times over."""


def parse(block: bytes) -> tuple[tuple[Resource, ...], bytes]:
    """The resources of a block, and what follows the last one.

    Raises `MalformedMetadata` when a resource runs past the end.
    """
    return _parse(block) if len(block) > _REMEMBERED else _parse_again(block)


def _parse(block: bytes) -> tuple[tuple[Resource, ...], bytes]:
    resources: list[Resource] = []
    at, size = 0, len(block)
    while at + 4 <= size and block[at : at + 4] in _SIGNATURES:
        if at + 7 > size:
            raise MalformedMetadata(f"image resource at {at:,} ends in its header")
        (number,) = struct.unpack_from(">H", block, at + 4)
        name = 1 + block[at + 6]
        start = at + 6 + name + name % 2
        if start + 4 > size:
            raise MalformedMetadata(f"image resource {number:#06x} at {at:,} ends in its header")
        (length,) = struct.unpack_from(">I", block, start)
        end = start + 4 + length
        if end > size:
            raise MalformedMetadata(
                f"image resource {number:#06x} at {at:,} runs {end - size:,} bytes past the end"
            )
        known = block[at : at + 4] == _8BIM
        resources.append(Resource(number if known else -1, block[at:end], block[start + 4 : end]))
        at = min(end + length % 2, size)
    return tuple(resources), block[at:]


_parse_again = lru_cache(maxsize=4)(_parse)


def has_thumbnail(block: bytes | memoryview) -> bool:
    """Is there a small picture among the resources of a block, or of a part of one?"""
    return _THUMBNAIL.search(block) is not None


@dataclass(frozen=True, slots=True)
class Found:
    """The IIM data among the resources of a block."""

    data: bytes | None = None
    further: tuple[bytes, ...] = ()
    """More of them, of which a rewrite leaves none."""
    anomalies: tuple[str, ...] = ()


def surveyed(block: bytes, *, where: str) -> Found:
    """The same as `iim`; of a block that cannot be read, why, and `where` it stands."""
    try:
        return iim(block)
    except MalformedMetadata as error:
        return Found(anomalies=(f"{where}: {error}",))


def iim(block: bytes) -> Found:
    """The IIM data of a block, and what is odd about it. Raises `MalformedMetadata`."""
    resources, _ = parse(block)
    blocks = [resource.data for resource in resources if resource.number == _IIM]
    if not blocks:
        return Found()
    anomalies = []
    if len(blocks) > 1:
        anomalies.append(f"{len(blocks)} IIM blocks")
    digests = [resource.data for resource in resources if resource.number == _IPTC_DIGEST]
    if digests and digests[0] != _digest(blocks[0]):
        anomalies.append("IIM was changed after its IPTCDigest was made")
    return Found(blocks[0], tuple(blocks[1:]), tuple(anomalies))


def with_iim(block: bytes, new: bytes | None) -> bytes:
    """The block with its IIM data set to `new`, or without any; all else stays byte for byte.

    An IPTCDigest is brought up to date, or goes with the IIM; it is never created. Raises
    `MalformedMetadata` when the block cannot be read.
    """
    resources, rest = parse(block)
    parts: list[bytes] = []
    placed = False
    for resource in resources:
        if resource.number not in (_IIM, _IPTC_DIGEST):
            parts.append(_padded(resource.raw))
        elif new is not None and resource.number == _IPTC_DIGEST:
            parts.append(_with_data(resource, _digest(new)))
        elif new is not None and not placed:
            parts.append(_with_data(resource, new))
            placed = True
    if new is not None and not placed:
        parts.append(_padded(struct.pack(">4sHHI", _8BIM, _IIM, 0, len(new)) + new))
    return b"".join((*parts, rest))


def synced(block: bytes, new: bytes | None) -> bytes:
    """`with_iim` for a block beside which the IIM stands itself: none is put in that had none.

    Raises `MalformedMetadata` when the block cannot be read.
    """
    resources, rest = parse(block)
    if any(resource.number == _IIM for resource in resources):
        return with_iim(block, new)
    if new is None or not any(resource.number == _IPTC_DIGEST for resource in resources):
        return block
    fresh = (
        _with_data(each, _digest(new)) if each.number == _IPTC_DIGEST else _padded(each.raw)
        for each in resources
    )
    return b"".join((*fresh, rest))


def _with_data(resource: Resource, data: bytes) -> bytes:
    head = resource.raw[: len(resource.raw) - len(resource.data) - 4]
    return _padded(head + struct.pack(">I", len(data)) + data)


def _padded(raw: bytes) -> bytes:
    return raw + b"\0" if len(raw) % 2 else raw


def _digest(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()
