"""The desk at which a page's commands and lines of Python are tried: a folder with pictures."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageFilter

from genlabel import testing
from genlabel.credentials.authority import Authority

ARTIST = 0x013B  # Exif 3.0 §4.6.2.1
NOT_TRIED = frozenset({"pip", "make", "git"})
"""Programs of a console block that are not run: they install things or are tests themselves."""


def pictures(folder: Path) -> None:
    """`cat.png`, and a photograph with a photographer's name and two edits of it."""
    (folder / "cat.png").write_bytes(testing.example())
    with Image.open(io.BytesIO(testing.example("jpeg"))) as drawn:
        exif = Image.Exif()
        exif[ARTIST] = "Ada Lovelace"
        drawn.save(folder / "photo.jpg", quality=92, exif=exif)
    with Image.open(folder / "photo.jpg") as photograph:
        for name, radius in (("retouched.jpg", 2), ("inpainted.jpg", 9)):
            edited = photograph.copy()
            corner = (0, 0, 400, 300)
            edited.paste(photograph.crop(corner).filter(ImageFilter.GaussianBlur(radius)), corner)
            edited.save(folder / name, quality=92, exif=photograph.getexif())


def credential(folder: Path) -> None:
    """`keys/`, as `genlabel keys new` makes it."""
    Authority.new("Acme Studio").write(folder / "keys")


class Console:
    """Runs commands in one folder, as a person would type them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._status = 0

    def run(self, command: str) -> str | None:
        """What the command prints, both streams as a terminal shows them; None if not tried.

        Raises `AssertionError` for programs that the tests do not know.
        """
        program, *words = shlex.split(command)
        if program in NOT_TRIED:
            return None
        if (program, words) == ("echo", ["$?"]):
            return f"{self._status}\n"
        to: Path | None = None
        if ">" in words:
            to = self._folder / words[words.index(">") + 1]
            words = words[: words.index(">")]
        if program == "genlabel":
            words = ["-m", "genlabel", *words]
        else:
            assert program == "python", f"{program}: not a program that these tests run"
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self._folder,
            env={**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if to is None else subprocess.PIPE,
            timeout=60,
        )
        self._status = done.returncode
        if to is None:
            return done.stdout.decode()
        to.write_bytes(done.stdout)
        return done.stderr.decode()
