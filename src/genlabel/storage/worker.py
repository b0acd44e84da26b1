"""What a process of a batch does: work on one item after the other, as they come through a pipe.

It is started by `processes`, never by hand. Requests come through descriptor 0 and replies go out
through descriptor 1; nothing else that runs here reads or writes there.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import signal
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import Enum, auto
from typing import IO, Any, cast

from genlabel.model.logger import logger
from genlabel.model.report import Trouble
from genlabel.storage.beside import one_of_many

ENDS = ("SIGINT", "SIGTERM", "SIGHUP")
"""Signals after which whoever started this process says what is still to be done."""

TOGETHER = 0.025
"""Seconds that the items of one request take: longer ones are asked for one by one, so that an
interrupt waits for no more than what is under way."""
_BETWEEN_SEARCHES = (10_000, 10, 10)
"""Objects after which Python looks for cycles while files are worked on."""


class Reply(Enum):
    """What a reply is about; a value follows each."""

    READY = auto()
    RESULT = auto()
    TROUBLE = auto()
    """There is no result, and the value says why."""
    LEFT = auto()
    """The time was over: the other items of this request were not begun."""
    LOGGED = auto()
    """A record of the log; the reply proper is still to come."""


def main(requests: IO[bytes], items: Sequence[Any] | None = None) -> None:
    """Works until the other end of the pipe is closed, by whatever has become of it.

    `requests` is a duplicate of descriptor 0; where `items` are here, they hold their numbers.
    """
    for name in ENDS:
        if hasattr(signal, name):  # the file that is under way is worked on to its end
            signal.signal(getattr(signal, name), lambda *_: None)
    if hasattr(signal, "pthread_sigmask"):  # they were blocked until now
        numbers = [getattr(signal, name) for name in ENDS]
        signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)
    warnings.simplefilter("ignore")
    replies = os.fdopen(os.dup(1), "wb")
    for descriptor in (0, 1):  # whoever uses them from now on meets nobody
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
    with suppress(EOFError, BrokenPipeError):
        work = _work(requests)
        if work is not None:
            gc.freeze()  # what was loaded stays, and need not be searched for cycles
            gc.enable()
            gc.set_threshold(*_BETWEEN_SEARCHES)
            _listen(replies)
            _send(replies, Reply.READY, None)
            with one_of_many():  # there is one such process for each core that is to be used
                while True:
                    asked = unpacked(requests)
                    if items is not None:
                        asked = [items[number] for number in asked]
                    _answer_all(replies, work, asked)
    os._exit(0)  # nothing of ours is left to do, and libraries would take their time


def _work(requests: IO[bytes]) -> Callable[[Any], object] | None:
    """What is done with every item; None where its parts are not to be had in this process."""
    try:
        level, work = unpacked(requests)
    except Exception:  # noqa: BLE001  what was defined in a main module is not here
        return None
    logger().setLevel(level)
    return cast("Callable[[Any], object]", work)


def _listen(replies: IO[bytes]) -> None:
    log = logger()
    log.propagate = False
    log.handlers.clear()  # of whoever this process was forked from
    log.addHandler(_Forwarding(replies))


def _answer_all(replies: IO[bytes], work: Callable[[Any], object], items: Sequence[Any]) -> None:
    """Each item's answer goes out when it is there: who ends this process costs one of them."""
    end = time.monotonic() + TOGETHER
    for number, item in enumerate(items):
        if number and time.monotonic() >= end:
            _send(replies, Reply.LEFT, None)
            return
        _answer(replies, work, item)


def _answer(replies: IO[bytes], work: Callable[[Any], object], item: object) -> None:
    try:
        reply = _packed((Reply.RESULT, work(item)))
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001  a panic of native code is no Exception
        reply = _packed((Reply.TROUBLE, Trouble.of(error)))
    replies.write(reply)
    replies.flush()


def _packed(value: object) -> bytes:
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def unpacked(pipe: IO[bytes]) -> Any:
    """The next value that the other process of this program has packed. Raises `EOFError`."""
    return pickle.load(pipe)  # noqa: S301  nobody else has the other end


def _send(replies: IO[bytes], kind: Reply, value: object) -> None:
    replies.write(_packed((kind, value)))
    replies.flush()


class _Forwarding(logging.Handler):
    """Sends what is logged here to where somebody listens."""

    def __init__(self, replies: IO[bytes]) -> None:
        super().__init__()
        self._replies = replies

    def emit(self, record: logging.LogRecord) -> None:
        """One record, with its sentence in place of what it was made of."""
        sentence = self.format(record) if record.exc_info else record.getMessage()
        fields = {**vars(record), "msg": sentence, "args": None, "exc_info": None}
        fields = {name: value for name, value in fields.items() if _is_plain(value)}
        _send(self._replies, Reply.LOGGED, fields)


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)
