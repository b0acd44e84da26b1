"""Sweeping: what runs that were ended have left is found, finished, undone and removed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from genlabel.storage import pending, temporaries
from genlabel.storage.sidecars import stem_name, whole_name

_FOLDERS = 64
"""Folders of which it is remembered what lies there."""


def sweep(folder: str | os.PathLike[str]) -> int:
    """Finishes, undoes and removes what killed runs left in `folder`; how many files that were.

    Only names of ours are touched, and only when nobody is writing them any more.
    """
    removed = 0
    for path in left_over(folder):
        try:
            if pending.is_ours(path.name):
                removed += pending.settle(path)
            else:
                path.unlink()
                removed += 1
        except OSError:
            continue  # somebody else was quicker, or may do it and we may not
    return removed


def settle(picture: str | os.PathLike[str]) -> None:
    """Finishes or undoes what a killed run left of `picture` and its manifest, if it did.

    Raises `OSError` where that fails.
    """
    place = pending.place_for(picture)
    if os.path.lexists(place):
        pending.settle(Path(place))


def left_over(folder: str | os.PathLike[str]) -> tuple[Path, ...]:
    """What killed runs left in `folder`, by name; nothing where it cannot be listed."""
    return tuple(path for path in sorted(_ours(folder)) if _is_abandoned(path))


def left_for(picture: str | os.PathLike[str]) -> tuple[Path, ...]:
    """What killed runs left beside `picture` that was meant for it or its manifest.

    A folder is listed again only when something in it has changed, so that this costs little for
    each of many files.
    """
    try:
        here = "" if os.path.isabs(picture) else os.getcwd()  # noqa: PTH117, PTH109  of each file
        folder = os.path.dirname(os.path.join(here, picture))  # noqa: PTH118, PTH120
        status = os.stat(folder)  # noqa: PTH116
    except (OSError, ValueError):
        return ()
    known = _listed(folder, status.st_dev, status.st_ino, status.st_mtime_ns)
    if not known:
        return ()
    place = Path(picture)
    return tuple(path for path in known if _is_for(path, place) and _is_abandoned(path))


@lru_cache(maxsize=_FOLDERS)
def _listed(folder: str, *_: int) -> tuple[Path, ...]:
    return tuple(sorted(_ours(folder)))


def _ours(folder: str | os.PathLike[str]) -> Iterator[Path]:
    try:
        with os.scandir(folder) as scan:
            for entry in scan:
                name = entry.name
                if (temporaries.is_ours(name) or pending.is_ours(name)) and entry.is_file(
                    follow_symlinks=False
                ):
                    yield Path(entry.path)
    except OSError:
        return


def _is_for(path: Path, picture: Path) -> bool:
    journal = pending.path_for(picture).name
    places = (picture, whole_name(picture), stem_name(picture))
    names = (*(each.name for each in places), journal)
    return path.name == journal or any(temporaries.is_for(path.name, each) for each in names)


def _is_abandoned(path: Path) -> bool:
    try:
        if pending.is_ours(path.name):
            return temporaries.is_abandoned(path, pending.made_by(pending.read(path)))
        return temporaries.is_abandoned(path)
    except OSError:
        return False
