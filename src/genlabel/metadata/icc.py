"""Texts of an ICC profile: its description, its copyright, the makers of devices (ICC.1:2022 §9).

A profile that somebody measured at home may name him; most are of a program or a device.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import error, unpack_from

_TAGS = 128
_MAX_TAGS = 100
_MAX_NAMES = 50


def texts(profile: bytes) -> Iterator[tuple[str, str]]:
    """Tag and text of all that is text in `profile`; nothing more of one that is damaged."""
    try:
        (count,) = unpack_from(">I", profile, _TAGS)
        for number in range(min(count, _MAX_TAGS)):
            name, offset, size = unpack_from(">4sII", profile, _TAGS + 4 + 12 * number)
            for text in _of(profile[offset : offset + size]):
                yield f"icc {name.decode('latin-1').strip()}", text.strip("\0 ")
    except error:
        return


def _of(element: bytes) -> Iterator[str]:
    kind = element[:4]
    if kind == b"text":
        yield element[8:].decode("latin-1")
    elif kind == b"desc":  # textDescriptionType of version 2
        (size,) = unpack_from(">I", element, 8)
        yield element[12 : 12 + size].decode("latin-1")
    elif kind == b"mluc":
        count, record = unpack_from(">II", element, 8)
        for number in range(min(count, _MAX_NAMES)):
            _, size, offset = unpack_from(">4sII", element, 16 + record * number)
            yield element[offset : offset + size].decode("utf-16-be", "replace")
