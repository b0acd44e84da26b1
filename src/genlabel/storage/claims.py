"""Giving a finished file its name, if nobody has it: each system has another way."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import sys
from pathlib import Path

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}
"""How file systems without hard links say so."""
_HERE, _NO_REPLACE = -100, 1  # AT_FDCWD and RENAME_NOREPLACE of <fcntl.h> and <linux/fs.h>


def claim(temporary: str, target: Path) -> None:
    """The file at `temporary` is called `target` from now on, and `temporary` no more.

    Raises `FileExistsError` where the name is taken, even if it was a moment ago, and `OSError`.
    """
    if os.name == "nt":
        os.rename(temporary, target)  # noqa: PTH104  refuses names that are taken, on Windows only
        return
    try:
        os.link(temporary, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if not _is_renamed(temporary, target):
            _replace_empty(Path(temporary), target)
        return
    with contextlib.suppress(OSError):  # the file has its name; its second one is swept
        os.unlink(temporary)  # noqa: PTH108


def _is_renamed(temporary: str, target: Path) -> bool:
    """Rename without replacing, as Linux does also on FAT and shares; False where nobody can.

    The standard library knows no name for it.
    """
    if sys.platform != "linux":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):  # a C library before glibc 2.28
        return False
    names = os.fsencode(temporary), os.fsencode(target)
    if library.renameat2(_HERE, names[0], _HERE, names[1], _NO_REPLACE) == 0:
        return True
    number = ctypes.get_errno()
    if number in {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}:
        return False
    raise OSError(number, os.strerror(number), os.fspath(target))


def _replace_empty(temporary: Path, target: Path) -> None:
    """The last resort: an empty file holds the name for a moment."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    try:
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            if target.stat().st_size == 0:
                target.unlink()
        raise
