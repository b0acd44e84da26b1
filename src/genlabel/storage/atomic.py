"""Writing a file whole or not at all, whatever happens on the way."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import socket
import time
import zlib
from collections.abc import Iterable
from pathlib import Path

_TEMPORARY = re.compile(r"\.genlabel-([0-9a-f]{8})-([0-9]{1,10})-[0-9a-f]{16}\.tmp")
"""Machine, process, random: hidden, so that no walk takes it for a picture."""
_STARTED = time.time()
_ABANDONED = 24 * 3600
"""Seconds after which nobody is still writing, not even another machine on the same share."""
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}
"""How file systems without hard links say so."""
_MAX_ATTRIBUTES = 256


def write_atomically(
    path: str | os.PathLike[str],
    data: bytes | bytearray | memoryview | Iterable[bytes | bytearray | memoryview],
    *,
    like: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    fsync: bool = True,
) -> Path:
    """Makes `path` hold `data`, or leaves everything as it was; the file that was written.

    `like` is the file whose mode, owner and extended attributes the new one gets, as far as the
    system allows. With `overwrite`, a symbolic link stays and its target is replaced; without, a
    name that is taken is `FileExistsError`, even if it was taken a moment ago. Missing directories
    are made. Without `fsync` a crash of the machine (not of the program) may lose the result.
    Raises `OSError` and leaves no temporary file; other hard links of a replaced file keep the old
    contents.
    """
    target = Path(os.path.realpath(path)) if overwrite else Path(path)
    new_folders = _make_directories(target.parent)
    temporary = target.parent / _temporary_name()
    try:
        _fill(temporary, data, None if like is None else Path(like), fsync)
        if overwrite:
            temporary.replace(target)
        else:
            _claim(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        for folder in new_folders:
            _remove_if_empty(folder)
        raise
    if fsync:
        _sync_directory(target.parent)
    return target


def sweep(folder: str | os.PathLike[str]) -> int:
    """Removes what killed runs left in `folder`; how many files that were.

    Only names of our own temporary files are touched, and only when their process is gone.
    """
    removed = 0
    try:
        with os.scandir(folder) as scan:
            entries = [
                (entry, name) for entry in scan if (name := _TEMPORARY.fullmatch(entry.name))
            ]
    except OSError:
        return 0
    for entry, name in entries:
        try:
            if entry.is_file(follow_symlinks=False) and _is_left_over(entry, name):
                Path(entry.path).unlink()
                removed += 1
        except OSError:
            continue  # somebody else was quicker, or may do it and we may not
    return removed


def _temporary_name() -> str:
    return f".genlabel-{_machine()}-{os.getpid()}-{secrets.token_hex(8)}.tmp"


def _machine() -> str:
    """Process numbers mean something on their own machine only; shares have several."""
    return f"{zlib.crc32(socket.gethostname().encode()):08x}"


def _is_left_over(entry: os.DirEntry[str], name: re.Match[str]) -> bool:
    modified = entry.stat(follow_symlinks=False).st_mtime
    if time.time() - modified > _ABANDONED:
        return True
    if name[1] != _machine():
        return False
    if int(name[2]) == os.getpid():
        return modified < _STARTED - 1  # an earlier process with our number; 1 s for coarse clocks
    return not _is_alive(int(name[2]))


def _is_alive(process: int) -> bool:
    if os.name == "nt":
        return True  # os.kill would end the process here; age decides
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _fill(
    temporary: Path,
    data: bytes | bytearray | memoryview | Iterable[bytes | bytearray | memoryview],
    like: Path | None,
    fsync: bool,
) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    # Nobody else may read what replaces a private file, not even for the moment until its mode is
    # set; otherwise the process's own umask decides.
    descriptor = os.open(temporary, flags, 0o666 if like is None else 0o600)
    with os.fdopen(descriptor, "wb") as file:
        if isinstance(data, bytes | bytearray | memoryview):
            file.write(data)
        else:
            file.writelines(data)
        file.flush()
        if like is not None:
            _dress(file.fileno(), temporary, like)
        if fsync:
            os.fsync(file.fileno())


def _dress(descriptor: int, temporary: Path, like: Path) -> None:
    """Owner first: changing it takes mode bits away."""
    pattern = like.stat()
    if os.name == "posix":
        own = os.fstat(descriptor)
        if (own.st_uid, own.st_gid) != (pattern.st_uid, pattern.st_gid):
            _give_away(descriptor, pattern.st_uid, pattern.st_gid)
        _copy_attributes(descriptor, like)
    temporary.chmod(pattern.st_mode & 0o7777)


def _give_away(descriptor: int, user: int, group: int) -> None:
    """Owner and group, else the group alone: only the superuser gives files away."""
    for each in (user, -1):
        try:
            os.fchown(descriptor, each, group)
        except OSError:
            continue
        break


def _copy_attributes(descriptor: int, like: Path) -> None:
    """Extended attributes, access lists among them, where the system has them (Linux)."""
    if not hasattr(os, "listxattr"):
        return
    try:
        names = os.listxattr(like)[:_MAX_ATTRIBUTES]
    except OSError:
        return
    for name in names:
        try:
            os.setxattr(descriptor, name, os.getxattr(like, name))
        except OSError:
            continue  # security.* and trusted.* are not ours to set


def _claim(temporary: Path, target: Path) -> None:
    """Gives the finished file its name, if nobody has it."""
    if os.name == "nt":
        temporary.rename(target)  # refuses names that are taken, on Windows only
        return
    try:
        os.link(temporary, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        temporary.replace(target)
        return
    temporary.unlink()


def _make_directories(folder: Path) -> list[Path]:
    """Makes `folder`; the directories that were missing, innermost first."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
    return missing


def _remove_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


def _sync_directory(folder: Path) -> None:
    """Makes the new name itself last; Windows has no such call."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EBADF}:
            raise
    finally:
        os.close(descriptor)
