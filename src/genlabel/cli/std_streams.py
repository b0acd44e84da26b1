"""Standard streams: all three are there, whatever was closed, and native libraries write to none.

A descriptor that is closed would be the next file's: a result, into which libraries then write
their complaints. Those go to descriptor 2 by themselves, past Python, so that is `/dev/null` here,
and our messages have a descriptor of their own.
"""

from __future__ import annotations

import faulthandler
import io
import os
import sys
from contextlib import suppress
from typing import TextIO

_INPUT, _OUTPUT, _MESSAGES = range(3)
# Whoever reads from or writes to a stream that is closed is told so: these cannot do it either.
_CLOSED = {_INPUT: os.O_WRONLY, _OUTPUT: os.O_RDONLY, _MESSAGES: os.O_RDWR}
_prepared: list[bool] = []


def are_prepared() -> bool:
    """Is this process a program of ours, and no other one that has called a command?"""
    return bool(_prepared)


def prepare() -> None:
    """Make `sys.stdout` and `sys.stderr` usable streams that show what they cannot encode."""
    _prepared.append(True)
    for descriptor, mode in _CLOSED.items():
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, mode)  # which gets the lowest number that is free: this one
    sys.stdout = _readied(sys.stdout, _OUTPUT)
    if sys.stderr is None or _is_system(sys.stderr):
        ours = os.dup(_MESSAGES)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, _MESSAGES)
        os.close(silence)
        sys.stderr = _text(ours, encoding=getattr(sys.stderr, "encoding", None))
        with suppress(OSError, ValueError, RuntimeError):
            faulthandler.enable(ours)  # a crash of native code would be silent
    else:
        sys.stderr = _readied(sys.stderr, _MESSAGES)


def settle() -> None:
    """What could not be written is given up: Python would complain again when it ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            discard(stream)


def discard(stream: TextIO) -> None:
    """Whatever is still to be written to `stream` goes nowhere."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _is_system(stream: TextIO) -> bool:
    try:
        return stream.fileno() == _MESSAGES
    except (OSError, ValueError, AttributeError):
        return False


def _readied(stream: TextIO | None, descriptor: int) -> TextIO:
    if stream is None:
        return _text(descriptor, encoding=None)
    if isinstance(stream, io.TextIOWrapper):
        # A console that knows no Chinese shows an escape; it is no reason to fall over.
        stream.reconfigure(errors="backslashreplace")
    return stream


def _text(descriptor: int, *, encoding: str | None) -> TextIO:
    return open(
        descriptor,
        "w",
        encoding=encoding or "utf-8",
        errors="backslashreplace",
        buffering=1,
        closefd=False,
    )
