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


def real(path: Path, folders: dict[Path, str]) -> str:
    """``os.path.realpath``, for many files in few folders: those of `folders` were asked for.

    Windows has second names of files, for which the system is asked each time.
    """
    if os.name == "nt" or not path.name or path.name == ".." or path.is_symlink():
        return os.path.realpath(path)
    folder = path.parent
    if folder not in folders:
        folders[folder] = os.path.realpath(folder)
    return os.path.join(folders[folder], path.name)  # noqa: PTH118  a text, many times


def refuse(path: Path, *, below: Path | None = None) -> None:
    """Raise `OSError` (ELOOP) where `first` finds a link."""
    link = first(path, below=below)
    if link is not None:
        raise OSError(
            errno.ELOOP,
            "a symbolic link, which is neither followed nor written through",
            os.fspath(link),
        )
