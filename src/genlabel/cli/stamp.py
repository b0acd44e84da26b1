"""`genlabel stamp`: labels that have room for a time-stamp get it later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from genlabel.cli import options
from genlabel.cli.inputs import gather
from genlabel.cli.stderr import progress
from genlabel.model.errors import ConfigurationError


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1)
@options.authorities
@click.option("-o", "--out", metavar="FILE|DIR", help="Where results go; a tree is mirrored.")
@click.option("--in-place", is_flag=True, help="Replace each file, all or nothing.")
@click.option("--overwrite", is_flag=True, help="Results may replace files that are there.")
@click.option("--no-fsync", "fsync", is_flag=True, flag_value=False, default=True,
              help="Let the system choose when to write to disk: faster.")  # fmt: skip
@options.trust
@options.fail_on
@options.inputs
@options.output_format
@options.configuration
@click.pass_context
def stamp(
    context: click.Context,
    paths: tuple[str, ...],
    tsa: tuple[str, ...],
    out: str | None,
    in_place: bool,
    overwrite: bool,
    fsync: bool,
    trusted: Mapping[str, object],
    fail_on: str | None,
    files_from: Path | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    format: str,
    config: Path | None,
    no_config: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Add a time-stamp to labels that were signed without one.

    A time-stamp proves that a label was signed while its certificate was valid, so that it goes on
    verifying when that has ended. It needs no key. Labels signed with --stamp preferred or later
    have room for one; others are signed anew. Nothing else in the file changes.

    \b
    genlabel stamp labelled/ --in-place --tsa http://timestamp.example/tsr
    """
    from genlabel import storage
    from genlabel.cli.results import Results
    from genlabel.model.report import Trouble
    from genlabel.model.results import SignReport
    from genlabel.operations.labeller import Labeller
    from genlabel.rendering.json import SIGN
    from genlabel.storage import Target, batch

    settings = options.settings(
        {
            "time.authorities": tsa,
            **trusted,
            "verify.fail_on": fail_on,
        },
        config=config,
        no_config=no_config,
        quiet=quiet,
    )
    labeller = Labeller(trust=settings.trust(), tsa=settings.tsa())
    if labeller.tsa is None:
        raise ConfigurationError(
            "no time-stamping authority is named",
            remedy="name one with --tsa URL, or as authorities in [time] of genlabel.toml",
        )
    expansion = gather(paths, files_from=files_from, include=include, exclude=exclude, quiet=quiet)
    if any(each.is_stdin for each in expansion.files):
        raise ConfigurationError("-: only files are stamped", remedy="name a file")
    targets = storage.plan(expansion.files, out=out, in_place=in_place, overwrite=overwrite)
    results = Results(
        schema=SIGN,
        format=format,
        fail_on=settings.fail_on(),
        quiet=quiet,
        verbose=verbose,
        trust_lists=tuple(anchors.name for anchors in labeller.trust.entries),
    )
    for folder in sorted({target.output.absolute().parent for target in targets}):
        storage.sweep(folder)

    def work(target: Target) -> SignReport:
        return labeller.stamp_file(
            target.source.path,
            out=None if target.in_place else target.output,
            in_place=target.in_place,
            overwrite=overwrite,
            fsync=fsync,
        )

    def reports() -> Iterator[SignReport]:
        for path, error in expansion.unreadable:
            yield SignReport(path=str(path), error=Trouble.of(error))
        for done in batch.run(progress(targets, quiet=quiet), work):
            if done.result is not None:
                yield done.result
            elif done.error is not None:
                yield SignReport(path=str(done.item.source.path), error=Trouble.of(done.error))

    context.exit(results.deliver(reports()))
