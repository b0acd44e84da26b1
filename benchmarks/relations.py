"""How often strip-check says rightly what became of a picture, and how often a copy is none.

    python benchmarks/relations.py --pictures DIR            # both rates, and every operation
    python benchmarks/relations.py --pictures DIR --pairs 0 --only crop --sources 30

Copies are made by ImageMagick and libvips. DIR holds pictures of others: those of the Debian
packages that `PACKAGES` names are fetched and unpacked there when it is empty.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from alterations import ALONE, TOGETHER, Done
from PIL import Image, ImageChops, ImageStat

from genlabel.model.pixels import Pixels, Turned
from genlabel.pixels.compare import compare
from genlabel.testing import picture

PACKAGES = ("gnome-backgrounds", "wesnoth-1.16-data", "supertuxkart-data")
LEAST = 96
"""Pixels of the shorter side of the pictures that are asked about."""
MOST = 1600
"""Pixels of the longer side of the originals that copies are made of."""
LARGEST = 4000
"""Pixels of the longer side of the copies."""
LEAST_LEFT = 0.49
"""Part of the area that a crop leaves at least."""
NEAR, NEAR_TOGETHER = 0.02, 0.05
OPERATIONS = {**ALONE, **TOGETHER}
COLUMNS = ("count", "called_another", "undecided", "right")
Task = TypeVar("Task")
Result = TypeVar("Result")
Named = tuple[str, Path | bytes]
"""A picture's name, and its file or content."""
RESULTS = Path(__file__).with_name("relations.json")


def gathered(folder: Path) -> list[Path]:
    """The pictures below `folder`, which is filled when it is empty; sprites and tiles are left
    out, which share their drawings, and pictures that are smaller than LEAST."""
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        with tempfile.TemporaryDirectory() as place:
            subprocess.run(["apt-get", "-q", "download", *PACKAGES], cwd=place, check=True)
            for package in Path(place).glob("*.deb"):
                subprocess.run(["dpkg", "-x", package, folder], check=True)
    found = []
    for path in sorted(folder.rglob("*")):
        shared = {"terrain", "units", "cursors", "buttons"} & set(path.parts)
        if path.suffix not in (".png", ".jpg", ".jpeg", ".webp") or shared or path.is_symlink():
            continue
        with Image.open(path) as image:
            if min(image.size) >= LEAST and image.width * image.height <= 50_000_000:
                found.append(path)
    return found


def shows(path: Path) -> bool:
    """Has the picture something to see in colour, and a left and a right?"""
    with Image.open(path) as image:
        image.draft("RGB", (64, 64))
        plain = image.convert("RGBA").resize((64, 64), Image.Resampling.BOX)
    flat = Image.new("RGBA", plain.size, "white")
    flat.alpha_composite(plain)
    small = flat.convert("RGB")
    red, _, blue = small.split()
    if ImageStat.Stat(small.convert("L")).stddev[0] < 12:
        return False
    ways = [Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180]
    apart = [ImageChops.difference(small, small.transpose(way)).convert("L") for way in ways]
    return (
        min(ImageStat.Stat(each).mean[0] for each in apart) > 8
        and ImageStat.Stat(ImageChops.difference(red, blue)).mean[0] > 8
    )


def family(path: Path) -> str:
    """What drawings that belong together have in common: their folder."""
    return str(path.parent)


def pairs(paths: list[Path], count: int, chance: random.Random) -> Iterator[tuple[Named, Named]]:
    """`count` pairs of pictures of different families."""
    while count:
        one, other = chance.sample(paths, 2)
        if family(one) != family(other):
            count -= 1
            yield (f"{one}", one), (f"{other}", other)


def drawn(count: int, chance: random.Random) -> Iterator[tuple[Named, Named]]:
    """`count` pairs of drawn pictures."""
    sizes = ((300, 200), (200, 300), (640, 480), (512, 512))
    for _ in range(count):
        seeds = chance.sample(range(10_000), 2)
        one, other = (picture("png", size=chance.choice(sizes), seed=seed) for seed in seeds)
        yield (f"hills {seeds[0]}", one), (f"hills {seeds[1]}", other)


