"""The boxes of a manifest store (JUMBF, ISO/IEC 19566-5), found by what describes them.

Narrower than the engine's reading: wherever two readers could see different things (doubles, odd
lengths, half a name), nothing is found.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import partial

from genlabel.manifests.store.cbor import Unreadable
from genlabel.model.escape import quoted
from genlabel.model.named_tuple import NamedTuple

HEADER = 8
"""LBox and TBox (ISO/IEC 19566-5 §B.1)."""
_LONG = 8
"""XLBox, the length of a box whose LBox is 1."""
_LABELLED = 0x02
"""The toggle of a description box that says that a label follows (ISO/IEC 19566-5 §B.3)."""
_BOX = struct.Struct(">I4s").unpack_from
MAX_BOXES = 100_000
"""Most boxes beside each other, such as the assertions of one manifest."""


class Box(NamedTuple):
    """One box: its type, and where its content lies, behind the header."""

    type: bytes
    start: int
    end: int


_box: Callable[[tuple[bytes, int, int]], Box] = partial(tuple.__new__, Box)
"""In little more than half of the time: a named tuple's own way is a function in Python."""


def manifest(store: bytes, manifest_id: str) -> Box:
    """The manifest of that label. Raises `ValueError` when there is not exactly one."""
    (root,) = boxes(store, 0, len(store))
    return only(store, root, label=manifest_id.encode())


def boxes(store: bytes, start: int, end: int) -> list[Box]:
    """The boxes that fill the bytes from `start` to `end`. Raises `Unreadable`."""
    listed: list[Box] = []
    size = len(store)
    while start < end:
        header = HEADER
        length, kind = _BOX(store, start) if start + HEADER <= size else (0, b"")
        if length == 1:
            header += _LONG
            length = int.from_bytes(store[start + HEADER : start + header], "big")
        if not header <= length <= end - start or len(listed) == MAX_BOXES:
            raise Unreadable(f"the box at {start} has {length} bytes")
        listed.append(_box((kind, start + header, start + length)))
        start += length
    return listed


def only(store: bytes, parent: Box, label: bytes, content_type: bytes | None = None) -> Box:
    """The one superbox in `parent` of this label; where a content type is given, of both.

    Claims add their version to the label. A box that has the one without the other is one too many.
    """
    matching = []
    for box in boxes(store, parent.start, parent.end)[1:]:
        if box.type != b"jumb":
            continue
        kind, name = description(store, box)
        named = name == label or (content_type is not None and name.startswith(label + b".v"))
        typed = named if content_type is None else kind == content_type
        if named and typed:
            matching.append(box)
        elif named or typed:
            raise Unreadable(f"the box at {box.start} is half a {quoted(label)}")
    (only,) = matching
    return only


def description(store: bytes, superbox: Box) -> tuple[bytes, bytes]:
    """Content type and label of a superbox, from the description box that it begins with."""
    first = superbox.start
    length, kind = _BOX(store, first) if first + HEADER <= len(store) else (0, b"")
    body = store[first + HEADER : first + length]
    inside = HEADER <= length <= superbox.end - first
    if not inside or kind != b"jumd" or len(body) < 18:
        raise Unreadable(f"the box at {first} describes nothing")
    label, terminator, _ = body[17:].partition(b"\0")
    if not body[16] & _LABELLED or not terminator:
        raise Unreadable(f"the box at {first} has no label")
    return body[:16], label


def cbor_in(store: bytes, superbox: Box) -> Box:
    """The one box in a superbox that holds CBOR and nothing else."""
    _, content = boxes(store, superbox.start, superbox.end)
    if content.type != b"cbor":
        raise Unreadable(f"the box at {content.start} is no CBOR")
    return content
