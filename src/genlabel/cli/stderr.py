"""Messages to stderr: notices, errors and progress, beside the results on stdout."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from genlabel.cli.speech import said, speech
from genlabel.model.words.typography import colon

if TYPE_CHECKING:
    import logging


def message(sentence: str, *, quiet: bool = False) -> None:
    """One line on stderr, unless `quiet`; where nothing can be written, nobody reads it."""
    if not quiet:
        line.clear()
        with suppress(OSError):
            click.echo(f"genlabel: {said(sentence)}", err=True)


def error_message(sentence: str, remedy: str | None) -> None:
    """Why it did not work, and what to do."""
    message(sentence)
    if remedy:
        line.clear()
        with suppress(OSError):
            click.echo(f"{said('hint')}{colon(speech.language)}{said(remedy)}", err=True)


def shown_log() -> logging.Handler:
    """Shows what the library logs: one record, one line."""
    import logging

    class Messages(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            message(record.getMessage())

    return Messages(logging.WARNING)


class _Line:
    """The line of progress on the terminal; anything else that is written takes it away first."""

    is_shown = False

    def show(self, text: str) -> None:
        self.is_shown = bool(text)
        with suppress(OSError):
            sys.stderr.write(f"\r{text}\x1b[K")  # ECMA-48 8.3.41, erase in line
            sys.stderr.flush()

    def clear(self) -> None:
        if self.is_shown:
            self.show("")


line = _Line()
