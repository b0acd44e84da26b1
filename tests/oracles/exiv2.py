"""exiv2: what many Linux programs (Darktable, digiKam, GIMP) read metadata with."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from oracles.absence import program


def exif(data: bytes, suffix: str) -> dict[str, tuple[str, str]]:
    """Type and text of each Exif entry, as ``{"Exif.Image.Artist": ("Ascii", "Ann")}``."""
    lines = _asked(data, suffix, "-PEkyt").decode().splitlines()
    rows = (line.split(maxsplit=2) for line in lines)
    return {row[0]: (row[1], row[2] if len(row) > 2 else "") for row in rows}


def xmp(data: bytes, suffix: str) -> bytes:
    """The packet as it stands in the file; empty where none is found."""
    return _asked(data, suffix, "-pX")


def _asked(data: bytes, suffix: str, *options: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"file{suffix}")
        path.write_bytes(data)
        words: list[str | Path] = [program("exiv2"), *options, path]
        return subprocess.run(words, capture_output=True, timeout=60).stdout
