"""Commands in which an option that counts once is given once: click takes the last in silence."""

from __future__ import annotations

from collections import Counter

import click


class Command(click.Command):
    """A command that refuses the same option twice, but for flags and what may be repeated."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Fill `ctx` with the values of `args`. Raises `click.UsageError`."""
        rest = super().parse_args(ctx, list(args))
        if not ctx.resilient_parsing:
            _, _, order = self.make_parser(ctx).parse_args(args=list(args))
            for parameter, times in Counter(order).items():
                if times > 1 and isinstance(parameter, click.Option) and _counts_once(parameter):
                    raise click.BadOptionUsage(
                        parameter.opts[0], f"{parameter.opts[0]} is given {times} times", ctx=ctx
                    )
        return rest


class Group(click.Group):
    """A group of such commands."""

    command_class = Command


def _counts_once(option: click.Option) -> bool:
    return not option.multiple and not option.is_flag and not option.count and option.nargs == 1
