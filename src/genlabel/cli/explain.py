"""`genlabel explain`: labels in sentences, and what public readers are known to make of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import click

from genlabel.cli import options
from genlabel.cli.inputs import gather, stdin
from genlabel.cli.stderr import progress
from genlabel.model.errors import GenlabelError


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1)
@options.trust
@click.option("--policy", metavar="NAME", help="The rule book; labelled unless set.")
@options.inputs
@options.output_format
@options.language
@options.configuration
@click.pass_context
def explain(
    context: click.Context,
    paths: tuple[str, ...],
    trusted: Mapping[str, object],
    policy: str | None,
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
    """Say in sentences what a picture's label means, and what it does not mean.

    Then: what Google Images, Meta, Pinterest, LinkedIn, TikTok and the public page
    verify.contentauthenticity.org are known to derive from the file, each with source and date.
    Nobody is asked. With -v also the sentences for experts and the addresses of the sources.

    \b
    genlabel explain labelled/cat.png --trust keys/anchors.pem
    genlabel explain labelled/cat.png --lang fr --format html > cat.html

    Judges nothing: exit status 0 unless a file cannot be read (2).
    """
    from genlabel.cli.results import Results
    from genlabel.model.report import Report, Trouble
    from genlabel.operations import explain as explaining
    from genlabel.operations.explain import Explanation
    from genlabel.operations.labeller import Labeller
    from genlabel.rendering.json import EXPLAIN
    from genlabel.storage import Found, batch

    settings = options.settings(
        {
            **trusted,
            "verify.policy": policy,
            "words.language": lang,
        },
        config=config,
        no_config=no_config,
        quiet=quiet,
    )
    language = options.speaking(settings, quiet=quiet)
    labeller = Labeller(trust=settings.trust(), policy=settings.policy())
    expansion = gather(paths, files_from=files_from, include=include, exclude=exclude, quiet=quiet)
    results = Results(
        schema=EXPLAIN,
        format=format,
        quiet=quiet,
        verbose=verbose,
        language=language,
        trust_lists=tuple(anchors.name for anchors in labeller.trust.entries),
        policy=labeller.policy.name if labeller.policy else None,
    )

    def work(found: Found) -> Explanation:
        if not found.is_stdin:
            return labeller.explain_file(found.path, lang=language)
        return replace(labeller.explain(stdin(), lang=language), path="-")

    def unexplained(path: Path, error: GenlabelError | OSError) -> Explanation:
        report = Report(path=str(path), error=Trouble.of(error))
        return explaining.explain(report, language)

    def explanations() -> Iterator[Explanation]:
        for path, error in expansion.unreadable:
            yield unexplained(path, error)
        for done in batch.run(progress(expansion.files, quiet=quiet), work):
            if done.result is not None:
                yield done.result
            elif done.error is not None:
                yield unexplained(done.item.path, done.error)

    context.exit(results.deliver(explanations()))
