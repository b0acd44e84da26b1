"""Every command that a page names, typed or in passing, is one, with options that it has."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import command_pages
import pytest

import pages
from pages import HOME

COMMANDS = {context.command_path: command for command, context, _ in command_pages.every_command()}
LINE = re.compile(r"^(?:\$ |- run: )?(genlabel .*)$", re.MULTILINE)
QUOTED = re.compile(r"`(genlabel [^`\n]+)`")
EXAMPLES = [
    path
    for path in (HOME / "examples").rglob("*")
    if path.suffix in (".yml", ".md", ".py", ".toml")
]


def named(path: Path) -> Iterator[str]:
    """The commands in a file's blocks and between its backticks."""
    text = path.read_text("utf-8")
    shown = "\n".join(block.text for block in pages.blocks(path)) if path.suffix == ".md" else text
    for line in LINE.findall(shown.replace("\\\n", " ")):
        yield line.partition("  #")[0]
    yield from QUOTED.findall(pages.FENCE.sub("", text))


def fault(line: str) -> str | None:
    """What is wrong with a command; None where nothing is."""
    try:
        words = [word for word in shlex.split(line) if word not in ("…", "...")]
    except ValueError:
        return None  # a sentence that begins so
    path = words.pop(0)
    while words and isinstance(COMMANDS[path], click.Group) and re.match(r"[a-z]", words[0]):
        path = f"{path} {words.pop(0).partition('|')[0]}"
        if path not in COMMANDS:
            return f"{path}: no command"
    known = {option for each in COMMANDS[path].params for option in each.opts} | {"--help", "-h"}
    known |= {option for each in COMMANDS[path].params for option in each.secondary_opts}
    wrong = [
        word.partition("=")[0]
        for word in words
        if re.match(r"--?[a-zA-Z]", word) and word.partition("=")[0] not in known
    ]
    return f"{path}: no option {', '.join(wrong)}" if wrong else None


@pytest.mark.parametrize(
    "path", [*pages.every_page(), *EXAMPLES], ids=lambda each: each.relative_to(HOME).as_posix()
)
def test_a_command_that_is_named_is_one(path):
    if "Status: superseded" in path.read_text("utf-8"):
        return
    assert [each for each in map(fault, named(path)) if each] == []


def test_what_is_none_is_noticed():
    assert fault("genlabel sing cat.png") == "genlabel sing: no command"
    assert fault("genlabel keys nwe --organisation A") == "genlabel keys nwe: no command"
    assert fault("genlabel verify public/ --truts x") == "genlabel verify: no option --truts"
    assert fault("genlabel keys new --organisation 'Acme Studio' -q") is None
    assert fault("genlabel trust add|update") is None
