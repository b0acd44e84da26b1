"""Interrupts while native code calls into Python: they stop it, and are raised once it is back."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Those by which people and systems end a program; Windows has no hang-up."""

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


@contextmanager
def carried_out() -> Iterator[Stop]:
    """While this lasts, what would be raised inside native code is kept, and raised behind it.

    An exception in a callback is lost or aborts the process, and the engine then reports success
    over a damaged file. So whatever callbacks see a reason in the `Stop` fail from then on, and the
    engine comes back. Ctrl-C, SIGTERM and SIGHUP are such reasons where the program's own handlers
    raise; those that only take note stop nothing. Python delivers signals to the main thread only,
    so elsewhere no handler is touched.
    """
    stop = Stop()
    try:
        with ExitStack() as handlers:
            if threading.get_ident() == threading.main_thread().ident:
                for number in _SIGNALS:
                    previous = signal.getsignal(number)
                    # ignored, default-terminate or set by C code: not ours to hold
                    if callable(previous):
                        handlers.enter_context(_heard(number, previous, stop))
            yield stop
    finally:
        if stop.reason is not None:
            raise stop.reason


@contextmanager
def _heard(number: int, previous: Handler, stop: Stop) -> Iterator[None]:
    """The signal goes to the program's handler, and what that raises to `stop`."""

    def hear(heard: int, frame: FrameType | None) -> None:
        try:
            previous(heard, frame)
        except BaseException as error:  # noqa: BLE001  raised again behind the native code
            stop.because(error)

    signal.signal(number, hear)
    try:
        yield
    finally:
        signal.signal(number, previous)
