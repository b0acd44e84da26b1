"""What strip-check costs: a pair of 12 MP JPEG beside decoding both in draft mode, and memory."""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from drawn import LARGE, photograph
from memory import peak
from PIL import Image, ImageOps
from results import Row, row

from genlabel import testing
from genlabel.pixels.compare import compare
from genlabel.pixels.views import SIDE

UNSEARCHED_MOST, SEARCHED_MOST = 2.5, 8
"""Most that a pair may cost beside decoding both, where both lie over each other at once, and where
places are looked for."""
MEMORY_MOST = {"jpeg": 64, "png": 160, "tiff": 200, "webp": 360}
"""Most MB of a process that compares two files of 12 MP. JPEG alone is decoded small, TIFF and PNG
one file after the other; WebP's decoder keeps the whole picture twice."""
PAIR = """
import sys
import genlabel
original = sys.argv[1]
genlabel.strip_check_file(original + ".copy", against=original, allow_unlabelled=True)
"""


def measured(rounds: int) -> Iterator[Row]:
    """Time of three pairs, then memory by format."""
    original = photograph("jpeg", LARGE, quality=96)
    for name, published, most in (
        ("the same, coded anew", _again(original), UNSEARCHED_MOST),
        ("cut, which is searched for", _cut(original), SEARCHED_MOST),
        ("another picture, searched for in vain", _another(), SEARCHED_MOST),
    ):
        taken = ratios(original, published, max(3, rounds // 3))
        told = f"12 MP JPEG and {name}, beside decoding both in draft mode"
        yield row("Comparing pictures", told, taken, "×", most=most)
    if sys.platform == "linux":
        yield from memory()


def ratios(original: bytes, published: bytes, rounds: int) -> list[float]:
    """CPU time of comparing both beside that of decoding both, who take turns."""
    cases: tuple[Callable[[], object], ...] = (
        lambda: compare(original, published),
        lambda: [_decoded_small(data) for data in (original, published)],
    )
    taken = []
    for number in range(-1, rounds):
        times = {work: _cpu(work) for work in (cases if number % 2 else cases[::-1])}
        if number >= 0:  # the first loads what is loaded once
            taken.append(times[cases[0]] / times[cases[1]])
    return taken


def memory() -> Iterator[Row]:
    """Peaks of a fresh process for each format, the same picture twice in other files."""
    for format, most in MEMORY_MOST.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"picture.{format}")
            path.write_bytes(photograph(format, LARGE))
            path.with_name(path.name + ".copy").write_bytes(photograph(format, LARGE))
            needed = peak(PAIR, path)
        name = f"two {format.upper()} files of 12 MP, compared"
        yield row("Bytes and memory", name, [needed / 1e6], "MB", most=most)


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _decoded_small(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as image:
        image.draft(None, (2 * SIDE, 2 * SIDE))
        image.load()


def _saved(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _again(original: bytes) -> bytes:
    with Image.open(io.BytesIO(original)) as image:
        return _saved(image, 70)


def _cut(original: bytes) -> bytes:
    width, height = LARGE
    with Image.open(io.BytesIO(original)) as image:
        return _saved(image.crop((300, 200, width - 500, height - 300)), 90)


def _another() -> bytes:
    """Other hills, with the noise that a sensor makes."""
    with Image.open(io.BytesIO(testing.picture("png", size=(1000, 750), seed=9))) as hills:
        picture = ImageOps.mirror(hills.convert("RGB")).resize(LARGE, Image.Resampling.BICUBIC)
    noise = Image.effect_noise(LARGE, 24).convert("RGB")
    return _saved(Image.blend(picture, noise, 0.12), 96)
