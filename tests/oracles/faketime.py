"""A frozen clock: tests that judge other people's pictures run in a child process with libfaketime.

Certificates in the corpus end, and the C2PA engine, which is native code, asks the system for the
time. So tests marked ``frozen`` are run once a process, all together, by a child pytest to which
the system says that it is `MOMENT`; what became of each there becomes of it here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from oracles.absence import program

MOMENT = "2026-11-25 12:00:00"
"""UTC, when the verdicts of `golden/accepted` were true: after the golden files of 0.1.0 were
signed, and before the first certificate ended that the corpus is expected to be valid by."""
_REPORT = "FROZEN_REPORT"
_REPOSITORY = Path(__file__).parents[2]


def is_frozen() -> bool:
    """Is this process told the frozen time?"""
    return "FAKETIME" in os.environ


def command(*words: str | Path) -> list[str]:
    """What runs `words` at the frozen time; the test ends as by `absent` where nothing can."""
    # -m: with many threads; the time goes on from the moment, as waiting ends by it
    return [str(program("faketime")), "-m", "-f", f"@{MOMENT}", *map(str, words)]


def environment() -> dict[str, str]:
    """The environment of a process at the frozen time."""
    return {**os.environ, "TZ": "UTC"}


def run(items: Iterable[pytest.Item]) -> dict[str, tuple[str, str]]:
    """What became of tests at the frozen time: ``passed``, ``failed`` or ``skipped``, and why."""
    names = [item.nodeid for item in items if item.get_closest_marker("frozen")]
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    with tempfile.TemporaryDirectory(prefix="genlabel-frozen-") as folder:
        told, listed = Path(folder) / "told.jsonl", Path(folder) / "names"
        listed.write_text("\n".join(names), encoding="utf-8")
        done = subprocess.run(
            command(*words, "--basetemp", Path(folder) / "tests", f"@{listed}"),
            cwd=_REPOSITORY,
            env={**environment(), _REPORT: str(told)},
            capture_output=True,
            text=True,
            check=False,
        )
        lines = told.read_text("utf-8").splitlines() if told.is_file() else []
    found: dict[str, tuple[str, str]] = {}
    for line in lines:
        name, outcome, why = json.loads(line)
        if name not in found or outcome != "passed":
            found[name] = outcome, why
    for name in names:
        found.setdefault(name, ("failed", f"was not run:\n{done.stdout}\n{done.stderr}"))
    return found


def note(report: pytest.TestReport) -> None:
    """Writes down for the parent what became of a part of a test."""
    path = os.environ.get(_REPORT)
    if path is None or (report.passed and report.when != "call"):
        return
    why = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else report.longreprtext
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(json.dumps([report.nodeid, report.outcome, why]) + "\n")
