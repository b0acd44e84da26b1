"""`genlabel inspect`: everything that can be seen in a picture's file."""

from __future__ import annotations

import click

from genlabel.cli import options
from genlabel.cli.inputs import InputOptions, input_options
from genlabel.cli.options import RunOptions
from genlabel.storage import Found


@click.command()
@input_options
@options.run_options(configurable=False, verbose=False)
def inspect(inputs: InputOptions, run: RunOptions) -> None:
    """Show everything that can be seen: blocks, marks, generators' own traces, people's data.

    \b
    genlabel inspect cat.png

    Looks and judges nothing: exit status 0 unless a file cannot be read (2).
    """
    from genlabel.cli.results import Results, failure
    from genlabel.model.report import Report, Trouble
    from genlabel.operations.inspect import Inspection
    from genlabel.operations.labeller import Labeller
    from genlabel.rendering.json import INSPECT

    labeller = Labeller()
    files = inputs.expand(quiet=run.quiet)

    def work(file: Found) -> Inspection:
        return labeller.inspect(inputs.picture(file.path))

    def failed(path: str, error: Trouble) -> Inspection:
        return Inspection(path=path, report=Report(path=path, error=error))

    Results(schema=INSPECT, run=run).deliver(
        files.files, work, failed=failure(failed), unreadable=files.unreadable, jobs=inputs.jobs
    )