def base(path: Path, chance: random.Random) -> tuple[bytes, str, tuple[int, int]]:
    """The original that copies are made of: the picture, or a smaller copy, JPEG or PNG."""
    with Image.open(path) as image:
        small = image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info
                              else "RGB")  # fmt: skip
        small.thumbnail((MOST, MOST))
        suffix = ".png" if small.mode == "RGBA" or chance.random() < 0.3 else ".jpg"
        with tempfile.NamedTemporaryFile(suffix=suffix) as file:
            small.save(file.name, quality=92)
            return Path(file.name).read_bytes(), suffix, small.size


def made(original: bytes, suffix: str, done: Done) -> bytes:
    with tempfile.TemporaryDirectory() as place:
        source, target = Path(place, "in" + suffix), Path(place, "out" + (done.suffix or suffix))
        source.write_bytes(original)
        names = {"IN": str(source), "OUT": str(target)}
        subprocess.run(
            [names.get(each, each) for each in done.command], check=True, capture_output=True
        )
        return target.read_bytes()


def wrong(found: Pixels, done: Done, size: tuple[int, int], near: float) -> str | None:
    """What is wrong with the answer; None when it is right."""
    names = set(found.relations) - {"re-encoded", "converted", "identical"}
    if found.same_picture is not True or found.certainty == "low":
        return f"{found.change}, {found.certainty}"
    if names != done.names:
        return f"{sorted(names)} for {sorted(done.names)}"
    for name, value in done.figures.items():
        said = getattr(found, name)
        if isinstance(value, dict):
            for key, true in value.items():
                side = size[0] if key in ("left", "right", "width") else size[1]
                off = abs(getattr(said, key) - true) / (1 if key == "share" else side)
                if off > near:
                    return f"{name}.{key} {getattr(said, key)} for {true}"
        elif (isinstance(value, float) and abs(said / value - 1) > near) or (
            not isinstance(value, float) and said != value
        ):
            return f"{name} {said} for {value}"
    return None


