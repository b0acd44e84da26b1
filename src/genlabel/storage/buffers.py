"""Large files: mapped instead of read, so that a film needs little memory of ours.

A mapping is used like bytes. Its pages count as our memory only while they are needed: whoever
goes through one from end to end does it in strides and lets go of what lies behind.
"""

from __future__ import annotations

import ctypes
import errno
import io
import mmap
import os
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import IO

Buffer = bytes | bytearray | memoryview
Pieces = list[bytes | memoryview]
"""A new file as a list of buffers: new bytes between untouched views of the source."""

LARGE = 8 * 1024 * 1024
"""Bytes from which on a file is mapped, and a new one put together where it goes (decision 192)."""
_IN_MEMORY = 8
"""How many times as large a new file may be that stays in memory, where it has no place to go."""
STRIDE = 28 * 1024 * 1024
"""Bytes after which those behind are let go of. Between two strides a thread may have to wait for
the interpreter, 5 ms where another one is busy."""
_COPIED = 256 * 1024 * 1024
"""Bytes that the system copies at a time; they need no memory of ours."""
PUBLIC = 0o664
"""The most that a new file lets others do; the process's umask takes away from it."""
_NO_COPYING = {
    *(errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EBADF, errno.EPERM),
}
"""How systems say that they do not copy between two files."""
_folder: ContextVar[Path | None] = ContextVar("folder", default=None)
_made_in: ContextVar[Path | None] = ContextVar("made_in", default=None)
"""Where the last large new file came to lie; None for where temporary files do."""
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


class Mapping(mmap.mmap):
    """A private mapping of a whole file, which may be written to: so its address is known to native
    code. Its file can be copied from without a look at its pages.
    """

    descriptor = -1
    """The file, open for as long as the mapping is there."""


def mapping_of(file: IO[bytes]) -> Mapping:
    """A mapping of all that is in `file`, which may be closed afterwards. Raises `ValueError` for
    an empty one.
    """
    mapping = Mapping(file.fileno(), 0, access=mmap.ACCESS_COPY)
    mapping.descriptor = os.dup(file.fileno())
    weakref.finalize(mapping, _let_go, mapping.descriptor)
    return mapping


def _let_go(descriptor: int) -> None:
    with suppress(OSError):  # nothing was written through it
        os.close(descriptor)


def origin(view: Buffer) -> tuple[int, int] | None:
    """The open file of which `view` shows a part, and where that begins; None for other bytes."""
    if not isinstance(view, memoryview) or view.readonly or not view:
        return None
    mapping = view.obj
    if not isinstance(mapping, Mapping):
        return None
    begin = ctypes.c_char.from_buffer
    return mapping.descriptor, ctypes.addressof(begin(view)) - ctypes.addressof(begin(mapping))


def file_of(data: object) -> int | None:
    """The open file that `data` is all of; None for other bytes."""
    if not isinstance(data, memoryview):
        return None
    mapping = data.obj
    if not isinstance(mapping, Mapping):
        return None
    with suppress(OSError):
        return mapping.descriptor if len(data) == mapping.size() else None
    return None


def append(file: IO[bytes], piece: Buffer) -> None:
    """Write `piece` to the end of `file`: from file to file within the system, where both are files
    and the system can do that. Raises `OSError`.
    """
    source = origin(piece) if len(piece) >= STRIDE and not isinstance(file, io.BytesIO) else None
    done = _copied(file, *source, len(piece)) if source is not None else 0
    for part in strides(memoryview(piece)[done:]):
        file.write(part)


def _copied(file: IO[bytes], source: int, start: int, size: int) -> int:
    """How many bytes were copied: fewer than `size` where the system cannot, or has no more."""
    copy = getattr(os, "copy_file_range", None)
    done = 0
    if copy is None:
        return done
    file.flush()
    target, place = file.fileno(), file.tell()
    while done < size:
        try:
            count = copy(source, target, min(_COPIED, size - done), start + done, place + done)
        except OSError as error:
            if error.errno not in _NO_COPYING:
                raise
            break
        if not count:
            break
        done += count
        tell(done, size)
    file.seek(place + done)
    return done


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
    if is_put_together_in_memory(size):
        return b"".join(pieces)
    with new_file(size) as file:
        try:
            for piece in pieces:
                append(file, piece)
        except OSError as error:
            raise temporary_error(error) from error
        return written(file)


def fits_memory(size: int) -> bool:
    """May a file of so many bytes be in memory, where nothing says that it is one on a disk?"""
    return size < LARGE * _IN_MEMORY


def is_put_together_in_memory(size: int) -> bool:
    """Is a new file of so many bytes first made in memory?"""
    return size < LARGE or (_folder.get() is None and fits_memory(size))


@contextmanager
def made_in(folder: Path | None) -> Iterator[None]:
    """While this lasts, large new files are put together in `folder`, or the nearest above it that
    there is: without a name, which whoever writes the result gives them.

    Where the system has no such files, they are in memory or lie where temporary files do; so they
    do for None.
    """
    before, made = _folder.set(folder), _made_in.set(None)
    try:
        yield
    finally:
        _folder.reset(before)
        _made_in.reset(made)


def _nameless(size: int) -> IO[bytes]:
    folder, flag = _folder.get(), getattr(os, "O_TMPFILE", 0)
    if folder is not None and flag:
        while not folder.is_dir() and folder != folder.parent:
            folder = folder.parent
        with suppress(OSError):
            descriptor = os.open(folder, flag | os.O_RDWR | os.O_CLOEXEC, PUBLIC)
            _made_in.set(folder)
            return os.fdopen(descriptor, "w+b")
    _made_in.set(None)
    if fits_memory(size):
        return io.BytesIO()
    import tempfile

    return tempfile.TemporaryFile(prefix="genlabel-")


@contextmanager
def new_file(size: int) -> Iterator[IO[bytes]]:
    """Where some `size` bytes go: memory, or a nameless temporary file when that is large."""
    if is_put_together_in_memory(size):
        yield io.BytesIO()
        return
    try:
        file = _nameless(size)
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
    folder = _made_in.get()
    if folder is not None:
        return OSError(
            error.errno, f"{error.strerror} (putting the new file together)", str(folder)
        )
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


def strides(data: Buffer, stride: int | None = None) -> Iterator[memoryview]:
    """`data` part by part, each of `stride` bytes; those of a mapped file are let go of."""
    view, stride = memoryview(data), stride or STRIDE
    for start in range(0, len(view), stride):
        yield view[start : start + stride]
        passed(view, min(start + stride, len(view)))
