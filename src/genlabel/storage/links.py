"""Symbolic links where results go: those that nobody has named are neither followed nor written."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def first(path: Path, *, below: Path | None = None) -> Path | None:
    """The outermost symbolic link at `path`, or on the way there below the folder `below`."""
    way = [path]
    if below is not None:
        folders = [each for each in path.parents if each != below and below in each.parents]
        way = [*reversed(folders), path]
    return next((each for each in way if each.is_symlink()), None)


def refuse(path: Path, *, below: Path | None = None) -> None:
    """Raise `OSError` (ELOOP) where `first` finds a link."""
    link = first(path, below=below)
    if link is not None:
        raise OSError(
            errno.ELOOP,
            "a symbolic link, which is neither followed nor written through",
            os.fspath(link),
        )
