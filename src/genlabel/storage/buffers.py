"""Large files: mapped instead of read, so that a film needs little memory of ours.

A mapping is used like bytes. Its pages count as our memory only while they are needed: whoever
goes through one from end to end does it in strides and lets go of what lies behind.
"""

from __future__ import annotations

import io
import mmap
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import IO

Buffer = bytes | bytearray | memoryview
Pieces = list[bytes | memoryview]
"""A new file as a list of buffers: new bytes between untouched views of the source."""

LARGE = 64 * 1024 * 1024
"""Bytes from which on a file is mapped."""
STRIDE = 8 * 1024 * 1024
"""Bytes after which those behind are let go of."""
_COMPARED = 1 << 18
"""Bytes compared at a time: one side as `bytearray`, since memoryviews compare item by item."""
_watcher: ContextVar[Callable[[int, int], None] | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(watcher: Callable[[int, int], None]) -> Iterator[None]:
    """While this lasts, `watcher(done, of)` hears how many bytes of a large file one pass has read.

    A file is passed over several times: copied, signed, hashed, compared, written.
    """
    before = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(before)


def passed(data: Buffer, place: int, size: int | None = None) -> None:
    """A pass over `data` has come to `place`: pages behind it are let go, a watcher is told.

    Where `data` is one piece of a file of `size` bytes, the place is one in that file.
    """
    let_go(data)
    if is_mapped(data):
        tell(place, len(data) if size is None else size)


def tell(done: int, of: int) -> None:
    """Tell whoever watches that one pass over a large file has read `done` of its bytes."""
    watcher = _watcher.get()
    if watcher is not None:
        watcher(done, of)


def mapped(file: IO[bytes]) -> memoryview:
    """A view of all that is in `file`, which may be closed afterwards. Nothing is written back."""
    return memoryview(mapping_of(file))


def mapping_of(file: IO[bytes]) -> mmap.mmap:
    """A private mapping, which may be written to: so its address is known to native code."""
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)


def copied(file: IO[bytes], size: int) -> memoryview:
    """A view of what is in `file`, in a nameless temporary file that nobody else cuts short."""
    import tempfile

    with tempfile.TemporaryFile(prefix="genlabel-") as copy:
        while part := file.read(STRIDE):
            copy.write(part)
            tell(min(copy.tell(), size), size)
        copy.flush()
        return mapped(copy)


def joined(pieces: Pieces) -> bytes | memoryview:
    """A new file in one piece: in memory, or as a nameless temporary file when it is large."""
    if len(pieces) == 1 and (isinstance(pieces[0], bytes) or is_mapped(pieces[0])):
        return pieces[0]
    size = sum(map(len, pieces))
    if size < LARGE:
        return b"".join(pieces)
    with new_file(size) as file:
        try:
            for piece in pieces:
                for part in strides(piece):
                    file.write(part)
        except OSError as error:
            raise temporary_error(error) from error
        return written(file)


@contextmanager
def new_file(size: int) -> Iterator[IO[bytes]]:
    """Where some `size` bytes go: memory, or a nameless temporary file when that is large."""
    if size < LARGE:
        yield io.BytesIO()
        return
    import tempfile

    try:
        file = tempfile.TemporaryFile(prefix="genlabel-")  # noqa: SIM115  `closed_after` does
    except OSError as error:
        raise temporary_error(error) from error
    with closed_after(file):
        yield file


@contextmanager
def closed_after(file: IO[bytes]) -> Iterator[None]:
    """Close a temporary file at the end, whose own error would hide the one that came first."""
    try:
        yield
    finally:
        with suppress(OSError), file:  # what was not written cannot be now
            pass


def temporary_error(error: OSError) -> OSError:
    """What went wrong with a `new_file`, naming its directory, and how to choose another."""
    if error.errno is None:
        return error
    why = f"{error.strerror} (temporary files of large pictures; TMPDIR names another place)"
    return OSError(error.errno, why, _temporary_directory())


def _temporary_directory() -> str:
    import tempfile

    try:
        return tempfile.gettempdir()
    except OSError:  # none can be written to
        return os.environ.get("TMPDIR", os.getcwd())  # noqa: PTH109  # as tempfile tries them


def written(file: IO[bytes]) -> bytes | memoryview:
    """All that was written to a `new_file`."""
    if isinstance(file, io.BytesIO):
        return file.getvalue()
    try:
        file.flush()
        return mapped(file)
    except OSError as error:
        raise temporary_error(error) from error


def is_mapped(data: Buffer) -> bool:
    """Is it a view of a mapped file?"""
    return isinstance(data, memoryview) and isinstance(data.obj, mmap.mmap)


def let_go(data: Buffer) -> None:
    """Give the pages of a mapped file back to the system; they come again when they are needed."""
    if isinstance(data, memoryview) and isinstance(data.obj, mmap.mmap):
        advice = getattr(mmap, "MADV_DONTNEED", None)  # not on every system
        if advice is not None:
            data.obj.madvise(advice)


def strides(data: Buffer) -> Iterator[memoryview]:
    """`data` part by part; those of a mapped file are let go of."""
    view = memoryview(data)
    for start in range(0, len(view), STRIDE):
        yield view[start : start + STRIDE]
        passed(view, min(start + STRIDE, len(view)))


def _bytes_behind(data: Buffer) -> bytes | None:
    """The `bytes` that `data` is, or is a view of from end to end."""
    whole = data.obj if isinstance(data, memoryview) and data.c_contiguous else data
    return whole if isinstance(whole, bytes) and len(whole) == len(data) else None


def _placed(pieces: Sequence[Buffer]) -> Iterator[tuple[int, Buffer]]:
    """Each piece with its place in the whole."""
    at = 0
    for piece in pieces:
        yield at, piece
        at += len(piece)


def same_bytes(one: Sequence[Buffer], other: Sequence[Buffer]) -> bool:
    """Are two files in pieces equal, wherever each of them is cut?"""
    if sum(map(len, one)) != sum(map(len, other)):
        return False
    if len(other) == 1 and (whole := _bytes_behind(other[0])) is not None:
        return all(whole.startswith(piece, at) for at, piece in _placed(one))  # nothing is copied
    pieces = (memoryview(piece) for piece in other if len(piece))
    right = memoryview(b"")
    compared = 0
    for piece in one:
        left = memoryview(piece)
        while left:
            right = right or next(pieces)
            size = min(len(left), len(right), _COMPARED)
            if bytearray(left[:size]) != right[:size]:
                return False
            left, right, compared = left[size:], right[size:], compared + size
            if compared >= LARGE:
                compared = 0
                let_go(left)
                let_go(right)
    return True
