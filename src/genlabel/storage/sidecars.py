"""Sidecars: the files beside a picture that hold its manifest (C2PA 2.4 §11.4), and its XMP."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset
from genlabel.storage import neighbours, streams
from genlabel.storage.buffers import Buffer
from genlabel.storage.during import reading
from genlabel.storage.file_contents import contents

SUFFIX = ".c2pa"
XMP_SUFFIX = ".xmp"
MAX_XMP = 16 * 1024 * 1024
"""Most bytes of an XMP file that are read."""
MAX_SIDECAR = 64 * 1024 * 1024
"""Most bytes of a manifest beside a picture: ancestors with all their thumbnails fit in."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a room of files cannot know: what is a picture, and which manifest is bound to it."""

    is_picture: Callable[[bytes], bool] = lambda head: True
    """By a file's first bytes."""
    fits: Callable[[Buffer, bytes], bool] = lambda data, store: False
    """Are these the bytes of the picture to which that manifest store is bound?"""


def stem_name(picture: Path) -> Path:
    """``cat.c2pa`` for ``cat.png``: the name of C2PA 2.4 §15.5.3.1."""
    return picture.with_name(neighbours.stem(picture.name) + SUFFIX)


def whole_name(picture: Path) -> Path:
    """``cat.png.c2pa`` for ``cat.png``: a name that no other picture shares."""
    return picture.with_name(picture.name + SUFFIX)


def place_for(
    picture: str | os.PathLike[str],
    *,
    recognition: Recognition,
    among: neighbours.Together | None = None,
) -> Path:
    """Where a new manifest of `picture` goes.

    ``cat.c2pa``, or ``cat.png.c2pa`` where another picture shares the stem, or something already
    lies under that name that does not belong to what stands at `picture`. A manifest that lies
    under the whole name has it again, since readers prefer it. `among`: pictures that will stand
    there, too. Raises `OSError`.
    """
    path = Path(picture)
    whole, shared = whole_name(path), stem_name(path)
    if os.path.lexists(whole) or path.suffix.lower() == SUFFIX:
        return whole
    if os.path.lexists(shared):
        return shared if _belongs(path, recognition) else whole
    if among is not None and among.shares_stem(path):
        return whole
    return whole if _is_shared(path, recognition) else shared


def linked_sidecar(picture: str | os.PathLike[str]) -> Path | None:
    """The symbolic link that lies where the manifest of `picture` would, and is not followed."""
    place = os.fspath(picture)
    links = [each for each in (place + SUFFIX, neighbours.stem(place) + SUFFIX) if _is_link(each)]
    return Path(links[0]) if links and not _is_link(place) else None


def read_sidecar(
    picture: str | os.PathLike[str], data: Buffer, *, recognition: Recognition
) -> tuple[Path | None, bytes | None]:
    """The manifest file beside `picture`, whose bytes are `data`, and its bytes; else twice None.

    ``cat.png.c2pa`` for ``cat.png``, or ``cat.c2pa``: where another picture shares the stem, only
    if it is bound to these bytes. A symbolic link counts only where the picture is one itself: such
    a picture was named by somebody, and no walk comes to it. Raises `MalformedAsset` when it is too
    large to be one, `OSError` when it cannot be read.
    """
    place = os.fspath(picture)
    if _is_meant(place + SUFFIX, place):
        whole = Path(place + SUFFIX)
        return whole, _store(whole)
    return _of_the_stem_read(place, data, recognition)


def other_sidecar(
    picture: str | os.PathLike[str],
    data: Buffer,
    chosen: Path | None,
    store: bytes | None,
    *,
    recognition: Recognition,
) -> tuple[Path | None, bytes | None]:
    """The manifest file that is not the `chosen` one and holds something else than its `store`,
    and what it holds.

    Readers that know one of the two names only take that one (C2PA 2.4 §15.5.3.1). Raises
    `OSError` when it cannot be read.
    """
    if store is None:
        return None, None
    path = Path(picture)
    if chosen != whole_name(path) or chosen == stem_name(path):
        return None, None
    other = _of_the_stem(path)
    if other is None:
        return None, None
    with reading(other), other.open("rb") as file:
        if file.read(len(store) + 1) == store:
            return None, None
    return _of_the_stem_read(path, data, recognition)


