"""Targets: where each result goes, settled for all inputs before anything is written."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from genlabel.model.dataclass import dataclass
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
    resumed: bool = False
    """Was its result begun by an earlier run, so that it may replace what that one has left?"""


def _as_it_is(target: Target) -> Target:
    return target


def plan(
    files: Sequence[Found],
    *,
    out: str | os.PathLike[str] | None = None,
    in_place: bool = False,
    overwrite: bool = False,
    beside: Recognition | None = None,
    resumed: Callable[[Target], Target] = _as_it_is,
) -> tuple[Target, ...]:
    """The target of each file: itself with `in_place`, else in or at `out`.

    `out` is a directory when it is one, ends with a separator, or does not exist and has no suffix;
    it mirrors the tree below each argument, names unchanged. Raises `ConfigurationError` when two
    inputs meet in one target, a target exists and `overwrite` is off, a symbolic link leads to one
    below the directory `out`, or `out` is one file for several inputs. With
    `beside` the same holds for manifests beside the targets, of which each gets a place. `resumed`
    says of a target whether an earlier run has begun it.
    """
    if in_place == (out is not None):
        raise ConfigurationError(
            "-o and --in-place: exactly one of them is needed",
            remedy="give -o FILE, -o DIR or --in-place",
        )
    if out is None:
        planned = [Target(source=each, output=each.path, in_place=True) for each in files]
        return _settled(map(resumed, planned), overwrite=overwrite, beside=beside)
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
    return _settled(map(resumed, planned), overwrite=overwrite, beside=beside)


def _settled(
    planned: Iterable[Target], *, overwrite: bool, beside: Recognition | None
) -> tuple[Target, ...]:
    targets = placed(tuple(planned), beside)
    for _, error in faults(targets, overwrite=overwrite):
        raise error
    return targets


def placed(targets: Sequence[Target], beside: Recognition | None) -> tuple[Target, ...]:
    """The targets, each with the place of its manifest where those lie beside."""
    if beside is None:
        return tuple(targets)
    among = Together(each.output for each in targets)
    return tuple(
        replace(each, sidecar=place_for(each.output, recognition=beside, among=among))
        for each in targets
    )


def _is_directory(out: str, files: Sequence[Found]) -> bool:
    path = Path(out)
    if path.exists():
        return path.is_dir()
    if out.endswith(("/", os.sep)):
        return True
    suffixless_input = len(files) == 1 and files[0].named and not files[0].path.suffix
    return not path.suffix and not suffixless_input


def faults(
    targets: Sequence[Target], *, overwrite: bool
) -> Iterator[tuple[int, ConfigurationError]]:
    """The targets that cannot be, by their numbers, and why: all of those that meet in one."""
    meeting: dict[str, list[int]] = {}
    folders: dict[str, str] = {}
    outputs = [_identity(each.output, folders) for each in targets]
    for number, output in enumerate(outputs):
        meeting.setdefault(output, []).append(number)
    inputs = {_identity(each.source.path, folders) for each in targets if not each.in_place}
    for number, (target, output) in enumerate(zip(targets, outputs, strict=True)):
        group = meeting[output]
        if output in inputs:
            fault = ConfigurationError(
                f"{target.output}: is an input itself",
                remedy="choose another directory, or take --in-place",
            )
            yield number, fault
        elif len(group) > 1:
            second = group[1] if number == group[0] else number
            yield number, _met(targets[group[0]], targets[second])
        elif not target.in_place and (misplaced := _misplaced(target, overwrite=overwrite)):
            yield number, misplaced


def _met(first: Target, second: Target) -> ConfigurationError:
    """Two results for one file, of which one would be lost."""
    if first.in_place and second.in_place:
        return ConfigurationError(
            f"{second.source.path}: is the same file as {first.source.path}",
            remedy="name it once",
        )
    return ConfigurationError(
        f"{second.output}: both {first.source.path} and {second.source.path} would go there",
        remedy="keep their folders apart with --base DIR, or sign them in separate runs",
    )


def _misplaced(target: Target, *, overwrite: bool) -> ConfigurationError | None:
    """Why the output is no place for a file, or not the one that was named."""
    output = target.output
    link = links.first(output, below=target.below) if target.below else None
    if link is not None:
        return ConfigurationError(
            f"{link}: is a symbolic link, and results go through none below {target.below}",
            remedy="remove the link, or name the file or directory to which it leads",
        )
    is_there = os.path.lexists(output)
    if is_there and output.is_dir():
        return ConfigurationError(f"{output}: is a directory", remedy="choose another name")
    if is_there and output.exists() and not output.is_file():
        return ConfigurationError(
            f"{output}: is no regular file, and is not replaced by one",
            remedy="choose another name, or -o - for standard output",
        )
    if overwrite or target.resumed:
        return None
    sidecar = target.sidecar
    if not is_there and (sidecar is None or not os.path.lexists(sidecar)):
        return None
    return ConfigurationError(
        f"{output if is_there else sidecar}: exists already",
        remedy="choose another place, or let it be replaced: --overwrite (in Python "
        "overwrite=True), which leaves alone what says the same already",
    )


def _identity(path: Path, folders: dict[str, str]) -> str:
    """Equal for two names of one file: by the links on the way, and by the system's own rules."""
    real = os.path.normcase(links.real(path, folders))
    return unicodedata.normalize("NFC", real).casefold() if sys.platform == "darwin" else real
