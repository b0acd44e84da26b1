"""Interrupts while native code calls into Python: they stop it, and are raised once it is back."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


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
    engine comes back. Ctrl-C is such a reason where the program's own handler raises; one that
    only takes note of it stops nothing. Python delivers signals to the main thread only, so
    elsewhere no handler is touched.
    """
    stop = Stop()
    with _heard(stop):
        try:
            yield stop
        finally:
            if stop.reason is not None:
                raise stop.reason


@contextmanager
def _heard(stop: Stop) -> Iterator[None]:
    """Ctrl-C goes to the program's handler, and what that raises to `stop`."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.getsignal(signal.SIGINT)
    if not callable(previous):  # ignored, default-terminate or set by C code: not ours to hold
        yield
        return

    def hear(number: int, frame: FrameType | None) -> None:
        try:
            previous(number, frame)
        except BaseException as error:  # noqa: BLE001  raised again behind the native code
            stop.because(error)

    signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
