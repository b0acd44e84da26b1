"""One call beside other work: on a thread of its own, which never outlives whoever asked."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

T = TypeVar("T")

_starting = threading.Lock()
_one_of_many: ContextVar[bool] = ContextVar("one_of_many", default=False)


def cores() -> int:
    """How many CPUs there are for this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_cores = cores()


@contextmanager
def one_of_many() -> Iterator[None]:
    """While this lasts, the cores are for other files: whoever has many says how many at a time."""
    before = _one_of_many.set(True)
    try:
        yield
    finally:
        _one_of_many.reset(before)


def is_room() -> bool:
    """Is there another core, and is it not for other files?"""
    return _cores > 1 and not _one_of_many.get()


class Beside(Generic[T]):
    """What `call` gives or raises, under way from `with` on; behind `with` it has ended.

    That pays where it lets go of the interpreter, as hashlib and the engine do. What is not
    `worthwhile` is called when its result is asked for, without a thread. `stack` is its thread's,
    in bytes; None is as large as others are.
    """

    def __init__(
        self, call: Callable[[], T], *, worthwhile: bool = True, stack: int | None = None
    ) -> None:
        self._call = call
        self._stack = stack
        self._outcome: tuple[Any, BaseException | None] | None = None
        self._thread: threading.Thread | None = None
        if worthwhile:
            context = copy_context()
            self._thread = threading.Thread(
                target=context.run, args=(self._run,), name="genlabel-beside", daemon=True
            )

    def __enter__(self) -> Self:
        if self._thread is None:
            return self
        if self._stack is not None:
            self._start_with(self._thread, self._stack)
            return self
        try:
            self._thread.start()
        except RuntimeError:  # the system gives no more threads
            self._thread = None
        return self

    @staticmethod
    def _start_with(thread: threading.Thread, stack: int) -> None:
        with _starting:
            before = threading.stack_size(stack)
            try:
                thread.start()
            finally:
                threading.stack_size(before)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._thread is not None:
            self._thread.join()  # it works on what its caller holds

    def result(self) -> T:
        """What the call gives, waited for; raises what it raised."""
        if self._thread is not None:
            self._thread.join()
        elif self._outcome is None:
            self._run()
        assert self._outcome is not None
        answer, error = self._outcome
        if error is not None:
            raise error
        result: T = answer
        return result

    def _run(self) -> None:
        try:
            self._outcome = self._call(), None
        except BaseException as error:  # noqa: BLE001  which is raised where it was asked for
            self._outcome = None, error
