"""`genlabel verify`: what pictures declare and whether it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click

from genlabel.cli import options
from genlabel.cli.inputs import gather, stdin
from genlabel.cli.span import span
from genlabel.cli.stderr import progress


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1)
@options.trust
@click.option("--policy", metavar="NAME", help="The rule book; labelled unless set.")
@click.option(
    "--expiring",
    metavar="SPAN",
    callback=span,
    help="List what stops verifying within SPAN: 90d, 6w, 3m, 1y.",
)
@options.fail_on
@options.inputs
@options.output_format
@options.language
@options.configuration
@click.pass_context
def verify(
    context: click.Context,
    paths: tuple[str, ...],
    trusted: Mapping[str, object],
    policy: str | None,
    expiring: timedelta | None,
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
    """Say what pictures declare and whether it holds.

    Nothing is fetched from a network, and nobody is trusted but those whom you name. A directory
    is walked for pictures; - is standard input.

    \b
    genlabel verify labelled/cat.png --trust keys/anchors.pem
    genlabel verify public/ --format json > labels.json
    genlabel verify public/ --expiring 90d --fail-on warning

    Exit status: 0 nothing to object to, 1 findings, 2 wrong usage or a file that could not be
    judged, 130 interrupted.
    """
    from genlabel.cli.results import Results
    from genlabel.model.report import Report, Trouble
    from genlabel.operations.labeller import Labeller
    from genlabel.rendering.json import VERIFY
    from genlabel.storage import Found, batch

    settings = options.settings(
        {
            **trusted,
            "verify.policy": policy,
            "verify.fail_on": fail_on,
            "words.language": lang,
        },
        config=config,
        no_config=no_config,
        quiet=quiet,
    )
    labeller = Labeller(trust=settings.trust(), policy=settings.policy(), expiring=expiring)
    expansion = gather(paths, files_from=files_from, include=include, exclude=exclude, quiet=quiet)
    results = Results(
        schema=VERIFY,
        format=format,
        fail_on=settings.fail_on(),
        quiet=quiet,
        verbose=verbose,
        language=options.speaking(settings, quiet=quiet),
        trust_lists=tuple(anchors.name for anchors in labeller.trust.entries),
        policy=labeller.policy.name if labeller.policy else None,
    )

    def work(found: Found) -> Report:
        if not found.is_stdin:
            return labeller.verify_file(found.path)
        data = stdin()
        return replace(labeller.verify(data), path="-", sha256=hashlib.sha256(data).hexdigest())

    def reports() -> Iterator[Report]:
        for path, error in expansion.unreadable:
            yield Report(path=str(path), error=Trouble.of(error))
        for done in batch.run(progress(expansion.files, quiet=quiet), work):
            if done.result is not None:
                yield done.result
            elif done.error is not None:
                yield Report(path=str(done.item.path), error=Trouble.of(done.error))

    context.exit(results.deliver(reports()))
