"""Streams that the engine asks: the pieces of a file, and a new file that it writes.

The engine asks for a PNG of one megapixel in some 300 pieces and for a film in tens of thousands.
Its Python package answers each with several objects and checks; here each is one copy.
"""

from __future__ import annotations

import ctypes
import sys
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate
from typing import IO, Any

from genlabel.formats.format import Buffer
from genlabel.manifests.engine.cancel import Stop
from genlabel.model.named_tuple import NamedTuple
from genlabel.storage import buffers

_pointer = ctypes.c_void_p
Transfer = ctypes.CFUNCTYPE(ctypes.c_ssize_t, _pointer, _pointer, ctypes.c_ssize_t)
Seek = ctypes.CFUNCTYPE(ctypes.c_ssize_t, _pointer, ctypes.c_ssize_t, ctypes.c_int)
Flush = ctypes.CFUNCTYPE(ctypes.c_ssize_t, _pointer)

_FAILED = -1
_READ_ONLY, _WRITABLE = 0x100, 0x200  # PyBUF_READ and PyBUF_WRITE of CPython's object.h
_view = ctypes.pythonapi.PyMemoryView_FromMemory
_view.restype, _view.argtypes = ctypes.py_object, (_pointer, ctypes.c_ssize_t, ctypes.c_int)


class Callbacks(NamedTuple):
    """What the engine calls, in the order in which `c2pa_create_stream` takes it.

    They live at least as long as the stream that is made of them.
    """

    read: Any
    seek: Any
    write: Any
    flush: Any


def source(pieces: Sequence[Buffer], stop: Stop) -> Callbacks:
    """A file that is only read, in `pieces`, one behind the other; nothing is joined or copied.

    Pages of a mapped file are let go of behind the place that is read.
    """
    parts = [memoryview(piece) for piece in pieces if len(piece)] or [memoryview(b"")]
    ends = list(accumulate(map(len, parts)))
    size = ends[-1]
    place, since, stride = 0, 0, buffers.STRIDE
    part, start, end = parts[0], 0, ends[0]
    address, copy = _address(pieces), ctypes.memmove

    def read(_: object, target: int, wanted: int) -> int:
        nonlocal place, since
        try:
            if stop.reason is not None:
                return _FAILED
            after = place + wanted
            if start <= place < after <= end and wanted <= stride:  # nearly always
                if address is not None:
                    copy(target, address + place, wanted)
                else:
                    _view(target, wanted, _WRITABLE)[:] = part[place - start : after - start]
                given, place = wanted, after
            else:
                given = across(target, wanted)
            since += given
            if since > stride:
                buffers.passed(part, place, size)
                since = 0
            return given
        except BaseException as error:  # noqa: BLE001  it would be lost in native code
            stop.because(error)
            return _FAILED

    def across(target: int, wanted: int) -> int:
        """What lies in several pieces, in another one, or behind the end."""
        nonlocal place, part, start, end
        # Fewer than wanted are allowed, as of every file: an interrupt has not long to wait.
        wanted = min(wanted, size - place, stride)
        copied = 0
        while copied < wanted:
            if not start <= place < end:
                part, end = parts[number := bisect_right(ends, place)], ends[number]
                start = end - len(part)
            length = min(wanted - copied, end - place)
            at = place - start
            _view(target + copied, length, _WRITABLE)[:] = part[at : at + length]
            copied, place = copied + length, place + length
        return copied

    def seek(_: object, offset: int, whence: int) -> int:
        nonlocal place
        offset += (0, place, size)[whence]  # SeekMode of c2pa.h
        if offset < 0 or stop.reason is not None:
            return _FAILED
        place = offset
        return place

    return Callbacks(Transfer(read), Seek(seek), _NO_WRITING, _NOTHING)


def _address(pieces: Sequence[Buffer]) -> int | None:
    """Whence a whole file in memory is copied; the address of a view is not to be had."""
    whole = pieces[0] if len(pieces) == 1 and isinstance(pieces[0], bytes) else None
    return ctypes.cast(ctypes.c_char_p(whole), _pointer).value if whole else None


def sink(file: IO[bytes], size: int, stop: Stop) -> Callbacks:
    """A new file of some `size` bytes that the engine writes and may read back.

    What goes wrong with it, such as a full disk, is the reason to stop.
    """
    done, told, stride = 0, 0, buffers.STRIDE if size >= buffers.LARGE else size + buffers.LARGE

    def read(_: object, target: int, wanted: int) -> int:
        return file.readinto(_view(target, wanted, _WRITABLE))  # type: ignore[attr-defined,no-any-return]

    def write(_: object, origin: int, length: int) -> int:
        nonlocal done, told
        file.write(_view(origin, length, _READ_ONLY))  # all of it, or it raises
        done += length
        if done - told > stride:
            told = done
            buffers.tell(min(done, size), size)
        return length

    def seek(_: object, offset: int, whence: int) -> int:
        return file.seek(offset, whence)

    def guarded(callback: Callable[[object, int, int], int]) -> Callable[[object, int, int], int]:
        def guard(_: object, first: int, second: int) -> int:
            try:  # the second argument is a length, or from where to seek
                return (
                    _FAILED if stop.reason is not None or second < 0 else callback(_, first, second)
                )
            except OSError as error:  # what was written before may fail when it is sought from
                stop.because(buffers.temporary_error(error))
                return _FAILED
            except BaseException as error:  # noqa: BLE001  it would be lost in native code
                stop.because(error)
                return _FAILED

        return guard

    return Callbacks(
        Transfer(guarded(read)), Seek(guarded(seek)), Transfer(guarded(write)), _NOTHING
    )


def _no_writing(_: object, origin: int, given: int) -> int:
    return _FAILED


def _nothing(_: object) -> int:
    return 0


_NO_WRITING, _NOTHING = Transfer(_no_writing), Flush(_nothing)  # made once: they hold nothing


@cache
def nothing() -> Callbacks:
    """A file without a byte: whatever is asked of it, a place or bytes, the answer is 0.

    That is what C's ``llabs`` makes of the first argument, the stream's context, which is NULL. So
    the engine reads a manifest store while other threads have the interpreter.
    """
    native = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None).llabs
    address = ctypes.cast(native, _pointer).value or 0
    return Callbacks(Transfer(address), Seek(address), _NO_WRITING, _NOTHING)
