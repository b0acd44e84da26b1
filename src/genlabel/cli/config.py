"""`genlabel config`: every setting and whence it came."""

from __future__ import annotations

from datetime import timedelta

import click

from genlabel.cli import options
from genlabel.cli.command import Command
from genlabel.cli.options import RunOptions
from genlabel.cli.speech import echo


@click.command(cls=Command)
@options.run_options(forms=())
def config(run: RunOptions) -> None:
    """Show every setting and whence it came; with -v also what is not set.

    \b
    genlabel config
    genlabel config -v

    Options come before GENLABEL_* variables, these before --config FILE or the nearest
    genlabel.toml (or [tool.genlabel] of pyproject.toml) up to the repository's root, that before
    your own file, whose place -v shows.
    """
    from genlabel.cli.settings import KEYS
    from genlabel.cli.settings.load import user_file
    from genlabel.model.escape import escape

    settings = run.settings()
    for key in KEYS:
        setting = settings.values.get(key.name) or settings.folder.get(key.name)
        if setting is not None:
            value = escape(_shown(setting.value), limit=None)
            click.echo(f"{key.name} = {value}  # {escape(setting.origin, limit=None)}")
        elif run.verbose:
            echo(f"# {key.name} is not set ({key.variable}): {key.meaning}")
    if run.verbose:
        own = user_file()
        there = "" if own.is_file() else ", which is not there"
        echo(f"# your own file: {escape(str(own), limit=None)}{there}")


def _shown(value: object) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return ", ".join("=".join(pair) for pair in value)
    if isinstance(value, tuple):
        return ", ".join(_shown(item) for item in value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        return f"{value.days}d"
    return str(value)
