"""Temporary files beside their targets: their names, who is still writing them, who has left them.

``.genlabel-MACHINE-TARGET-RANDOM.tmp``: hidden, so that no walk takes one for a picture.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
import zlib
from functools import cache
from pathlib import Path

from genlabel.model.expression import expression
from genlabel.storage import locks

_NAME = expression(r"\.genlabel-([0-9a-f]{8})-([0-9a-f]{1,10})-[0-9a-f]{16}\.tmp")
"""Machine, target, random."""
_ABANDONED = 24 * 3600
"""Seconds after which nobody is still writing, not even another machine on the same share."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")
"""The same in all containers of one running Linux, and in no other."""
_DESCRIPTORS = Path("/proc/self/fd")


class Temporary:
    """A file that is being written and gets its name when it is whole.

    It is locked until it is closed, so that no other run takes it for abandoned.
    """

    __slots__ = ("_target", "descriptor", "identity", "place")

    def __init__(self, target: Path) -> None:
        """Nothing is made yet; see `open`."""
        self._target = os.fspath(target)
        self.place = self._new_place()
        """Where it lies: a text, for each of many files."""
        self.descriptor = -1
        self.identity = (0, 0)
        """Device and inode, by which the file is known under its later name."""

    def open(self, mode: int) -> int:
        """Make the file; its descriptor. Raises `OSError`."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        while True:
            self.descriptor = os.open(self.place, flags, mode)
            taken = locks.take(self.descriptor)
            status = os.fstat(self.descriptor)
            if taken is not False and status.st_nlink:
                self.identity = status.st_dev, status.st_ino
                return self.descriptor
            # Somebody sweeps at this very moment, and saw the file before it was locked.
            self.discard()
            self.place = self._new_place()

    def _new_place(self) -> str:
        folder, name = os.path.split(self._target)
        return os.path.join(folder, _name_for(name))  # noqa: PTH118

    def adopt(self, nameless: int, *, private: bool) -> int | None:
        """Give the file open at `nameless`, which has no name, this one's; its descriptor here.

        None where that cannot be: nothing has changed then. Nobody else may open a `private` one.
        """
        try:
            if os.fstat(nameless).st_nlink or not _DESCRIPTORS.is_dir():
                return None
            # opened anew: a lock ends when the last copy of a descriptor is closed
            descriptor = os.open(_DESCRIPTORS / str(nameless), os.O_WRONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            if locks.take(descriptor) is False:
                raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            if private:
                os.fchmod(descriptor, 0o600)
            status = os.fstat(descriptor)
            # with a directory's descriptor the link in /proc is followed, and not linked itself
            source = _DESCRIPTORS / str(descriptor)
            os.link(source, self.place, src_dir_fd=descriptor, follow_symlinks=True)
        except OSError:
            locks.let_go(descriptor)
            return None
        self.descriptor, self.identity = descriptor, (status.st_dev, status.st_ino)
        return descriptor

    def close(self) -> None:
        """Let go of the file and its lock."""
        if self.descriptor >= 0:
            locks.let_go(self.descriptor)  # all has been written and closed once already
            self.descriptor = -1

    def discard(self) -> None:
        """Remove the file unless it has got its name; what cannot be removed is swept later."""
        with contextlib.suppress(OSError):
            os.unlink(self.place)  # noqa: PTH108
        self.close()


def name_for(target: Path) -> str:
    """A new name for a temporary file that is to become `target`."""
    return _name_for(target.name)


def _name_for(name: str) -> str:
    return f".genlabel-{machine()}-{_target_code(name)}-{os.urandom(8).hex()}.tmp"


def is_ours(name: str) -> bool:
    """Is it the name of a temporary file of ours?"""
    return name.startswith(".genlabel-") and _NAME.fullmatch(name) is not None


def is_for(name: str, target: str) -> bool:
    """Would the temporary file called `name` have become `target`?"""
    parts = _NAME.fullmatch(name)
    return parts is not None and parts[2] == _target_code(target)


def is_abandoned(path: Path, maker: str | None = None) -> bool:
    """Is nobody writing the file at `path` any more?

    `maker` is the machine that made it, which the name of a temporary file says itself. Raises
    `OSError` when it cannot be looked at.
    """
    held = locks.is_held(path)
    if held:
        return False
    parts = _NAME.fullmatch(path.name)
    if held is False and (parts[1] if parts else maker) == machine():
        return True
    # Locks of another machine may be unknown here, and some file systems have none.
    return time.time() - path.lstat().st_mtime > _ABANDONED


@cache
def machine() -> str:
    """Which running system it is: a crc32 in hexadecimal; locks are known to all its processes."""
    try:
        known = _BOOT.read_bytes()
    except OSError:
        import socket

        known = socket.gethostname().encode()
    return f"{zlib.crc32(known):08x}"


def _target_code(name: str) -> str:
    return f"{zlib.crc32(os.fsencode(name)):08x}"
