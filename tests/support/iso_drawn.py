"""ISO files drawn box by box: pictures with any items, films with any chunks, and their places."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

from iso_bindings import box, roots, split
from oracles import libheif
from oracles.pictures import draw

Span = tuple[int, int]


def boxed(data: bytes, kind: bytes, skip: int = 0) -> list[Span]:
    """Every box of a type, wherever it lies but in a manifest."""
    found = []
    at = data.find(kind)
    manifests = [(start, end) for each, start, end in roots(data) if each == b"uuid"]
    while at >= 0:
        inside = next((end for start, end in manifests if start + 8 <= at < end), None)
        if inside is not None:
            at = data.find(kind, inside)
            continue
        size = int.from_bytes(data[at - 4 : at], "big")
        found.append((at - 4 + skip, at - 4 + size))
        at = data.find(kind, at + 4)
    return found


def coded(shade: int, coding: bytes = b"av01") -> bytes:
    """The coded bytes of a picture, other ones for each shade."""
    if coding == b"hvc1":
        data = libheif.encoded(draw("png", shade=shade))
        *_, (start, end) = ((s, e) for kind, s, e in roots(data) if kind == b"mdat")
        return data[start + 8 : end]
    return dict(split(draw("avif", shade=shade)))[b"mdat"][8:]


def still(
    items: Sequence[tuple[int, bytes, Span]],
    media: bytes,
    *,
    references: bytes = b"",
    groups: bytes = b"",
    behind: bytes = b"",
    brand: bytes = b"avif",
) -> bytes:
    """A still picture with some items at places counted from the media's beginning."""
    entries = b"".join(
        box(b"infe", b"\2\0\0\0", struct.pack(">HH", number, 0), kind, b"\0")
        for number, kind, _ in items
    )
    located = []

    def whole(base: int) -> bytes:
        located[:] = [
            struct.pack(">HHHII", number, 0, 1, base + start, end - start)
            for number, _, (start, end) in items
        ]
        inner = [
            box(b"hdlr", bytes(8), b"pict", bytes(13)),
            box(b"pitm", bytes(4), struct.pack(">H", items[0][0])),
            box(b"iinf", bytes(4), struct.pack(">H", len(items)), entries),
            box(b"iloc", b"\0\0\0\0\x44\0", struct.pack(">H", len(items)), *located),
        ]
        if references:
            inner.append(box(b"iref", bytes(4), references))
        inner.append(groups)
        return box(b"ftyp", brand, bytes(4), brand) + box(b"meta", bytes(4), *inner)

    return whole(len(whole(0)) + 8) + box(b"mdat", media) + behind


def chunk_tables(data: bytes) -> list[Span]:
    return [(start + 16, end) for start, end in boxed(data, b"stco")]


def with_chunks(data: bytes, table: int, change: Callable[[list[int]], list[int]]) -> bytes:
    start, end = chunk_tables(data)[table]
    numbers = list(struct.unpack(f">{(end - start) // 4}I", data[start:end]))
    return data[:start] + struct.pack(f">{len(numbers)}I", *change(numbers)) + data[end:]
