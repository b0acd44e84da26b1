"""Targets: where each result goes, settled for all inputs before anything is written."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from genlabel.model.errors import ConfigurationError
from genlabel.storage import links
from genlabel.storage.neighbours import Together
from genlabel.storage.selection import Found
from genlabel.storage.sidecars import Recognition, place_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One input and the file that its result becomes."""

    source: Found
    output: Path
    in_place: bool
    below: Path | None = None
    """The directory that was named for results, below which links are not followed; None where the
    output itself was named."""
    sidecar: Path | None = None
    """Where a new manifest beside the output goes; None where none was planned."""


def plan(
    files: Sequence[Found],
    *,
    out: str | os.PathLike[str] | None = None,
    in_place: bool = False,
    overwrite: bool = False,
    beside: Recognition | None = None,
) -> tuple[Target, ...]:
    """The target of each file: itself with `in_place`, else in or at `out`.

    `out` is a directory when it is one, ends with a separator, or does not exist and has no suffix;
    it mirrors the tree below each argument, names unchanged. Raises `ConfigurationError` when two
    inputs meet in one target, a target exists and `overwrite` is off, a symbolic link leads to one
    below the directory `out`, or `out` is one file for several inputs. With
    `beside` the same holds for manifests beside the targets, of which each gets a place.
    """
    if in_place == (out is not None):
        raise ConfigurationError(
            "-o and --in-place: exactly one of them is needed",
            remedy="give -o FILE, -o DIR or --in-place",
        )
    if out is None:
        _refuse_two_names(files)
        return _with_places(
            [Target(source=each, output=each.path, in_place=True) for each in files], beside
        )
    place = Path(out)
    mirrored = _is_directory(os.fspath(out), files)
    if len(files) > 1 and not mirrored:
        raise ConfigurationError(
            f"{place}: one file for the results of {len(files)} inputs",
            remedy=f"give a directory: -o {place}{os.sep}",
        )
    planned = [
        Target(
            source=each,
            output=place / each.relative if mirrored else place,
            in_place=False,
            below=place if mirrored else None,
        )
        for each in files
    ]
    targets = _with_places(planned, beside)
    _refuse_meetings(targets, overwrite)
    return targets


def _with_places(targets: Sequence[Target], beside: Recognition | None) -> tuple[Target, ...]:
    """The targets, each with the place of its manifest where those lie beside."""
    if beside is None:
        return tuple(targets)
    among = Together(each.output for each in targets)
    return tuple(
        replace(each, sidecar=place_for(each.output, recognition=beside, among=among))
        for each in targets
    )


def _refuse_two_names(files: Sequence[Found]) -> None:
    """Two names of one file would be signed at the same time, and one result be lost."""
    taken: dict[str, Path] = {}
    for each in files:
        other = taken.setdefault(_identity(each.path), each.path)
        if other is not each.path:
            raise ConfigurationError(
                f"{each.path}: is the same file as {other}", remedy="name it once"
            )


def _is_directory(out: str, files: Sequence[Found]) -> bool:
    path = Path(out)
    if path.exists():
        return path.is_dir()
    if out.endswith(("/", os.sep)):
        return True
    suffixless_input = len(files) == 1 and files[0].named and not files[0].path.suffix
    return not path.suffix and not suffixless_input


def _refuse_meetings(targets: Sequence[Target], overwrite: bool) -> None:
    sources = {_identity(each.source.path): each.source.path for each in targets}
    taken: dict[str, Path] = {}
    for target in targets:
        identity = _identity(target.output)
        if identity in taken:
            raise ConfigurationError(
                f"{target.output}: both {taken[identity]} and {target.source.path} would go there",
                remedy="keep their folders apart with --base DIR, or sign them in separate runs",
            )
        taken[identity] = target.source.path
        if identity in sources:
            raise ConfigurationError(
                f"{target.output}: is an input itself",
                remedy="choose another directory, or sign it where it is with --in-place",
            )
        _refuse_places(target)
        written = (target.output, target.sidecar)
        for each in written if not overwrite else ():
            if each is not None and os.path.lexists(each):
                raise ConfigurationError(
                    f"{each}: exists already",
                    remedy="choose another place, or let it be replaced: --overwrite (in Python "
                    "overwrite=True)",
                )


def _refuse_places(target: Target) -> None:
    """Raise `ConfigurationError` for what is no place for a file, or not the one that was named."""
    link = links.first(target.output, below=target.below) if target.below else None
    if link is not None:
        raise ConfigurationError(
            f"{link}: is a symbolic link, and results go through none below {target.below}",
            remedy="remove the link, or name the file or directory to which it leads",
        )
    if target.output.is_dir():
        raise ConfigurationError(f"{target.output}: is a directory", remedy="choose another name")
    if target.output.exists() and not target.output.is_file():
        raise ConfigurationError(
            f"{target.output}: is no regular file, and is not replaced by one",
            remedy="choose another name, or -o - for standard output",
        )


def _identity(path: Path) -> str:
    """Equal for two names of one file: by the links on the way, and by the system's own rules."""
    real = os.path.normcase(os.path.realpath(path))
    return unicodedata.normalize("NFC", real).casefold() if sys.platform == "darwin" else real
