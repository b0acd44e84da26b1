"""`genlabel mark`: a visible label is drawn on pictures, and nothing is signed."""

from __future__ import annotations

import click

from genlabel.cli import options, sections
from genlabel.cli.command import Command
from genlabel.cli.inputs import InputOptions, input_options
from genlabel.cli.options import RunOptions
from genlabel.cli.placement import PlacementOptions, check_spared, placement_options, sweep
from genlabel.cli.stderr import message
from genlabel.cli.visible_options import VisibleOptions, visible_options
from genlabel.model.errors import ConfigurationError


@click.command(cls=Command, statuses=sections.MARKED)
@click.option(
    "--style", type=click.Choice(["text", "badge", "strip"]),
    help="Words on a plate, the letters AI in a frame, or a bar outside of the picture; text "
         "unless set, badge with --badge.",
)  # fmt: skip
@visible_options
@options.setting("--producer", "--by", sets="producer.name", metavar="NAME",
                 help="Whose name --with-producer adds; --by is the same.")  # fmt: skip
@placement_options
@options.fail_on_option
@input_options
@options.run_options()
def mark(
    inputs: InputOptions,
    style: str | None,
    visible_label: VisibleOptions,
    placement: PlacementOptions,
    run: RunOptions,
) -> None:
    """Draw a visible label on pictures, so that people see what machines read in the metadata.

    This, and sign --visible, is all that touches pixels. Everything else in the file stays; the
    result has no signature, and a picture that carries a manifest is left to sign --visible.
    Where nothing in a picture says that AI made or changed it, --words does.

    \b
    genlabel mark cat.png -o marked/ --words generated
    genlabel mark renders/ -o marked/ --words ai --style strip --language de,fr
    """
    from genlabel.cli.results import Results
    from genlabel.operations.labeller import not_signed
    from genlabel.operations.marking import Marker, MarkTarget
    from genlabel.operations.sign_options import SignOptions
    from genlabel.operations.visible import not_in_place
    from genlabel.rendering.json import SIGN

    settings = run.settings()
    label = visible_label.label(style)
    if placement.in_place and not placement.overwrite:
        raise not_in_place()
    files = inputs.expand(quiet=run.quiet)
    if any(file.is_stdin for file in files.files):
        raise ConfigurationError("-: only files are drawn on", remedy="name a file")
    spared = placement.spared(files.files)
    if spared:
        several = "" if len(spared) == 1 else "s"
        message(f"{len(spared):,} file{several} passed over: where results go", quiet=run.quiet)
    targets = placement.plan([each for each in files.files if each not in spared])
    check_spared(targets, settings.own_files())
    sweep(targets)
    producer = settings.producer()
    marker = Marker(label, producer, run.max_pixels)

    Results(
        schema=SIGN,
        run=run,
        fail_on=settings.fail_on(),
        language=run.language(settings),
        trust=None,
    ).deliver(
        targets,
        MarkTarget(marker, SignOptions(**placement.kept)),
        failed=not_signed,
        unreadable=files.unreadable,
        jobs=inputs.jobs,
        shared=files.shared,
    )