def read_xmp(picture: str | os.PathLike[str]) -> dict[str, bytes]:
    """The XMP files beside `picture`, by their names: ``cat.jpg.xmp``, and ``cat.xmp`` where no
    other file of that stem could be meant.

    A longer file than `MAX_XMP` is read no further. Raises `OSError` when one cannot be read.
    """
    place = os.fspath(picture)
    stem = neighbours.stem(place)
    if place[len(stem) :].lower() == XMP_SUFFIX:
        return {}
    own, shared = place + XMP_SUFFIX, stem + XMP_SUFFIX
    beside = [Path(own)] if _is_meant(own, place) else []
    if place[len(stem) :] not in ("", ".") and _is_meant(shared, place):
        # a raw file that we do not know may be meant, too
        others = neighbours.of_stem(Path(picture))
        if all(each.endswith((SUFFIX, XMP_SUFFIX)) for each in others):
            beside.append(Path(shared))
    found: dict[str, bytes] = {}
    for each in beside:
        with reading(each), each.open("rb") as file:
            found[each.name.encode("utf-8", "replace").decode()] = file.read(MAX_XMP)
    return found


def _of_the_stem_read(
    picture: str | os.PathLike[str], data: Buffer, recognition: Recognition
) -> tuple[Path | None, bytes | None]:
    shared = _of_the_stem(picture)
    if shared is None:
        return None, None
    if not _is_shared(Path(picture), recognition):
        return shared, _store(shared)
    try:
        store = _store(shared)
    except MalformedAsset:
        return None, None
    return (shared, store) if recognition.fits(data, store) else (None, None)


def _belongs(path: Path, recognition: Recognition) -> bool:
    """Is the manifest that is called by the stem that of the picture which stands at `path`?"""
    if not path.is_file() or _of_the_stem(path) is None:
        return False
    if not _is_shared(path, recognition):
        return True
    return _of_the_stem_read(path, contents(path), recognition)[0] is not None


def _of_the_stem(picture: str | os.PathLike[str]) -> Path | None:
    """``cat.c2pa`` for ``cat.png``; None without one."""
    place = os.fspath(picture)
    stem = neighbours.stem(place)
    named = place[len(stem) :].lower() not in ("", ".", SUFFIX)
    is_one = named and _is_meant(stem + SUFFIX, place)
    return stem_name(Path(place)) if is_one else None


def _is_shared(path: Path, recognition: Recognition) -> bool:
    """Is there another picture beside it that a manifest of its stem could mean?"""
    others = (each for each in neighbours.of_stem(path) if not each.endswith((SUFFIX, XMP_SUFFIX)))
    return any(_is_picture(path.with_name(each), recognition) for each in others)


def _is_picture(path: Path, recognition: Recognition) -> bool:
    """What cannot be read may be one."""
    if not path.is_file():
        return False
    try:
        return recognition.is_picture(streams.head(path))
    except OSError:
        return True


def _store(path: Path) -> bytes:
    with reading(path), path.open("rb") as file:
        store = file.read(MAX_SIDECAR + 1)
    if len(store) > MAX_SIDECAR:
        raise MalformedAsset("c2pa", f"{path}: holds more than {MAX_SIDECAR:,} bytes")
    return store


def _is_meant(sidecar: str, picture: str) -> bool:
    """By their places: making a `Path` takes longer than asking the system."""
    try:
        mode = os.lstat(sidecar).st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    if stat.S_ISLNK(mode):
        return _is_link(picture) and Path(sidecar).is_file()
    return stat.S_ISREG(mode)


def _is_link(place: str) -> bool:
    return os.path.islink(place)  # noqa: PTH114
