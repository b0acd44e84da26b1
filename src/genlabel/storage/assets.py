"""Read assets: from a path with the manifest beside it, from memory, or from an open file."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path
from typing import Any, BinaryIO

from genlabel.model.asset import Asset
from genlabel.storage import pending as pending_manifests, streams
from genlabel.storage.during import reading
from genlabel.storage.file_contents import contents
from genlabel.storage.selection import STDIN
from genlabel.storage.sidecars import Recognition, other_sidecar, read_sidecar, read_xmp
from genlabel.storage.versions import version_of

PathLike = str | os.PathLike[str]
Picture = Asset | PathLike | bytes | bytearray | memoryview | BinaryIO
"""A path, the bytes of a file, a file open for reading bytes, or an `Asset`."""

UNRECOGNISED = Recognition()
_TRIES = 4
"""How often a picture is read that is replaced again and again while it is."""


def read_asset(
    path: PathLike,
    *,
    most: int = streams.MAX_STREAM,
    recognition: Recognition = UNRECOGNISED,
) -> Asset:
    """The file at `path`, mapped when it is large, with the manifest file beside it if one is.

    A manifest whose name several pictures share is taken only where `recognition` says that it is
    bound to this one; every file counts as a picture, and nothing as bound, unless given. A
    manifest that has not got its place yet is taken for the picture to which it belongs (see
    `pending`). Picture and manifest are of one moment: where the picture is replaced while they are
    read, both are read again. Raises `OSError`, or `MalformedAsset` where the manifest file is too
    large to be one.
    """
    require_path(path)
    try:
        version = version_of(path)
    except ValueError as error:  # a NUL, or what the file system cannot encode
        raise FileNotFoundError(errno.ENOENT, str(error), os.fspath(path)) from error
    place = path if isinstance(path, Path) else Path(path)
    for _ in range(_TRIES):
        asset = _read(place, most, recognition, path=os.fspath(path), version=version)
        before, version = version, version_of(path)
        if version == before or not streams.is_regular(place):
            break
    return asset


def picture(path: Path, *, most: int) -> Asset | Path:
    """What a command takes for `path`: itself, or at most `most` bytes that come through a pipe.

    Raises `OSError`.
    """
    if str(path) == STDIN:
        return Asset(streams.standard_input(most=most), path=STDIN)
    return path if streams.is_regular(path) else read_asset(path, most=most)


def _read(place: Path, most: int, recognition: Recognition, **more: Any) -> Asset:
    with reading(place):
        data = contents(place, most=most)
    pending = pending_manifests.beside(place)
    if pending is not None and pending.fits(data):
        manifest_path: Path | None = pending.sidecar
        manifest: bytes | None = pending.store
        manifest_version = None
    else:
        manifest_path, manifest = read_sidecar(place, data, recognition=recognition)
        manifest_version = None if manifest_path is None else version_of(manifest_path)
    other, other_store = other_sidecar(
        place, data, manifest_path, manifest, recognition=recognition
    )
    return Asset(
        data,
        name=place.name.encode("utf-8", "replace").decode(),  # not all names are text
        manifest=manifest,
        manifest_path=manifest_path,
        manifest_version=manifest_version,
        other_manifest=other.name if other is not None else None,
        other_store=other_store,
        xmp=read_xmp(place),
        **more,
    )


def asset_of(picture: Picture, *, name: str = "picture") -> Asset:
    """`picture` as an asset, called `name` unless it has a name of its own.

    An open file is read from where it stands to its end.

    Raises `TypeError` for anything but a `Picture`, and what `read_asset` raises.
    """
    match picture:
        case Asset():
            return picture
        case str() | os.PathLike():
            return read_asset(picture)
        case bytes():
            return Asset(picture, name=name)
        case bytearray():
            return Asset(bytes(picture), name=name)
        case memoryview():
            plain = picture.c_contiguous and picture.ndim == 1 and picture.itemsize == 1
            return Asset(picture if plain else picture.tobytes(), name=name)
    read = None if isinstance(picture, io.TextIOBase) else getattr(picture, "read", None)
    try:
        data = read() if callable(read) else None
    except ValueError as error:  # it is closed
        raise TypeError(f"{type(picture).__name__}: cannot be read: {error}") from error
    if not isinstance(data, bytes):
        raise TypeError(_no_file(picture))
    own = getattr(picture, "name", None)
    return Asset(data, name=Path(own).name if isinstance(own, str) else name)


def is_image(image: object) -> bool:
    """Is it a PIL image? Told without importing Pillow, which costs time."""
    kind = type(image)
    if kind is bytes:
        return False
    return any(each.__module__ == "PIL.Image" for each in kind.__mro__)


def _no_file(picture: object) -> str:
    """What is wrong with what is no picture's file, and what to give instead."""
    kind = type(picture).__name__
    if is_image(picture):
        return f"{kind}: a PIL image is without its label; give the file that it was read from"
    if hasattr(picture, "__array__"):
        return f"{kind}: an array is no picture's file; make a PIL image of it for genlabel.sign"
    return (
        f"{kind}: no picture's file; give a path, bytes, a file open for reading bytes, or an Asset"
    )


def require_path(path: object) -> None:
    """Raise `TypeError` for what names no file."""
    if not isinstance(path, str | os.PathLike):
        raise TypeError(
            f"{type(path).__name__}: no path; give a str or a pathlib.Path, or give bytes and open "
            "files to the function without _file"
        )


def size_of(path: PathLike) -> int:
    """Bytes of the file at `path`; 0 where there is none that has a size."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0
