"""Versions of files: what tells one state of a file from the next without reading it."""

from __future__ import annotations

import os
from pathlib import Path

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import SigningError

Version = tuple[int, int, int, int]
"""Device, inode, size in bytes, moment of the last change in nanoseconds."""


def version_of(path: str | os.PathLike[str], *, follow: bool = True) -> Version | None:
    """The version of the file at `path`; None where there is none. Raises `OSError`."""
    try:
        status = os.stat(path, follow_symlinks=follow)  # noqa: PTH116  # a PathLike as it came
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


@dataclass(frozen=True, slots=True)
class Seen:
    """A file and the version of it that was read."""

    path: Path
    version: Version
    follow: bool = True
    """Was a symbolic link followed?"""

    def require_unchanged(self) -> None:
        """Raise `SigningError` where another version is there now, or none."""
        version = version_of(self.path, follow=self.follow)
        if version is None:
            raise SigningError(
                f"{self.path}: removed while it was being signed",
                remedy="nothing was written: sign it where it lies now",
            )
        if version != self.version:
            raise SigningError(
                f"{self.path}: changed while it was being signed",
                remedy="nothing was written, and the newer version is there; sign it again",
            )
