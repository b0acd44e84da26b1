"""`genlabel explain`: labels in sentences, and what public readers are known to make of them."""

from __future__ import annotations

import os
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import click

from genlabel.cli import options, sections
from genlabel.cli.command import Command
from genlabel.cli.inputs import InputOptions, input_options
from genlabel.cli.options import RunOptions
from genlabel.cli.results import style
from genlabel.cli.speech import speech
from genlabel.model.errors import ConfigurationError
from genlabel.model.nearest import did_you_mean
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

    PATH may also be a code that a finding has, or a rule of a book: its meaning is told.

    \b
    genlabel explain labelled/cat.png --trust keys/anchors.pem
    genlabel explain labelled/cat.png --lang fr --format html > cat.html
    genlabel explain genlabel.mark.lost
    """
    from genlabel.cli.results import Results, failure
    from genlabel.model.report import Trouble
    from genlabel.operations import explain as explaining
    from genlabel.operations.checker import not_judged
    from genlabel.operations.labeller import Labeller
    from genlabel.rendering.json import EXPLAIN

    if _told(inputs.paths, run):
        return
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


def _told(names: tuple[str, ...], run: RunOptions) -> bool:
    """Tell what codes and rules mean, where they are named and no file is called so.

    Raises `ConfigurationError` for what comes near one, and for one that stands among files.
    """
    from genlabel.model.words.codes import CODES
    from genlabel.policies import BOOKS

    def is_word(name: str) -> bool:
        is_code = name in CODES or (name.startswith("genlabel.") and name.count(".") > 1)
        return (is_code or name.partition("/")[0] in BOOKS) and not os.path.lexists(name)

    words = tuple(filter(is_word, names))
    if words and (words != names or run.format != "text"):
        raise ConfigurationError(
            f"{words[0]}: is no file, and a code or rule is told alone, in text",
            remedy=f"`genlabel explain {words[0]}` tells what it means",
        )
    for each in words:
        click.echo(_meaning(each), nl=False, color=True)
    return bool(words)


def _meaning(word: str) -> str:
    """What a code, a rule or a book means, in the language of the run."""
    from genlabel.model.words.codes import CODES
    from genlabel.policies import BOOKS
    from genlabel.policies.described import explain_rule, show_policies
    from genlabel.rendering import explained, text

    if word in CODES:
        rows = explained.code(word, speech.language)
        return text.block(word, rows, style())
    if word in BOOKS or "/" in word:
        described = show_policies(word) if word in BOOKS else explain_rule(word)
        return "".join(text.rendered(each, style(verbose=True)) for each in described)
    raise ConfigurationError(
        f"{word}: is no file, and no code of a finding",
        remedy=did_you_mean(word, CODES, "`genlabel verify` shows the codes in brackets"),
    )
