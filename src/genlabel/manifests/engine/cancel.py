"""Interrupts while native code calls into Python: they stop it, and are raised once it is back."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from types import FrameType
from typing import Any

_SIGNALS = tuple(
    int(getattr(signal, name)) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Those by which people and systems end a program; Windows has no hang-up."""
_system: Any = getattr(signal, "_signal", signal)
"""What `signal` asks itself: to find that a handler is no number with a name takes it longer than
all the rest."""

Handler = Callable[[int, FrameType | None], object]


class Stop:
    """Why the engine is to come back at once, as soon as there is a reason."""

    __slots__ = ("reason",)

    def __init__(self) -> None:
        self.reason: BaseException | None = None

    def because(self, error: BaseException) -> None:
        """The first reason counts: what follows from it is no news."""
        if self.reason is None:
            self.reason = error


def carried_out(*, calls: bool = True) -> AbstractContextManager[Stop]:
    """While this lasts, what would be raised inside native code is kept, and raised behind it.

    Native code that `calls` nothing of Python's is never interrupted: nothing has to be kept then.

    An exception in a callback is lost or aborts the process, and the engine then reports success
    over a damaged file. So whatever callbacks see a reason in the `Stop` fail from then on, and the
    engine comes back. Ctrl-C, SIGTERM and SIGHUP are such reasons where the program's own handlers
    raise; those that only take note stop nothing. Python delivers signals to the main thread only,
    so elsewhere no handler is touched.
    """
    return _held_back() if calls else nullcontext(Stop())


@contextmanager
def _held_back() -> Iterator[Stop]:
    stop = Stop()
    held: list[tuple[int, Any]] = []
    try:
        if threading.get_ident() == threading.main_thread().ident:
            for number in _SIGNALS:
                previous = _system.getsignal(number)
                # ignored, default-terminate or set by C code: not ours to hold
                if callable(previous):
                    held.append((number, previous))
                    _system.signal(number, partial(_hear, previous, stop))
        yield stop
    finally:
        for number, previous in held:
            _system.signal(number, previous)
        if stop.reason is not None:
            raise stop.reason


def _hear(previous: Handler, stop: Stop, heard: int, frame: FrameType | None) -> None:
    """The signal goes to the program's handler, and what that raises to `stop`."""
    try:
        previous(heard, frame)
    except BaseException as error:  # noqa: BLE001  raised again behind the native code
        stop.because(error)
