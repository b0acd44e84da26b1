"""The pages of all commands, from the command line itself: Markdown, and a manual page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
from markdown import MADE, table

from genlabel.cli import sections
from genlabel.cli.commands import commands
from genlabel.cli.settings import KEYS
from genlabel.model.version import __version__

DAY = "2026-11-29"
"""Of the manual page; it is in the footer."""

EXAMPLE = "\b"
"""click's mark of a paragraph that is shown as it is."""
Documented = tuple[click.Command, click.Context, int]
"""A command, its context, and how deep in groups it stands."""


def every_command() -> Iterator[Documented]:
    """Each command with its context and its depth, the outermost first."""

    def below(
        context: click.Context, depth: int
    ) -> Iterator[tuple[click.Command, click.Context, int]]:
        yield context.command, context, depth
        if isinstance(context.command, click.Group):
            for name in context.command.list_commands(context):
                inner = context.command.get_command(context, name)
                if inner is not None and not inner.hidden:
                    yield from below(
                        click.Context(inner, info_name=name, parent=context), depth + 1
                    )

    names = ["-h", "--help"]
    return below(click.Context(commands, info_name="genlabel", help_option_names=names), 0)


def paragraphs(text: str) -> Iterator[tuple[bool, str]]:
    """The paragraphs of a help: is it an example, and its text, an example's lines kept."""
    for paragraph in text.split("\n\n"):
        lines = [line.strip() for line in paragraph.strip().splitlines()]
        if lines and lines[0] == EXAMPLE:
            yield True, "\n".join(lines[1:])
        elif lines:
            yield False, " ".join(lines)


def usage(command: click.Command, context: click.Context) -> str:
    """How a command is written."""
    return " ".join([context.command_path, *command.collect_usage_pieces(context)])


def commands_page() -> str:
    """Every command with its options, codes and exit statuses, as a Markdown page."""

    def documented(command: click.Command, context: click.Context, depth: int) -> Iterator[str]:
        yield f"\n{'#' * (depth + 2)} `{context.command_path}`\n"
        for is_example, text in paragraphs(command.help or ""):
            yield f"\n```text\n{text}\n```\n" if is_example else f"\n{text}\n"
        yield f"\n```text\n{usage(command, context)}\n```\n"
        for section in sections.of(command, context):
            yield f"\n**{section.title}**\n\n"
            head = ["status" if section.title == "Exit status" else "option", "meaning"]
            if section.title == sections.CODES_TITLE:
                head[1] = "codes"
            lines = (
                (f"`{_plain(first)}`", " ".join(text.split())) for first, text in section.lines
            )
            yield from table(head, lines)

    return "".join(
        [
            MADE,
            "# Commands\n\n",
            "All commands and options, as `--help` has them. Start with [cli.md](cli.md).\n",
            *(line for each in every_command() for line in documented(*each)),
        ]
    )


def _plain(option: str) -> str:
    return option.replace("|", r"\|")


def man_page() -> str:
    """The same as one manual page, genlabel(1), in man(7)."""
    listed = list(every_command())
    (top, top_context, _), *rest = listed
    lines = [
        '.\\" Made by docs/generate.py: change the code it comes from, then run `make docs`.',
        f'.TH GENLABEL 1 {DAY} "genlabel {__version__}" "User Commands"',
        ".SH NAME",
        r"genlabel \- label pictures that a machine made or changed, and check such labels",
        ".SH SYNOPSIS",
        ".nf",
        *(
            rf"\fB{_roff(context.command_path)}\fR {_roff(' '.join(pieces))}"
            for command, context, _ in rest
            if not isinstance(command, click.Group)
            and (pieces := command.collect_usage_pieces(context))
        ),
        ".fi",
        ".SH DESCRIPTION",
        *_help(top),
        *_parts(top, top_context),
    ]
    for command, context, _ in rest:
        lines += [f".SH {_roff(context.command_path.upper())}", *_help(command)]
        lines += _parts(command, context)
    lines += [".SH ENVIRONMENT", *_environment(), ".SH FILES", *_files()]
    lines += [".SH SEE ALSO", r"The pages at https://github.com/genlabel/genlabel/tree/main/docs"]
    return "\n".join(lines) + "\n"


def _help(command: click.Command) -> Iterator[str]:
    for number, (is_example, text) in enumerate(paragraphs(command.help or "")):
        if number:
            yield ".PP"
        if is_example:
            yield from (".nf", ".RS 4", *map(_roff, text.splitlines()), ".RE", ".fi")
        else:
            yield _roff(text)


def _parts(command: click.Command, context: click.Context) -> Iterator[str]:
    for section in sections.of(command, context):
        yield f".SS {_roff(section.title)}"
        yield from _defined(section.lines)


def _defined(lines: sections.Lines) -> Iterator[str]:
    for first, text in lines:
        yield from (".TP", rf"\fB{_roff(first)}\fR", _roff(" ".join(text.split())))


def _environment() -> Iterator[str]:
    yield _roff("Each setting has a variable; docs/settings.md says what they take.")
    yield from _defined([(each.variable, each.meaning) for each in KEYS])
    yield from _defined(
        [
            ("GENLABEL_CONFIG", "a configuration file, as --config"),
            ("GENLABEL_PASSPHRASE", "the passphrase of an encrypted key"),
            ("NO_COLOR, FORCE_COLOR, CLICOLOR, CLICOLOR_FORCE", "colour: never, or always"),
        ]
    )


def _files() -> Iterator[str]:
    yield from _defined(
        [
            ("genlabel.toml", "settings of a folder and of those below it in the same repository"),
            ("~/.config/genlabel/genlabel.toml", "your own settings, on Linux"),
        ]
    )


def _roff(text: str) -> str:
    """Text that man(7) shows as it is: no escapes, no requests, hyphens that can be copied."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    escaped = re.sub(r"[^\x00-\x7f]", lambda found: rf"\[u{ord(found[0]):04X}]", escaped)
    return rf"\&{escaped}" if escaped[:1] in (".", "'") else escaped
