"""Errors of the system that say what was being done, and to which file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def during(operation: str, path: str | os.PathLike[str]) -> Iterator[None]:
    """An `OSError` raised within is one of the same class that names `operation` and `path`."""
    try:
        yield
    except OSError as error:
        if error.errno is None:  # none of the system's: whoever raised it has said it all
            raise
        why = error.strerror or os.strerror(error.errno)
        raise OSError(error.errno, f"{why} ({operation})", os.fspath(path)) from error


@contextmanager
def reading(path: str | os.PathLike[str]) -> Iterator[None]:
    """An `OSError` raised within that names no file names `path`; one that does is left alone.

    The number of an open file, by which Python calls a directory, is no name.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None or not isinstance(error.filename, int | None):
            raise
        why = error.strerror or os.strerror(error.errno)
        raise OSError(error.errno, f"{why} (reading)", os.fspath(path)) from error
