"""`genlabel strip-check`: what publication did to labelled pictures."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genlabel.cli import options, sections
from genlabel.cli.command import Command
from genlabel.cli.gate_options import GateOptions, gate_options
from genlabel.cli.inputs import InputOptions, input_options
from genlabel.cli.options import FILE, RunOptions
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, mistaken_for
from genlabel.model.report import Mark
from genlabel.storage import Expansion, Pair, streams

if TYPE_CHECKING:
    from genlabel.model.results import StripReport
    from genlabel.operations.labeller import Labeller


@click.command("strip-check", cls=Command, statuses=sections.CHECKED)
@click.option(
    "--against",
    metavar="FILE|DIR",
    type=FILE,
    help="The labelled original, or the directory of originals.",
)
@click.option(
    "--require",
    metavar="MARK,...",
    shell_complete=sections.completed,
    callback=options.parse_marks,
    help="The marks whose loss is an error; all that the original had unless set.",
)
@click.option(
    "--allow-unlabelled",
    is_flag=True,
    help="Without --against: a picture without any mark is no error.",
)
@options.trust_options
@options.fail_on_option
@gate_options
@input_options
@options.run_options(options.REPORTS)
def strip_check(
    inputs: InputOptions,
    gate: GateOptions,
    against: Path | None,
    require: tuple[Mark, ...] | None,
    allow_unlabelled: bool,
    run: RunOptions,
) -> None:
    """Say what publication did to the marks of labelled pictures.

    Without --against it says which marks are there, and a picture without any is an error. In a
    directory the original is found by its path there, without suffix, size or content hash in the
    name, then by identifiers that survived, then by its name anywhere. An original that a published
    directory has nothing of has lost all its marks.

    \b
    genlabel strip-check downloaded.webp --against labelled/cat.png
    genlabel strip-check public/ --against labelled/ --require manifest,iptc
    """
    from genlabel.cli.results import Results
    from genlabel.operations.checker import stripped_failed
    from genlabel.operations.labeller import Labeller
    from genlabel.rendering.json import STRIP

    settings = run.settings()
    labeller = Labeller(trust=settings.trust())
    shared = against is None or against.is_dir() or streams.is_regular(against)
    pairs, published, unreadable = _pairs(inputs, against, quiet=run.quiet)
    work = _Checking(
        inputs=inputs,
        labeller=labeller,
        require=require,
        max_pixels=run.max_pixels,
        allow_unlabelled=allow_unlabelled,
    )

    Results(
        schema=STRIP,
        run=run,
        fail_on=settings.fail_on(),
        language=run.language(settings),
        trust=labeller.trust,
        gate=gate.gate(published.passed_over, ignore_case=inputs.ignore_case, verbose=run.verbose),
    ).deliver(
        pairs,
        work,
        failed=stripped_failed,
        unreadable=unreadable,
        jobs=inputs.jobs,
        shared=len(pairs) if published.shared and shared else 0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checking:
    """What is done with each pair; other processes get it too."""

    inputs: InputOptions
    labeller: Labeller
    require: tuple[Mark, ...] | None
    max_pixels: int
    allow_unlabelled: bool

    def __call__(self, pair: Pair) -> StripReport:
        from genlabel.operations.strip_check import pairing

        published = pairing.settled(pair).published
        if published is None:
            return self.labeller.strip_check_file(None, against=pair.original, require=self.require)
        report = self.labeller.strip_check(
            self.inputs.picture(published),
            against=pair.original,
            require=self.require,
            max_pixels=self.max_pixels,
            allow_unlabelled=self.allow_unlabelled,
        )
        return pairing.with_pair(report, pair)


def _pairs(
    inputs: InputOptions, against: Path | None, *, quiet: bool
) -> tuple[tuple[Pair, ...], Expansion, tuple[tuple[Path, OSError], ...]]:
    """Published files with their originals, and what could not be read."""
    from genlabel.cli.progress import Progress
    from genlabel.cli.results import can_be_forked
    from genlabel.cli.stderr import line
    from genlabel.operations.strip_check import pairing

    published = inputs.expand(quiet=quiet)
    originals, one = None, False
    if against is not None:
        _check_against(against, published)
        originals = inputs.expand_paths([against], quiet=quiet)
        one = not against.is_dir()
    progress = Progress(len(published.files), quiet=quiet, doing="looking for originals")
    try:
        pairs, unreadable = pairing.pairs(
            published,
            originals,
            one=one,
            found=progress.count,
            jobs=inputs.jobs,
            loading=() if inputs.jobs > 1 and can_be_forked() else None,
        )
    finally:
        line.clear()
    return pairs, published, unreadable


def _check_against(against: Path, published: Expansion) -> None:
    """Raise `ConfigurationError` where no original can be found in `against`."""
    if not os.path.lexists(against):
        raise ConfigurationError(
            f"--against: {against} is not there",
            remedy=mistaken_for(str(against))
            or "name the labelled original, or the directory of originals",
        )
    if against.is_dir() and any(each.is_stdin for each in published.files):
        raise ConfigurationError(
            "-: has no name by which its original could be found",
            remedy="name the original itself with --against FILE",
        )
