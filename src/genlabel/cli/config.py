"""`genlabel config`: every setting and whence it came."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from genlabel.cli import options


@click.command()
@options.configuration
def config(config: Path | None, no_config: bool, quiet: bool, verbose: bool) -> None:
    """Show every setting and whence it came; with -v also what is not set.

    \b
    genlabel config
    genlabel config -v

    Options come before GENLABEL_* variables, these before --config FILE or the nearest
    genlabel.toml (or [tool.genlabel] of pyproject.toml) up to the repository's root, that before
    the user's own file.
    """
    from genlabel.cli.settings import KEYS
    from genlabel.rendering.escape import escape

    settings = options.settings({}, config=config, no_config=no_config, quiet=quiet)
    for key in KEYS:
        found = settings.values.get(key.name)
        if found is not None:
            value = escape(_shown(found.value), limit=None)
            click.echo(f"{key.name} = {value}  # {escape(found.origin, limit=None)}")
        elif verbose:
            click.echo(f"# {key.name} is not set ({key.variable}): {key.meaning}")


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_shown(each) for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        return f"{value.days}d"
    return str(value)
