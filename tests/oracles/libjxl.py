"""libjxl's own programs: a JPEG XL picture made, and decoded to pixels, without genlabel."""

from __future__ import annotations

import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

from PIL import Image

from oracles.absence import program

CODESTREAM = bytes.fromhex(
    "ff0a183110505c080802010094004b188b1500d4331fe3c79fb940"
    "08000004d2110cc041824182f53150c4bbd0090206702301"
)
"""A red square before blue, 48 by 36, as cjxl 0.7 writes it: no encoder comes with Python."""
CONTAINED = (
    b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl \0\0\0\0jxl "
    + (len(CODESTREAM) + 8).to_bytes(4, "big")
    + b"jxlc"
    + CODESTREAM
)
"""The same picture in a container."""


def encoded(picture: bytes, suffix: str, *options: str) -> bytes:
    """A picture as cjxl packs it."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / f"in.{suffix}", Path(folder) / "out.jxl"
        source.write_bytes(picture)
        _run(program("cjxl"), *options, source, target)
        return target.read_bytes()


def unpacked(data: bytes, suffix: str) -> tuple[bytes, str]:
    """What djxl makes of a file, and what it says of that."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.jxl", Path(folder) / f"out.{suffix}"
        source.write_bytes(data)
        said = _run(program("djxl"), source, target)
        return target.read_bytes(), said


@lru_cache(maxsize=64)
def decoded(data: bytes) -> Image.Image:
    """The picture as djxl decodes it."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.jxl", Path(folder) / "out.png"
        source.write_bytes(data)
        _run(program("djxl"), source, target)
        with Image.open(target) as opened:
            opened.load()
            return opened


def _run(*words: str | Path) -> str:
    return subprocess.run(words, check=True, capture_output=True, timeout=60, text=True).stderr
