"""Signals that end a run: SIGTERM and SIGHUP are heard as Ctrl-C is, each with its own status."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 128 + signal.SIGINT
"""As shells count."""


class Ended(KeyboardInterrupt):
    """A signal that ends the run; whatever cleans up behind Ctrl-C cleans up behind it, too."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.status = 128 + number


def status_of(interrupt: BaseException | None) -> int:
    """The exit status of a run that `interrupt` has ended."""
    return interrupt.status if isinstance(interrupt, Ended) else INTERRUPTED


@contextmanager
def heard() -> Iterator[None]:
    """While this lasts, SIGTERM and SIGHUP raise `Ended` where they would end the process at once.

    One that is ignored stays so, as ``nohup`` asks for. Python hears signals in the main thread
    only; elsewhere nothing changes.
    """
    names = ("SIGTERM", "SIGHUP")  # the second is not known everywhere
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    ours = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _: FrameType | None) -> None:
    raise Ended(number)
