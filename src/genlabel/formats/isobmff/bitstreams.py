"""Do some bytes begin with a coded picture: told by their structure, nothing is decoded.

AV1 §5.3 (OBUs), ISO/IEC 14496-15 (NAL units behind their lengths: AVC, HEVC, VVC), ISO/IEC 14496-2,
JPEG, ProRes. Told with care: only what a decoder could begin with counts.
"""

from __future__ import annotations

from collections.abc import Callable

_MOST = 64
"""Most units that are stepped over before the picture begins."""
_SMALLEST = 8
"""Bytes of the smallest picture."""


def begins_picture(coding: bytes, data: memoryview) -> bool:
    """Is there a picture at the beginning of `data`?

    `coding` is an item's or a sample entry's type, such as ``av01``; False for one that is not
    known.
    """
    test = _TESTS.get(coding)
    return test is not None and len(data) >= _SMALLEST and test(data)


def _av1(data: memoryview) -> bool:
    """A sequence header and a frame behind it."""
    at, described = 0, False
    for _ in range(_MOST):
        if at >= len(data) or data[at] & 0x81:  # the forbidden and the reserved bit
            return False
        kind, sized = data[at] >> 3 & 15, data[at] & 2
        at += 2 if data[at] & 4 else 1
        size, at = _leb128(data, at) if sized else (len(data) - at, at)
        if at + size > len(data) or kind not in _OBUS:
            return False
        if kind in _FRAMES:
            return described and size >= 2
        described = described or (kind == 1 and size >= 5 and data[at] >> 5 <= 2)
        at += size
    return False


_OBUS = frozenset((1, 2, 3, 4, 5, 6, 7, 8, 15))
_FRAMES = frozenset((3, 6))  # a frame header, and one with its tiles


def _leb128(data: memoryview, at: int) -> tuple[int, int]:
    """A number and where it ends; one that ends nowhere is larger than any file."""
    value = 0
    for shift in range(0, 56, 7):
        if at >= len(data):
            break
        value |= (data[at] & 0x7F) << shift
        at += 1
        if not data[at - 1] & 0x80:
            return value, at
    return 1 << 63, at


def _units(data: memoryview, sort: Callable[[int, int], bool | None]) -> bool:
    """NAL units behind lengths of four bytes; `sort` tells from their two first bytes whether one
    begins a picture (True), comes before one (None), or is none (False).
    """
    at = 0
    for _ in range(_MOST):
        size = int.from_bytes(data[at : at + 4], "big")
        if size < 2 or at + 4 + size > len(data):
            return False
        begins = sort(data[at + 4], data[at + 5])
        if begins is not None:
            return begins and size >= _SMALLEST
        at += 4 + size
    return False


def _avc(first: int, _second: int) -> bool | None:
    kind = first & 31  # ITU-T H.264 §7.3.1
    if first & 0x80 or kind == 0 or kind > 20:
        return False
    return (first & 0x60 != 0) if kind == 5 else None


def _hevc(first: int, second: int) -> bool | None:
    kind = first >> 1 & 63  # ITU-T H.265 §7.3.1.2
    if first & 0x80 or not second & 7 or 24 <= kind < 32 or kind > 40:
        return False
    return True if 16 <= kind < 24 else None


def _vvc(first: int, second: int) -> bool | None:
    kind = second >> 3  # ITU-T H.266 §7.3.1.2
    if first & 0xC0 or not second & 7 or kind > 25:
        return False
    return True if 7 <= kind <= 10 else None


def _jpeg(data: memoryview) -> bool:
    return bytes(data[:3]) == b"\xff\xd8\xff"


def _mpeg4(data: memoryview) -> bool:
    """A video object plane that is coded by itself, with headers before it or without."""
    head = bytes(data[:64])
    at = head.find(b"\0\0\1\xb6")
    return head[:3] == b"\0\0\1" and 0 <= at < len(head) - 4 and head[at + 4] >> 6 == 0


def _prores(data: memoryview) -> bool:
    return bytes(data[4:8]) == b"icpf" and int.from_bytes(data[:4], "big") <= len(data)


_TESTS: dict[bytes, Callable[[memoryview], bool]] = {
    b"av01": _av1,
    **dict.fromkeys((b"avc1", b"avc3"), lambda data: _units(data, _avc)),
    **dict.fromkeys((b"hvc1", b"hev1", b"lhv1"), lambda data: _units(data, _hevc)),
    **dict.fromkeys((b"vvc1", b"vvi1"), lambda data: _units(data, _vvc)),
    **dict.fromkeys((b"jpeg", b"mjpa", b"mjpb"), _jpeg),
    b"mp4v": _mpeg4,
    **dict.fromkeys((b"apco", b"apcs", b"apcn", b"apch", b"ap4h", b"ap4x"), _prores),
}
CODINGS = frozenset(_TESTS)
"""The codings that are known here."""
