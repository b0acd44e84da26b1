"""The page `performance.md`: what was measured, from `benchmarks/results.json`."""

from __future__ import annotations

import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
_BEFORE = """# Speed and size

{made}

Measured by `python benchmarks/run.py` on {day}: genlabel {genlabel}, engine {engine}, Python
{python}, {system}, {cores} cores{load}. Medians of many rounds; ± is half of the distance between
the quartiles. Every round measures genlabel and the other one right after the other on the same
bytes, so a ratio (×) is worth more than a time; signing and verifying have rounds of their own,
as whoever verifies many files signs none of them meanwhile, and whoever signs them has no other
engine do it, too. So small files come five in a row before it is the other's turn; *file by file
in turn* has both wait for each other, which tells more of the machine's caches and its other
guests. *Beside signing and one read*: beside the C2PA engine's own signing with thumbnails off,
and one read that verifies. What genlabel does meanwhile: XMP, IPTC and Exif written, the picture
compared byte for byte, the result read back and judged. *Without its own check*: the same, where
the engine does not read its result itself before it hands it over. *Over 1.1 × one read*: how
many milliseconds `verify` takes more than 1.1 times the engine's read; below nought it is faster.
*Wanted* is what this project sets itself, and **no** says that it is not there yet.

`python benchmarks/run.py --compare OLD` tells what has moved by more than its spread; where the
machine has other things to do, nothing is kept.

"""
_AFTER = """## What to do about it

- `--jobs auto` works on as many files at a time as there are CPUs, each in a process of its own
  where there are many; a few large ones are hashed by threads, without the start of one. Memory
  goes up to the number of jobs times the largest file.
- Each result is flushed before it takes its name, so that a power cut leaves the old file or the
  new one; on slow disks that is most of the time of `sign` for many small files. `--no-fsync`
  leaves it to the system, for results that are easily made again. Rows with and without stand
  beside an engine that does the same (decisions [173](decisions/173-what-a-batch-pays-for.md) and
  [186](decisions/186-batches-are-compared-flush-by-flush.md)).
- In a program of your own, keep one `Labeller`: keys, certificates and trust lists are then read
  once.
"""


def performance_page(made: str) -> str:
    """All tables, with how they were measured and what can be done."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import results
    finally:
        sys.path.remove(str(BENCHMARKS))
    about, rows = results.stored()
    load = "" if about.get("load") is None else f", load {about['load']} when it began"
    words = {**about, "load": load, "made": made}
    return _BEFORE.format(**words) + "\n".join(results.tables(rows)) + "\n" + _AFTER
