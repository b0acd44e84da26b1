"""`genlabel completion`: the scripts by which shells complete commands, options and codes."""

from __future__ import annotations

import click
from click import shell_completion

from genlabel.cli.command import Command
from genlabel.cli.main import COMPLETING

SHELLS = ("bash", "zsh", "fish")


@click.command(cls=Command)
@click.argument("shell", metavar="|".join(SHELLS), type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script with which a shell completes commands, options, codes and files.

    Where each shell looks for it (bash from 4.4 on, with its package bash-completion):

    \b
    genlabel completion bash > ~/.local/share/bash-completion/completions/genlabel
    genlabel completion zsh > ~/.zfunc/_genlabel   # with fpath+=~/.zfunc before compinit
    genlabel completion fish > ~/.config/fish/completions/genlabel.fish
    """
    kind = shell_completion.get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"{shell}: click completes nothing there", context)
    made = kind(context.find_root().command, {}, "genlabel", COMPLETING)
    # ShellComplete's own, since bash's would run bash to learn its version
    click.echo(shell_completion.ShellComplete.source(made))
