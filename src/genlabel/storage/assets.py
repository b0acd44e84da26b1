"""Read assets: from a path with the manifest beside it, from memory, or from an open file."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path
from typing import BinaryIO

from genlabel.model.asset import Asset
from genlabel.storage.buffers import contents
from genlabel.storage.sidecars import other_sidecar, read_sidecar, read_xmp

PathLike = str | os.PathLike[str]
Picture = Asset | PathLike | bytes | bytearray | memoryview | BinaryIO
"""A path, the bytes of a file, a file open for reading bytes, or an `Asset`."""


def read_asset(path: PathLike) -> Asset:
    """The file at `path`, mapped when it is large, with the manifest file beside it if one is.

    Raises `OSError`, or `MalformedAsset` where the manifest file is too large to be one.
    """
    try:
        data = contents(Path(path))
    except ValueError as error:  # a NUL, or what the file system cannot encode
        raise FileNotFoundError(errno.ENOENT, str(error), os.fspath(path)) from error
    manifest_path, manifest = read_sidecar(path)
    other = other_sidecar(path, manifest_path, manifest)
    return Asset(
        data,
        name=Path(path).name.encode("utf-8", "replace").decode(),  # not all names are text
        manifest=manifest,
        path=os.fspath(path),
        manifest_path=manifest_path,
        other_manifest=other.name if other is not None else None,
        xmp=read_xmp(path),
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
