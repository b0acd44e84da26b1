"""The logger, which Python's `logging` is loaded for with the first line.

That takes 3 ms, and most runs log nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import logging

NAME = "genlabel"
_waiting: list[Callable[[], None]] = []


def logger(name: str = NAME) -> logging.Logger:
    """The logger of that name, with the handlers that wait for the first line."""
    import logging

    while _waiting:
        _waiting.pop()()
    return logging.getLogger(name)


@contextmanager
def heard_by(handler: Callable[[], logging.Handler]) -> Iterator[None]:
    """Meanwhile what is logged goes to what `handler` makes, once there is something."""
    added: list[logging.Handler] = []

    def begin() -> None:
        import logging

        added.append(handler())
        logging.getLogger(NAME).addHandler(added[0])

    _waiting.append(begin)
    if "logging" in sys.modules:
        logger()
    try:
        yield
    finally:
        if begin in _waiting:
            _waiting.remove(begin)
        for each in added:
            logger().removeHandler(each)


def is_on(level: str) -> bool:
    """Does anybody read lines of `level`, as `logging` names it? Nobody who has not loaded it."""
    logging = sys.modules.get("logging")
    return logging is not None and logger().isEnabledFor(getattr(logging, level))


if TYPE_CHECKING:
    log = logging.getLogger(NAME)
else:

    class _Log:
        """What `logging.getLogger` gives for the name."""

        def __getattr__(self, name: str) -> Any:
            return getattr(logger(), name)

    log = _Log()
