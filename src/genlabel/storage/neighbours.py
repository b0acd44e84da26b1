"""Neighbours: files that share a stem, so that one manifest's name could mean each of them."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

_FOLDERS = 8
"""Folders of which it is remembered what lies there."""
_SETTLED = 2.0
"""Seconds after its last change from which on a folder is remembered: clocks of file systems are
coarse, and a change within one tick would not be seen."""


class Together:
    """Pictures that will stand beside each other, by the stems that their manifests' names have."""

    def __init__(self, pictures: Iterable[Path]) -> None:
        self._counts = Counter(
            (path.parent, key) for path in pictures for key in set(_keys(path.name))
        )

    def shares_stem(self, picture: Path) -> bool:
        """Could the manifest of `picture`, one of them, by its name be another's, too?"""
        return self._counts[picture.parent, _folded(stem(picture.name))] > 1


def of_stem(picture: Path) -> tuple[str, ...]:
    """Names beside `picture` that a manifest called by its stem could mean, its own left out.

    ``cat.jpg`` and ``cat`` for ``cat.png``. A folder is listed again only when something in it has
    changed, so that this costs little for each of many files. Raises `OSError`.
    """
    folder = picture.parent
    try:
        status = folder.stat()
    except FileNotFoundError:  # it will be made
        return ()
    has_settled = time.time() - status.st_mtime > _SETTLED
    known = _by_stem if has_settled else _by_stem.__wrapped__
    names = known(folder.absolute(), status.st_dev, status.st_ino, status.st_mtime_ns)
    own = _folded(picture.name)
    return tuple(
        each for each in names.get(_folded(stem(picture.name)), ()) if _folded(each) != own
    )


def stem(name: str) -> str:
    """A file's name, or its place, without its suffix."""
    return os.path.splitext(name)[0]  # noqa: PTH122  a name of a large folder, many times


@lru_cache(maxsize=_FOLDERS)
def _by_stem(folder: Path, *_: int) -> Mapping[str, tuple[str, ...]]:
    found = defaultdict[str, list[str]](list)
    for name in os.listdir(folder):  # noqa: PTH208  names alone, of a large folder
        for key in set(_keys(name)):
            found[key].append(name)
    return {key: tuple(names) for key, names in found.items()}


def _keys(name: str) -> tuple[str, str]:
    """Under which stems of manifests a file is meant: its own, and its whole name."""
    return _folded(stem(name)), _folded(name)


def _folded(name: str) -> str:
    """Equal for two names of one file by the system's own case."""
    name = os.path.normcase(name)
    return name.casefold() if sys.platform == "darwin" else name
