"""`genlabel mark`: a visible label is drawn on pictures, and nothing is signed."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import click

from genlabel.cli import options, sections
from genlabel.cli.command import Command
from genlabel.cli.inputs import InputOptions, input_options
from genlabel.cli.options import RunOptions, collected, option
from genlabel.cli.placement import PlacementOptions, placement_options, sweep
from genlabel.model.errors import ConfigurationError
from genlabel.model.visible import Position, VisibleLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleOptions:
    """A visible label, by the names of `VisibleLabel`."""

    words: str | None = option(
        "--words", metavar="ai|generated|modified|TEXT",
        help="What it says; by what the label says unless given.",
    )  # fmt: skip
    position: str | None = option(
        "--position", type=click.Choice([each.value for each in Position]),
        help="The corner or edge; top-right unless set, of a strip bottom.",
    )  # fmt: skip
    languages: str = option(
        "--language", metavar="CODE,...", default="",
        help="In which languages, a line each: en, fr, de, es, it, nl, pl, pt, zh, ja, ko, ar, he.",
    )  # fmt: skip
    national_acronym: bool = option(
        "--national-acronym", is_flag=True, help="Write IA, KI and the like instead of AI."
    )
    with_producer: bool = option("--with-producer", is_flag=True, help="Add the producer's name.")
    law: str | None = option(
        "--for", metavar="LAW", shell_complete=sections.completed,
        help="Words, size and place by a law: eu-deployer, cn-gb45438, in-sgi.",
    )  # fmt: skip
    font: str | None = option(
        "--font", metavar="FILE|NAME", shell_complete=sections.files,
        help="The font; else one that is there and has all characters.",
    )  # fmt: skip
    badge: str | None = option(
        "--badge", metavar="FILE.png", type=click.Path(),
        help="A picture in place of the letters of a badge.",
    )  # fmt: skip
    add_alt_text: bool = option(
        "--add-alt-text", is_flag=True,
        help="Add the words to an alternative text that is there; an empty one gets them anyway.",
    )  # fmt: skip

    def label(self, style: str) -> VisibleLabel:
        """The label in this style. Raises `ConfigurationError`."""
        fields = asdict(self)
        del fields["add_alt_text"]
        return VisibleLabel(style=style, **fields)


visible_options = collected("visible_label", VisibleOptions)


@click.command(cls=Command, statuses=sections.MARKED)
@click.option(
    "--style", type=click.Choice(["text", "badge", "strip"]), default="text", show_default=True,
    help="Words on a plate, the letters AI in a frame, or a bar outside of the picture.",
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
    style: str,
    visible_label: VisibleOptions,
    placement: PlacementOptions,
    run: RunOptions,
) -> None:
    """Draw a visible label on pictures, so that people see what machines read in the metadata.

    This is the only command that touches pixels. Everything else in the file stays; the result has
    no signature, and a picture that carries a manifest is left to sign --visible.

    \b
    genlabel mark cat.png -o marked/ --words generated
    genlabel mark photos/ -o marked/ --style strip --language de,fr
    """
    from genlabel.cli.results import Results
    from genlabel.operations.labeller import not_signed
    from genlabel.operations.marking import Marker, MarkTarget, not_in_place
    from genlabel.operations.options import SignOptions
    from genlabel.rendering.json import SIGN

    settings = run.settings()
    label = visible_label.label(style)
    if placement.in_place and not placement.overwrite:
        raise not_in_place()
    files = inputs.expand(quiet=run.quiet)
    if any(file.is_stdin for file in files.files):
        raise ConfigurationError("-: only files are drawn on", remedy="name a file")
    targets = placement.plan(files.files)
    sweep(targets)
    producer = settings.producer()
    marker = Marker(label, producer, visible_label.add_alt_text, run.max_pixels)

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
