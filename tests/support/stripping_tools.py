"""Programs that people strip or convert pictures with."""

from __future__ import annotations

from pathlib import Path

import pytest

from oracles.absence import program
from oracles.dialogue import NODE


def exiftool_program() -> list[str | Path]:
    script = NODE / "node_modules" / "exiftool-vendored.pl" / "bin" / "exiftool"
    if not script.is_file():
        pytest.skip("exiftool (npm's exiftool-vendored.pl) is not here: run tests/oracles/install")
    return [program("perl"), script, "-q"]


CONVERT = ("convert", "magick")
"""ImageMagick, by version."""
