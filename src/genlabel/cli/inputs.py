"""Which files a command is about: its options, and the files that they mean."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from genlabel import storage
from genlabel.cli.options import FILE, argument, collected, option
from genlabel.cli.sections import files
from genlabel.cli.stderr import message
from genlabel.model.asset import Asset
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, remedy_of
from genlabel.storage import STDIN, Expansion, batch, streams

MOST_JOBS = 256


class _Jobs(click.IntRange):
    """How many files are worked on at a time."""

    def __init__(self) -> None:
        super().__init__(1, MOST_JOBS)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """A number, or one for each CPU."""
        if value == "auto":
            return min(batch.how_many("auto"), MOST_JOBS)
        try:
            number: int = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is neither 1 to {MOST_JOBS} nor auto", param, ctx)
        return number


@dataclass(frozen=True, slots=True, kw_only=True)
class InputOptions:
    """Which files, and how many are worked on at a time."""

    paths: tuple[str, ...] = argument(metavar="PATH...", nargs=-1, shell_complete=files)
    files_from: Path | None = option(
        "--files-from",
        metavar="FILE|-",
        type=FILE,
        help="Read the names of files, one a line or separated by NUL.",
    )
    base: Path | None = option(
        "--base",
        metavar="DIR",
        type=FILE,
        help="Results, globs and pairs go by the paths below DIR, which is above all files.",
    )
    changed_since: str | None = option(
        "--changed-since",
        metavar="REV",
        help="Take what git calls changed since REV or new, below the paths if any are named.",
    )
    allow_empty: bool = option(
        "--allow-empty", is_flag=True, help="Exit with 0 where no file is meant."
    )
    ignore_missing: bool = option(
        "--ignore-missing", is_flag=True, help="Pass over listed names that are no files any more."
    )
    include: tuple[str, ...] = option(
        "--include",
        metavar="GLOB",
        multiple=True,
        help="Take only what fits, such as *.png or 2008/*; see docs/cli.md.",
    )
    exclude: tuple[str, ...] = option(
        "--exclude", metavar="GLOB", multiple=True, help="Pass over what fits."
    )
    ignore_case: bool = option(
        "--ignore-case", is_flag=True, default=os.name == "nt",
        help="Let globs fit upper and lower case alike; always so on Windows.",
    )  # fmt: skip
    jobs: int = option(
        "--jobs", metavar="N|auto", type=_Jobs(), default=1, show_default=True,
        help="How many files are worked on at a time, auto: one for each CPU; "
             "results keep the order of the files.",
    )  # fmt: skip
    max_bytes: int = option(
        "--max-bytes", metavar="N", type=click.IntRange(1), default=streams.MAX_STREAM,
        help="Most bytes that are read from a pipe; 2 GB unless set.",
    )  # fmt: skip

    def expand(self, *, quiet: bool) -> Expansion:
        """The files that are meant. Raises `ConfigurationError` when nothing matched."""
        if self.changed_since is not None:
            changed = self._changed(self.changed_since)
            return self.expand_paths((), listed=changed, base=self.base, quiet=quiet)
        if not self.paths and self.files_from is None:
            raise click.UsageError("no file or directory was named", click.get_current_context())
        listed = _listed(self.files_from) if self.files_from else ()
        return self.expand_paths(self.paths, listed=listed, base=self.base, quiet=quiet)

    def _changed(self, revision: str) -> Iterator[Path]:
        """The files that git calls changed, those below the paths alone where some are named."""
        from genlabel.storage import changes

        if self.files_from is not None:
            raise click.UsageError("--changed-since and --files-from exclude each other")
        return changes.below(self.paths, changes.since(revision, Path.cwd()))

    def expand_paths(
        self,
        paths: Sequence[str | Path],
        *,
        listed: Iterable[Path] = (),
        base: Path | None = None,
        quiet: bool,
    ) -> Expansion:
        """The same for other `paths`, with the same globs, and for files that are only `listed`."""
        from genlabel.formats import is_known, is_promised

        expansion = storage.expand(
            paths,
            listed=listed,
            base=base,
            known=is_known,
            promised=is_promised,
            include=self.include,
            exclude=self.exclude,
            ignore_case=self.ignore_case,
            ignore_missing=self.ignore_missing,
        )
        if passed_over := len(expansion.passed_over):
            several = "" if passed_over == 1 else "s"
            message(f"{passed_over:,} file{several} passed over: no known picture", quiet=quiet)
        if expansion.special:
            several = "" if expansion.special == 1 else "s"
            message(f"{expansion.special:,} special file{several} passed over", quiet=quiet)
        if not expansion.files and not expansion.unreadable and not self.allow_empty:
            raise ConfigurationError(
                "nothing matched: there is no picture among the files that were named",
                remedy="check the paths and globs, or say --allow-empty where that may be",
            )
        return expansion

    def picture(self, path: Path) -> Asset | Path:
        """What the library takes for `path`: itself, or what comes through a pipe.

        Raises `OSError`.
        """
        return storage.picture(path, most=self.max_bytes)


input_options = collected("inputs", InputOptions)


def _listed(source: Path) -> tuple[Path, ...]:
    is_stdin = str(source) == STDIN
    if is_stdin and sys.stdin is None:
        raise ConfigurationError("-: standard input is closed", remedy="name a file")
    try:
        with nullcontext(sys.stdin.buffer) if is_stdin else source.open("rb") as file:
            return storage.listed(file.read(storage.MAX_FILES_FROM + 1))
    except OSError as error:
        raise ConfigurationError(
            f"{source}: the list of files cannot be read ({error.strerror})",
            remedy=remedy_of(error),
        ) from error
