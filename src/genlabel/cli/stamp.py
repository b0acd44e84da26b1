"""`genlabel stamp`: labels that have room for a time-stamp get it later."""

from __future__ import annotations

from functools import partial

import click

from genlabel.cli import options, sections
from genlabel.cli.command import Command
from genlabel.cli.inputs import InputOptions, input_options
from genlabel.cli.options import RunOptions
from genlabel.cli.placement import PlacementOptions, check_spared, placement_options, sweep
from genlabel.model.errors import ConfigurationError


@click.command(cls=Command, statuses=sections.SIGNED)
@options.tsa_option
@placement_options
@options.trust_options
@options.fail_on_option
@input_options
@options.run_options()
def stamp(inputs: InputOptions, placement: PlacementOptions, run: RunOptions) -> None:
    """Add a time-stamp to labels that were signed without one.

    A time-stamp proves that a label was signed while its certificate was valid, so that it goes on
    verifying when that has ended. It needs no key. Labels signed with --stamp preferred or later
    have room for one; others are signed anew. Nothing else in the file changes.

    \b
    genlabel stamp labelled/ --in-place --tsa http://timestamp.example/tsr
    """
    from genlabel.cli.results import Results
    from genlabel.operations.labeller import Labeller, not_signed, stamp_target
    from genlabel.rendering.json import SIGN

    settings = run.settings()
    labeller = Labeller(trust=settings.trust(), tsa=settings.tsa(), **placement.kept)
    if labeller.tsa is None:
        raise ConfigurationError(
            "no time-stamping authority is named",
            remedy="name one with --tsa URL, or in [time] of your own genlabel.toml",
        )
    files = inputs.expand(quiet=run.quiet)
    if any(file.is_stdin for file in files.files):
        raise ConfigurationError("-: only files are stamped", remedy="name a file")
    targets = placement.plan(files.files)
    check_spared(targets, settings.own_files())
    sweep(targets)

    Results(
        schema=SIGN,
        run=run,
        fail_on=settings.fail_on(),
        language=run.language(settings),
        trust=labeller.trust,
    ).deliver(
        targets,
        partial(stamp_target, labeller),
        failed=not_signed,
        unreadable=files.unreadable,
        jobs=inputs.jobs,
        shared=files.shared,
    )
