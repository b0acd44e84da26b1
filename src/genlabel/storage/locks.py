"""Locks on files that are being written: they end with whoever holds them, however that ends.

A process number means something in one container only, and a host's name may be that of several;
a lock (flock, on POSIX) is known to every process that has the same file system mounted.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: what is open there cannot be removed anyway
    fcntl = None  # type: ignore[assignment]

_TAKEN = {errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK}


def take(descriptor: int) -> bool | None:
    """Lock the open file for as long as it is open: is it ours? None: nobody knows locks here."""
    if fcntl is None:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in _TAKEN else None
    return True


def share(descriptor: int) -> None:
    """Lock the open file together with others who share it: nobody can `take` it meanwhile."""
    if fcntl is not None:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)


def let_go(descriptor: int) -> None:
    """Close the file, and with it the lock; nothing that was written depends on the answer."""
    with contextlib.suppress(OSError):
        os.close(descriptor)


def is_held(path: Path) -> bool | None:
    """Does anybody hold the lock of the file at `path`? None where that cannot be known."""
    if fcntl is None:
        return None
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags)
    except OSError:
        return None
    try:
        ours = take(descriptor)
    finally:
        let_go(descriptor)
    return None if ours is None else not ours
