"""The classes of our commands: options that count once, help in sections, the nearest name."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import click

from genlabel.cli import sections, speech
from genlabel.cli.sections import Lines
from genlabel.model.expression import expression
from genlabel.model.nearest import did_you_mean, nearest

_WORD = expression(r"[A-Za-z][A-Za-z-]+", re.ASCII)
"""What is no path to the eye: no suffix, and no folder."""


class Mistyped(click.UsageError):
    """A word that is no command, or no value of its option; `remedy` says what may be meant."""

    def __init__(self, message: str, remedy: str | None, context: click.Context) -> None:
        super().__init__(message, context)
        self.remedy = remedy


class _Spoken(click.Command):
    """A command whose help is in the language of the run."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The line that says what can be typed."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, f"{speech.paragraphs('Usage:')} ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What it is for; commands in it stand as they are typed."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(speech.paragraphs(inspect.cleandoc(self.help or "")))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options in sections, then codes and exit statuses."""
        for section in sections.of(self, ctx):
            with formatter.section(speech.heading(section.title)):
                if section.title == sections.CODES_TITLE:
                    lines = [(name, _whole(codes, formatter)) for name, codes in section.lines]
                else:
                    lines = [(name, speech.meaning(words)) for name, words in section.lines]
                formatter.write_dl(lines)


class Command(_Spoken):
    """A command that refuses the same option twice, but for flags and what may be repeated.

    click takes the last one in silence. `statuses` are shown at the end of the help.
    """

    def __init__(self, *arguments: Any, statuses: Lines = (), **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.statuses = statuses

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Fill `ctx` with the values of `args`. Raises `click.UsageError`."""
        args = list(_with_values(self, ctx, args))
        try:
            rest = super().parse_args(ctx, list(args))
        except click.BadOptionUsage as error:
            error.ctx = error.ctx or ctx  # click does not say whose option lacks its value
            raise
        if not ctx.resilient_parsing:
            _, _, order = self.make_parser(ctx).parse_args(args=list(args))
            for parameter, times in Counter(order).items():
                if times > 1 and isinstance(parameter, click.Option) and _counts_once(parameter):
                    raise click.BadOptionUsage(
                        parameter.opts[0], f"{parameter.opts[0]} is given {times} times", ctx=ctx
                    )
        return rest


class Group(_Spoken, click.Group):
    """A group of such commands, whose short helps are whole sentences."""

    command_class = Command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names. Raises `Mistyped` with the nearest."""
        word = args[0]
        is_option = word[:1] == "-" and word != "-"
        if is_option or ctx.resilient_parsing or self.get_command(ctx, word) is not None:
            return super().resolve_command(ctx, args)
        raise Mistyped(f"no such command {word!r}", _nearest(self, ctx, word), ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The group's own options, then its commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command with its first sentence, which is never cut."""
        with formatter.section(speech.heading("Commands")):
            formatter.write_dl(sections.commands(self, ctx, speech.paragraphs))


def _nearest(group: click.Group, ctx: click.Context, word: str) -> str | None:
    """What whoever typed `word` may have meant, as a remedy."""
    names = [name for name in group.list_commands(ctx) if _is_shown(group, ctx, name)]
    near = nearest(word, names)
    if near:
        return f"did you mean `{ctx.command_path} {near}`?"
    for name in names:
        inner = group.get_command(ctx, name)
        if isinstance(inner, click.Group) and word.lower() in inner.list_commands(ctx):
            return f"did you mean `{ctx.command_path} {name} {word.lower()}`?"
    if ctx.parent is None and Path(word).exists():
        return f"`{ctx.command_path} verify {word}` checks a file"
    return None


def _in_place_of(value: str, option: str, choices: Collection[str]) -> str:
    """What whoever typed `value` behind a visible label's option may have meant."""
    from genlabel.model.words.visible import table

    if value.lower() in table():
        return f"the language of its words is an option of its own: {option} --language {value}"
    return did_you_mean(value, choices)


def _whole(codes: str, formatter: click.HelpFormatter) -> str:
    """Codes in lines that break none of them, to be shown as they are."""
    import textwrap

    width = max(formatter.width - 20, 20)
    return "\b\n" + textwrap.fill(codes, width, break_on_hyphens=False, break_long_words=False)


def _is_shown(group: click.Group, ctx: click.Context, name: str) -> bool:
    command = group.get_command(ctx, name)
    return command is not None and not command.hidden


def _with_values(command: click.Command, ctx: click.Context, args: list[str]) -> Iterator[str]:
    """`args` in which an option that may stand alone has its own value, unless one of its choices
    follows: click would take the file behind it for one."""
    alone = {
        name: each
        for each in command.get_params(ctx)
        if isinstance(each, click.Option) and isinstance(each.flag_value, str) and not each.is_flag
        for name in each.opts
    }
    words = args[: args.index("--")] if "--" in args else args
    for word, after in zip_longest(words, words[1:]):
        option = alone.get(word)
        choices = getattr(option.type, "choices", ()) if option else ()
        if option is None or after in choices:
            yield word
            continue
        if _WORD.fullmatch(after or "") and not ctx.resilient_parsing and not Path(after).exists():
            raise Mistyped(
                f"{word}: {after!r} is none of its values, and no file is called so",
                _in_place_of(after, word, choices),
                ctx,
            )
        yield f"{word}={option.flag_value}"
    yield from args[len(words) :]


def _counts_once(option: click.Option) -> bool:
    return not option.multiple and not option.is_flag and not option.count and option.nargs == 1
