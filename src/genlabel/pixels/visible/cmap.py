"""Which characters a font has glyphs for: its table `cmap` (OpenType 1.9, formats 4 and 12)."""

from __future__ import annotations

import struct
from collections.abc import Callable

MAX_FONT = 64 * 1024 * 1024
"""Most bytes of a font."""
_MAX_GROUPS = 100_000
_UNICODE = {(3, 10), (3, 1), (0, 3), (0, 4), (0, 6)}
"""Platform and encoding of tables by code points."""

Has = Callable[[int], bool]


class NoFont(Exception):
    """The bytes are no font whose characters are known."""


def characters(font: bytes) -> Has:
    """Has the font (of a collection the first) a glyph for a code point? Raises `NoFont`."""
    try:
        return _of(font)
    except (struct.error, IndexError) as error:
        raise NoFont("its tables are damaged") from error


def _of(font: bytes) -> Has:
    start = struct.unpack_from(">I", font, 12)[0] if font[:4] == b"ttcf" else 0
    (count,) = struct.unpack_from(">H", font, start + 4)
    for number in range(min(count, 4096)):
        tag, _, offset, length = struct.unpack_from(">4sIII", font, start + 12 + 16 * number)
        if tag == b"cmap":
            return _cmap(memoryview(font)[offset : offset + length])
    raise NoFont("it says nowhere which characters it has")


def _cmap(table: memoryview) -> Has:
    (count,) = struct.unpack_from(">H", table, 2)
    tables = []
    for number in range(min(count, 64)):
        platform, encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * number)
        (form,) = struct.unpack_from(">H", table, offset)
        if (platform, encoding) in _UNICODE and form in (4, 12):
            tables.append((form, offset))
    if not tables:
        raise NoFont("it has no table of Unicode characters")
    form, offset = max(tables)
    return _segmented(table[offset:]) if form == 4 else _grouped(table[offset:])


def _grouped(table: memoryview) -> Has:
    (count,) = struct.unpack_from(">I", table, 12)
    groups = [
        struct.unpack_from(">II", table, 16 + 12 * number)
        for number in range(min(count, _MAX_GROUPS))
    ]
    return lambda point: any(first <= point <= last for first, last in groups)


def _segmented(table: memoryview) -> Has:
    count = struct.unpack_from(">H", table, 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", table, 14)
    starts = struct.unpack_from(f">{count}H", table, 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", table, 16 + 4 * count)
    offsets = struct.unpack_from(f">{count}H", table, 16 + 6 * count)

    def has(point: int) -> bool:
        number = next((i for i, end in enumerate(ends) if point <= end), None)
        if number is None or point < starts[number]:
            return False
        if not offsets[number]:
            return bool((point + deltas[number]) & 0xFFFF)
        at = 16 + 6 * count + 2 * number + offsets[number] + 2 * (point - starts[number])
        if at + 2 > len(table):
            return False
        (glyph,) = struct.unpack_from(">H", table, at)
        return bool(glyph)

    return has
