"""`genlabel demo`: sample files, so that every command of the documentation can be typed."""

from __future__ import annotations

from pathlib import Path

import click

from genlabel.cli import options
from genlabel.cli.command import Command
from genlabel.cli.speech import echo
from genlabel.cli.stderr import message
from genlabel.model.errors import ConfigurationError


@click.command(cls=Command)
@click.argument("folder", metavar="DIR", type=options.FILE)
@click.option(
    "--keys", is_flag=True, help="Make a development credential and its settings there, too."
)
@click.option(
    "--organisation", metavar="NAME", default="Acme Studio", show_default=True,
    help="With --keys: who signs.",
)  # fmt: skip
@options.quiet_option
def demo(folder: Path, keys: bool, organisation: str, quiet: bool) -> None:
    """Write sample pictures into DIR, with which every command of the documentation works.

    They are drawn on the spot: a picture for a generated one, a photograph and two edits of it,
    other formats, and an archive by year. Files that are there stay as they are.

    \b
    genlabel demo studio
    genlabel demo studio --keys
    """
    from genlabel import testing
    from genlabel.cli.settings import write
    from genlabel.cli.settings.load import CONFIG
    from genlabel.operations.keys import new_keys

    if folder.is_file():
        raise ConfigurationError(f"{folder}: is a file", remedy="name a folder, new or old")
    written = testing.samples(folder)
    if not quiet:
        below = [path.relative_to(folder).parts for path in written]
        names = dict.fromkeys(part if not rest else f"{part}/" for part, *rest in below)
        echo(f"samples       {folder}: {', '.join(names)}")
    if keys:
        config = folder / CONFIG
        tables: dict[str, write.Table] = {
            "producer": {"name": organisation},
            "signer": {"key": "keys/signing.key", "certificates": "keys/signing.pem"},
            "trust": {"signers": ("keys/anchors.pem",)},
        }
        write.check_room(config, tables)
        made = new_keys(organisation, out=folder / "keys")
        write.add(config, tables)
        if not quiet:
            echo(f"key           {made.key} (keep it to yourself)")
            echo(f"settings      {config}")
    if folder.resolve() != Path.cwd():
        message(f"go there: cd {folder}", quiet=quiet)
