"""`genlabel inspect`: everything that can be seen in a picture's file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from genlabel.cli import options
from genlabel.cli.inputs import gather, stdin
from genlabel.cli.stderr import progress
from genlabel.model.errors import GenlabelError


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1)
@options.inputs
@options.output_format
@click.option("-q", "--quiet", is_flag=True, help="Show only what is wrong.")
@click.pass_context
def inspect(
    context: click.Context,
    paths: tuple[str, ...],
    files_from: Path | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    format: str,
    quiet: bool,
) -> None:
    """Show everything that can be seen: blocks, marks, generators' own traces, people's data.

    \b
    genlabel inspect cat.png

    Looks and judges nothing: exit status 0 unless a file cannot be read (2).
    """
    from genlabel.cli.results import Results
    from genlabel.model.report import Report, Trouble
    from genlabel.operations.inspect import Inspection
    from genlabel.operations.labeller import Labeller
    from genlabel.rendering.json import INSPECT
    from genlabel.storage import Found, batch

    labeller = Labeller()
    expansion = gather(paths, files_from=files_from, include=include, exclude=exclude, quiet=quiet)
    results = Results(schema=INSPECT, format=format, quiet=quiet)

    def work(found: Found) -> Inspection:
        if found.is_stdin:
            return replace(labeller.inspect(stdin()), path="-")
        return labeller.inspect_file(found.path)

    def unseen(path: Path, error: GenlabelError | OSError) -> Inspection:
        return Inspection(path=str(path), report=Report(path=str(path), error=Trouble.of(error)))

    def reports() -> Iterator[Inspection]:
        for path, error in expansion.unreadable:
            yield unseen(path, error)
        for done in batch.run(progress(expansion.files, quiet=quiet), work):
            if done.result is not None:
                yield done.result
            elif done.error is not None:
                yield unseen(done.item.path, done.error)

    context.exit(results.deliver(reports()))
