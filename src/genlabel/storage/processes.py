"""Processes of a batch: one beside each thread that works, where that is worth its start.

Pure Python runs in one thread of a process at a time, so threads alone make a batch no faster. What
cannot go through a pipe to one (see `process`) stays here, and is worked on by the thread itself.
"""

from __future__ import annotations

import importlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar, cast

from genlabel.model.logger import logger
from genlabel.model.report import Trouble
from genlabel.storage import forked
from genlabel.storage.beside import Done, Workers, cores, do
from genlabel.storage.process import Process, packed_or_none
from genlabel.storage.worker import TOGETHER

Item = TypeVar("Item")
Result = TypeVar("Result")

PATIENCE = 0.3
"""Seconds that a batch lasts before processes are started for what is left of it: about what
starting one takes."""
MANY = 64
"""Items for each process from which on they are started at once."""
FORKED = 8
"""Items for each process from which on they are forked at once, where that can be."""
FEW = 2
"""Items for each process with which none is started any more."""
MOST = 8
"""Items that a process is asked for at a time."""
FULL = 0.75
"""Of the cores that the jobs could use, how much threads use where processes would use no more."""


class Processes(Workers[Item, Result]):
    """As many processes as threads ask: the first question of a thread starts its own."""

    def __init__(self, work: Callable[[Item], Result], *, jobs: int, expected: int) -> None:
        """`expected` is how many items there are, of which `jobs` are worked on at a time."""
        super().__init__(work)
        self._jobs = jobs
        self._left = expected
        """Items that no thread was given yet."""
        self._begun = time.monotonic()
        self._warm: tuple[float, float] | None = None
        """When the first item was done here and modules were loaded: the time, and the cores'."""
        self._seconds = 0.0
        """What an item took in a process; 0 before the first one is done."""
        self._own = threading.local()
        self._lock = threading.Lock()
        self._packed: memoryview | None = None
        self._is_refused = False
        self._all: list[Process] = []
        self._ready: list[Process] = []
        """Those that no thread has asked for yet."""
        self._numbers: dict[int, int] = {}
        """The place of each item, by its identity, among those that forked processes have."""

    def fork(self, items: Sequence[Item], loading: Iterable[str]) -> None:
        """One process for each job that has all `items`, before there are threads here; none where
        that cannot be. For `loading` see `batch.reports`.
        """
        if len(items) < FORKED * self._jobs or not forked.is_possible():
            return
        work = self._work()
        if work is None:
            return
        for name in loading:
            importlib.import_module(name)
        self._numbers = {id(each): number for number, each in enumerate(items)}
        for _ in range(self._jobs):
            process = Process.forked(self._all, items)
            if process is None:
                break
            self._all.append(process)
        # they open what they need beside each other
        for each in self._all:
            each.tell(work)
        self._ready = [each for each in self._all if each.is_ready()]

    def together(self) -> int:
        """As many as take `TOGETHER`; fewer towards the end, when the others wait for the last."""
        if not self._seconds:
            return 1
        fair = self._left // (2 * self._jobs)
        return max(1, min(MOST, fair, int(TOGETHER / self._seconds)))

    def done(self, items: Iterable[Item]) -> Iterator[Done[Item, Result | Trouble]]:
        """What becomes of the items, in a process or here, of as many as are begun before the end.

        A process that ends before it has answered is the error of the item that it was at.
        """
        waiting = deque(items)
        with self._lock:
            left = self._left
            self._left -= len(waiting)
        while waiting and not self.is_ending:
            process: Process | None = getattr(self._own, "process", None)
            if process is None:
                process = self._own.process = self._one(left)
            request = None if process is None else self._request(process, waiting)
            if process is None or request is None:
                yield do(self._done_here, waiting.popleft())
            else:
                yield from self._answered(process, request, waiting)

    def _request(self, process: Process, items: Iterable[Item]) -> memoryview | None:
        """The items as they go to a process: those that it has are numbers."""
        if process.is_forked:
            return packed_or_none([self._numbers[id(each)] for each in items])
        return packed_or_none(tuple(items))

    def _answered(
        self, process: Process, request: memoryview, waiting: deque[Item]
    ) -> Iterator[Done[Item, Result | Trouble]]:
        """What the process makes of those that are `waiting`, of which it leaves what takes long.

        They wait no more when it is there.
        """
        begun, asked = time.monotonic(), len(waiting)
        try:
            for answer in process.ask(request, asked):
                result = cast("Result | Trouble", answer)
                yield Done(item=waiting.popleft(), result=result)
            self._seconds = (time.monotonic() - begun) / (asked - len(waiting))
        except ChildProcessError as error:
            self._own.process = None
            yield Done(item=waiting.popleft(), error=error)

    def _done_here(self, item: Item) -> Result:
        try:
            return self.work(item)
        finally:
            if self._warm is None:
                self._warm = time.monotonic(), time.process_time()

    def close(self) -> None:
        """Nothing more is asked: processes end with what they are at."""
        for each in self._all:
            each.close()

    def _pays(self, left: int) -> bool:
        if left >= MANY * self._jobs:
            return True
        # what has ended one process should meet another one, and not us
        return left >= FEW * self._jobs and (bool(self._all) or self._is_held_up())

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

    def _one(self, left: int) -> Process | None:
        """A process for a thread that has none; None where it works itself."""
        with self._lock:
            if self._ready:
                return self._ready.pop()
        if self._is_refused or not self._pays(left):
            return None
        return self._started()

    def _started(self) -> Process | None:
        """A new process that has understood its work; None, and never again, if it does not."""
        with self._lock:
            work = self._work()
        process = None if work is None else Process.started(work)
        if process is None:
            self._is_refused = True
        else:
            self._all.append(process)
        return process

    def _work(self) -> memoryview | None:
        """What processes do, packed once; None where it cannot be."""
        if self._packed is None:
            level = logger().getEffectiveLevel()
            self._packed = packed_or_none((level, self.work))
        return self._packed
