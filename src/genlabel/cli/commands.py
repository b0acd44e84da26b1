"""The group of commands, each loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

from genlabel.cli.command import Group
from genlabel.model.version import __version__

COMMANDS = {
    "sign": "sign",
    "stamp": "stamp",
    "mark": "mark",
    "verify": "verify",
    "strip-check": "strip_check",
    "inspect": "inspect",
    "explain": "explain",
    "sources": "sources",
    "keys": "keys",
    "trust": "trust",
    "policy": "policy",
    "config": "config",
    "doctor": "doctor",
    "demo": "demo",
    "completion": "completion",
    "help": "help",
    "version": "version",
}
"""Command → module of this package, in the order of the help."""


class Commands(Group):
    """A group that imports a command's module with the command."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None for a name that there is not."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = getattr(import_module(f"genlabel.cli.{module}"), module)
        return command if isinstance(command, click.Command) else None


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(
    __version__, "-V", "--version", prog_name="genlabel", message="%(prog)s %(version)s"
)
def commands() -> None:
    """Label pictures that a machine made or changed, and check the labels of others.

    \b
    genlabel keys new --organisation "Acme Studio" --write-config
    genlabel sign cat.png -o labelled/ --generated --by "Acme Studio"
    genlabel verify labelled/cat.png
    """
