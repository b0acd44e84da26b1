"""`genlabel trust`: the group, and the lists that are kept: added, shown, removed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from genlabel.cli import options, trust_update
from genlabel.cli.results import style
from genlabel.cli.stderr import talk
from genlabel.credentials.trust import AnchorKind

_FILE = click.Path(path_type=Path)


@click.group()
def trust() -> None:
    """Keep trust lists: the published ones, your own anchors and your partners', by name.

    Nobody on them is trusted until you name a list: --trust-list NAME, or [trust] lists.

    \b
    genlabel trust update
    genlabel verify cat.png --trust-list official
    """


trust.add_command(trust_update.update)


@trust.command()
@click.argument("name")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_FILE)
@click.option(
    "--kind", type=click.Choice([each.value for each in AnchorKind]),
    default=AnchorKind.SIGNER.value, show_default=True, help="What the anchors vouch for.",
)  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what goes wrong.")
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

    found = add_trust(name, files, kind=kind)
    if not quiet:
        shown = text.rendered(describe.described(found, max_age=MAX_AGE), style(verbose=True))
        click.echo(shown, nl=False, color=True)
        talk(f"use it with --trust-list {name}, or in [trust] lists")


@trust.command()
@click.argument("name", required=False)
@click.option(
    "--format", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="The form of the result on stdout.",
)  # fmt: skip
@options.configuration
def show(
    name: str | None,
    format: str,
    config: Path | None,
    no_config: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Show the lists that are kept; with a NAME or -v their anchors, with fingerprints and dates.

    \b
    genlabel trust show
    genlabel trust show c2pa
    """
    from genlabel.credentials.trust import describe
    from genlabel.credentials.trust.update import show_trust
    from genlabel.rendering import json, text

    max_age = options.settings({}, config=config, no_config=no_config, quiet=quiet).max_list_age()
    now = datetime.now(UTC)
    found = [describe.described(each, at=now, max_age=max_age) for each in show_trust(name)]
    if format == "json":
        lists = {"lists": [each.to_dict() for each in found]}
        click.echo(json.single(json.TRUST, lists, now), nl=False)
        return
    for each in found:
        shown = text.rendered(each, style(verbose=verbose or name is not None))
        click.echo(shown, nl=False, color=True)
    if not found:
        talk("no trust list is kept; `genlabel trust update` fetches the published ones")


@trust.command()
@click.argument("name")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what goes wrong.")
def remove(name: str, quiet: bool) -> None:
    """Forget a list, a published one too. Nothing else is changed.

    \b
    genlabel trust remove acme
    """
    from genlabel.credentials.trust.update import remove_trust

    remove_trust(name)
    talk(f"{name}: no longer kept", quiet=quiet)
