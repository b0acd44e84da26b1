"""Symbolic links where results go: those that nobody has named are neither followed nor written."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def first(path: Path, *, below: Path | None = None) -> Path | None:
    """The outermost symbolic link at `path`, or on the way there below the folder `below`."""
    place = os.fspath(path)
    way = [place]
    if below is not None:
        top = os.fspath(below)
        top = "" if top == os.curdir else top
        folder, inner = os.path.dirname(place), place  # noqa: PTH120  a text, many times
        while folder not in (top, inner):
            way.insert(0, folder)
            folder, inner = os.path.dirname(folder), folder  # noqa: PTH120
        if folder != top:  # it does not lie there
            way = [place]
    return next((Path(each) for each in way if os.path.islink(each)), None)  # noqa: PTH114


def real(path: Path, folders: dict[str, str]) -> str:
    """``os.path.realpath``, for many files in few folders: those of `folders` were asked for.

    Windows has second names of files, for which the system is asked each time.
    """
    place = os.fspath(path)
    folder, name = os.path.split(place)
    if os.name == "nt" or name in ("", ".", "..") or os.path.islink(place):  # noqa: PTH114
        return os.path.realpath(place)
    if folder not in folders:
        folders[folder] = os.path.realpath(folder)
    return os.path.join(folders[folder], name)  # noqa: PTH118  a text, many times


def refuse(path: Path, *, below: Path | None = None) -> None:
    """Raise `OSError` (ELOOP) where `first` finds a link."""
    link = first(path, below=below)
    if link is not None:
        raise OSError(
            errno.ELOOP,
            "a symbolic link, which is neither followed nor written through",
            os.fspath(link),
        )
