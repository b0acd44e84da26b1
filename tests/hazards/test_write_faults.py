"""Nothing is lost: one call of each way of writing fails or kills, and old or new is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from oracles.absence import absent, program
from write_faults import WAYS

SUPPORT = Path(__file__).parents[1] / "support"
posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="each run is a process that is forked")


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that makes calls fail, compiled."""
    if sys.platform != "linux":
        absent("a system whose loader takes LD_PRELOAD")
    made = tmp_path_factory.mktemp("faults") / "failing_calls.so"
    words = ["-shared", "-fPIC", "-O1", "-o", made, SUPPORT / "failing_calls.c", "-ldl"]
    done = subprocess.run([program("cc", "gcc", "clang"), *words], capture_output=True, check=False)
    if done.returncode != 0:
        absent("a C compiler that knows this C library", remedy=done.stderr.decode()[:200])
    return made


def faults(means: str, folder: Path, way: str, **environment: str) -> list[str]:
    """What was wrong with any run."""
    done = subprocess.run(
        [sys.executable, SUPPORT / "write_faults.py", means, folder, way],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SUPPORT), **environment},
    )
    if "strace may not trace" in done.stderr:
        absent("a machine on which strace may trace")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["runs"] > 100, "hardly any call was found"
    found: list[str] = told["faults"]
    return found


@posix
@pytest.mark.parametrize(
    "way", ["in place", "out, with marks, without hard links", "marks, over an earlier pair"]
)
def test_whatever_call_of_python_fails_old_or_new_is_there(way, tmp_path):
    assert faults("python", tmp_path, way) == []


@posix
@pytest.mark.parametrize("way", WAYS)
def test_whatever_call_of_the_library_fails_old_or_new_is_there(way, tmp_path, library):
    assert faults("preload", tmp_path, way, LD_PRELOAD=str(library)) == []


@posix
@pytest.mark.parametrize("way", WAYS)
def test_whatever_call_of_the_system_fails_old_or_new_is_there(way, tmp_path):
    if sys.platform != "linux":
        absent("strace", remedy="it exists on Linux only")
    program("strace")
    assert faults("strace", tmp_path, way) == []
