"""Gathering: the files that a command's arguments mean, and what to say when there are none."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from genlabel import storage
from genlabel.cli.stderr import talk
from genlabel.model.errors import ConfigurationError
from genlabel.storage import Expansion


def gather(
    paths: Sequence[str],
    *,
    files_from: Path | None,
    include: Sequence[str],
    exclude: Sequence[str],
    quiet: bool,
) -> Expansion:
    """The files that are meant.

    Raises `ConfigurationError` when nothing matched.
    """
    if not paths and files_from is None:
        raise click.UsageError("no file or directory was named", click.get_current_context())
    from genlabel.formats import is_known

    found = storage.expand(
        [*paths, *(_listed(files_from) if files_from else ())],
        known=is_known,
        include=include,
        exclude=exclude,
    )
    if found.passed_over:
        several = "" if found.passed_over == 1 else "s"
        talk(f"{found.passed_over:,} file{several} passed over: no known picture", quiet=quiet)
    if not found.files and not found.unreadable:
        raise ConfigurationError(
            "nothing matched: there is no picture among the files that were named",
            remedy="check the paths and globs",
        )
    return found


def stdin() -> bytes:
    """All of standard input."""
    return sys.stdin.buffer.read()


def _listed(source: Path) -> tuple[Path, ...]:
    if str(source) == "-":
        return storage.listed(sys.stdin.buffer.read(storage.MAX_FILES_FROM + 1))
    try:
        with source.open("rb") as file:
            return storage.listed(file.read(storage.MAX_FILES_FROM + 1))
    except OSError as error:
        raise ConfigurationError(
            f"{source}: the list of files cannot be read ({error.strerror})",
            remedy="check the path",
        ) from error
