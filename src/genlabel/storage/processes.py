"""Processes of a batch: one beside each thread that works, where that is worth its start.

Pure Python runs in one thread of a process at a time, so threads alone make a batch no faster. A
process is started afresh, with a pipe to it: nothing of this one's threads, locks, descriptors and
native state goes along, and the main module is not run again. What cannot go through a pipe stays
here, and is worked on by the thread itself.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from multiprocessing import spawn
from multiprocessing.reduction import ForkingPickler
from typing import IO, Any, Generic, TypeVar, cast

from genlabel.model.report import Trouble
from genlabel.storage.beside import cores
from genlabel.storage.worker import ENDS, Reply, unpacked

Item = TypeVar("Item")
Result = TypeVar("Result")

PATIENCE = 0.3
"""Seconds that a batch lasts before processes are started for what is left of it: about what
starting one takes."""
MANY = 64
"""Items for each process from which on they are started at once."""
FEW = 2
"""Items for each process with which none is started any more."""
FULL = 0.75
"""Of the cores that the jobs could use, how much threads use where processes would use no more."""
_BOOT = """\
import gc, os, pickle, sys
gc.disable()
requests = os.fdopen(os.dup(0), "rb")
sys.path[:] = pickle.load(requests)
try:
    from genlabel.storage.worker import main
except ImportError:
    sys.exit(1)
main(requests)
"""
# `pickle` is the standard library's whatever lies in the working directory: see `_flags`.


class Processes(Generic[Item, Result]):
    """As many processes as threads ask: the first question of a thread starts its own."""

    def __init__(self, work: Callable[[Item], Result], *, jobs: int, expected: int) -> None:
        """`expected` is how many items there are, of which `jobs` are worked on at a time."""
        self._work = work
        self._jobs = jobs
        self._expected = expected
        self._begun = time.monotonic()
        self._warm: tuple[float, float] | None = None
        """When the first item was done here and modules were loaded: the time, and the cores'."""
        self._counted = count()
        self._own = threading.local()
        self._lock = threading.Lock()
        self._packed: memoryview | None = None
        self._is_refused = False
        self._all: list[_Process] = []

    def do(self, item: Item) -> Result | Trouble:
        """What the work on `item` comes to, in a process or here, or why it comes to nothing.

        Raises what the work raises here, and `ChildProcessError` when a process ends before it has
        answered.
        """
        place = next(self._counted)
        process: _Process | None = getattr(self._own, "process", None)
        if process is None and not self._is_refused and self._pays(place):
            process = self._own.process = self._started()
        if process is None:
            return self._done_here(item)
        try:
            return cast("Result | Trouble", process.ask(item))
        except ChildProcessError:
            self._own.process = None
            raise

    def _done_here(self, item: Item) -> Result:
        try:
            return self._work(item)
        finally:
            if self._warm is None:
                self._warm = time.monotonic(), time.process_time()

    def close(self) -> None:
        """Nothing more is asked: processes end with what they are at."""
        for each in self._all:
            each.close()

    def _pays(self, place: int) -> bool:
        left = self._expected - place
        if left >= MANY * self._jobs:
            return True
        return left >= FEW * self._jobs and self._is_held_up()

    def _is_held_up(self) -> bool:
        """Has it lasted, and do threads wait for each other?

        Where files are large they do not: who hashes lets go of the interpreter, and a core's time
        goes by for each of them. In Python all of them together use one.
        """
        if time.monotonic() - self._begun < PATIENCE:
            return False
        if self._warm is None:
            return True
        since, used = self._warm
        lasted = time.monotonic() - since
        usable = max(2, min(self._jobs, cores()))
        return lasted >= PATIENCE / 3 and time.process_time() - used <= FULL * usable * lasted

    def _started(self) -> _Process | None:
        """A new process that has understood its work; None, and never again, if it does not."""
        with self._lock:
            if self._packed is None:
                level = logging.getLogger("genlabel").getEffectiveLevel()
                self._packed = _packed((level, self._work))
            work = self._packed
        process = None if work is None else _Process.started(work)
        if process is None:
            self._is_refused = True
        else:
            self._all.append(process)
        return process


class _Process:
    """One process and the pipes to and from it; for one thread."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @classmethod
    def started(cls, work: memoryview) -> _Process | None:
        """A process that is ready for items; None where none can be had, or it cannot do `work`."""
        if getattr(sys, "frozen", False) or not (program := spawn.get_executable()):
            return None  # there is no interpreter that could be asked
        words = [os.fsdecode(program), *_flags(), "-c", _BOOT]
        try:
            with _signals_blocked():
                popen = subprocess.Popen(  # noqa: S603  this interpreter, and words of ours
                    words,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    creationflags=_NO_INTERRUPTS,
                )
        except OSError:
            return None
        try:
            process = cls(popen)
            process._send(packed(sys.path), work)
            kind, _ = process._received()
        except ChildProcessError:
            return None
        return process if kind is Reply.READY else None

    def ask(self, item: object) -> object:
        """The answer about `item`. Raises `ChildProcessError` if the process ends before."""
        self._send(packed(item))
        while True:
            kind, value = self._received()
            if kind is not Reply.LOGGED:
                return value
            record = logging.makeLogRecord(value)
            logging.getLogger(record.name).handle(record)

    def _send(self, *parts: memoryview) -> None:
        requests = cast("IO[bytes]", self._process.stdin)
        try:
            for part in parts:
                requests.write(part)
            requests.flush()
        except (OSError, ValueError) as error:  # closed at the other end, or by us
            raise self._ended() from error

    def _received(self) -> tuple[Reply, Any]:
        try:
            kind, value = unpacked(cast("IO[bytes]", self._process.stdout))
        except (EOFError, OSError, ValueError, pickle.UnpicklingError) as error:
            raise self._ended() from error
        return kind, value

    def _ended(self) -> ChildProcessError:
        self._process.kill()
        return ChildProcessError(
            f"the process that worked on it was ended ({_reason(self._process.wait())}): "
            "is memory short? fewer jobs need less"
        )

    def close(self) -> None:
        with suppress(OSError):
            cast("IO[bytes]", self._process.stdin).close()
        self._process.wait()
        cast("IO[bytes]", self._process.stdout).close()


def packed(value: object) -> memoryview:
    """`value` for a process of the same program, and for nobody else: keys go along."""
    data: memoryview = ForkingPickler.dumps(value, pickle.HIGHEST_PROTOCOL)
    return data


def _packed(value: object) -> memoryview | None:
    """`value` as it goes through a pipe; None where it does not."""
    try:
        return packed(value)
    except Exception:  # noqa: BLE001  objects of others raise there what they like
        return None


def _flags() -> Iterator[str]:
    """How this interpreter was started, as far as it matters to what it finds and reads."""
    yield "-P"  # what lies in the working directory is taken for no module
    if sys.flags.isolated:
        yield "-I"
    if sys.flags.ignore_environment:
        yield "-E"
    if sys.flags.no_user_site:
        yield "-s"
    if sys.flags.utf8_mode:
        yield from ("-X", "utf8")


_NO_INTERRUPTS: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""Windows: what the console sends to this process goes to no other."""


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """A process that is started within hears no signal that ends us before it is ready for it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [getattr(signal, name) for name in ENDS])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _reason(status: int) -> str:
    """Why a process has ended, as the system says it."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
