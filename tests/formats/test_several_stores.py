"""A file with two manifest stores: readers differ in which of them counts, so both are counted."""

from __future__ import annotations

import pytest

import drawn_kinds
from genlabel.formats.format import MANIFEST

KINDS = ("jpeg", "png", "gif", "webp full", "wav", "avi", "jxl", "mp3", "svg")


def carrying(data: bytes, seed: int) -> bytes:
    return drawn_kinds.rewritten(data, {MANIFEST: drawn_kinds.store(300, seed)})


@pytest.mark.parametrize("name", KINDS)
def test_one_store_is_one_and_two_are_two(name):
    plain = drawn_kinds.kinds()[name]
    one, other = carrying(plain, 1), carrying(plain, 2)
    assert drawn_kinds.look(plain).stores == drawn_kinds.look(one).stores == 1
    # the second one's block behind the first one's: all else is the same in both files
    ((_, end),) = drawn_kinds.look(one).manifest_spans[-1:]
    ((begin, stop),) = drawn_kinds.look(other).manifest_spans[-1:]
    both = lengthened(one[:end] + other[begin:stop] + one[end:], stop - begin)
    assert drawn_kinds.look(both).stores == 2
    assert drawn_kinds.look(both).manifest == drawn_kinds.look(one).manifest


def lengthened(data: bytes, more: int) -> bytes:
    """The file with the length of the whole, where its beginning says it."""
    if data[:4] == b"RIFF":
        size = int.from_bytes(data[4:8], "little") + more
        return data[:4] + size.to_bytes(4, "little") + data[8:]
    if data[:3] == b"ID3":
        length = 0
        for byte in data[6:10]:
            length = length << 7 | byte
        length += more
        return data[:6] + bytes(length >> shift & 0x7F for shift in (21, 14, 7, 0)) + data[10:]
    return data
