"""`genlabel strip-check`: what publication did to labelled pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import click

from genlabel.cli import options
from genlabel.cli.inputs import gather, stdin
from genlabel.cli.stderr import progress
from genlabel.model.errors import ConfigurationError
from genlabel.storage import STDIN, Pair


@click.command("strip-check")
@click.argument("paths", metavar="PATH...", nargs=-1)
@click.option(
    "--against",
    metavar="FILE|DIR",
    type=click.Path(path_type=Path),
    help="The labelled original, or a directory of originals with the same names.",
)
@click.option(
    "--require",
    metavar="MARK,...",
    help="The marks whose loss is an error; all that the original had unless set.",
)
@options.trust
@options.fail_on
@options.inputs
@options.output_format
@options.language
@options.configuration
@click.pass_context
def strip_check(
    context: click.Context,
    paths: tuple[str, ...],
    against: Path | None,
    require: str | None,
    trusted: Mapping[str, object],
    fail_on: str | None,
    files_from: Path | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    format: str,
    lang: str | None,
    config: Path | None,
    no_config: bool,
    quiet: bool,
    verbose: bool,
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
    from genlabel.storage import batch

    settings = options.settings(
        {
            **trusted,
            "verify.fail_on": fail_on,
            "words.language": lang,
        },
        config=config,
        no_config=no_config,
        quiet=quiet,
    )
    required = options.marks(require, option="--require")
    labeller = Labeller(trust=settings.trust())
    expansion = gather(paths, files_from=files_from, include=include, exclude=exclude, quiet=quiet)
    if against is None:
        pairs = [Pair(published=each.path, original=None) for each in expansion.files]
        unreadable = expansion.unreadable
    else:
        originals = gather(
            [str(against)], files_from=None, include=include, exclude=exclude, quiet=quiet
        )
        one = not against.is_dir()
        if not one and all(each.named for each in expansion.files) and expansion.files:
            raise ConfigurationError(
                f"--against: {against} is a directory, and single files were named",
                remedy="name a directory of published files, or one original",
            )
        from genlabel import storage

        pairs = list(storage.pair(expansion.files, originals.files, one=one))
        unreadable = (*expansion.unreadable, *originals.unreadable)
    results = Results(
        schema=STRIP,
        format=format,
        fail_on=settings.fail_on(),
        quiet=quiet,
        verbose=verbose,
        language=options.speaking(settings, quiet=quiet),
        trust_lists=tuple(anchors.name for anchors in labeller.trust.entries),
    )

    def work(pair: Pair) -> StripReport:
        if str(pair.published) != STDIN:
            return labeller.strip_check_file(
                pair.published, against=pair.original, require=required
            )
        original = pair.original.read_bytes() if pair.original else None
        report = labeller.strip_check(stdin(), against=original, require=required)
        return replace(report, path=STDIN, against=str(pair.original) if pair.original else None)

    def reports() -> Iterator[StripReport]:
        for path, error in unreadable:
            yield StripReport(path=str(path), error=Trouble.of(error))
        for done in batch.run(progress(pairs, quiet=quiet), work):
            if done.result is not None:
                yield done.result
            elif done.error is not None:
                published, original = done.item.published, done.item.original
                yield StripReport(
                    path=str(published) if published else None,
                    against=str(original) if original else None,
                    error=Trouble.of(done.error),
                )

    context.exit(results.deliver(reports()))
