"""Key files: written all or none, never over another file, secrets for their owner only."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from genlabel.errors import CredentialError


def write(home: Path, *, secret: Mapping[str, bytes], public: Mapping[str, bytes]) -> None:
    """Writes files by name into the folder `home`, which is made if need be.

    Secret files are for their owner only, from their first moment. Raises `CredentialError`, and
    leaves nothing behind, when a name is taken or the folder cannot be written to.
    """
    taken = [name for name in (*secret, *public) if os.path.lexists(home / name)]
    if taken:
        raise _taken(home / taken[0])
    written: list[Path] = []
    try:
        home.mkdir(parents=True, exist_ok=True)
        for contents, mode in ((public, 0o644), (secret, 0o600)):
            for name, content in contents.items():
                _write_new(home / name, content, mode, written)
    except BaseException as error:
        for path in written:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise CredentialError(
                f"{home}: the keys cannot be written there ({error.strerror})",
                remedy="choose a folder in which you may write",
            ) from error
        raise


def _write_new(path: Path, content: bytes, mode: int, written: list[Path]) -> None:
    """Creates `path` with `mode`; O_EXCL so that nothing, a link included, is written through."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags, mode)
    except FileExistsError as error:
        raise _taken(path) from error
    written.append(path)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _taken(path: Path) -> CredentialError:
    return CredentialError(
        f"{path}: exists already, and keys are never overwritten",
        remedy="choose another folder, or move the old keys away",
    )
