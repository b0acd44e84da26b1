"""`genlabel explain`: labels in sentences, and what public readers are known to make of them."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import click

from genlabel.cli import options, sections
from genlabel.cli.command import Command
from genlabel.cli.inputs import InputOptions, input_options
from genlabel.cli.options import RunOptions
from genlabel.storage import Found

if TYPE_CHECKING:
    from genlabel.operations.explain import Explanation
    from genlabel.operations.labeller import Labeller


@click.command(cls=Command, statuses=sections.LOOKED)
@options.trust_options
@options.policy_options
@input_options
@options.run_options()
def explain(inputs: InputOptions, as_of: date | None, run: RunOptions) -> None:
    """Say in sentences what a picture's label means, and what it does not mean.

    Then: what Google Images, Meta, Pinterest, LinkedIn, TikTok and the public page
    verify.contentauthenticity.org are known to derive from the file, each with source and date.
    Nobody is asked. With -v also the sentences for experts and the addresses of the sources.

    \b
    genlabel explain labelled/cat.png --trust keys/anchors.pem
    genlabel explain labelled/cat.png --lang fr --format html > cat.html
    """
    from genlabel.cli.results import Results, failure
    from genlabel.model.report import Trouble
    from genlabel.operations import explain as explaining
    from genlabel.operations.checker import not_judged
    from genlabel.operations.labeller import Labeller
    from genlabel.rendering.json import EXPLAIN

    settings = run.settings()
    language = run.language(settings)
    policy = settings.policy()
    labeller = Labeller(
        trust=settings.trust(),
        policy=policy,
        declarations=settings.declarations(policy),
        as_of=as_of,
    )
    files = inputs.expand(quiet=run.quiet)

    def failed(path: str, error: Trouble) -> Explanation:
        return explaining.explain(not_judged(path, error), language)

    Results(
        schema=EXPLAIN,
        run=run,
        language=language,
        trust=labeller.trust,
        policy=labeller.policy,
        as_of=as_of,
    ).deliver(
        files.files,
        partial(_explained, inputs, labeller, language),
        failed=failure(failed),
        unreadable=files.unreadable,
        jobs=inputs.jobs,
        shared=files.shared,
    )


def _explained(inputs: InputOptions, labeller: Labeller, language: str, file: Found) -> Explanation:
    return labeller.explain(inputs.picture(file.path), lang=language)
