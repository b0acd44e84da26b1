"""Walking: from the arguments of a command to the files that they mean, in a steady order.

A directory is walked by content: what no container accepts is passed over and counted. Hidden
entries (`.git` among them) are skipped and symbolic links in it are not followed.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from itertools import chain
from pathlib import Path, PurePosixPath

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.storage import streams
from genlabel.storage.globs import Globs
from genlabel.storage.names import OnDisk

STDIN = "-"
"""The argument that means standard input."""
MAX_FILES_FROM = 64 * 1024 * 1024
"""Most bytes of a list of files."""
_DESCRIPTORS = ("/dev/", "/proc/")
"""Where names of files mean something else in each process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One file that is meant."""

    path: Path
    relative: PurePosixPath
    """Its place below the base that was given, else below the argument that led to it; for a named
    file its name."""
    named: bool
    """Was it an argument itself? Then it must be a picture."""
    argument: str = ""
    """The argument that led to it."""

    @property
    def is_stdin(self) -> bool:
        """Does it stand for standard input?"""
        return str(self.path) == STDIN

    @property
    def only_here(self) -> bool:
        """Is it a stream or descriptor of this process, which no other could open?"""
        if not self.named:
            return False
        is_stream = self.is_stdin or not streams.is_regular(self.path)
        return is_stream or str(self.path).startswith(_DESCRIPTORS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """What the arguments came to."""

    files: tuple[Found, ...]
    passed_over: tuple[Path, ...]
    """Files in directories and lists that are no picture known to us, nor called one."""
    special: int
    """What else is in directories and is not opened: pipes, sockets and devices."""
    unreadable: tuple[tuple[Path, OSError], ...]
    """Directories and files in them that could not be looked into."""

    @property
    def shared(self) -> int:
        """How many files there are, if other processes can work on them all; else 0."""
        return 0 if any(file.only_here for file in self.files) else len(self.files)


def _never(_: Path) -> bool:
    return False


def expand(
    arguments: Iterable[str | os.PathLike[str]],
    *,
    known: Callable[[bytes], bool],
    promised: Callable[[Path], bool] = _never,
    listed: Iterable[Path] = (),
    base: Path | None = None,
    ignore_missing: bool = False,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    ignore_case: bool = os.name == "nt",
    expand_globs: bool = os.name == "nt",
) -> Expansion:
    """The files that `arguments` mean, each once, directories' contents sorted.

    `known` says of a file's first bytes whether it is a picture that we can read; it is asked
    for files in directories and those that are `listed` only. So is `promised`, which says of a
    name whether it is a picture's: a file so called is meant whatever it holds. What is listed and
    not there is meant too, so that it is missed, but with `ignore_missing`; where only the same
    name in another normal form of Unicode is there, that is meant. `Globs` are compared with the
    path below the argument, or below `base` where one is given; of a file that is named or listed,
    without `base`, with its path as it was written. Those of `exclude` spare whole directories.
    Raises `ConfigurationError` for a file that is not below `base`.
    """
    if isinstance(arguments, str | bytes | os.PathLike):
        raise TypeError(f"paths: {arguments!r} is one path, and a list of them is wanted")
    if not isinstance(arguments, Iterable):
        raise TypeError(f"paths: {type(arguments).__name__} is no list of paths")
    wanted = Globs(include, ignore_case=ignore_case)
    unwanted = Globs(exclude, ignore_case=ignore_case)
    files: dict[str, Found] = {}
    passed_over: dict[str, Path] = {}
    walk = _Walk(unwanted=unwanted, base=base)
    named = (_entries(each, walk, named=True) for each in _arguments(arguments, expand_globs))
    of_list = (
        _entries(each, walk, named=not each.is_file())
        for each in map(OnDisk().found, listed)
        if not ignore_missing or os.path.lexists(each)
    )
    for found in chain.from_iterable(chain(named, of_list)):
        is_alone = base is None and found.argument == str(found.path)
        place = found.path if is_alone else found.relative
        if unwanted.fit(place) or (wanted and not wanted.fit(place)):
            continue
        try:
            if found.named or promised(found.path) or known(streams.head(found.path)):
                files.setdefault(_identity(found.path), found)
            else:
                passed_over.setdefault(_identity(found.path), found.path)
        except OSError as error:
            walk.unreadable.append((found.path, error))
    return Expansion(
        files=tuple(files.values()),
        passed_over=tuple(passed_over.values()),
        special=walk.special,
        unreadable=tuple(walk.unreadable),
    )


def _entries(argument: Path, walk: _Walk, *, named: bool) -> Iterator[Found]:
    """What one argument means: itself, or what is below it."""
    if str(argument) == STDIN or not argument.is_dir():
        name = PurePosixPath(argument.name or "-")
        name = name if str(argument) == STDIN else walk.below_base(argument) or name
        yield Found(path=argument, relative=name, named=named, argument=str(argument))
    else:
        yield from walk.below(argument)


def listed(text: bytes) -> tuple[Path, ...]:
    """The paths in a list of files: one a line, or separated by NUL as ``find -print0`` writes."""
    if len(text) > MAX_FILES_FROM:
        raise ConfigurationError(
            f"list of files: {len(text):,} bytes, and at most {MAX_FILES_FROM:,} are read",
            remedy="name directories instead",
        )
    lines = text.split(b"\0") if b"\0" in text else text.splitlines()
    return tuple(Path(os.fsdecode(line)) for line in lines if line.strip())


def _arguments(arguments: Iterable[str | os.PathLike[str]], expand_globs: bool) -> Iterator[Path]:
    for argument in arguments:
        text = os.fspath(argument)
        if expand_globs and glob.has_magic(text) and not os.path.lexists(text):
            # Windows' shells leave this to the program; what matches nothing stays, to be reported.
            matches = sorted(glob.glob(text, recursive=True))  # noqa: PTH207  # drives and shares
            yield from (Path(each) for each in matches or [text])
        else:
            yield Path(text)


@dataclass(slots=True, kw_only=True)
class _Walk:
    """A walk through directories, and what it met beside regular files."""

    unwanted: Globs
    base: Path | None
    unreadable: list[tuple[Path, OSError]] = field(default_factory=list)
    special: int = 0

    def below(self, top: Path) -> Iterator[Found]:
        """Regular files below `top`, sorted by path; a stack, so that depth costs no recursion."""
        stack = [(top, self.below_base(top) or PurePosixPath())]
        while stack:
            folder, relative = stack.pop()
            try:
                with os.scandir(folder) as scan:
                    entries = sorted(scan, key=lambda entry: entry.name)
            except OSError as error:
                self.unreadable.append((folder, error))
                continue
            deeper = []
            for entry in entries:
                if entry.name.startswith(".") or entry.is_symlink():
                    continue
                place = relative / entry.name
                if entry.is_dir():
                    if not self.unwanted.fit(place):
                        deeper.append((Path(entry.path), place))
                elif entry.is_file():
                    yield Found(
                        path=Path(entry.path), relative=place, named=False, argument=str(top)
                    )
                else:
                    self.special += 1
            stack.extend(reversed(deeper))

    def below_base(self, path: Path) -> PurePosixPath | None:
        """The place of `path` below the base; None without one. Raises `ConfigurationError`."""
        return None if self.base is None else below(path, self.base)


def below(path: Path, base: Path) -> PurePosixPath:
    """The place of `path` below `base`, by names alone. Raises `ConfigurationError`."""
    try:
        return PurePosixPath(_whole(path).relative_to(_whole(base)).as_posix())
    except ValueError:
        raise ConfigurationError(
            f"{path}: is not below {base}", remedy="give a --base above all files that are meant"
        ) from None


def _whole(path: Path) -> Path:
    """Absolute and without ``..``, links as they are named."""
    return Path(os.path.abspath(path))  # noqa: PTH100  `resolve` would follow links


def _identity(path: Path) -> str:
    return os.path.normcase(path.absolute())
