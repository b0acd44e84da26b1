"""JPEG XL in every outside that it may have."""

from __future__ import annotations

import shutil

import brotli

from drawn_kinds_heif import box
from oracles.libjxl import CODESTREAM, encoded

SIGNATURE = box(b"JXL ", b"\r\n\x87\n") + box(b"ftyp", b"jxl \0\0\0\0jxl ")


def container(*boxes: bytes) -> bytes:
    """A JPEG XL file of these boxes."""
    return SIGNATURE + b"".join(boxes)


def brob(kind: bytes, content: bytes) -> bytes:
    """A box of this type, compressed."""
    return box(b"brob", kind, brotli.compress(content))


def jxls(packet: bytes, exif: bytes, jpeg: bytes) -> dict[str, bytes]:
    """Every kind of JPEG XL; `jpeg` is one to be packed without loss."""
    coded = box(b"jxlc", CODESTREAM)
    parts = (
        box(b"jxlp", b"\0\0\0\0", CODESTREAM[:20]),
        box(b"jxlp", b"\x80\0\0\1", CODESTREAM[20:]),
    )
    foreign = box(b"jumb", box(b"jumd", bytes(16), b"\3", b"other\0"), b"x")
    packed = {"jxl from jpeg": encoded(jpeg, "jpg")} if shutil.which("cjxl") else {}
    return {
        "jxl naked": CODESTREAM,
        "jxl": container(coded),
        "jxl in parts": container(box(b"jxll", b"\5"), *parts),
        "jxl open": container((0).to_bytes(4, "big") + coded[4:]),
        "jxl full": container(box(b"Exif", bytes(4), exif), box(b"xml ", packet), foreign, coded),
        "jxl compressed": container(
            coded, brob(b"Exif", bytes(4) + exif + b"\0"), brob(b"xml ", packet)
        ),
        "jxl with bare exif": container(box(b"Exif", exif), coded),
        **packed,
    }
