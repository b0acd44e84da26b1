"""State files: what a run has begun and done, so that the next one goes on where it was ended.

One JSON object a line, only ever added to, by several processes at a time. A line that was cut off
with its writer counts for nothing, and what it would have said is found out again.
"""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.storage import locks

SCHEMA = "genlabel.state/1"
MAX_LINE = 1024 * 1024
"""Most bytes of one line."""
PATIENCE = 20.0
"""Seconds for which what an ended run is still at is waited for: processes that outlive it."""
_PAUSE = 0.1
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True, slots=True)
class Writer:
    """Adds lines to a state file; a value, of which each process opens its own file."""

    path: Path
    fsync: bool
    _open: list[int] = field(default_factory=list, compare=False, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return Writer, (self.path, self.fsync)

    def add(self, content: Mapping[str, Any], *, lasting: bool = False) -> None:
        """Add one line; one that is to be `lasting` outlives a crash of the machine, if `fsync`.

        The line end before it parts it from one that was cut off. Raises `OSError`.
        """
        line = b"\n" + json.dumps(content, separators=(",", ":")).encode() + b"\n"
        descriptor = self.opened()
        os.write(descriptor, line)
        if lasting and self.fsync:
            os.fsync(descriptor)

    def opened(self) -> int:
        """The open file; threads that share it have it opened before. Raises `OSError`."""
        if not self._open:
            self._open.append(os.open(self.path, _FLAGS, 0o666))
            locks.share(self._open[0])  # who comes next sees that this process is still at it
        return self._open[0]

    def close(self) -> None:
        """Nothing more is added by this process."""
        while self._open:
            locks.let_go(self._open.pop())


@dataclass(slots=True)
class StateFile:
    """A state file that is in use by this run: nobody else's begins with it meanwhile."""

    path: Path
    entries: dict[str, dict[str, Any]]
    """The last line about each thing, by the key that whoever wrote it gave it."""
    _descriptor: int

    @classmethod
    def opened(cls, path: Path) -> StateFile:
        """The file at `path`, which is made if there is none.

        Raises `ConfigurationError` for a file that is no state file, or in use by another run.
        """
        try:
            descriptor = os.open(path, _FLAGS, 0o666)
        except OSError as error:
            raise ConfigurationError(
                f"{path}: the state cannot be kept there ({error.strerror})",
                remedy="name a file in a folder that may be written",
            ) from error
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ConfigurationError(f"{path}: is no regular file", remedy="name another one")
            _wait(descriptor, path)
            lines = list(_lines(path))
            if not lines:
                os.write(descriptor, b"\n" + json.dumps({"schema": SCHEMA}).encode() + b"\n")
            return cls(path, {each["key"]: each for each in lines[1:]}, descriptor)
        except BaseException:
            locks.let_go(descriptor)
            raise

    def close(self) -> None:
        """Let others use it."""
        locks.let_go(self._descriptor)


def _wait(descriptor: int, path: Path) -> None:
    """Until nobody else is at it; then nobody else begins with it."""
    until = time.monotonic() + PATIENCE
    while locks.take(descriptor) is False:
        if time.monotonic() > until:
            raise ConfigurationError(
                f"{path}: is in use by another run", remedy="wait for its end, or name another file"
            )
        time.sleep(_PAUSE)
    locks.share(descriptor)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The head and all lines behind it that are whole; nothing of a new file.

    Raises `ConfigurationError` for another kind of file.
    """
    seen = False
    is_head_due = True
    with path.open("rb") as file:
        while line := file.readline(MAX_LINE):
            content = _read(line)
            if content is None:
                seen = seen or (bool(line.strip()) and not _head().startswith(line.strip()))
                continue
            if is_head_due and (content.get("schema") != SCHEMA or seen):
                seen = True
                break
            if is_head_due or isinstance(content.get("key"), str):
                is_head_due = False
                yield content
    if is_head_due and seen:
        raise ConfigurationError(
            f"{path}: is no state file, and nothing is added to it",
            remedy="name a new file, or one that an earlier --state has written",
        )


def _head() -> bytes:
    return json.dumps({"schema": SCHEMA}).encode()


def _read(line: bytes) -> dict[str, Any] | None:
    """The object on a line; None for a line that was cut off."""
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None
