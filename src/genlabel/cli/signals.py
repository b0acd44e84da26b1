"""Signals that end a run: SIGTERM and SIGHUP are heard as Ctrl-C is, each with its own status."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType

INTERRUPTED = 128 + signal.SIGINT
"""As shells count."""
_SOON = 0.01
"""Seconds after which a signal that was lost comes once more."""


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
    No signal is lost, Ctrl-C neither, that is heard while an object is given back.

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
    later: list[threading.Timer] = []
    before, sys.unraisablehook = sys.unraisablehook, partial(_again, sys.unraisablehook, later)
    try:
        yield
    finally:
        sys.unraisablehook = before
        for each in later:  # it would end the process behind its own last words
            each.cancel()
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _: FrameType | None) -> None:
    raise Ended(number)


def _again(
    other: Callable[[sys.UnraisableHookArgs], object],
    waiting: list[threading.Timer],
    lost: sys.UnraisableHookArgs,
) -> None:
    """What is raised while a large file's mapping is given back would be printed and forgotten, and
    the run go on; it comes once more when that is over.
    """
    interrupt = lost.exc_value
    if not isinstance(interrupt, KeyboardInterrupt):
        other(lost)
        return
    number = interrupt.status - 128 if isinstance(interrupt, Ended) else signal.SIGINT
    later = threading.Timer(_SOON, _sent, (number,))
    later.daemon = True
    waiting.append(later)
    later.start()


def _sent(number: int) -> None:
    """The signal, which ends a wait of the main thread, too, where systems have such a thing."""
    if sys.platform == "win32":
        _thread.interrupt_main(number)
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, number)
