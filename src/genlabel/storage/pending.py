"""Pending manifests: what a picture's new manifest is while the two are not both in their places.

A picture and the manifest beside it are two files, and no system renames two at once. So the new
manifest is first written into a third one, with the hash of the picture to which it belongs. Until
the picture is replaced, readers find that it does not fit and take the old manifest; from then on
it fits, and they take it. When both are in their places, it goes. A run that ended between leaves
it, and the next one finishes or undoes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass
from genlabel.model.expression import expression
from genlabel.storage import locks, temporaries
from genlabel.storage.buffers import Buffer, strides
from genlabel.storage.during import during, reading
from genlabel.storage.file_contents import contents
from genlabel.storage.sidecars import MAX_SIDECAR, stem_name, whole_name

if TYPE_CHECKING:
    from genlabel.storage.atomic import Output

_NAME = expression(r"\.genlabel-[0-9a-f]{16}\.pending")
"""By a hash of the picture's name, so that no name becomes too long."""
_MAX_HEADER = 4096
"""Bytes of the line before the manifest: a name of 255 characters with each of them escaped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A manifest that is not in its place yet, and the picture to which it belongs."""

    path: Path
    picture: Path
    sidecar: Path
    """Where the manifest goes."""
    sha256: str
    """Of the picture, hexadecimal."""
    store: bytes
    maker: str
    """The machine on which it was written."""

    def fits(self, data: Buffer) -> bool:
        """Are these the bytes of the picture to which it belongs?"""
        return sha256(strides(data)) == self.sha256


def path_for(picture: Path) -> Path:
    """Where the pending manifest of `picture` lies."""
    return picture.with_name(_called(picture.name))


def place_for(picture: str | os.PathLike[str]) -> str:
    """That as a text: it is asked for beside each of many files, and hardly ever there."""
    folder, name = os.path.split(picture)
    return os.path.join(folder, _called(name))  # noqa: PTH118


def _called(name: str) -> str:
    """The pending manifest's name for a picture of that `name`."""
    return f".genlabel-{hashlib.sha256(os.fsencode(name)).hexdigest()[:16]}.pending"


def is_ours(name: str) -> bool:
    """Is it the name of a pending manifest?"""
    return name.startswith(".genlabel-") and _NAME.fullmatch(name) is not None


def output_for(picture: Path, sidecar: Path, digest: str, store: bytes) -> Output:
    """The file that says that `store` is the manifest of that `picture` whose hash is `digest`."""
    from genlabel.storage.atomic import Output

    header = {
        "picture": picture.name,
        "sidecar": sidecar.name,
        "sha256": digest,
        "machine": temporaries.machine(),
    }
    line = json.dumps(header).encode("ascii") + b"\n"
    return Output(path=path_for(picture), data=[line, store], follow=False)


def beside(picture: Path) -> Pending | None:
    """The pending manifest beside `picture`; None without one. Raises `OSError`."""
    return read(path_for(picture)) if os.path.lexists(place_for(picture)) else None


def read(path: Path) -> Pending | None:
    """The pending manifest in the file at `path`; None where there is none that we have written."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        if path.is_symlink():
            return None
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError, ValueError):  # the last: a NUL in the name
        return None
    with reading(path), os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        line = file.readline(_MAX_HEADER)
        store = file.read(MAX_SIDECAR + 1)
    try:
        header = json.loads(line)
        names = [header[name] for name in ("picture", "sidecar", "sha256", "machine")]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not all(isinstance(each, str) for each in names) or len(store) > MAX_SIDECAR:
        return None
    return _checked(path, *names, store=store)


def _checked(
    path: Path, picture: str, sidecar: str, digest: str, maker: str, *, store: bytes
) -> Pending | None:
    """It, if it lies where we would have put it and names what we would have written."""
    if not picture or Path(picture).name != picture or "\0" in picture:
        return None
    place = path.with_name(picture)
    if path_for(place) != path:
        return None
    if sidecar not in (whole_name(place).name, stem_name(place).name):
        return None
    return Pending(
        path=path,
        picture=place,
        sidecar=path.with_name(sidecar),
        sha256=digest,
        store=store,
        maker=maker,
    )


def settle(path: Path, *, fsync: bool = True) -> bool:
    """Finish or undo what a run has left at `path`; is it settled? Raises `OSError`.

    The manifest gets its place where the picture is the one to which it belongs. Otherwise the
    picture was never replaced: then the manifest goes, if nobody is about to replace it.
    """
    if locks.is_held(path):
        return False
    pending = read(path)
    if (
        pending is not None
        and pending.picture.is_file()
        and pending.fits(contents(pending.picture))
    ):
        # Harmless even where another machine's run is still at it: that one does the same.
        place(pending.sidecar, pending.store, fsync=fsync)
    elif not temporaries.is_abandoned(path, made_by(pending)):
        return False
    with during("removing what has got its place", path):
        path.unlink(missing_ok=True)
    return True


def made_by(pending: Pending | None) -> str:
    """On which machine it was written; what is none was not, since ours get their name whole."""
    return temporaries.machine() if pending is None else pending.maker


def place(sidecar: Path, store: bytes, *, fsync: bool) -> None:
    """Make `sidecar` hold `store`. Raises `OSError`."""
    from genlabel.storage.atomic import Output, Writing

    like = sidecar if sidecar.is_file() and not sidecar.is_symlink() else None
    output = Output(path=sidecar, data=store, like=like, overwrite=True, follow=False, force=True)
    with Writing(output, fsync=fsync) as writing:
        writing.prepare()
        writing.place()
        writing.settle()


def remove(path: Path) -> None:
    """Remove a pending manifest that says nothing new; what cannot be removed is settled later."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def sha256(parts: Iterable[Buffer]) -> str:
    """The hash of a file in parts, hexadecimal."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
