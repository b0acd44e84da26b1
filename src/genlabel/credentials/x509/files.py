"""Key files: read within bounds, written all or none, secrets for their owner only."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, CredentialError, remedy_of
from genlabel.model.logger import log
from genlabel.storage import PathLike as PathLike

Passphrase = bytes | str | Callable[[], bytes | str] | None
"""A callable is asked only when something is encrypted; text counts as UTF-8."""


MAX_PASSPHRASE = 4096
"""Most bytes of a passphrase file."""
_GITIGNORE = b"# by genlabel: private keys belong into no repository\n*.key\n"
_MAX_READ = 1024 * 1024 + 1
"""One byte more than the largest file that anybody takes here: enough to be refused."""
_CERTIFICATE, _KEY = b"BEGIN CERTIFICATE", b"PRIVATE KEY"
"""In PEM: a file of certificates alone, named for a key by mistake, is no secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenKeys:
    """Where a development authority's files were written."""

    key: Path
    """The signing key, PKCS#8, readable by its owner only."""
    certificates: Path
    """The signing certificate and its intermediate: what goes into every picture."""
    anchors: Path
    """The root: what those who verify need."""
    authority_key: Path | None = None
    """The intermediate's key: of a new authority when it was asked for, or the one kept before."""


def read(path: Path, *, secret: bool = False, warn: bool = True) -> bytes:
    """The file's bytes, bounded; a warning in the log for a `secret` that others can read.

    Without `warn` that is left to the caller. Raises `CredentialError` when it cannot be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_READ)
            if secret and warn and (_CERTIFICATE not in data or _KEY in data):
                warn_if_shared(path)
            return data
    except OSError as error:
        what = "private key" if secret else "certificates"
        raise CredentialError(
            f"{path}: the {what} cannot be read ({error.strerror})",
            remedy="check the path, or make a development credential with `genlabel keys new`"
            if isinstance(error, FileNotFoundError)
            else remedy_of(error),
        ) from error


def warn_if_shared(path: Path) -> None:
    """Says in the log that others can read the private key in `path`, where they can."""
    mode = path.stat().st_mode
    if os.name == "posix" and stat.S_ISREG(mode) and mode & (stat.S_IRWXG | stat.S_IRWXO):
        sentence = "%s: other users of this machine can read the private key; run `chmod 600 %s`"
        log.warning(sentence, path, path)


def passphrase_in(path: Path) -> bytes:
    """A passphrase as editors save it: the line's end does not belong to it."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_PASSPHRASE + 1)
    except OSError as error:
        raise ConfigurationError(
            f"{path}: the passphrase cannot be read ({error.strerror})", remedy=remedy_of(error)
        ) from error
    lines = data.splitlines()
    if len(data) > MAX_PASSPHRASE or len(lines) != 1 or not lines[0]:
        raise ConfigurationError(
            f"{path}: a passphrase file holds one line", remedy="put nothing else into it"
        )
    return lines[0]


def write(home: Path, *, secret: Mapping[str, bytes], public: Mapping[str, bytes]) -> None:
    """Writes files by name into the folder `home`, which is made if need be.

    Secret files are for their owner only, from their first moment; in a git repository they get a
    `.gitignore` beside them, or the log says that they could be committed. Raises
    `CredentialError`, and leaves nothing behind, when a name is taken or the folder cannot be
    written to.
    """
    taken = [name for name in (*secret, *public) if os.path.lexists(home / name)]
    if taken:
        raise _taken(home / taken[0])
    written: list[Path] = []
    try:
        home.mkdir(parents=True, exist_ok=True)
        for contents, mode in ((public, 0o644), (secret, 0o600)):
            for name, content in contents.items():
                _write_new(home / name, content, mode, written)
        if secret:
            _keep_out_of_git(home, secret)
    except BaseException as error:
        for path in written:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise CredentialError(
                f"{home}: the keys cannot be written there ({error.strerror})",
                remedy="choose a folder in which you may write",
            ) from error
        raise


def _write_new(path: Path, content: bytes, mode: int, written: list[Path]) -> None:
    """Creates `path` with `mode`; O_EXCL so that nothing, a link included, is written through."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags, mode)
    except FileExistsError as error:
        raise _taken(path) from error
    written.append(path)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep_out_of_git(home: Path, secret: Iterable[str]) -> None:
    """Private keys in a repository are ignored, or somebody is told; a file there is left alone."""
    folders = [home.absolute(), *home.absolute().parents]
    root = next((each for each in folders if os.path.lexists(each / ".git")), None)
    if root is None:
        return
    inside = folders[: folders.index(root) + 1]
    if any(_ignores(folder / ".gitignore", secret) for folder in inside):
        return
    path = home / ".gitignore"
    try:
        _write_new(path, _GITIGNORE, 0o644, [])
    except (CredentialError, OSError):  # there is one already, or a link, or a directory
        sentence = "%s: lies in a git repository and could be committed; put *.key into %s"
        log.warning(sentence, home / next(iter(secret)), path)


def _ignores(path: Path, names: Iterable[str]) -> bool:
    """Does the `.gitignore` at `path` keep all of `names` out, as far as its plain lines say?"""
    try:
        with path.open("rb") as file:
            lines = file.read(_MAX_READ).decode("utf-8", "replace").split("\n")
    except OSError:
        return False
    rules = {line.strip() for line in lines}
    if any(rule.startswith("!") for rule in rules):
        return False
    return all({"*", "*.key", name} & rules for name in names)


def _taken(path: Path) -> CredentialError:
    return CredentialError(
        f"{path}: exists already, and keys are never overwritten",
        remedy="choose another folder, or move the old keys away",
    )
