"""Calls that fail, or end the process, one at a time: by three means, from Python to the kernel.

``python`` replaces functions of `os` and works wherever processes are forked; ``preload`` needs
this process to have been started with the library that is made of `failing_calls.c`; ``strace``
lets the kernel's own calls fail, where tracing is allowed.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from genlabel.model.errors import GenlabelError

NEVER = 1_000_000
INTERRUPT, LATE_INTERRUPT = -1, -2
"""In place of an error's number: Ctrl-C, before the call and right behind it (Python alone)."""
Point = int | tuple[str, int]
"""Which call of a run it is: the nth of all, or the nth of that name."""


class Means:
    """How a call fails. In a child process: `arm` before the run, `disarm` behind it."""

    def __init__(self, folder: Path) -> None:
        """`folder` is for what it has to write."""

    def arm(self, point: Point, number: int) -> None:
        """From now on that call fails with the error `number`; 0 kills the process."""

    def attend(self, child: int, point: Point, number: int) -> None:
        """The parent's part."""

    def disarm(self) -> tuple[int, str]:
        """How many calls there were, and the name of the one that failed."""
        return 0, ""

    def points(self, run: Callable[[], str]) -> Sequence[Point]:
        """All calls that a run makes."""
        return range(1, int(in_child(self, run, NEVER, 1)["calls"]) + 1)


class Python(Means):
    """Functions of `os` are replaced."""

    NAMES = (
        *("open", "close", "fsync", "dup", "replace", "rename", "link", "unlink", "mkdir", "rmdir"),
        *("stat", "lstat", "fstat", "chmod", "fchown", "listxattr", "getxattr", "setxattr"),
        *("scandir", "readlink", "fdopen"),
    )

    def arm(self, point: Point, number: int) -> None:
        self.calls, self.name, self.armed = 0, "", True
        for name in self.NAMES:
            if hasattr(os, name):
                setattr(os, name, self._failing(name, getattr(os, name), point, number))

    def disarm(self) -> tuple[int, str]:
        self.armed = False
        return self.calls, self.name

    def _failing(self, name: str, real: Callable[..., Any], point: Point, number: int) -> Any:
        def call(*words: Any, **more: Any) -> Any:
            if self.armed:
                self.calls += 1
                if self.calls == point:
                    self.name = name
                    if number == 0:
                        os.kill(os.getpid(), signal.SIGKILL)
                    if number == LATE_INTERRUPT:
                        real(*words, **more)
                    if number < 0:
                        raise KeyboardInterrupt
                    named = words and isinstance(words[0], str | os.PathLike)
                    where = [os.fspath(words[0])] if named else []
                    raise OSError(number, os.strerror(number), *where)
            return real(*words, **more)

        return call


class Preload(Means):
    """Functions of the C library are replaced."""

    def __init__(self, folder: Path) -> None:
        self.library = ctypes.CDLL(None)
        self.library.faults_name.restype = ctypes.c_char_p

    def arm(self, point: Point, number: int) -> None:
        self.library.faults_arm(point, number)

    def disarm(self) -> tuple[int, str]:
        calls = self.library.faults_disarm()
        return calls, self.library.faults_name().decode()


class Strace(Means):
    """System calls fail, or kill, before the kernel has done anything."""

    NAMES = (
        *("open", "openat", "close", "read", "pread64", "write", "lseek", "fsync", "dup", "fcntl"),
        *("rename", "renameat", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat"),
        *("rmdir", "chmod", "fchmod", "fchown", "stat", "lstat", "fstat", "newfstatat", "statx"),
        *("listxattr", "getxattr", "fsetxattr", "flock", "getdents64", "readlink"),
    )

    def arm(self, point: Point, number: int) -> None:
        signal.sigwait({signal.SIGUSR1})  # until it is traced

    def attend(self, child: int, point: Point, number: int) -> None:
        calls = ",".join(f"?{name}" for name in self.NAMES)
        words = ["strace", "-qq", "-o", f"{self.log}", "-e", f"trace={calls}", "-p", str(child)]
        if isinstance(point, tuple):
            fault = f"error={errno.errorcode[number]}" if number else "signal=KILL"
            words += ["-e", f"inject={point[0]}:{fault}:when={point[1]}"]
        self.tracer = subprocess.Popen(words)
        status = Path(f"/proc/{child}/status")
        while "TracerPid:\t0\n" in status.read_text():
            if self.tracer.poll() is not None:
                os.kill(child, signal.SIGKILL)
                raise SystemExit("strace may not trace here")
            time.sleep(0.001)
        os.kill(child, signal.SIGUSR1)

    def points(self, run: Callable[[], str]) -> Sequence[Point]:
        in_child(self, run, NEVER, 1)
        self.tracer.wait()
        found, counts = list[Point](), Counter[str]()
        for line in self.log.read_text().splitlines():
            name = line.partition("(")[0]
            if name in self.NAMES:
                counts[name] += 1
                found.append((name, counts[name]))
        return found

    def __init__(self, folder: Path) -> None:
        self.log = folder / "calls.log"
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})


def in_child(means: Means, run: Callable[[], str], point: Point, number: int) -> dict[str, Any]:
    """What a run in a process of its own says at its end; ``killed`` where it was."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(write, json.dumps(_ended(means, run, point, number)).encode())
        finally:
            os._exit(0)  # whatever happens: what comes behind this is the parent's
    os.close(write)
    means.attend(child, point, number)
    with os.fdopen(read, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    killed = {"said": "killed", "calls": 0, "name": ""}
    found: dict[str, Any] = json.loads(told) if told else killed
    return found if not isinstance(point, tuple) else {**found, "name": point[0]}


def _ended(means: Means, run: Callable[[], str], point: Point, number: int) -> Mapping[str, object]:
    means.arm(point, number)
    try:
        said = run()
    except (OSError, GenlabelError) as error:
        calls, name = means.disarm()
        named = not isinstance(error, OSError) or error.filename is not None
        said = f"raised {type(error).__name__} {error}" + ("" if named else ": names no file")
    except KeyboardInterrupt:
        calls, name = means.disarm()
        said = "interrupted"
    except BaseException as error:  # noqa: BLE001  whatever it is, it is wrong
        calls, name = means.disarm()
        said = f"fell over with {error!r}"
    else:
        calls, name = means.disarm()
    return {"said": said, "calls": calls, "name": name}


MEANS: Mapping[str, type[Means]] = {"python": Python, "preload": Preload, "strace": Strace}
