"""Many files: jobs beside processes that somebody starts, the engine alone, and fsync."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from drawn import SMALL, photograph
from engine_alone import AUTHORITY, RAW_MANY, Engine
from measuring import sign
from results import Row, row

COUNT = 2000
TABLE = f"{COUNT:,} JPEG of 1 MP"
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
    one = took([[*words, str(signed)]])
    two = took([[*words, str(signed), "--jobs", "2"]])
    apart = took([[*words, str(signed / half)] for half in ("a", "b")])
    yield Row(table=TABLE, name="verified a second, one job", value=count / one, unit="files")
    yield Row(table=TABLE, name="verified a second, two jobs", value=count / two, unit="files")
    name = "verifying by two jobs, as fast as one job"
    yield Row(table=TABLE, name=name, value=one / two, unit="×", least=1.6)
    name = "verifying by two jobs, as fast as two processes"
    yield Row(table=TABLE, name=name, value=apart / two, unit="×", least=0.9)


def _signed(place: Path, count: int) -> Iterator[Row]:
    keys = ["--key", str(place / "signing.key"), "--certificates", str(place / "signing.pem")]
    words = ["sign", "--generated", "--by", "Acme Studio", *keys, "-q", "--no-config"]
    plain = place / "plain"

    def signing(*more: str, apart: bool = False) -> float:
        out = place / "out"
        folders = [plain / "a", plain / "b"] if apart else [plain]
        runs = [[*words, str(each), "-o", str(out / each.name), *more] for each in folders]
        try:
            return took(runs)
        finally:
            shutil.rmtree(out)

    one, two, apart = signing(), signing("--jobs", "2"), signing(apart=True)
    fast_one, fast_two = signing("--no-fsync"), signing("--no-fsync", "--jobs", "2")
    raw = _raw(place, count)
    for name, seconds in (
        ("signed a second, one job", one),
        ("signed a second, two jobs", two),
        ("signed a second without fsync, one job", fast_one),
        ("signed a second without fsync, two jobs", fast_two),
        ("signed and read a second, two processes of the engine alone", raw),
    ):
        yield Row(table=TABLE, name=name, value=count / seconds, unit="files")
    for name, value, least in (
        ("signing without fsync by two jobs, as fast as one job", fast_one / fast_two, 1.6),
        ("signing by two jobs, as fast as two processes", apart / two, 0.9),
        ("signing without fsync by two jobs, as fast as the engine's", raw / fast_two, 1.2),
    ):
        yield Row(table=TABLE, name=name, value=value, unit="×", least=least)


def _raw(place: Path, count: int) -> float:
    """Two processes of the engine alone: thumbnails off, sign, read, write without fsync."""
    (place / "manifest.json").write_text(json.dumps(Engine.MANIFEST))
    out = place / "out"
    words = [
        [sys.executable, "-c", RAW_MANY, str(place), str(place / "plain" / half), str(out / half)]
        for half in ("a", "b")
    ]
    try:
        return took(words, program=())
    finally:
        shutil.rmtree(out)


def took(
    runs: Sequence[Sequence[str]], program: Sequence[str] = (sys.executable, "-m", "genlabel")
) -> float:
    """Seconds until all of these programs, started together, have ended."""
    begun = time.perf_counter()
    started = [subprocess.Popen([*program, *run], stdout=subprocess.DEVNULL) for run in runs]
    for each in started:
        if each.wait() not in (0, 1):
            raise SystemExit(f"a program ended with {each.returncode}")
    return time.perf_counter() - begun


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
