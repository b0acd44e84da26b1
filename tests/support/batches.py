"""Batches in tests: how many processes were started, and what an interrupt leaves of a run."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

import pytest

from genlabel.storage import processes
from genlabel.storage.processes import Processes

Result = TypeVar("Result")


def counted(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """From now on processes start at once; an entry a start, false for one that was refused."""
    starts: list[bool] = []
    start = Processes._started

    def counting(self):
        process = start(self)
        starts.append(process is not None)
        return process

    monkeypatch.setattr(processes, "PATIENCE", 0)
    monkeypatch.setattr(Processes, "_started", counting)
    return starts


def interrupted(running: Generator[Result, None, None]) -> list[Result]:
    """What comes out of a run that is interrupted behind its first report, the interrupt aside."""
    taken = [next(running)]

    def interrupt() -> None:
        taken.append(running.throw(KeyboardInterrupt()))
        taken.extend(running)

    with pytest.raises(KeyboardInterrupt):
        interrupt()
    return taken
