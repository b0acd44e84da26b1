"""libheif's own programs: a HEIC picture made, and decoded to pixels, without genlabel."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from PIL import Image

from oracles.absence import absent


def here() -> bool:
    """Are the programs on this machine?"""
    return all(shutil.which(name) for name in ("heif-enc", "heif-convert"))


def needed() -> None:
    """End the test when they are not: a skip at home, a failure under CI."""
    if not here():
        absent("heif-enc or heif-convert")


@cache
def encoded(png: bytes) -> bytes:
    """The picture of a PNG file, coded in HEVC, as a HEIC file."""
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "in.png"), Path(folder, "out.heic")
        source.write_bytes(png)
        _run("heif-enc", source, "-o", made)
        return made.read_bytes()


@cache
def decoded(data: bytes) -> Image.Image:
    """The primary picture of a HEIC file."""
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "in.heic"), Path(folder, "out.png")
        source.write_bytes(data)
        _run("heif-convert", source, made)
        with Image.open(made) as opened:
            opened.load()
            return opened


def _run(*words: str | Path) -> None:
    subprocess.run(words, check=True, capture_output=True, timeout=60)
