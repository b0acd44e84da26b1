"""`genlabel trust`: trust lists are fetched, added, shown and removed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from genlabel.cli import options
from genlabel.cli.command import Group
from genlabel.cli.options import FILE, RunOptions
from genlabel.cli.results import style
from genlabel.cli.stderr import message
from genlabel.credentials.trust import AnchorKind
from genlabel.rendering.outgoing import UNJUDGED


@click.group(cls=Group)
def trust() -> None:
    """Keep trust lists: the published ones, your own anchors and your partners', by name.

    Nobody on them is trusted until you name a list: --trust-list NAME, or [trust] lists.

    \b
    genlabel trust update
    genlabel verify cat.png --trust-list official
    """


@trust.command(statuses=(("0", "all were fetched"), ("2", "one was not")))
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option(
    "--accept-shrunk", is_flag=True,
    help="Take a list that has lost more than half of its anchors.",
)  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="Show only what failed.")
@options.language_option
def update(names: tuple[str, ...], accept_shrunk: bool, quiet: bool) -> None:
    """Fetch the published trust lists and keep them; say what changed.

    c2pa: the C2PA trust list. c2pa-tsa: its time-stamping list (official means both). interim: the
    list from before, frozen since 2026-01-01. Over https, checked, and only here: no other command
    fetches a list. What fails leaves the old list in place.

    \b
    genlabel trust update
    genlabel trust update official
    """
    from genlabel.credentials.trust.update import update_trust
    from genlabel.rendering import text

    updates = update_trust(names, accept_shrunk=accept_shrunk)
    failed = [list_update for list_update in updates if list_update.error is not None]
    for list_update in failed if quiet else updates:
        click.echo(text.rendered(list_update, style()), nl=False, color=True)
    click.get_current_context().exit(UNJUDGED if failed else 0)


@trust.command()
@click.argument("name")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option(
    "--kind", type=click.Choice([kind.value for kind in AnchorKind]),
    default=AnchorKind.SIGNER.value, show_default=True, help="What the anchors vouch for.",
)  # fmt: skip
@options.quiet_option
def add(name: str, files: tuple[Path, ...], kind: str, quiet: bool) -> None:
    """Keep the anchors in PEM files under a name: your own, or a partner's.

    Compare the fingerprints with your partner, on another way than the file came.

    \b
    genlabel trust add acme acme-root.pem
    """
    from genlabel.credentials.trust import describe
    from genlabel.credentials.trust.anchors import MAX_AGE
    from genlabel.credentials.trust.update import add_trust
    from genlabel.rendering import text

    added = add_trust(name, files, kind=kind)
    if not quiet:
        shown = text.rendered(describe.described(added, max_age=MAX_AGE), style(verbose=True))
        click.echo(shown, nl=False, color=True)
        message(f"use it with --trust-list {name}, or in [trust] lists")


@trust.command()
@click.argument("name", required=False)
@options.run_options(options.ONE_DOCUMENT)
def show(name: str | None, run: RunOptions) -> None:
    """Show the lists that are kept; with a NAME or -v their anchors, with fingerprints and dates.

    \b
    genlabel trust show
    genlabel trust show c2pa
    """
    from genlabel.credentials.trust import describe
    from genlabel.credentials.trust.update import show_trust
    from genlabel.rendering import json, text

    max_age = run.settings().max_list_age()
    now = datetime.now(UTC)
    lists = [describe.described(each, at=now, max_age=max_age) for each in show_trust(name)]
    if run.format == "json":
        content = {"lists": [each.to_dict() for each in lists]}
        click.echo(json.single(json.TRUST, content, now), nl=False)
        return
    for kept_list in lists:
        shown = text.rendered(kept_list, style(verbose=run.verbose or name is not None))
        click.echo(shown, nl=False, color=True)
    if not lists:
        message("no trust list is kept; `genlabel trust update` fetches the published ones")


@trust.command()
@click.argument("name")
@options.quiet_option
def remove(name: str, quiet: bool) -> None:
    """Forget a list, a published one too. Nothing else is changed.

    \b
    genlabel trust remove acme
    """
    from genlabel.credentials.trust.update import remove_trust

    remove_trust(name)
    message(f"{name}: no longer kept", quiet=quiet)
