"""Names of files in two normal forms of Unicode: what one system writes, another has to find.

HFS+ and many archives write names decomposed (NFD), lists and tables of people hold them composed
(NFC). To a file system of bytes these are two names; to whoever named the file they are one.
"""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from dataclasses import field
from pathlib import Path, PurePosixPath

from genlabel.model.dataclass import dataclass


def composed(path: PurePosixPath) -> PurePosixPath:
    """`path` in NFC."""
    return PurePosixPath(unicodedata.normalize("NFC", str(path)))


@dataclass(frozen=True, slots=True)
class OnDisk:
    """Finds listed names as they stand on the disk; remembers the folders that it has looked into.

    For one walk: what is made in a folder meanwhile is not seen.
    """

    _folders: dict[Path, dict[str, list[str]]] = field(default_factory=dict)

    def found(self, path: Path) -> Path:
        """`path`, or the only one that is equal to it in NFC where nothing lies under that name."""
        if os.path.lexists(path) or str(path).isascii():
            return path
        place = Path(path.anchor)
        for name in path.parts[1:] if path.anchor else path.parts:
            place = place / (name if os.path.lexists(place / name) else self._other(place, name))
        return place if os.path.lexists(place) else path

    def _other(self, folder: Path, name: str) -> str:
        others = self._names(folder).get(unicodedata.normalize("NFC", name), [])
        return others[0] if len(others) == 1 else name

    def _names(self, folder: Path) -> dict[str, list[str]]:
        if folder not in self._folders:
            names = defaultdict[str, list[str]](list)
            try:
                for each in os.listdir(folder):  # noqa: PTH208  names alone, without a Path each
                    if not each.isascii():
                        names[unicodedata.normalize("NFC", each)].append(each)
            except OSError:
                pass  # whoever opens the file says why
            self._folders[folder] = names
        return self._folders[folder]
