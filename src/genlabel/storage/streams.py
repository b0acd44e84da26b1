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
_FOR_READING = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NONBLOCK", "O_NOCTTY")
)
_UNSUITABLE = "is a terminal or another device, and no picture's file"


def opened(path: Path) -> IO[bytes]:
    """The file or pipe at `path`, open for reading; opening waits for nobody.

    Raises `OSError`, for terminals and other devices too, which are not even opened.
    """
    descriptor, _ = descriptor_of(path)
    try:
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def descriptor_of(path: Path) -> tuple[int, os.stat_result]:
    """The same as the system has it: its number, and what stands there."""
    name = str(path)
    _check(os.stat(name).st_mode, name)  # noqa: PTH116  many times
    descriptor = os.open(name, _FOR_READING)
    try:
        state = os.fstat(descriptor)
        _check(state.st_mode, name)  # another one may stand there by now
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor, state


def whole(descriptor: int, size: int) -> bytes:
    """All that is in a file of `size` bytes that stands at its beginning, and what it has grown by
    where a read brought less.
    """
    data = os.read(descriptor, size)
    if 0 < len(data) == size:  # some file systems call every file empty
        return data
    parts = [data]
    while part := os.read(descriptor, _AT_ONCE):
        parts.append(part)
    return b"".join(parts)


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
