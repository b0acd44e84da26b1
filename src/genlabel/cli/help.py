"""`genlabel help`: the help of any command."""

from __future__ import annotations

import click

from genlabel.cli.command import Command


@click.command(cls=Command)
@click.argument("names", metavar="[COMMAND]...", nargs=-1)
@click.option(
    "--lang",
    metavar="CODE",
    expose_value=False,
    help="The language of results and messages: en, fr (prepared: de, zh); else the locale's.",
)
@click.pass_context
def help(context: click.Context, names: tuple[str, ...]) -> None:
    """Show the help of a command, as its --help does.

    \b
    genlabel help sign
    genlabel help keys new
    """
    shown = context.find_root()
    for name in names:
        if not isinstance(shown.command, click.Group):
            raise click.UsageError(f"{shown.command_path} has no commands of its own", shown)
        _, command, _ = shown.command.resolve_command(shown, [name])
        if command is not None:
            shown = click.Context(command, info_name=name, parent=shown)
    click.echo(shown.get_help())