@dataclass(frozen=True, slots=True)
class Source:
    """A picture, and what is done to it."""

    name: str
    original: bytes
    suffix: str
    size: tuple[int, int]
    operations: tuple[tuple[str, Done], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said about one copy or pair."""

    name: str
    another: bool
    undecided: bool
    fault: str | None
    """What is wrong with it, for `--verbose`; None when it is right."""


def sources(paths: list[Path], given: argparse.Namespace) -> Iterator[Source]:
    """Some of the pictures, each with every operation that is asked about. Chance is asked here
    alone, in one order, so that any number of processes does the same."""
    chance = random.Random(given.seed)
    for path in chance.sample(paths, min(given.sources, len(paths))):
        original, suffix, size = base(path, chance)
        every = [(name, operation(size, chance)) for name, operation in OPERATIONS.items()]
        wanted = [pair for pair in every if given.only in pair[0] and asked(pair[1], size)]
        yield Source(path.name, original, suffix, size, tuple(wanted))


def of_copies(source: Source) -> list[Answer]:
    """What is said about each copy of one picture."""
    return [_of_copy(source, name, done) for name, done in source.operations]


def _of_copy(source: Source, name: str, done: Done) -> Answer:
    found = compare(source.original, made(source.original, source.suffix, done))
    near = NEAR_TOGETHER if name in TOGETHER else NEAR
    fault = wrong(found, done, source.size, near)
    told = fault and f"{name}: {source.name} {source.size}{source.suffix}: {fault}"
    undecided = found.certainty == "low" or (fault is not None and _may_be(found, done))
    return Answer(name, "another" in found.relations, undecided, told)


def _may_be(found: Pixels, done: Done) -> bool:
    """Is what was done among the ways between which the answer leaves it open?"""
    true = Turned(
        mirrored=bool(done.figures.get("mirrored")), rotation=int(done.figures.get("rotation", 0))
    )
    turns = {"mirrored", "rotated", "re-encoded", "converted"}
    return true in found.or_turned and not {*found.relations, *done.names} - turns


def copies(paths: list[Path], given: argparse.Namespace) -> None:
    """Ask about every copy that every operation makes of some pictures."""
    table: dict[str, dict[str, int]] = {}
    count = min(given.sources, len(paths))
    for done, answers in enumerate(several(of_copies, sources(paths, given), given.jobs), 1):
        for each in answers:
            row = table.setdefault(each.name, dict.fromkeys(COLUMNS, 0))
            row["count"] += 1
            row["called_another"] += each.another
            row["undecided"] += each.undecided
            row["right"] += each.fault is None
            if each.fault is not None and given.verbose:
                print(each.fault, flush=True)
        print(f"{done} of {count} pictures", file=sys.stderr, flush=True)
    for name, row in table.items():
        right, undecided = (f"{row[each] / row['count']:.1%}" for each in ("right", "undecided"))
        print(
            f"{name:28} {row['count']:4} copies, {row['called_another']} another, "
            f"{right} right, {undecided} undecided"
        )
    print(sum(row["right"] for row in table.values()), "of",
          sum(row["count"] for row in table.values()), "right")  # fmt: skip
    if given.write and table:
        write("copies", table)


def several(asking: Callable[[Task], Result], tasks: Iterable[Task], jobs: int) -> Iterator[Result]:
    """`asking` each of `tasks` in `jobs` processes, told in the order of the tasks."""
    if jobs == 1:
        yield from map(asking, tasks)
        return
    with multiprocessing.Pool(jobs) as pool:
        yield from pool.imap(asking, tasks)


def asked(done: Done, size: tuple[int, int]) -> bool:
    """Is it a copy about which something is to be known?"""
    factor, crop = done.figures.get("scale", 1.0), done.figures.get("crop")
    if crop and crop["width"] * crop["height"] < LEAST_LEFT * size[0] * size[1]:
        return False
    left = min(crop["width"], crop["height"]) if crop else min(size)
    return bool(left * min(factor, 1.0) >= LEAST and max(size) * factor <= LARGEST)


def different(paths: list[Path], given: argparse.Namespace) -> None:
    """Ask about pairs of different pictures, a quarter of them drawn."""
    chance = random.Random(given.seed)
    every = chain(
        drawn(given.pairs // 4, chance), pairs(paths, given.pairs - given.pairs // 4, chance)
    )
    row = {"count": 0, "called_copy": 0, "undecided": 0}
    for each in several(of_pair, every, given.jobs):
        row["count"] += 1
        row["called_copy"] += not each.another
        row["undecided"] += each.undecided
        if given.verbose and each.fault:
            print(each.fault, flush=True)
        if row["count"] % 100 == 0:
            print(f"{row['count']} of {given.pairs} pairs", file=sys.stderr, flush=True)
    print(row)
    if given.write and row["count"]:
        write("pairs", row)


def of_pair(pair: tuple[Named, Named]) -> Answer:
    """What is said about two different pictures."""
    (name, one), (other, more) = pair
    found = compare(
        *(each if isinstance(each, bytes) else each.read_bytes() for each in (one, more))
    )
    right = found.relations == ("another",) and found.certainty == "high"
    told = None if right else f"{name} and {other}: {found.relations}, {found.certainty}"
    return Answer("pair", "another" in found.relations, found.certainty == "low", told)


def write(part: str, results: Mapping[str, Any]) -> None:
    """Put `results` in place of what was measured before."""
    known = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    text = json.dumps({**known, part: results}, indent=1, ensure_ascii=False)
    RESULTS.write_text(text + "\n", "utf-8")


def main() -> int:
    """Measure, print, and write what the page about survival tells."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--sources", type=int, default=100)
    parser.add_argument("--only", default="", help="operations whose name has this in it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="tell each that went wrong")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    parser.add_argument("--every", action="store_true", help="pictures without colour, too")
    given = parser.parse_args()
    paths = gathered(given.pictures)
    if not given.every:
        good = several(shows, paths, given.jobs)
        paths = [path for path, fits in zip(paths, good, strict=True) if fits]
    print(len(paths), "pictures", flush=True)
    different(paths, given)
    copies(paths, given)
    return 0


if __name__ == "__main__":
    sys.exit(main())
