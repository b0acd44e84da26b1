"""`genlabel inspect`: everything that can be seen in a picture's file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from genlabel.cli import options, sections
from genlabel.cli.command import Command
from genlabel.cli.inputs import InputOptions, input_options
from genlabel.cli.options import RunOptions
from genlabel.storage import Found

if TYPE_CHECKING:
    from genlabel.operations.inspect import Inspection
    from genlabel.operations.labeller import Labeller


@click.command(cls=Command, statuses=sections.LOOKED)
@options.trust_options
@input_options
@options.run_options(verbose=False)
def inspect(inputs: InputOptions, run: RunOptions) -> None:
    """Show everything that can be seen: blocks, marks, generators' own traces, people's data.

    \b
    genlabel inspect cat.png
    genlabel inspect cat.png --trust keys/anchors.pem
    """
    from genlabel.cli.results import Results, failure
    from genlabel.model.report import Trouble
    from genlabel.operations.checker import not_judged
    from genlabel.operations.inspect import Inspection
    from genlabel.operations.labeller import Labeller
    from genlabel.rendering.json import INSPECT

    settings = run.settings()
    labeller = Labeller(trust=settings.trust())
    files = inputs.expand(quiet=run.quiet)

    def failed(path: str, error: Trouble) -> Inspection:
        return Inspection(path=path, report=not_judged(path, error))

    Results(schema=INSPECT, run=run, language=run.language(settings), trust=labeller.trust).deliver(
        files.files,
        partial(_inspected, inputs, labeller),
        failed=failure(failed),
        unreadable=files.unreadable,
        jobs=inputs.jobs,
        shared=files.shared,
    )


def _inspected(inputs: InputOptions, labeller: Labeller, file: Found) -> Inspection:
    return labeller.inspect(inputs.picture(file.path))
