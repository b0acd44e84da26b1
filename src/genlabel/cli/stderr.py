"""Messages to stderr: notices, errors and progress, beside the results on stdout."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TypeVar

import click

from genlabel.model.escape import escape

Item = TypeVar("Item")


def message(sentence: str, *, quiet: bool = False) -> None:
    """One line on stderr, unless `quiet`; where nothing can be written, nobody reads it."""
    if not quiet:
        with suppress(OSError):
            click.echo(f"genlabel: {escape(sentence, limit=None)}", err=True)


def error_message(sentence: str, remedy: str | None) -> None:
    """Why it did not work, and what to do."""
    message(sentence)
    if remedy:
        with suppress(OSError):
            click.echo(f"hint: {escape(remedy, limit=None)}", err=True)


class LogMessages(logging.Handler):
    """Shows what the library logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """One record, one line."""
        message(record.getMessage())


@contextmanager
def file_progress(*, quiet: bool) -> Iterator[None]:
    """How far a large file is, on one line of the terminal while it lasts; files take seconds."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    from genlabel.storage.buffers import watched

    is_shown = False

    def show(done: int, of: int) -> None:
        nonlocal is_shown
        is_shown = True
        _progress_line(f"{done >> 20:,} of {of >> 20:,} MB" if done < of else "")

    try:
        with watched(show):
            yield
    finally:
        if is_shown:
            _progress_line("")


def items_progress(items: Sequence[Item], *, quiet: bool) -> Iterator[Item]:
    """`items`, counted on one line of the terminal while they pass; nothing where there is none."""
    total = len(items)
    if quiet or total < 2 or not sys.stderr.isatty() or sys.stdout.isatty():
        # On a terminal the results themselves, one after the other, show how far it is.
        yield from items
        return
    try:
        for count, item in enumerate(items, 1):
            _progress_line(f"{count:,} of {total:,}")
            yield item
    finally:
        _progress_line("")


def _progress_line(text: str) -> None:
    with suppress(OSError):
        sys.stderr.write(f"\r{text}\x1b[K")  # ECMA-48 8.3.41, erase in line
        sys.stderr.flush()
