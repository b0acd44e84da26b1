"""A process of a batch that is forked from a program of ours, with all modules that it needs.

That is ready in some milliseconds, where a new interpreter takes longer than many files. It is for
a process in which nothing but the batch goes on (`batch.reports`), on Linux, with one thread.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from contextvars import Context
from pathlib import Path
from typing import IO, Any, NoReturn

from genlabel.storage import worker

_THREADS = Path("/proc/self/task")


_LEAVING = 0.25
"""Seconds that a thread which has ended may still be listed by the system."""


def is_possible() -> bool:
    """Can this process be forked, with no thread in it whose locks would stay locked?"""
    if sys.platform != "linux":
        return False
    end = time.monotonic() + _LEAVING
    try:
        while len(os.listdir(_THREADS)) > 1:  # noqa: PTH208  those of native code, too
            if threading.active_count() > 1 or time.monotonic() > end:
                return False
            time.sleep(0.001)
    except OSError:
        return False
    return True


class Forked:
    """Such a process and the pipes to and from it, called as those of `subprocess.Popen`."""

    def __init__(self, others: Iterable[Forked], items: Sequence[Any]) -> None:
        """A new one, which is asked for `items` by their numbers, and has nothing of the `others`.
        Raises `OSError`.
        """
        reading, asking = os.pipe()
        answered, answering = os.pipe()
        try:
            self._pid = os.fork()
        except OSError:
            for each in (reading, asking, answered, answering):
                os.close(each)
            raise
        if not self._pid:
            _work(reading, answering, [asking, answered], others, items)
        os.close(reading)
        os.close(answering)
        self.stdin: IO[bytes] = os.fdopen(asking, "wb")
        self.stdout: IO[bytes] = os.fdopen(answered, "rb")
        self._status: int | None = None

    def kill(self) -> None:
        """End it."""
        if self._status is None:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> int:
        """Its exit status when it has ended; negative is the signal that has ended it."""
        if self._status is None:
            self._status = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        return self._status


def _work(
    reading: int, answering: int, own: list[int], others: Iterable[Forked], items: Sequence[Any]
) -> NoReturn:
    """What the new process does, which never goes back to where it was forked."""
    try:
        faulthandler.disable()  # a process that is ended has its sentence, and no more
        gc.freeze()  # what is not used here any more is not looked for, with its files
        for each in others:  # else their pipes would never end
            each.stdin.close()
            each.stdout.close()
        for descriptor in own:
            os.close(descriptor)
        for descriptor, number in ((reading, 0), (answering, 1)):
            os.dup2(descriptor, number)
            os.close(descriptor)
        Context().run(worker.main, os.fdopen(os.dup(0), "rb"), items)
    finally:
        os._exit(1)
