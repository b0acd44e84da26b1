"""JPEG XL in every outside that it may have, and how it is decoded without genlabel."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

import brotli
from drawn_kinds_heif import box, split
from PIL import Image

from oracles.absence import program

CODESTREAM = bytes.fromhex(
    "ff0a183110505c080802010094004b188b1500d4331fe3c79fb940"
    "08000004d2110cc041824182f53150c4bbd0090206702301"
)
"""A red square before blue, 48 by 36, as cjxl 0.7 writes it: no encoder comes with Python."""
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


def encoded(picture: bytes, suffix: str, *options: str) -> bytes:
    """A picture as cjxl packs it."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / f"in.{suffix}", Path(folder) / "out.jxl"
        source.write_bytes(picture)
        subprocess.run([program("cjxl"), *options, source, target], check=True, capture_output=True)
        return target.read_bytes()


def unpacked(data: bytes, suffix: str) -> tuple[bytes, str]:
    """What djxl makes of a file, and what it says of that."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.jxl", Path(folder) / f"out.{suffix}"
        source.write_bytes(data)
        said = subprocess.run(
            [program("djxl"), source, target], check=True, capture_output=True, text=True
        )
        return target.read_bytes(), said.stderr


@lru_cache(maxsize=64)
def decoded(data: bytes) -> Image.Image:
    """The picture as djxl decodes it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.png"
        path.write_bytes(unpacked(data, "png")[0])
        with Image.open(path) as opened:
            opened.load()
            return opened


__all__ = ["CODESTREAM", "box", "brob", "container", "decoded", "encoded", "jxls", "split"]
