"""Sidecars: the file beside a picture that holds its manifest (C2PA 2.4 §11.4)."""

from __future__ import annotations

import os
from pathlib import Path

from genlabel.model.errors import MalformedAsset
from genlabel.storage.during import reading

SUFFIX = ".c2pa"
MAX_SIDECAR = 64 * 1024 * 1024
"""Most bytes of a manifest beside a picture: ancestors with all their thumbnails fit in."""


def sidecar_for(picture: str | os.PathLike[str]) -> Path:
    """Where the manifest of `picture` goes: ``cat.png.c2pa`` for ``cat.png``."""
    path = Path(picture)
    return path.with_name(path.name + SUFFIX)


def sidecar_of(picture: str | os.PathLike[str]) -> Path | None:
    """The manifest file that lies beside `picture`; None without one.

    ``cat.png.c2pa`` for ``cat.png``, or ``cat.c2pa``, as other tools name it, where no other file
    of that stem could be meant. A symbolic link counts only where the picture is one itself: such
    a picture was named by somebody, and no walk comes to it.
    """
    path = Path(picture)
    own = sidecar_for(path)
    if _is_meant(own, path):
        return own
    shared = path.with_suffix(SUFFIX)
    if not path.suffix or path.suffix == SUFFIX or not _is_meant(shared, path):
        return None
    others = (each for each in _same_stem(path) if each not in (path.name, shared.name))
    return None if any(others) else shared


def linked_sidecar(picture: str | os.PathLike[str]) -> Path | None:
    """The symbolic link that lies where the manifest of `picture` would, and is not followed."""
    path = Path(picture)
    own = sidecar_for(path)
    return own if own.is_symlink() and not path.is_symlink() else None


def read_sidecar(picture: str | os.PathLike[str]) -> tuple[Path | None, bytes | None]:
    """The manifest file beside `picture` and its bytes; two times None without one.

    Raises `MalformedAsset` when it is too large to be one, `OSError` when it cannot be read.
    """
    path = sidecar_of(picture)
    if path is None:
        return None, None
    with reading(path), path.open("rb") as file:
        store = file.read(MAX_SIDECAR + 1)
    if len(store) > MAX_SIDECAR:
        raise MalformedAsset("c2pa", f"{path}: holds more than {MAX_SIDECAR:,} bytes")
    return path, store


def _is_meant(sidecar: Path, picture: Path) -> bool:
    return sidecar.is_file() and (not sidecar.is_symlink() or picture.is_symlink())


def _same_stem(path: Path) -> list[str]:
    """Names beside `path` that differ from its own in the suffix only."""
    with os.scandir(path.parent) as scan:
        return [each.name for each in scan if Path(each.name).stem == path.stem]
