"""Writing a file whole or not at all, whatever happens on the way."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.report import Finding, Severity
from genlabel.storage import buffers, links, locks
from genlabel.storage.attributes import Times, date, dress
from genlabel.storage.buffers import Buffer
from genlabel.storage.claims import claim
from genlabel.storage.during import during
from genlabel.storage.temporaries import Temporary
from genlabel.storage.versions import Seen

Contents = Buffer | Iterable[Buffer]

_NO_SYNC = {
    *(errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF),
    *(errno.EACCES, errno.EPERM),
}
"""How file systems that cannot be waited for say so, such as shares and drvfs."""
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A file that is to be written: where, what, and what it may replace."""

    path: Path
    data: Contents
    like: Path | None = None
    """Whose mode, owner and extended attributes it gets, as far as the system allows."""
    overwrite: bool = False
    follow: bool = True
    """Is a symbolic link at `path` followed, and its target written?"""
    below: Path | None = None
    """The folder below which no link on the way to `path` is followed either."""
    unchanged: Sequence[Seen] = ()
    """Files that must be as they were read when this one gets its place."""
    force: bool = False
    """May it replace a file that is write-protected?"""
    times: Times | None = None
    """When it was read and changed last, as the system is to say of it; None for now."""


def write_atomically(
    path: str | os.PathLike[str],
    data: Contents,
    *,
    like: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    fsync: bool = True,
    force: bool = True,
) -> Path:
    """Makes `path` hold `data`, or leaves everything as it was; the file that was written.

    `like` is the file whose mode, owner and extended attributes the new one gets, as far as the
    system allows; else the umask decides. With `overwrite`, a symbolic link stays and its target is
    replaced; without, a name that is taken is `FileExistsError`, even if it was taken a moment ago.
    Without `force`, `ConfigurationError` says that a file is write-protected. Missing directories
    are made. Without `fsync` a crash of the machine (not of the program) may lose the result.
    Raises `OSError` and leaves no temporary file; other hard links of a replaced file keep the old
    contents.
    """
    pattern = None if like is None else Path(like)
    output = Output(path=Path(path), data=data, like=pattern, overwrite=overwrite, force=force)
    writing = Writing(output, fsync=fsync)
    with writing:
        writing.prepare()
        writing.place()
        writing.settle()
    return writing.target


