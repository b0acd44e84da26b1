"""The SHA-256 of a file, taken beside other work: a large file is hashed by a thread of its own."""

from __future__ import annotations

import hashlib
from functools import partial
from types import TracebackType
from typing import Self

from genlabel.storage import buffers
from genlabel.storage.beside import Beside
from genlabel.storage.buffers import Buffer


class FileHash:
    """SHA-256 over `data`, under way from `with` on; whoever leaves early stops it.

    hashlib lets go of the interpreter, so that on a second core it costs no time. What is small is
    hashed when it is asked for.
    """

    def __init__(self, data: Buffer) -> None:
        self._stop: list[bool] = []
        # no method of this object: a cycle would keep the file in memory until Python looks for one
        hashing = partial(_hash, data, self._stop)
        self._beside = Beside(hashing, worthwhile=len(data) >= buffers.LARGE)

    def __enter__(self) -> Self:
        self._beside.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.append(True)
        self._beside.__exit__(kind, error, traceback)

    def hexdigest(self) -> str:
        """The hash, hexadecimal. Waits for it; raises what went wrong with the file meanwhile."""
        return self._beside.result()


def _hash(data: Buffer, stop: list[bool]) -> str:
    """Ends before the end of `data` as soon as there is anything in `stop`."""
    digest = hashlib.sha256()
    # smaller ones: somebody else passes over the same mapping, whose pages go each time, too
    for part in buffers.strides(data, max(1, buffers.STRIDE // 2)):
        if stop:
            break
        digest.update(part)
    return digest.hexdigest()
