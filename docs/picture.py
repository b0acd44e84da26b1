"""Draws `docs/report.png` and `docs/gate.png`: pages of reports, as a browser shows them.

    make picture             needs chromium (or CHROMIUM=/path/to/chrome)

The sample picture of `genlabel demo` is labelled in a folder that is removed again; then a site
makes it smaller, and loses its label.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

HERE = Path(__file__).resolve().parent
SIZE = (900, 1400)
"""Of the window; what is empty at its end is cut off."""
MARGIN = 24
COLOURS = 128
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def main() -> int:
    """Draws the picture; the exit status."""
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if browser is None:
        print("chromium is not here: install it, or say CHROMIUM=/path/to/chrome", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _genlabel("demo", ".", "--keys", "-q", within=home)
        _genlabel("sign", "cat.png", "-o", "labelled/", "--generated", "--using", "FLUX.1 [dev]",
                  "-q", within=home)  # fmt: skip
        page = _genlabel("verify", "labelled/cat.png", "--format", "html", "--lang", "en", "-q",
                         within=home)  # fmt: skip
        _draw(page, HERE / "report.png", browser, home)
        _draw(_gate(home), HERE / "gate.png", browser, home)
    return 0


def _gate(home: Path) -> bytes:
    """The page on a site that keeps one picture as it is and makes another one smaller."""
    shutil.copy(home / "labelled/cat.png", home / "labelled/hero.png")
    shutil.copytree(home / "labelled", home / "site")
    with Image.open(home / "site/cat.png") as picture:
        picture.resize((picture.width // 2, picture.height // 2)).save(home / "site/cat.png")
    words = ("strip-check", "site", "--against", "labelled", "--format", "html", "--lang", "en")
    return _genlabel(*words, "-q", within=home)


def _draw(page: bytes, picture: Path, browser: str, home: Path) -> None:
    (home / "report.html").write_bytes(page)
    shot = home / "shot.png"
    subprocess.run(  # noqa: S603  a browser that whoever calls this has chosen
        [browser, "--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu",
         f"--user-data-dir={home / 'profile'}", f"--window-size={SIZE[0]},{SIZE[1]}",
         f"--screenshot={shot}", (home / "report.html").as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    _cut(shot, picture)
    print(f"{picture.name} written, {picture.stat().st_size:,} bytes")


def _genlabel(*words: str, within: Path) -> bytes:
    """What a command prints; findings are no reason to stop."""
    done = subprocess.run(  # noqa: S603  this interpreter
        [sys.executable, "-m", "genlabel", *words], cwd=within, check=False, capture_output=True
    )
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode())
    return done.stdout


def _cut(shot: Path, picture: Path) -> None:
    """Keep what is shown and a margin, in few colours, so that it is small."""
    with Image.open(shot) as image:
        whole = image.convert("RGB")
    ground = Image.new("RGB", whole.size, whole.getpixel((0, 0)))
    box = ImageChops.difference(whole, ground).getbbox() or (0, 0, *whole.size)
    left, top, right, bottom = box
    kept = whole.crop(
        (max(left - MARGIN, 0), max(top - MARGIN, 0),
         min(right + MARGIN, whole.width), min(bottom + MARGIN, whole.height))
    )  # fmt: skip
    kept.quantize(COLOURS).save(picture, optimize=True)


if __name__ == "__main__":
    raise SystemExit(main())
