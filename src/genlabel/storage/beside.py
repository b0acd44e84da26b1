"""Work beside other work: one call on a thread that never outlives whoever asked, many items."""

from __future__ import annotations

import _thread
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from genlabel.model.dataclass import dataclass

if TYPE_CHECKING:
    from genlabel.model.report import Trouble

T = TypeVar("T")
Item = TypeVar("Item")
Result = TypeVar("Result")

_starting = threading.Lock()
_one_of_many: ContextVar[bool] = ContextVar("one_of_many", default=False)


def cores() -> int:
    """How many CPUs there are for this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_cores = cores()
_system_cores = os.cpu_count() or 1
_LOAD = "/proc/loadavg"


@contextmanager
def one_of_many() -> Iterator[None]:
    """While this lasts, the cores are for other files: whoever has many says how many at a time."""
    before = _one_of_many.set(True)
    try:
        yield
    finally:
        _one_of_many.reset(before)


def is_room() -> bool:
    """Is there another core, idle in this moment, and is it not for other files?

    On a busy one a short call costs more than it gives: its thread waits for its turn, and whoever
    asks waits for it.
    """
    return _cores > 1 and not _one_of_many.get() and _at_work() < _system_cores


def _at_work() -> int:
    """How many threads of the whole system want a core just now, with the one that asks; none where
    the system (all but Linux) does not say."""
    try:
        file = os.open(_LOAD, os.O_RDONLY)
    except OSError:
        return 0
    try:
        return int(os.read(file, 128).split(b" ")[3].partition(b"/")[0])  # proc(5)
    except (OSError, IndexError, ValueError):
        return 0
    finally:
        os.close(file)


class Beside(Generic[T]):
    """What `call` gives or raises, under way from `with` on; behind `with` it has ended.

    That pays where it lets go of the interpreter, as hashlib and the engine do. What is not
    `worthwhile` is called when its result is asked for, without a thread. `stack` is its thread's,
    in bytes; None is as large as others are.
    """

    def __init__(
        self, call: Callable[[], T], *, worthwhile: bool = True, stack: int | None = None
    ) -> None:
        self._call: Callable[[], T] | None = call
        self._worthwhile = worthwhile
        self._stack = stack
        self._outcome: tuple[Any, BaseException | None] | None = None
        self._under_way: _thread.LockType | None = None
        """Held for as long as its thread works; None without one."""

    @property
    def is_under_way(self) -> bool:
        """Has it a thread of its own?"""
        return self._under_way is not None

    def __enter__(self) -> Self:
        if not self._worthwhile:
            return self
        if self._stack is not None:
            self._start_with(self._stack)
            return self
        try:
            self._start()
        except RuntimeError:  # the system gives no more threads
            self._under_way = None
        return self

    def _start(self) -> None:
        """On a bare thread: an object of `threading` costs a tenth of what small files take."""
        self._under_way, begun = _thread.allocate_lock(), _thread.allocate_lock()
        self._under_way.acquire()
        begun.acquire()
        _thread.start_new_thread(copy_context().run, (self._work, begun, self._under_way))
        try:
            begun.acquire()  # else it would wait for the interpreter, up to 5 ms
        except BaseException:
            self._join()
            raise

    def _start_with(self, stack: int) -> None:
        with _starting:
            before = threading.stack_size(stack)
            try:
                self._start()
            finally:
                threading.stack_size(before)

    def _work(self, begun: _thread.LockType, under_way: _thread.LockType) -> None:
        begun.release()
        try:
            self._run()
        finally:
            under_way.release()

    def _join(self) -> None:
        if self._under_way is not None:
            with self._under_way:
                pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._join()  # it works on what its caller holds

    def result(self) -> T:
        """What the call gives, waited for; raises what it raised."""
        self._join()
        if self._outcome is None:
            self._run()
        assert self._outcome is not None
        answer, error = self._outcome
        if error is not None:
            raise error
        result: T = answer
        return result

    def _run(self) -> None:
        # let go of: what it holds, such as a file's bytes, would live as long as what it gave
        call, self._call = self._call, None
        assert call is not None
        try:
            self._outcome = call(), None
        except BaseException as error:  # noqa: BLE001  which is raised where it was asked for
            self._outcome = None, error


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[Item, Result]):
    """One item and what became of it: a result, or the reason why there is none."""

    item: Item
    result: Result | None = None
    error: BaseException | None = None


class Workers(Generic[Item, Result]):
    """Who works on items: each thread that asks, on those that it was given."""

    def __init__(self, work: Callable[[Item], Result]) -> None:
        self.work = work
        self.is_ending = False
        """Is nothing new to be begun?"""

    def together(self) -> int:
        """How many items a thread is to be given at a time."""
        return 1

    def done(self, items: Iterable[Item]) -> Iterator[Done[Item, Result | Trouble]]:
        """What becomes of the items, in order, of as many as are begun before the end."""
        for item in items:
            if not self.is_ending:
                yield do(self.work, item)


def do(work: Callable[[Item], Result], item: Item) -> Done[Item, Any]:
    """What becomes of one item here."""
    try:
        with one_of_many():
            return Done(item=item, result=work(item))
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001  a panic of native code is no Exception
        return Done(item=item, error=error)
