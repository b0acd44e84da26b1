"""Writing a picture and the manifest beside it, so that at every moment what is there verifies.

A pending manifest (see `pending`) stands for the new one from before the picture is replaced until
both are in their places. What fails between is undone by the old picture's second name.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from genlabel.model.report import Finding
from genlabel.storage import locks, pending, temporaries
from genlabel.storage.atomic import Output, Writing


def look_at(*outputs: Output | None) -> None:
    """Raise what writing these would raise of their places. Nothing is touched."""
    for output in outputs:
        if output is not None:
            Writing(output, fsync=False).look()


def write_outputs(
    picture: Output | None, sidecar: Output | None, *, sha256: str = "", fsync: bool = True
) -> tuple[Finding, ...]:
    """Write the picture, the manifest beside it, or both as one; notes on what was not possible.

    `sha256` is the hash of the new picture, hexadecimal, where both are written. Raises `OSError`,
    or `SigningError` where a file is not as it was read; then nothing has changed.
    """
    if picture is not None and sidecar is not None:
        return _write_both(picture, sidecar, sha256, fsync=fsync)
    notes: list[Finding] = []
    for output in (picture, sidecar):
        if output is None:
            continue
        with Writing(output, fsync=fsync) as writing:
            writing.prepare()
            writing.place()
            writing.settle()
        notes += writing.notes
    return tuple(notes)


def _write_both(
    picture: Output, sidecar: Output, sha256: str, *, fsync: bool
) -> tuple[Finding, ...]:
    assert isinstance(sidecar.data, bytes), "manifests are in memory"
    # beside the manifest: the picture may be a link that leads elsewhere
    beside = sidecar.path.with_name(picture.path.name)
    journal = pending.output_for(beside, sidecar.path, sha256, sidecar.data)
    _require_settled(journal.path)
    with ExitStack() as stack:
        writings = [Writing(output, fsync=fsync) for output in (picture, sidecar, journal)]
        first, second, third = map(stack.enter_context, writings)
        for writing in writings:
            writing.prepare()
        for writing in writings:
            writing.check()
        was_there = first.target.exists()
        old = stack.enter_context(_second_name(first.target)) if was_there else None
        try:
            third.place()
            third.settle()
            first.place()
            second.place()
            first.settle()
            second.settle()
        except BaseException:
            if _is_undone(first, second, old, was_there=was_there) and third.is_placed():
                pending.remove(journal.path)
            raise
        pending.remove(journal.path)
    return (*first.notes, *second.notes)


def _require_settled(journal: Path) -> None:
    """Raise `OSError` (EBUSY) where another run is writing the same two files."""
    if os.path.lexists(journal) and not pending.settle(journal):
        raise OSError(
            errno.EBUSY,
            "Another run is writing this picture and its manifest, or one on another machine was "
            "ended less than a day ago",
            os.fspath(journal),
        )


def _is_undone(first: Writing, second: Writing, old: Path | None, *, was_there: bool) -> bool:
    """Put the old picture back, if the new one has got its place and its manifest has not.

    Which of them have is looked at, not remembered: an interrupt may come behind any call. False
    where there is no way back: then the pending manifest stays, by which the new picture verifies.
    """
    if not first.is_placed() or second.is_placed():
        return True
    try:
        if old is not None:
            old.replace(first.target)
        elif not was_there:
            first.target.unlink()
        else:
            return False
    except OSError:
        return False
    return True


@contextmanager
def _second_name(path: Path) -> Iterator[Path | None]:
    """Another name for the file at `path` while this lasts; None where it cannot have one.

    It looks like a temporary file, and is locked as one, so that it is swept when we are killed.
    """
    name: Path | None = path.with_name(temporaries.name_for(path))
    assert name is not None
    with ExitStack() as stack:
        stack.callback(pending.remove, name)
        try:
            os.link(path, name)
        except OSError:  # no hard links here, or not of somebody else's file
            name = None
        else:
            with suppress(OSError):
                descriptor = os.open(name, os.O_RDONLY)
                stack.callback(locks.let_go, descriptor)
                locks.take(descriptor)
        yield name
