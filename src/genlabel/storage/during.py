"""Errors of the system that say what was being done, and to which file."""

from __future__ import annotations

import os
from types import TracebackType


class _Told:
    """Around work on one file, of each of many: a class, since a generator costs three times it."""

    __slots__ = ("_path",)

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def _renamed(self, error: OSError, operation: str) -> OSError:
        why = error.strerror or os.strerror(error.errno or 0)
        return OSError(error.errno, f"{why} ({operation})", os.fspath(self._path))


class during(_Told):
    """An `OSError` raised within is one of the same class that names `operation` and `path`.

    One from another of these within this one has its names already.
    """

    __slots__ = ("_operation",)

    def __init__(self, operation: str, path: str | os.PathLike[str]) -> None:
        self._operation, self._path = operation, path

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        # without a number it is none of the system's: whoever raised it has said it all
        if isinstance(error, OSError) and error.errno is not None and not _is_told(error):
            raise self._renamed(error, self._operation) from error


class reading(_Told):
    """An `OSError` raised within that names no file names `path`; one that does is left alone.

    The number of an open file, by which Python calls a directory, is no name.
    """

    __slots__ = ()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if (
            isinstance(error, OSError)
            and error.errno is not None
            and isinstance(error.filename, int | None)
        ):
            raise self._renamed(error, "reading") from error


def _is_told(error: OSError) -> bool:
    return isinstance(error.__cause__, OSError) and error.__cause__.errno == error.errno