class Writing:
    """One `Output` on its way: prepared beside its place, then placed, then settled on the disk.

    As a context it leaves nothing behind but a file that was placed.
    """

    def __init__(self, output: Output, *, fsync: bool) -> None:
        """Nothing is touched yet."""
        self.output = output
        follow = output.overwrite and output.follow
        self.target = Path(os.path.realpath(output.path)) if follow else output.path
        self.notes: list[Finding] = []
        self._fsync = fsync
        self._temporary = Temporary(self.target)
        self._new_folders: list[Path] = []
        self._folder: int | None = None
        """Its open directory, where that can be waited for."""

    def __enter__(self) -> Writing:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._temporary.discard()
        if self._folder is not None:
            locks.let_go(self._folder)
        if kind is not None:
            for folder in self._new_folders:
                with contextlib.suppress(OSError):  # somebody uses it by now
                    folder.rmdir()

    def prepare(self) -> None:
        """Check the place and fill the temporary file beside it. Raises `OSError`."""
        output, target = self.output, self.target
        self.look()
        folder, name = os.path.split(target)
        if not os.path.isdir(folder or os.curdir):  # noqa: PTH112  of each of many files
            with during("making the directory", folder):
                self._make_folders()
        temporary = self._temporary
        with during(f"writing the temporary file for {name}", temporary.place):
            # Nobody else may read what replaces a private file, not even for the moment until its
            # mode is set; otherwise the process's own umask decides.
            is_private = output.like is not None
            whole = buffers.file_of(output.data)
            descriptor = None if whole is None else temporary.adopt(whole, private=is_private)
            parts: Iterable[Buffer] = ()
            if descriptor is None:
                descriptor = temporary.open(0o600 if is_private else buffers.PUBLIC)
                parts = [output.data] if isinstance(output.data, Buffer) else output.data
            elif isinstance(output.data, memoryview):
                buffers.tell(len(output.data), len(output.data))  # it was written before
            # Closing a copy: what a share says of the bytes only then is heard in time.
            with open(os.dup(descriptor), "wb") as file:  # noqa: PTH123  a number
                for part in parts:
                    buffers.append(file, part)
                file.flush()
                if output.like is not None:
                    self.notes.extend(dress(file.fileno(), temporary.place, output.like))
                if self._fsync:
                    self.notes.extend(_sync(file.fileno(), target))
        if self._fsync and os.name == "posix":
            self._open_folder()

    def check(self) -> None:
        """Raise `SigningError` or `OSError` where the place is not what it was any more."""
        output = self.output
        if not output.follow:
            links.refuse(output.path, below=output.below)
        for seen in output.unchanged:
            seen.require_unchanged()

    def place(self) -> None:
        """Give the finished file its name. Raises `OSError`, or `SigningError` as `check` does."""
        self.check()
        with during("giving it its place", self.output.path):
            if self.output.times is not None:
                # not before: an old temporary file is taken for one that was left
                descriptor, place = self._temporary.descriptor, self._temporary.place
                self.notes.extend(date(descriptor, place, self.output.times, self.target))
            if os.name == "nt":
                self._temporary.close()  # what is open is not renamed there
            if self.output.overwrite:
                os.replace(self._temporary.place, self.target)  # noqa: PTH105
            else:
                claim(self._temporary.place, self.target)

    def settle(self) -> None:
        """Wait until the new name itself is on the disk. Raises `OSError`."""
        if self._folder is not None:
            with during("waiting for its name to be on the disk", self.target.parent):
                self.notes.extend(_sync(self._folder, self.target.parent))

    def is_placed(self) -> bool:
        """Is it our file that has the name now?"""
        try:
            status = self.target.lstat()
        except OSError:
            return False
        return (status.st_dev, status.st_ino) == self._temporary.identity

    def look(self) -> None:
        """Raise `OSError` or `ConfigurationError` where the place is none for this file."""
        output, target = self.output, self.target
        if not output.follow:
            links.refuse(output.path, below=output.below)
        with during("looking at its place", target):
            try:
                status = os.lstat(target)
            except (FileNotFoundError, NotADirectoryError):
                return  # what is wrong with the way there is found when directories are made
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
        if not output.overwrite:
            why = "exists already; overwrite=True (--overwrite) lets it be replaced"
            raise FileExistsError(errno.EEXIST, why, str(target))
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "No regular file", str(target))
        if not output.force and not status.st_mode & _WRITABLE:
            raise ConfigurationError(
                f"{target}: is write-protected",
                remedy="replace it all the same with --force (in Python force=True), or write "
                "elsewhere",
            )
        if status.st_nlink > 1:
            others = f"{status.st_nlink - 1} other name{'s' if status.st_nlink > 2 else ''}"
            self.notes.append(
                Finding(
                    "genlabel.file.hard-link",
                    severity=Severity.NOTE,
                    where=str(target),
                    explanation=f"{others} of the file that was replaced (hard links) still "
                    "lead to its old contents",
                )
            )

    def _make_folders(self) -> None:
        """Makes the target's directory; those that were missing go when nothing is written."""
        missing, folder = [], self.target.parent
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        for each in reversed(missing):
            self._new_folders.insert(0, each)  # innermost first, as they are removed
            each.mkdir(exist_ok=True)

    def _open_folder(self) -> None:
        """Before anything has changed: what cannot be opened cannot be waited for."""
        folder = self.target.parent
        try:
            with during("opening it, to wait for the disk", folder):
                self._folder = os.open(folder, os.O_RDONLY)
        except OSError as error:
            if error.errno not in _NO_SYNC:
                raise
            self.notes.append(_unsynced(folder, error))


def _sync(descriptor: int, path: Path) -> Iterator[Finding]:
    """Waits for the disk; a note where nobody can."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
        yield _unsynced(path, error)


def _unsynced(path: Path, error: OSError) -> Finding:
    return Finding(
        "genlabel.file.unsynced",
        severity=Severity.NOTE,
        where=str(path),
        explanation="this file system cannot be asked to write to the disk now "
        f"({os.strerror(error.errno or 0)}): a crash of the machine may lose the result",
    )
