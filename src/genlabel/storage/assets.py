"""Read assets: from a path with the manifest beside it, from memory, or from an open file."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path
from typing import BinaryIO

from genlabel.model.asset import Asset
from genlabel.storage import buffers, cut_short, streams
from genlabel.storage.sidecars import read_sidecar

PathLike = str | os.PathLike[str]
Picture = Asset | PathLike | bytes | bytearray | memoryview | BinaryIO
"""A path, the bytes of a file, a file open for reading bytes, or an `Asset`."""


def contents(path: Path, *, most: int = streams.MAX_STREAM) -> bytes | memoryview:
    """The file's bytes: read, or mapped when it is large. Of a pipe, at most so many.

    A mapped file may be cut short while it is looked at (see `cut_short`). Windows keeps mapped
    files from being replaced, so all are read there. Raises `OSError`.
    """
    with streams.opened(path) as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            return streams.drained(file, str(path), most=most)
        if os.name == "nt" or state.st_size < buffers.LARGE:
            return file.read()
        if not cut_short.can_guard():
            return buffers.copied(file, state.st_size)
        try:
            mapping = buffers.mapping_of(file)
        except ValueError:  # it has become empty meanwhile
            return file.read()
        cut_short.guard(mapping, str(path))
        return memoryview(mapping)


def read_asset(path: PathLike, *, most: int = streams.MAX_STREAM) -> Asset:
    """The file at `path`, mapped when it is large, with the manifest file beside it if one is.

    Raises `OSError`, or `MalformedAsset` where the manifest file is too large to be one.
    """
    try:
        data = contents(Path(path), most=most)
    except ValueError as error:  # a NUL, or what the file system cannot encode
        raise FileNotFoundError(errno.ENOENT, str(error), os.fspath(path)) from error
    manifest_path, manifest = read_sidecar(path)
    return Asset(
        data,
        name=Path(path).name.encode("utf-8", "replace").decode(),  # not all names are text
        manifest=manifest,
        path=os.fspath(path),
        manifest_path=manifest_path,
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
        raise TypeError(
            f"{type(picture).__name__}: no picture's file; give a path, bytes, a file open for "
            "reading bytes, or an Asset"
        )
    own = getattr(picture, "name", None)
    return Asset(data, name=Path(own).name if isinstance(own, str) else name)
