"""CBOR of Python values in Core Deterministic Encoding (RFC 8949 §4.2.1): one value, one text.

The counterpart of `cbor_value`, for what is signed over its encoding and not over stored bytes.
"""

from __future__ import annotations

import struct
from typing import Any

from genlabel.manifests.store import cbor
from genlabel.manifests.store.cbor import Major, Unreadable
from genlabel.manifests.store.cbor_value import MAX_DEPTH, Tag

_LONGEST = 1 << 64  # RFC 8949 §3: an argument has eight bytes at most; longer numbers are tagged
_SIMPLE: dict[Any, bytes] = {False: b"\xf4", True: b"\xf5", None: b"\xf6"}
_FLOATS = ((0xF9, ">e"), (0xFA, ">f"), (0xFB, ">d"))


def deterministic(value: Any) -> bytes:
    """`value`, of the kinds that `cbor_value.value` gives, in its one deterministic encoding.

    Shortest heads and floats, definite lengths, and the keys of a map in the order of their own
    encodings. Raises `Unreadable` for what has none.
    """
    return _encoded(value, 0, ordered=True)


def as_it_stands(value: Any) -> bytes:
    """The same with the keys of every map in the order in which they were read."""
    return _encoded(value, 0, ordered=False)


def _encoded(value: Any, depth: int, *, ordered: bool) -> bytes:
    if depth > MAX_DEPTH:
        raise Unreadable(f"items nested more than {MAX_DEPTH} deep")
    if value is None or isinstance(value, bool):
        return _SIMPLE[value]
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, bytes):
        return cbor.string(value)
    if isinstance(value, str):
        return cbor.text(value.encode())
    if isinstance(value, Tag):
        return cbor.head(Major.TAG, value.number) + _encoded(
            value.value, depth + 1, ordered=ordered
        )
    if isinstance(value, list):
        return cbor.array(*(_encoded(each, depth + 1, ordered=ordered) for each in value))
    if isinstance(value, dict):
        pairs = [
            (_encoded(key, depth + 1, ordered=ordered), _encoded(each, depth + 1, ordered=ordered))
            for key, each in value.items()
        ]
        if ordered:
            pairs.sort()
        return cbor.head(Major.MAP, len(pairs)) + b"".join(key + each for key, each in pairs)
    raise Unreadable(f"a {type(value).__name__}, which is no CBOR")


def _integer(value: int) -> bytes:
    major, argument = (Major.UNSIGNED, value) if value >= 0 else (Major.NEGATIVE, -1 - value)
    if argument >= _LONGEST:
        raise Unreadable("an integer of more than eight bytes")
    return cbor.head(major, argument)


def _float(value: float) -> bytes:
    """The shortest of the three floats that is this very number."""
    for head, form in _FLOATS:
        try:
            packed = struct.pack(form, value)
        except OverflowError:
            continue
        if struct.unpack(form, packed)[0] == value:
            return bytes([head]) + packed
    raise Unreadable("a number that is none")
