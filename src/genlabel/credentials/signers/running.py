"""Running a program that is asked for something: without a shell, bounded in time and output."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from typing import IO

from genlabel.model.errors import SigningError

TIME_LIMIT = 30.0
"""Seconds until an answer is no longer waited for: enough for a card reader and a network."""
GRACE = 1.0
"""Seconds for reading what is still in the pipes after the program has ended: an agent that it left
behind may hold them open for ever."""
MAX_TALK = 4096
"""Most bytes of stderr that are kept; what follows is read and forgotten."""
SHOWN = 300
"""Most characters of stderr in a sentence."""

_PRIVATE = ("GENLABEL_PASSPHRASE",)
"""Variables that are genlabel's own secrets and no program's business."""


def run(command: Sequence[str], data: bytes, *, name: str, most: int) -> bytes:
    """What the program wrote to stdout, given `data` on stdin.

    `name` names it in the sentence of the `SigningError` that is raised when it cannot be started,
    does not end in time, ends with another status than 0, writes more than `most` bytes or nothing.
    """
    surroundings = {each: value for each, value in os.environ.items() if each not in _PRIVATE}
    try:
        process = subprocess.Popen(  # noqa: S603  the user's own choice, never a repository's
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=surroundings,
        )
    except OSError as error:
        raise SigningError(
            f"{name}: cannot be started ({error.strerror or error})",
            remedy="see that it is there and may be executed",
        ) from error
    answer, talk = bytearray(), bytearray()
    threads = [
        threading.Thread(target=work, args=arguments, daemon=True)
        for work, arguments in (
            (_feed, (process.stdin, data)),
            (_drain, (process.stdout, answer, most, process)),
            (_drain, (process.stderr, talk, MAX_TALK, None)),
        )
    ]
    for each in threads:
        each.start()
    try:
        status = process.wait(TIME_LIMIT)
        deadline = time.monotonic() + GRACE
        for each in threads:
            each.join(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise SigningError(
            f"{name}: no answer within {TIME_LIMIT:g} seconds",
            remedy="try it by hand; nothing was signed",
        ) from None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if len(answer) > most:
        raise SigningError(
            f"{name}: answered with more than {most:,} bytes",
            remedy="let it write the raw answer to stdout, and its talk to stderr",
        )
    if status != 0:
        raise SigningError(f"{name}: ended with status {status}{_said(talk)}", remedy=_SEE)
    if not answer:
        raise SigningError(f"{name}: wrote nothing to stdout{_said(talk)}", remedy=_SEE)
    return bytes(answer)


_SEE = "nothing was signed; try the program by hand"


def _feed(stream: IO[bytes], data: bytes) -> None:
    try:
        with stream:
            stream.write(data)
    except OSError:
        return  # it did not want to read: its answer and status tell


def _drain(
    stream: IO[bytes], into: bytearray, most: int, process: subprocess.Popen[bytes] | None
) -> None:
    """Reads to the end. One byte beyond `most` is kept, and then `process`, if given, is killed."""
    with stream:
        while chunk := stream.read1(65536):  # type: ignore[attr-defined]
            into += chunk[: most + 1 - len(into)]
            if len(into) > most and process is not None:
                process.kill()
                return


def _said(talk: bytes | bytearray) -> str:
    """What it said on stderr, escaped; of much the end, where programs put the reason."""
    text = " ".join(bytes(talk[:MAX_TALK]).decode("utf-8", "replace").split())
    if not text:
        return ""
    shown = text if len(text) <= SHOWN else "…" + text[-SHOWN:]
    escaped = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in shown)
    return f": {escaped}"
