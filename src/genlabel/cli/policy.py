"""`genlabel policy`: what the rule books ask, where that is written, and the form for answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genlabel.cli import options
from genlabel.cli.command import Group
from genlabel.cli.options import FILE, RunOptions
from genlabel.cli.results import style
from genlabel.cli.sections import completed
from genlabel.cli.stderr import message
from genlabel.model.errors import ConfigurationError

if TYPE_CHECKING:
    from genlabel.model.report import Report
    from genlabel.operations.labeller import Labeller
    from genlabel.policies.described import DescribedBook, DescribedRule
    from genlabel.storage import Found


@click.group(cls=Group)
def policy() -> None:
    """Show the rule books: what each rule asks, at which level, and where that is written.

    They are checked with verify --policy NAME and sign --policy NAME. That all rules of a book
    pass does not mean that a law is met.

    \b
    genlabel policy list
    genlabel verify cat.png --policy labelled
    """


@policy.command(name="list")
@options.run_options(options.ONE_DOCUMENT, configurable=False, verbose=False)
def list_(run: RunOptions) -> None:
    """List the rule books, with the version and day of the texts that they are from.

    \b
    genlabel policy list
    """
    from genlabel.policies.described import show_policies

    _show(show_policies(), run, verbose=False)


@policy.command()
@click.argument("policy", metavar="NAME", shell_complete=completed)
@options.run_options(options.ONE_DOCUMENT, configurable=False, verbose=False)
def show(policy: str, run: RunOptions) -> None:
    """Show a rule book: every rule, and every question that no file answers.

    \b
    genlabel policy show labelled
    """
    from genlabel.policies.described import show_policies

    _show(show_policies(policy), run, verbose=True)


@policy.command()
@click.argument("rule", metavar="RULE")
@options.run_options(options.ONE_DOCUMENT, configurable=False, verbose=False)
def explain(rule: str, run: RunOptions) -> None:
    """Explain a rule: what it asks, by what that is shown, where it is written, what to do.

    RULE is its name, or book/rule where several books have one of that name.

    \b
    genlabel policy explain labelled/producer
    """
    from genlabel.policies.described import explain_rule
    from genlabel.rendering import json, text

    rules = explain_rule(rule)
    if run.format == "json":
        content = {"books": [], "rules": [each.to_dict() for each in rules]}
        click.echo(json.single(json.POLICIES, content, datetime.now(UTC)), nl=False)
        return
    for each in rules:
        click.echo(text.rendered(each, style(verbose=True)), nl=False, color=True)


@policy.command()
@click.argument("policy", metavar="NAME...", nargs=-1, required=True, shell_complete=completed)
@click.option("-o", "--out", metavar="FILE", type=FILE, help="Where the form goes; else stdout.")
@click.option("--overwrite", is_flag=True, help="FILE may be replaced.")
@options.quiet_option
def ask(policy: tuple[str, ...], out: Path | None, overwrite: bool, quiet: bool) -> None:
    """Write the questions of rule books as a form, which verify and sign --declarations read.

    \b
    genlabel policy ask cepic -o declarations.toml
    """
    from genlabel import storage
    from genlabel.policies import Policy, named
    from genlabel.policies.declaration_form import ask_policies

    asked: list[Policy] = []
    for book in named(policy):
        asking = [each for each in book.whole if each.questions and each not in asked]
        if not asking:
            message(f"{book.name}: asks nothing that a file does not answer", quiet=quiet)
        asked += asking
    if not asked:
        return
    content = ask_policies(asked)
    if out is None or str(out) == storage.STDIN:
        click.echo(content, nl=False)
        return
    storage.write_atomically(out, content.encode(), overwrite=overwrite)
    message(f"{out}: answer it, and give it with --declarations {out}", quiet=quiet)


@policy.command()
@click.argument("policy", metavar="FILE", type=FILE)
@click.option(
    "--on",
    "paths",
    metavar="PATH",
    multiple=True,
    type=FILE,
    help="Judge this picture, or those in this directory, by it.",
)
@options.trust_options
@options.declarations_option
@options.as_of_option
@options.fail_on_option
@options.run_options(options.ONE_DOCUMENT, verbose=False)
def check(policy: Path, paths: tuple[Path, ...], as_of: date | None, run: RunOptions) -> None:
    """Say whether a rule book in TOML is sound, and what it says of pictures.

    What is wrong in it is told with its place. With --on each rule's answer is shown.

    \b
    genlabel policy check press.toml
    genlabel policy check press.toml --on site/press --trust keys/anchors.pem
    """
    from genlabel import policies
    from genlabel.policies.described import show_policies

    if policy.suffix != policies.SUFFIX:
        raise ConfigurationError(
            f"{policy}: is no TOML file",
            remedy="name FILE.toml; a shipped book is applied by `genlabel verify --policy NAME`",
        )
    book = policies.policy(policy)
    if not paths:
        _show(show_policies(book), run, verbose=False)
        return
    from genlabel import storage
    from genlabel.cli.results import Results, failure
    from genlabel.formats import is_known, is_promised
    from genlabel.operations.checker import not_judged
    from genlabel.operations.labeller import Labeller
    from genlabel.rendering.json import VERIFY

    settings = run.settings()
    labeller = Labeller(
        trust=settings.trust(),
        policy=(book,),
        declarations=settings.declarations((book,)),
        as_of=as_of,
    )
    files = storage.expand(paths, known=is_known, promised=is_promised)
    Results(
        schema=VERIFY,
        run=replace(run, verbose=True),
        fail_on=settings.fail_on(),
        language=run.language(settings),
        trust=labeller.trust,
        policy=labeller.policy,
        as_of=as_of,
    ).deliver(
        files.files,
        partial(_judged, labeller),
        failed=failure(not_judged),
        unreadable=files.unreadable,
    )


def _judged(labeller: Labeller, file: Found) -> Report:
    return labeller.verify_file(file.path)


def _show(several: Iterable[DescribedBook], run: RunOptions, *, verbose: bool) -> None:
    from genlabel.rendering import json, text

    if run.format == "json":
        rules: list[DescribedRule] = []
        content = {"books": [each.to_dict() for each in several], "rules": rules}
        click.echo(json.single(json.POLICIES, content, datetime.now(UTC)), nl=False)
        return
    for each in several:
        click.echo(text.rendered(each, style(verbose=verbose)), nl=False, color=True)
