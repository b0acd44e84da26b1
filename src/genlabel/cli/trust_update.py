"""`genlabel trust update`: published trust lists, fetched, checked, compared and kept."""

from __future__ import annotations

import click

from genlabel.cli.results import UNJUDGED, style


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option(
    "--accept-shrunk", is_flag=True,
    help="Take a list that has lost more than half of its anchors.",
)  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="Show only what failed.")
@click.pass_context
def update(
    context: click.Context, /, names: tuple[str, ...], accept_shrunk: bool, quiet: bool
) -> None:
    """Fetch the published trust lists and keep them; say what changed.

    c2pa: the C2PA trust list. c2pa-tsa: its time-stamping list (official means both). interim: the
    list from before, frozen since 2026-01-01. Over https, checked, and only here: no other command
    fetches a list. What fails leaves the old list in place.

    \b
    genlabel trust update
    genlabel trust update official

    Exit status 0: all were fetched. 2: one was not.
    """
    from genlabel.credentials.trust.update import update_trust
    from genlabel.rendering import text

    found = update_trust(names, accept_shrunk=accept_shrunk)
    for each in found:
        if each.error is not None or not quiet:
            click.echo(text.rendered(each, style()), nl=False, color=True)
    context.exit(UNJUDGED if any(each.error is not None for each in found) else 0)
