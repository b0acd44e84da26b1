"""Sweep whole trees: what runs that were ended have left below a folder goes, or is finished."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from genlabel import storage
from genlabel.storage import PathLike

if TYPE_CHECKING:
    from genlabel.operations.doctor import Check

_NAMED = 3
"""How many files one sentence names."""


def swept(folder: PathLike) -> Check:
    """Sweep `folder` and those below it, links and hidden ones aside; the check of it."""
    from genlabel.operations.doctor import Check, State

    top = Path(folder)
    if not top.is_dir():
        return Check("sweep", State.FAILED, f"{top}: is no directory", "name one that is there")
    removed, stuck = 0, list[Path]()
    for place, folders, _ in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        removed += storage.sweep(place)
        stuck += storage.left_over(place)
    if stuck:
        says = f"{left_over_words(stuck)} of ended runs could not be removed"
        return Check("sweep", State.DOUBTFUL, f"{top}: {says}", "look who may write there")
    several = "" if removed == 1 else "s"
    done = f"{removed} file{several} of ended runs finished or removed"
    return Check("sweep", State.GOOD, f"{top}: {done if removed else 'nothing was left'}")


def left_over_words(paths: list[Path]) -> str:
    """Some files by their names, and how many more there are."""
    names = ", ".join(map(str, paths[:_NAMED]))
    more = len(paths) - _NAMED
    return f"{names} and {more} more" if more > 0 else names
