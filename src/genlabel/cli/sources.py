"""`genlabel sources`: what pictures are made of and by what right, through all ancestors."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from genlabel.cli import options, sections
from genlabel.cli.command import Command
from genlabel.cli.inputs import InputOptions, input_options
from genlabel.cli.options import RunOptions
from genlabel.cli.stderr import message
from genlabel.storage import Found, batch

if TYPE_CHECKING:
    from genlabel.operations.labeller import Labeller
    from genlabel.operations.sources import Sources


@click.command(cls=Command, statuses=sections.LOOKED)
@options.trust_options
@input_options
@options.run_options((*options.ONE_DOCUMENT, "csv"), verbose=False)
def sources(inputs: InputOptions, run: RunOptions) -> None:
    """Show what pictures are made of and by what right, through all ancestors.

    Each line says who vouches for it: attested by a signer whom you know, or claimed.

    \b
    genlabel sources montage.png --trust keys/anchors.pem
    genlabel sources archive/ --format csv > sources.csv
    """
    from genlabel.cli.results import failure, style
    from genlabel.operations.labeller import Labeller
    from genlabel.operations.sources import Sources
    from genlabel.rendering import json, source_lines, text

    settings = run.settings()
    run.language(settings)
    files = inputs.expand(quiet=run.quiet)
    shown = style(verbose=True)
    listed: list[Sources] = []
    for each in batch.reports(
        files.files,
        partial(_told, inputs, Labeller(trust=settings.trust(), policy=())),
        failed=failure(Sources),
        unreadable=files.unreadable,
    ):
        assert isinstance(each, Sources)
        listed.append(each)
        if run.format == "text":
            click.echo(text.rendered(each, shown), nl=False, color=True)
        elif each.error is not None:
            message(each.error.message)
    if run.format == "json":
        content = {"files": [each.to_dict() for each in listed]}
        click.echo(json.single(json.SOURCES, content, datetime.now(UTC)), nl=False)
    elif run.format == "csv":
        click.echo(source_lines.table(listed), nl=False)
    click.get_current_context().exit(2 if any(each.error is not None for each in listed) else 0)


def _told(inputs: InputOptions, labeller: Labeller, file: Found) -> Sources:
    from genlabel.operations.sources import told

    return told(labeller.verify(inputs.picture(file.path)), path=str(file.path))
