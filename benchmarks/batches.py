"""Many files: jobs beside processes that somebody starts, the engine alone, and fsync."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from drawn import SMALL, photograph
from engine_alone import AUTHORITY, RAW_MANY, Engine
from measuring import sign
from results import Row, row

OWN = """
import atexit, time
atexit.register(lambda: print(time.process_time(), flush=True))
"""
"""What a program says at its end: the CPU time of its own process."""
GENLABEL = """
from genlabel.cli.main import run
run()
"""
COUNT = 2000
TABLE = f"{COUNT:,} JPEG of 1 MP"
ROUNDS = 3
MIXED = 10_000


def measured(count: int = COUNT) -> Iterator[Row]:
    """The rows of batches, start-up counted."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        AUTHORITY.write(place)
        plain = photograph("jpeg", SMALL, quality=85)
        signed = sign(plain, beside=False).data
        for name, data in (("plain", plain), ("signed", signed)):
            for half in ("a", "b"):
                below = place / name / half
                below.mkdir(parents=True)
                for number in range(count // 2):
                    (below / f"{number:04d}.jpg").write_bytes(data)
        yield from _verified(place, count)
        yield from _signed(place, count)


def _verified(place: Path, count: int) -> Iterator[Row]:
    words = ["verify", "--trust", str(place / "anchors.pem"), "-q", "--no-config"]
    signed = place / "signed"
    took([[*words, str(signed)]])  # fills the system's cache
    one, two, apart = _in_turn(
        lambda: took([[*words, str(signed)]]),
        lambda: took([[*words, str(signed), "--jobs", "2"]]),
        lambda: took([[*words, str(signed / half)] for half in ("a", "b")]),
    )
    yield _speed("verified a second, one job", count, one)
    yield _speed("verified a second, two jobs", count, two)
    yield _beside("verifying by two jobs, as fast as one job", one, two, 1.6)
    yield _beside("verifying by two jobs, as fast as two processes", apart, two, 0.9)
    yield from _parts("verifying", count, one, two, apart)


def _signed(place: Path, count: int) -> Iterator[Row]:
    keys = ["--key", str(place / "signing.key"), "--certificates", str(place / "signing.pem")]
    words = ["sign", "--generated", "--by", "Acme Studio", *keys, "-q", "--no-config"]
    plain = place / "plain"

    def signing(*more: str, apart: bool = False) -> Taken:
        out = place / "out"
        folders = [plain / "a", plain / "b"] if apart else [plain]
        runs = [[*words, str(each), "-o", str(out / each.name), *more] for each in folders]
        try:
            return took(runs)
        finally:
            shutil.rmtree(out)

    one, two, apart, raw, fast_one, fast_two, fast_apart, fast_raw = _in_turn(
        signing,
        lambda: signing("--jobs", "2"),
        lambda: signing(apart=True),
        lambda: _raw(place, fsync=True),
        lambda: signing("--no-fsync"),
        lambda: signing("--no-fsync", "--jobs", "2"),
        lambda: signing("--no-fsync", apart=True),
        lambda: _raw(place, fsync=False),
    )
    engine = "two processes of the engine alone"
    for name, taken in (
        ("signed a second, one job", one),
        ("signed a second, two jobs", two),
        (f"signed and read a second, {engine} that flush as we do", raw),
        ("signed a second without fsync, one job", fast_one),
        ("signed a second without fsync, two jobs", fast_two),
        (f"signed and read a second without fsync, {engine}", fast_raw),
    ):
        yield _speed(name, count, taken)
    for name, than, taken, least in (
        ("signing without fsync by two jobs, as fast as one job", fast_one, fast_two, 1.6),
        ("signing by two jobs, as fast as two processes", apart, two, 0.9),
        ("signing without fsync by two jobs, as fast as two processes", fast_apart, fast_two, None),
        ("signing by two jobs, as fast as the engine's that flush as we do", raw, two, None),
        ("signing without fsync by two jobs, as fast as the engine's", fast_raw, fast_two, 1.2),
    ):
        yield _beside(name, than, taken, least)
    yield from _parts("signing without fsync", count, fast_one, fast_two, fast_apart)
    name = f"CPU time of a file, signing and reading without fsync, {engine}"
    yield row(TABLE, name, [1e3 * each.cpu / count for each in fast_raw], "ms")


def _in_turn(*works: Callable[[], Taken]) -> list[list[Taken]]:
    """What each took in each round, one after the other: a machine has slower minutes."""
    rounds = [[work() for work in works] for _ in range(ROUNDS)]
    return [list(each) for each in zip(*rounds, strict=True)]


def _speed(name: str, count: int, taken: Sequence[Taken]) -> Row:
    return row(TABLE, name, [count / each.wall for each in taken], "files")


def _beside(name: str, than: Sequence[Taken], taken: Sequence[Taken], least: float | None) -> Row:
    """How much faster `taken` was, in the same round."""
    ratios = [one.wall / other.wall for one, other in zip(than, taken, strict=True)]
    return row(TABLE, name, ratios, "×", least=least)


def _parts(
    doing: str, count: int, one: list[Taken], two: list[Taken], apart: list[Taken]
) -> Iterator[Row]:
    """Where the CPU time of a file goes, what is loaded at the beginning shared out to all."""
    for name, seconds in (
        ("one job", [each.cpu for each in one]),
        ("two jobs", [each.cpu for each in two]),
        ("two jobs, of it in the process that was started", [each.own for each in two]),
        ("two processes", [each.cpu for each in apart]),
    ):
        name = f"CPU time of a file, {doing}, {name}"
        yield row(TABLE, name, [1e3 * each / count for each in seconds], "ms")


def _raw(place: Path, *, fsync: bool) -> Taken:
    """Two processes of the engine alone: thumbnails off, sign, read, write."""
    (place / "manifest.json").write_text(json.dumps(Engine.MANIFEST))
    out = place / "out"
    words = [
        [*(str(each) for each in (place, place / "plain" / half, out / half)), "fsync" * fsync]
        for half in ("a", "b")
    ]
    try:
        return took(words, program=RAW_MANY)
    finally:
        shutil.rmtree(out)


class Taken(NamedTuple):
    """What programs took, in seconds."""

    wall: float
    cpu: float
    """Of all of them, and of all processes that they started."""
    own: float
    """Of it theirs alone."""


def took(runs: Sequence[Sequence[str]], program: str = GENLABEL) -> Taken:
    """What these programs take that are started together, until all have ended."""
    begun, before = time.perf_counter(), os.times()
    words = [sys.executable, "-c", OWN + program]
    started = [subprocess.Popen([*words, *run], stdout=subprocess.PIPE) for run in runs]
    own = 0.0
    for each in started:
        said, _ = each.communicate()
        if each.returncode not in (0, 1):
            raise SystemExit(f"a program ended with {each.returncode}")
        own += float(said.split()[-1])
    wall, now = time.perf_counter() - begun, os.times()
    used = now.children_user + now.children_system
    return Taken(wall, used - before.children_user - before.children_system, own)


def mixed(count: int = MIXED) -> Iterator[Row]:
    """Memory of one process that verifies `count` files of many kinds, a third and whole."""
    if sys.platform != "linux":
        return
    from genlabel import testing

    kinds = ("png", "jpeg", "webp", "gif", "tiff")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for kind in kinds:
            data = testing.picture(kind, size=(64, 64))
            signed = sign(data, beside=False).data
            for number in range(count // len(kinds) // 2):
                (place / f"{number:05d}-plain.{kind}").write_bytes(data)
                (place / f"{number:05d}-signed.{kind}").write_bytes(signed)
        code = GROWTH.format(names=os.fspath(place), third=count // 3)
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        third, whole = (int(each) * 1024 for each in done.stdout.split())
    name = f"memory after {count:,} files of five kinds, beside a third of them"
    yield row("Memory and size", name, [whole / third], "×", most=1.05)


GROWTH = """
import itertools
import genlabel
def resident():
    return int(open("/proc/self/status").read().split("VmRSS:")[1].split()[0])
reports = genlabel.verify_files([{names!r}])
for number, report in enumerate(reports):
    if number == {third}:
        print(resident())
print(resident())
"""
