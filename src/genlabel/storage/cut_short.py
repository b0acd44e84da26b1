"""Files that are cut short while they are mapped: the process survives, and its caller is told.

The system ends a process with SIGBUS when it reads a page of a mapping behind the end that a file
has by then. Here such pages become zeros at the moment when they are read, so that whoever reads
goes on to some end, and `intact` replaces whatever came of it by one `OSError`.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import platform
import signal
import sys
import threading
import weakref
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache

from genlabel.model.asset import Asset

_MACHINES = ("x86_64", "aarch64", "riscv64")
"""Where the numbers below are those of Linux (asm-generic) and of its C libraries."""
_READ_AND_WRITE = 1 | 2  # PROT_READ, PROT_WRITE
_OVER_WHAT_IS_THERE = 0x02 | 0x10 | 0x20  # MAP_PRIVATE, MAP_FIXED, MAP_ANONYMOUS
_SIGINFO, _NODEFER = 4, 0x40000000  # SA_SIGINFO, SA_NODEFER
_ADDRESS = 16
"""Where `siginfo_t` has the address of the fault, on 64 bits."""
_SIGNALS = 1024 // 64  # words of sigset_t

_mapped: dict[int, tuple[int, str]] = {}
"""Address of each mapping that is guarded → its bytes and whose they are."""
_cut: dict[int, str] = {}
"""Address of each in which pages were missing → whose they were."""
_seen: defaultdict[int, list[str]] = defaultdict(list)
"""Thread → whose pages it has missed since its outermost `intact`."""


class _Action(ctypes.Structure):
    """`struct sigaction` of glibc and musl."""

    _fields_ = (
        ("handler", ctypes.c_void_p),
        ("mask", ctypes.c_ulong * _SIGNALS),
        ("flags", ctypes.c_int),
        ("restorer", ctypes.c_void_p),
    )


def can_guard() -> bool:
    """Is this a system on which mappings are guarded? On others a file is copied first."""
    return sys.platform == "linux" and platform.machine() in _MACHINES and sys.maxsize > 2**32


def guard(mapping: mmap.mmap, name: str) -> None:
    """From now on until `mapping` is gone, its missing pages are zeros and end no process.

    `name` is what errors call the file.
    """
    address = _address(mapping)
    _mapped[address] = len(mapping), name
    weakref.finalize(mapping, _forget, address)
    _native()()


@contextmanager
def intact(*assets: Asset | None) -> Iterator[None]:
    """Whatever comes of a look at files that are cut short meanwhile, that is what is raised.

    `assets` are files that were mapped before; those that are mapped inside count by themselves.
    """
    thread = threading.get_ident()
    is_outermost = thread not in _seen
    before = len(_seen[thread])
    cause: Exception | None = None
    try:
        yield
    except Exception as error:  # noqa: BLE001  whatever zeros in place of a file's end have led to
        cause = error
    names = _seen[thread][before:]
    if is_outermost:
        _seen.pop(thread, None)
    names += [name for each in assets if each and (name := _name_of_cut(each.data)) is not None]
    if names:
        words = "was cut short by another program while it was being read"
        raise OSError(errno.ESTALE, words, names[0]) from cause
    if cause is not None:
        raise cause


def _name_of_cut(data: object) -> str | None:
    """Whose `data` is, if it is a view of a file that is shorter now, or was when it was read."""
    mapping = data.obj if isinstance(data, memoryview) else None
    if not isinstance(mapping, mmap.mmap):
        return None
    address = _address(mapping)
    if address in _cut:
        return _cut[address]
    size, name = _mapped.get(address, (0, ""))
    with suppress(OSError):  # then nothing is known, and nothing was missing when it was read
        return name if size and mapping.size() < size else None
    return None


def _address(mapping: mmap.mmap) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(mapping))


def _forget(address: int) -> None:
    _mapped.pop(address, None)
    _cut.pop(address, None)


@cache
def _native() -> Callable[[], None]:
    """What installs the handler wherever another one was installed; that gets what is not ours."""
    library = ctypes.CDLL(None, use_errno=True)
    anew = ctypes.PYFUNCTYPE(
        *(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t),
        *(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long),
    )(("mmap", library))
    before = _Action()

    def mend(_: int, information: int, __: object) -> None:
        """Called where a page is missing, in the thread that reads it: no lock is held there."""
        at = ctypes.c_void_p.from_address(information + _ADDRESS).value or 0
        page = at - at % mmap.PAGESIZE
        for address, (size, name) in tuple(_mapped.items()):
            if address <= at < address + size:
                rest = address + size - page
                if anew(page, rest, _READ_AND_WRITE, _OVER_WHAT_IS_THERE, -1, 0) == page:
                    _cut[address] = name
                    _seen[threading.get_ident()].append(name)
                    return
        library.sigaction(signal.SIGBUS, ctypes.byref(before), None)  # it comes again, to others

    handler = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(mend)
    ours = _Action(handler=ctypes.cast(handler, ctypes.c_void_p).value, flags=_SIGINFO | _NODEFER)

    def install(_: object = handler) -> None:  # which lives as long as this
        there = _Action()
        if library.sigaction(signal.SIGBUS, ctypes.byref(ours), ctypes.byref(there)):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), "sigaction")
        if there.handler != ours.handler:
            ctypes.memmove(ctypes.byref(before), ctypes.byref(there), ctypes.sizeof(there))

    return install
