"""Progress: one line of a terminal that says how far a run is, how fast, and what is left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from genlabel.cli.speech import said
from genlabel.cli.stderr import line

PATIENCE = 1.0
"""Seconds that a run lasts before it says how far it is."""
_EVERY = 0.1
"""Seconds between two states of the line."""
_FEW = 2
"""Files from which on they are counted."""


class Progress:
    """How far a run over `total` files is; silent unless standard error is a terminal."""

    def __init__(
        self,
        total: int,
        *,
        quiet: bool,
        doing: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`doing` is what is done, where that is not the work of the command itself."""
        self._total = total
        self._doing = doing
        self._clock = clock
        self._begun = clock()
        self._drawn = self._begun + PATIENCE - _EVERY
        self._done = 0
        self._bytes = ""
        self.is_silent = quiet or not sys.stderr.isatty()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While this lasts, how far a large file is stands in the line, too: it takes seconds."""
        if self.is_silent:
            yield
            return
        from genlabel.storage.buffers import watched

        try:
            with watched(self._passed):
                yield
        finally:
            line.clear()

    def count(self) -> None:
        """One more file is done."""
        self._done += 1
        self._bytes = ""
        self._draw()

    def words(self) -> str:
        """Files done, files a second, seconds left at that rate, and the large file at work."""
        parts = []
        if self._total >= _FEW:
            parts.append(f"{self._done:,} of {self._total:,}")
            elapsed = self._clock() - self._begun
            if self._done and elapsed > 0:
                rate = self._done / elapsed
                parts.append(f"{rate:.0f}/s" if rate >= 10 else f"{rate:.1f}/s")
                parts.append(f"{_span((self._total - self._done) / rate)} left")
        told = ", ".join([*parts, self._bytes] if self._bytes else parts)
        return said(f"{self._doing}: {told}" if self._doing else told)

    def _passed(self, done: int, of: int) -> None:
        self._bytes = f"{done >> 20:,} of {of >> 20:,} MB" if done < of else ""
        self._draw()

    def _draw(self) -> None:
        now = self._clock()
        if self.is_silent or now - self._drawn < _EVERY:
            return
        self._drawn = now
        line.show(self.words())


def _span(seconds: float) -> str:
    """``8 s``, ``3 min``, ``2 h 05 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"
