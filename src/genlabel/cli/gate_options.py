"""What a build asks of a whole run: more reports in files, a baseline, pictures that must be there.

`verify` and `strip-check` have these options; the other commands have an empty `Gate`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genlabel.cli.command import Mistyped
from genlabel.cli.options import FILE, REPORTS, VERIFIED, collected, option
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.storage.file_contents import named_file

if TYPE_CHECKING:
    from genlabel.cli.gate import Gate
    from genlabel.operations.baseline import Baseline

MAX_EXPECTED = 16 * 1024 * 1024
"""Most bytes of a list of expected pictures."""
_BY_SUFFIX = {"htm": "html", "txt": "text", "xml": "junit"}
"""Suffix → the format that it is usual for, where that has another name."""


def _parse_reports(
    context: click.Context, parameter: click.Parameter, values: Sequence[str]
) -> dict[str, Path]:
    """An option's callback: FORMAT=FILE, each format and each file once, every place writable."""
    reports: dict[str, Path] = {}
    known = VERIFIED if context.command.name == "verify" else REPORTS
    for value in values:
        name, is_there, file = value.partition("=")
        if not is_there or not file or name not in known:
            raise Mistyped(
                f"{parameter.opts[0]}: {value!r} is none of FORMAT=FILE with a format among "
                f"{', '.join(known)}",
                _with_format(value, known),
                context,
            )
        path = Path(file)
        if name in reports or path.resolve() in {each.resolve() for each in reports.values()}:
            raise click.BadParameter(
                f"{value!r}: one report a format, and one file a report",
                ctx=context,
                param=parameter,
            )
        reports[name] = path
    for path in reports.values():
        _check_writable(path, parameter.opts[0])
    return reports


def _with_format(value: str, known: Sequence[str]) -> str | None:
    """What whoever gave a file alone may have meant, by its suffix."""
    suffix = Path(value).suffix.removeprefix(".").lower()
    named = suffix if suffix in known else _BY_SUFFIX.get(suffix)
    return f"did you mean {named}={value}?" if named and "=" not in value else None


def _check_writable(path: Path, name: str) -> None:
    """Fails now instead of after thousands of pictures."""
    from genlabel.formats import is_known, is_promised
    from genlabel.storage import streams

    if path.is_file() and (is_promised(path) or is_known(streams.head(path))):
        raise ConfigurationError(
            f"{name}: {path}: is a picture, and a report would replace it",
            remedy="name another file",
        )
    folder = path.absolute().parent
    is_other = path.exists() and not path.is_file()
    if is_other or not folder.is_dir() or not os.access(folder, os.W_OK):
        why = "is no regular file" if is_other else f"{folder} is no directory that can be written"
        raise ConfigurationError(f"{name}: {path}: {why}", remedy="name a file in one that can be")


@dataclass(frozen=True, slots=True, kw_only=True)
class GateOptions:
    """The options of a `Gate`, as they were given."""

    report: dict[str, Path] = option(
        "--report",
        metavar="FORMAT=FILE",
        multiple=True,
        callback=_parse_reports,
        help=f"Write another report into a file: {', '.join(REPORTS)}; of verify crjson, too. "
        "May be repeated.",
    )
    root: Path | None = option(
        "--root",
        metavar="DIR",
        type=FILE,
        help="Tell paths in reports for builds from here on; the working directory unless set.",
    )
    expect: str | None = option(
        "--expect",
        metavar="FILE|N",
        help="Pictures that must be there: globs, one a line, or the least number of them.",
    )
    baseline: Path | None = option(
        "--baseline", metavar="FILE", type=FILE, help="Accept the findings that FILE lists."
    )
    write_baseline: Path | None = option(
        "--write-baseline",
        metavar="FILE",
        type=FILE,
        help="Write what makes the run fail into FILE, for --baseline.",
    )

    def gate(
        self, passed_over: Sequence[Path] = (), *, ignore_case: bool = False, verbose: bool = False
    ) -> Gate:
        """The gate. Raises `ConfigurationError` for files that cannot be read or written."""
        from genlabel.cli.gate import Gate
        from genlabel.rendering.places import Place

        if self.write_baseline is not None:
            _check_writable(self.write_baseline, "--write-baseline")
            is_old = self.baseline is not None and (
                self.baseline.resolve() == self.write_baseline.resolve()
            )
            if self.write_baseline.exists() and not is_old:
                raise ConfigurationError(
                    f"--write-baseline: {self.write_baseline} is there already",
                    remedy="name it as --baseline too, and what it says is kept; or remove it",
                )
        return Gate(
            reports=self.report,
            place=Place() if self.root is None else Place(root=self.root),
            least=int(self.expect) if self.expect is not None and self.expect.isdigit() else 0,
            expected=_globs(self.expect),
            ignore_case=ignore_case,
            baseline=None if self.baseline is None else _accepted(self.baseline),
            new_baseline=self.write_baseline,
            passed_over=tuple(passed_over),
            verbose=verbose,
        )


gate_options = collected("gate", GateOptions)


def _globs(expected: str | None) -> tuple[str, ...]:
    if expected is None or expected.isdigit():
        return ()
    text = named_file(Path(expected), most=MAX_EXPECTED, name=f"--expect: {expected}")
    lines = (line.strip() for line in os.fsdecode(text).splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def _accepted(path: Path) -> Baseline:
    from genlabel.operations import baseline

    return baseline.read(path)
