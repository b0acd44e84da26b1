"""`genlabel strip-check`: what publication did to labelled pictures."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genlabel import storage
from genlabel.cli import options
from genlabel.cli.inputs import InputOptions, input_options
from genlabel.cli.options import FILE, RunOptions
from genlabel.model.errors import ConfigurationError
from genlabel.model.report import Mark
from genlabel.storage import Pair

if TYPE_CHECKING:
    from genlabel.model.results import StripReport
    from genlabel.operations.labeller import Labeller


@click.command("strip-check")
@click.option(
    "--against",
    metavar="FILE|DIR",
    type=FILE,
    help="The labelled original, or a directory of originals with the same names.",
)
@click.option(
    "--require",
    metavar="MARK,...",
    callback=options.parse_marks,
    help="The marks whose loss is an error; all that the original had unless set.",
)
@options.trust_options
@options.fail_on_option
@input_options
@options.run_options(language=True)
def strip_check(
    inputs: InputOptions, against: Path | None, require: tuple[Mark, ...] | None, run: RunOptions
) -> None:
    """Say what publication did to the marks of labelled pictures.

    Without --against it says which marks are there. Two directories are paired by the path below
    them, without suffix; an original of which nothing was published has lost all its marks.

    \b
    genlabel strip-check downloaded.webp --against labelled/cat.png
    genlabel strip-check public/ --against labelled/ --require manifest,iptc
    """
    from genlabel.cli.results import Results
    from genlabel.model.report import Trouble
    from genlabel.model.results import StripReport
    from genlabel.operations.labeller import Labeller
    from genlabel.rendering.json import STRIP

    settings = run.settings()
    labeller = Labeller(trust=settings.trust())
    pairs, unreadable, shared = _pairs(inputs, against, quiet=run.quiet)

    def failed(item: Pair | Path, error: Trouble) -> StripReport:
        pair = item if isinstance(item, Pair) else Pair(published=item, original=None)
        return StripReport(
            path=str(pair.published) if pair.published else None,
            against=str(pair.original) if pair.original else None,
            error=error,
        )

    Results(
        schema=STRIP,
        run=run,
        fail_on=settings.fail_on(),
        language=run.language(settings),
        trust=labeller.trust,
    ).deliver(
        pairs,
        partial(_checked, inputs, labeller, require, run.max_pixels),
        failed=failed,
        unreadable=unreadable,
        jobs=inputs.jobs,
        shared=len(pairs) if shared else 0,
    )


def _checked(
    inputs: InputOptions,
    labeller: Labeller,
    require: tuple[Mark, ...] | None,
    max_pixels: int,
    pair: Pair,
) -> StripReport:
    if pair.published is None:
        return labeller.strip_check_file(None, against=pair.original, require=require)
    published = inputs.picture(pair.published)
    return labeller.strip_check(
        published, against=pair.original, require=require, max_pixels=max_pixels
    )


def _pairs(
    inputs: InputOptions, against: Path | None, *, quiet: bool
) -> tuple[tuple[Pair, ...], tuple[tuple[Path, OSError], ...], bool]:
    """Published files with their originals, what could not be read, and whether other processes
    can work on them.
    """
    published = inputs.expand(quiet=quiet)
    if against is None:
        alone = tuple(Pair(published=file.path, original=None) for file in published.files)
        return alone, published.unreadable, bool(published.shared)
    originals = inputs.expand_paths([against], quiet=quiet)
    one = not against.is_dir()
    if not one and all(file.named for file in published.files) and published.files:
        raise ConfigurationError(
            f"--against: {against} is a directory, and single files were named",
            remedy="name a directory of published files, or one original",
        )
    pairs = storage.pair(published.files, originals.files, one=one)
    unreadable = (*published.unreadable, *originals.unreadable)
    return pairs, unreadable, bool(published.shared and originals.shared)
