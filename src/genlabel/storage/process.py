"""One process of a batch, and the pipes to and from it.

It is started afresh: nothing of this one's threads, locks, descriptors and native state goes along,
and the main module is not run again. Or it is forked (`forked`), before there are threads.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import spawn
from multiprocessing.reduction import ForkingPickler
from typing import IO, Any, cast

from genlabel.model.logger import logger
from genlabel.storage.forked import Forked
from genlabel.storage.worker import ENDS, Reply, unpacked

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


class Process:
    """One process and the pipes to and from it; for one thread."""

    def __init__(self, process: subprocess.Popen[bytes] | Forked) -> None:
        self._process = process

    @classmethod
    def started(cls, work: memoryview) -> Process | None:
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
        process = cls(popen)
        process.tell(packed(sys.path), work)
        return process if process.is_ready() else None

    @classmethod
    def forked(cls, others: Iterable[Process], items: Sequence[Any]) -> Process | None:
        """A process that has the `items` and waits for its work, beside those that were forked
        before it; None where none can be had.
        """
        before = [each._process for each in others if isinstance(each._process, Forked)]
        try:
            with _signals_blocked():
                return cls(Forked(before, items))
        except OSError:
            return None

    @property
    def is_forked(self) -> bool:
        """Has it the items that were there when it began?"""
        return isinstance(self._process, Forked)

    def tell(self, *work: memoryview) -> None:
        """What it is to do; whether it can is what `is_ready` says."""
        with suppress(ChildProcessError):
            self._send(*work)

    def is_ready(self) -> bool:
        """Has it understood its work? Waits for that."""
        try:
            return self._received()[0] is Reply.READY
        except ChildProcessError:
            return False

    def ask(self, request: memoryview, number: int) -> Iterator[object]:
        """Answers about that `number` of items, of which it leaves the last ones where they take
        long. Raises `ChildProcessError` if the process ends before.
        """
        self._send(request)
        while number:
            kind, value = self._received()
            if kind is Reply.LEFT:
                return
            if kind is Reply.LOGGED:
                record = logging.makeLogRecord(value)
                logger(record.name).handle(record)
                continue
            number -= 1
            yield value

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
        """It ends with what it is at, which is waited for."""
        with suppress(OSError):
            cast("IO[bytes]", self._process.stdin).close()
        self._process.wait()
        cast("IO[bytes]", self._process.stdout).close()


def packed(value: object) -> memoryview:
    """`value` for a process of the same program, and for nobody else: keys go along."""
    data: memoryview = ForkingPickler.dumps(value, pickle.HIGHEST_PROTOCOL)
    return data


def packed_or_none(value: object) -> memoryview | None:
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
