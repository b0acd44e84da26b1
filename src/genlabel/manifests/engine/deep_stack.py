"""Room for the engine's recursion: what goes through many manifests has a stack that holds them.

The engine walks ingredients by recursion. A thread of 512 KB, which macOS and musl give, overflows
below a hundred levels, and that ends the process.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any, TypeVar

T = TypeVar("T")

FEW = 24
"""Manifests that fit onto any stack, however they lie below each other."""
STACK = 32 * 1024 * 1024
"""Bytes of address space; of memory only what is used."""
_MANIFEST = re.compile(rb"c2ma|c2um|c2cm")
"""Types of the superboxes of manifests: standard, update and compressed (C2PA 2.4 §11.1)."""
_starting = threading.Lock()


def manifests_in(store: bytes) -> int:
    """About how many manifests a store has, and never fewer than are read one below the other."""
    return sum(1 for _ in _MANIFEST.finditer(store))


def with_room(manifests: int, call: Callable[[], T]) -> T:
    """What `call` gives; on a larger stack where it goes through many manifests.

    An interrupt is heard when the engine has come back.
    """
    if manifests <= FEW:
        return call()
    outcome: list[Any] = []
    context = copy_context()

    def run() -> None:
        try:
            outcome.append((context.run(call), None))
        except BaseException as error:  # noqa: BLE001  which is raised where it was asked for
            outcome.append((None, error))

    thread = threading.Thread(target=run, name="genlabel-engine", daemon=True)
    with _starting:
        before = threading.stack_size(STACK)
        try:
            thread.start()
        finally:
            threading.stack_size(before)
    try:
        thread.join()
    except BaseException:
        thread.join()  # it works on what its caller holds
        raise
    answer, error = outcome[0]
    if error is not None:
        raise error
    result: T = answer
    return result
