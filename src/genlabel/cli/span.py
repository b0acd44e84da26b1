"""A span of time as people write it: 90d, 6w, 3m, 1y."""

from __future__ import annotations

from datetime import timedelta

import click

from genlabel.cli.settings.values import span_of

_MOST = timedelta(days=36_500)


def span(context: click.Context, parameter: click.Parameter, value: str | None) -> timedelta | None:
    """Days, weeks, months of 30 and years of 365 days: an option's callback."""
    if value is None:
        return None
    found = span_of(value)
    if found is None or not timedelta() < found <= _MOST:
        raise click.BadParameter(
            f"{value!r} is no span such as 90d, 6w, 3m or 1y", ctx=context, param=parameter
        )
    return found
