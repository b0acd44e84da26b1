"""Sidecars: the files beside a picture that hold its manifest (C2PA 2.4 §11.4), and its XMP."""

from __future__ import annotations

import os
from pathlib import Path

from genlabel.model.errors import MalformedAsset
from genlabel.storage.during import reading

SUFFIX = ".c2pa"
XMP_SUFFIX = ".xmp"
MAX_XMP = 16 * 1024 * 1024
"""Most bytes of an XMP file that are read."""
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
    return own if _is_meant(own, path) else _shared(path, SUFFIX)


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


def other_sidecar(
    picture: str | os.PathLike[str], chosen: Path | None, store: bytes | None
) -> Path | None:
    """The manifest file that is not the `chosen` one and holds something else than its `store`.

    Readers that know one of the two names only take that one (C2PA 2.4 §15.5.3.1). Raises
    `OSError` when it cannot be read.
    """
    path = Path(picture)
    if chosen is None or store is None or chosen != sidecar_for(path):
        return None
    other = _shared(path, SUFFIX)
    if other is None:
        return None
    with reading(other), other.open("rb") as file:
        return other if file.read(len(store) + 1) != store else None


def read_xmp(picture: str | os.PathLike[str]) -> dict[str, bytes]:
    """The XMP files beside `picture`, by their names: ``cat.jpg.xmp``, and ``cat.xmp`` where no
    other file of that stem could be meant.

    A longer file than `MAX_XMP` is read no further. Raises `OSError` when one cannot be read.
    """
    path = Path(picture)
    if path.suffix.lower() == XMP_SUFFIX:
        return {}
    own = path.with_name(path.name + XMP_SUFFIX)
    beside = [own] if _is_meant(own, path) else []
    if (shared := _shared(path, XMP_SUFFIX)) is not None:
        beside.append(shared)
    found: dict[str, bytes] = {}
    for each in beside:
        with reading(each), each.open("rb") as file:
            found[each.name.encode("utf-8", "replace").decode()] = file.read(MAX_XMP)
    return found


def _shared(path: Path, suffix: str) -> Path | None:
    """``cat.c2pa`` or ``cat.xmp`` for ``cat.png``, where no other file of that stem could be
    meant; None without one."""
    shared = path.with_suffix(suffix)
    if not path.suffix or path.suffix == suffix or not _is_meant(shared, path):
        return None
    beside = (path.name, path.stem + SUFFIX, path.stem + XMP_SUFFIX)
    return None if any(each not in beside for each in _same_stem(path)) else shared


def _same_stem(path: Path) -> list[str]:
    """Names beside `path` that differ from its own in the suffix only."""
    with os.scandir(path.parent) as scan:
        return [each.name for each in scan if Path(each.name).stem == path.stem]
