"""A span of time as people write it: 90d, 6w, 3m, 1y."""

from __future__ import annotations

import re
from datetime import timedelta

import click

_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_MOST = 36_500


def span(context: click.Context, parameter: click.Parameter, value: str | None) -> timedelta | None:
    """Days, weeks, months of 30 and years of 365 days: an option's callback."""
    if value is None:
        return None
    found = re.fullmatch(r"([0-9]{1,5}) ?([dwmy])", value.strip().lower())
    days = int(found[1]) * _DAYS[found[2]] if found else 0
    if not 0 < days <= _MOST:
        raise click.BadParameter(
            f"{value!r} is no span such as 90d, 6w, 3m or 1y", ctx=context, param=parameter
        )
    return timedelta(days=days)
