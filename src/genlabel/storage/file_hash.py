"""The SHA-256 of a file, taken beside other work: a large file is hashed by a thread of its own."""

from __future__ import annotations

import hashlib
from threading import Event, Thread
from types import TracebackType
from typing import Self

from genlabel.storage import buffers
from genlabel.storage.buffers import Buffer


class FileHash:
    """SHA-256 over `data`, under way from `with` on; whoever leaves early stops it.

    hashlib lets go of the interpreter, so that on a second core it costs no time. What is small is
    hashed when it is asked for.
    """

    def __init__(self, data: Buffer) -> None:
        self._data = data
        self._digest = hashlib.sha256()
        self._stopped = Event()
        self._error: OSError | ValueError | None = None
        large = len(data) >= buffers.LARGE
        self._thread = Thread(target=self._hash_beside, daemon=True) if large else None

    def __enter__(self) -> Self:
        if self._thread is not None:
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def hexdigest(self) -> str:
        """The hash, hexadecimal. Waits for it; raises what went wrong with the file meanwhile."""
        if self._thread is None:
            self._hash()
        else:
            self._thread.join()
        if self._error is not None:
            raise self._error
        return self._digest.hexdigest()

    def _hash_beside(self) -> None:
        try:
            self._hash()
        except (OSError, ValueError) as error:  # told where the hash is asked for
            self._error = error

    def _hash(self) -> None:
        for part in buffers.strides(self._data):
            if self._stopped.is_set():
                return
            self._digest.update(part)
