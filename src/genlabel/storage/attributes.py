"""What a file has beside its bytes: mode, owner, access list, extended attributes, times.

What the system refuses is left out: the picture is written, and a note says what it lacks.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from genlabel.model.report import Finding, Severity
from genlabel.storage.during import during

Times = tuple[int, int]
"""Moments of the last reading and of the last change, in nanoseconds since 1970."""

_MAX_ATTRIBUTES = 256
_SAID = ("user.", "system.posix_acl_")
"""Attributes of people; security.* and trusted.* are the system's own, and it sets them."""
_FOREIGN = stat.S_ISUID | stat.S_ISGID
"""Bits that lend the owner's rights: with another owner they would lend those of somebody else."""


def dress(descriptor: int, path: str, like: Path) -> Iterator[Finding]:
    """Give the open file at `path` all that `like` has; notes on what is refused.

    Owner first: changing it takes mode bits away. Raises `OSError` where `like` is gone.
    """
    with during("looking at the file that it replaces", like):
        pattern = like.stat()
    mode = stat.S_IMODE(pattern.st_mode)
    if os.name == "posix":
        own = os.fstat(descriptor)
        if (own.st_uid, own.st_gid) != (pattern.st_uid, pattern.st_gid):
            refused = _give_away(descriptor, pattern.st_uid, pattern.st_gid)
            if refused is not None:
                mode &= ~_FOREIGN
                yield _note(like, f"its owner could not be kept ({refused.strerror})")
        yield from _copy_attributes(descriptor, like)
    try:
        # by its descriptor where the system can, whoever has taken the name meanwhile
        os.chmod(descriptor if os.chmod in os.supports_fd else path, mode)  # noqa: PTH101
    except OSError as error:
        yield _note(like, f"its mode could not be kept ({error.strerror})")


def times_of(path: str | os.PathLike[str]) -> Times:
    """The times of the file at `path`, links followed. Raises `OSError`."""
    status = os.stat(path)  # noqa: PTH116  # a PathLike as it came
    return status.st_atime_ns, status.st_mtime_ns


def date(descriptor: int, path: str, times: Times, target: Path) -> Iterator[Finding]:
    """Give the file at `path`, which is to become `target`, these times; a note if that is refused.

    `descriptor` is its open one; negative where it is closed already.
    """
    by_descriptor = descriptor >= 0 and os.utime in os.supports_fd
    try:
        os.utime(descriptor if by_descriptor else path, ns=times)
    except (OSError, OverflowError) as error:
        yield _note(target, f"its time could not be kept ({error})")


def _give_away(descriptor: int, user: int, group: int) -> OSError | None:
    """Owner and group, else the group alone: only the superuser gives files away."""
    first = None
    for each in (user, -1):
        try:
            os.fchown(descriptor, each, group)
        except OSError as error:
            first = first or error
            continue
        break
    return first


def _copy_attributes(descriptor: int, like: Path) -> Iterator[Finding]:
    """Extended attributes, access lists among them, where the system has them (Linux)."""
    if not hasattr(os, "listxattr"):
        return
    try:
        names = os.listxattr(like)[:_MAX_ATTRIBUTES]
    except OSError:
        return
    for name in names:
        try:
            os.setxattr(descriptor, name, os.getxattr(like, name))
        except OSError as error:
            if name.startswith(_SAID):
                yield _note(like, f"its attribute {name} could not be kept ({error.strerror})")


def _note(path: Path, what: str) -> Finding:
    return Finding(
        "genlabel.file.attributes", severity=Severity.NOTE, where=str(path), explanation=what
    )
