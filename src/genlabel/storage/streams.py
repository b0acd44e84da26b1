"""Streams: pictures that come through a pipe instead of lying on a disk, within bounds."""

from __future__ import annotations

import errno
import io
import os
import select
import stat
import sys
import time
from pathlib import Path
from typing import IO

from genlabel.storage import buffers

MAX_STREAM = 2_000_000_000
"""Most bytes that are taken from a pipe unless somebody says otherwise."""
HEAD_BYTES = 4096
"""What a container needs to see to know its own (`Container.accepts`)."""
PATIENCE = 60.0
"""Seconds within which a pipe that was named must come to its end."""
_AT_ONCE = 1 << 20
_UNSUITABLE = "is a terminal or another device, and no picture's file"


def opened(path: Path) -> IO[bytes]:
    """The file or pipe at `path`, open for reading; opening waits for nobody.

    Raises `OSError`, for terminals and other devices too, which are not even opened.
    """
    _check(os.stat(path).st_mode, str(path))  # noqa: PTH116  many times
    wait_for_nobody = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | wait_for_nobody)
    try:
        _check(os.fstat(descriptor).st_mode, str(path))  # another one may stand there by now
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def head(path: Path) -> bytes:
    """The first bytes of the file at `path`. Raises `OSError`, for pipes too."""
    with opened(path) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.ENOTSUP, "has become a pipe meanwhile", str(path))
        return file.read(HEAD_BYTES)


def is_regular(path: Path) -> bool:
    """Is `path` a file that is read with its length known? A name that leads nowhere is, too."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116  many times
    except (OSError, ValueError):
        return True  # whoever opens it says why not


def drained(file: IO[bytes], name: str, *, most: int = MAX_STREAM) -> bytes | memoryview:
    """All that comes through an `opened` pipe called `name`: mapped when it is large.

    Raises `OSError` for more than `most` bytes, and where its end has not come in time.
    """
    end = time.monotonic() + PATIENCE
    descriptor = file.fileno()
    gathered = _Gathered(name, most)
    while True:
        ready, _, _ = select.select([descriptor], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            words = f"did not come to its end within {PATIENCE:g} s"
            raise TimeoutError(errno.ETIMEDOUT, words, name)
        try:
            part = os.read(descriptor, _AT_ONCE)
        except BlockingIOError:
            continue  # somebody else was quicker
        if not part:
            return gathered.data()
        gathered.take(part)


def standard_input(*, most: int = MAX_STREAM) -> bytes | memoryview:
    """All of standard input, however long it takes. Raises `OSError` as `drained` does."""
    name = "standard input"
    if sys.stdin is None:
        raise OSError(errno.EBADF, "is closed", name)
    file = sys.stdin.buffer
    try:
        mode = os.fstat(file.fileno()).st_mode
    except (OSError, ValueError, AttributeError):
        mode = stat.S_IFREG  # what stands there instead of a file of the system
    _check(mode, name)
    gathered = _Gathered(name, most)
    while part := file.read(_AT_ONCE):
        gathered.take(part)
    return gathered.data()


class _Gathered:
    """What has come so far: in memory, or in a nameless temporary file when it is large."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most, self._size = name, most, 0
        self._file: IO[bytes] = io.BytesIO()

    def take(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._most:
            words = f"more than {self._most:,} bytes came through it (--max-bytes)"
            raise OSError(errno.EFBIG, words, self._name)
        try:
            if not buffers.fits_memory(self._size) and isinstance(self._file, io.BytesIO):
                import tempfile

                on_disk = tempfile.TemporaryFile(prefix="genlabel-")  # noqa: SIM115  `data` ends it
                on_disk.write(self._file.getbuffer())
                self._file = on_disk
            self._file.write(part)
        except OSError as error:
            raise buffers.temporary_error(error) from error

    def data(self) -> bytes | memoryview:
        with buffers.closed_after(self._file):
            return buffers.written(self._file)


def _check(mode: int, name: str) -> None:
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise OSError(errno.ENOTSUP, _UNSUITABLE, name)
