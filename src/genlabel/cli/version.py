"""`genlabel version`: the version, as `--version` says it."""

from __future__ import annotations

import click

from genlabel.cli.command import Command
from genlabel.model.version import __version__


@click.command(cls=Command)
def version() -> None:
    """Show the version; `genlabel doctor` shows those of the engine too.

    \b
    genlabel version
    """
    click.echo(f"genlabel {__version__}")
