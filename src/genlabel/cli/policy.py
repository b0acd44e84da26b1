"""`genlabel policy`: what the rule books ask, where that is written, and the form for answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genlabel.cli import options
from genlabel.cli.command import Group
from genlabel.cli.options import FILE, RunOptions
from genlabel.cli.results import style
from genlabel.cli.sections import completed
from genlabel.cli.stderr import message

if TYPE_CHECKING:
    from genlabel.policies import Policy
    from genlabel.policies.described import DescribedBook, DescribedRule


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
    from genlabel.policies import policies

    _show(_described(policies()), run, verbose=False)


@policy.command()
@click.argument("policy", metavar="NAME|FILE", shell_complete=completed)
@options.run_options(options.ONE_DOCUMENT, configurable=False, verbose=False)
def show(policy: str, run: RunOptions) -> None:
    """Show a rule book: every rule, and every question that no file answers.

    \b
    genlabel policy show labelled
    """
    from genlabel.policies import books

    _show(_described(books(policy)), run, verbose=True)


@policy.command()
@click.argument("rule", metavar="RULE")
@options.run_options(options.ONE_DOCUMENT, configurable=False, verbose=False)
def explain(rule: str, run: RunOptions) -> None:
    """Explain a rule: what it asks, by what that is shown, where it is written, what to do.

    RULE is its name, or book/rule where several books have one of that name.

    \b
    genlabel policy explain labelled/producer
    """
    from genlabel.policies import policies
    from genlabel.policies.described import found
    from genlabel.rendering import json, text

    rules = found(rule, policies())
    if run.format == "json":
        content = {"books": [], "rules": [each.to_dict() for each in rules]}
        click.echo(json.single(json.POLICIES, content, datetime.now(UTC)), nl=False)
        return
    for each in rules:
        click.echo(text.rendered(each, style(verbose=True)), nl=False, color=True)


@policy.command()
@click.argument("policy", metavar="NAME|FILE...", nargs=-1, required=True, shell_complete=completed)
@click.option("-o", "--out", metavar="FILE", type=FILE, help="Where the form goes; else stdout.")
@click.option("--overwrite", is_flag=True, help="FILE may be replaced.")
@options.quiet_option
def ask(policy: tuple[str, ...], out: Path | None, overwrite: bool, quiet: bool) -> None:
    """Write the questions of rule books as a form, which verify and sign --declarations read.

    \b
    genlabel policy ask labelled -o declarations.toml
    """
    from genlabel import storage
    from genlabel.policies import books
    from genlabel.policies.declaration_form import form

    asked = books(policy)
    for each in asked:
        if not each.questions:
            message(f"{each.name}: asks nothing that a file does not answer", quiet=quiet)
    content = form(asked, on=datetime.now(UTC).date())
    if out is None:
        click.echo(content, nl=False)
        return
    storage.write_atomically(out, content.encode(), overwrite=overwrite)
    message(f"{out}: answer it, and give it with --declarations {out}", quiet=quiet)


@policy.command(statuses=(("0", "the book is sound"), ("2", "it is not, or a picture is none")))
@click.argument("book", metavar="FILE", type=FILE)
@click.option("--on", metavar="PICTURE", multiple=True, type=FILE, help="Try it on this picture.")
@options.trust_options
@options.declarations_option
@options.as_of_option
@options.run_options(())
def check(book: Path, on: tuple[Path, ...], as_of: date | None, run: RunOptions) -> None:
    """Say whether a rule book in a TOML file is sound, and what it concludes of pictures.

    What it concludes changes no exit status here; verify --policy FILE does that.

    \b
    genlabel policy check house.toml --on cat.png
    """
    from genlabel.operations.checker import Checker
    from genlabel.policies import books
    from genlabel.rendering import text

    settings = run.settings()
    own = books(book)
    checker = Checker(
        trust=settings.trust(),
        policy=own,
        declarations=settings.declarations(own),
        as_of=as_of,
    )
    for each in own:
        count = len(each.rules)
        message(f"{book}: a sound rule book of {count} rule{'' if count == 1 else 's'}")
    for picture in on:
        report = checker.verify_file(picture)
        shown = text.judged(report, style(verbose=True))
        click.echo(shown, nl=False, color=True)


def _described(several: Iterable[Policy]) -> Iterator[DescribedBook]:
    from genlabel.policies.described import described

    return map(described, several)


def _show(several: Iterable[DescribedBook], run: RunOptions, *, verbose: bool) -> None:
    from genlabel.rendering import json, text

    if run.format == "json":
        rules: list[DescribedRule] = []
        content = {"books": [each.to_dict() for each in several], "rules": rules}
        click.echo(json.single(json.POLICIES, content, datetime.now(UTC)), nl=False)
        return
    for each in several:
        click.echo(text.rendered(each, style(verbose=verbose)), nl=False, color=True)
