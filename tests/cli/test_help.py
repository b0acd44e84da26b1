"""Help: every command and option is found, in sections, whole; a slip gets the nearest name."""

from __future__ import annotations

from pathlib import Path

import click
import command_pages
import pytest

from genlabel.cli import sections
from genlabel.cli.command import Command
from genlabel.cli.commands import COMMANDS, commands
from genlabel.model.plus import DataMining
from genlabel.model.version import __version__
from genlabel.model.vocabulary import DigitalSourceType, Role

EVERY = [
    (context.command_path, command, context)
    for command, context, _ in command_pages.every_command()
]


@pytest.mark.parametrize("words", [(), ("keys",), ("trust",)])
def test_a_group_alone_prints_its_help_and_says_by_its_status_that_nothing_was_done(
    genlabel, words
):
    answer = genlabel(*words)
    assert answer.status == 2
    assert answer.out == ""
    assert answer.err == genlabel(*words, "--help").out
    assert "\\n" not in answer.err


@pytest.mark.parametrize("words", [("--version",), ("-V",), ("version",)])
def test_the_version_is_told_in_three_ways(genlabel, words):
    assert genlabel(*words).out == f"genlabel {__version__}\n"


@pytest.mark.parametrize("name", ["", *COMMANDS, "keys new", "trust update"])
def test_help_shows_what_the_option_shows(genlabel, name):
    words = name.split()
    assert genlabel("help", *words).out == genlabel(*words, "--help").out


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("sing", "did you mean `genlabel sign`?"),
        ("strip_check", "did you mean `genlabel strip-check`?"),
        ("VERIFY", "did you mean `genlabel verify`?"),
        ("csr", "did you mean `genlabel keys csr`?"),
        ("keys nwe", "did you mean `genlabel keys new`?"),
        ("trust udpate", "did you mean `genlabel trust update`?"),
        ("help sing", "did you mean `genlabel sign`?"),
        ("sign --genrated", "did you mean --generated"),
        ("verify --trsut x", "did you mean --trust"),
        ("verify cat.png -o labels.json", "did you mean --report?"),
        ("verify cat.png --report o.html", "did you mean html=o.html?"),
        ("verify cat.png --report o.xml", "did you mean junit=o.xml?"),
        ("verify cat.png --jobs many", "`genlabel verify --help`"),
        ("verify -cat.png", "a file of this name is ./-cat.png"),
        ("cat.png", "`genlabel verify cat.png` checks a file"),
        ("xyzzy", "`genlabel --help` shows what there is"),
    ],
)
def test_a_slip_gets_the_nearest_name(genlabel, studio, words, hint):
    Path("-cat.png").touch()
    answer = genlabel(*words.split())
    assert answer.status == 2
    assert hint in answer.err.splitlines()[1]
    assert len(answer.err.splitlines()) == 2


def test_a_command_that_has_no_commands_says_so(genlabel):
    answer = genlabel("help", "sign", "new")
    assert (answer.status, answer.out) == (2, "")
    assert "genlabel sign has no commands of its own" in answer.err


@pytest.mark.parametrize(("path", "command", "context"), EVERY, ids=[path for path, *_ in EVERY])
def test_no_help_is_cut_and_no_option_left_out(path, command, context):
    shown = " ".join(command.get_help(context).split())
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.opts[0] in shown
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner.hidden or sections.sentence(inner) in shown


@pytest.mark.parametrize(("path", "command", "context"), EVERY, ids=[path for path, *_ in EVERY])
def test_every_option_of_a_long_help_has_its_section(path, command, context):
    shown = list(sections.of(command, context))
    (other,) = [each for each in shown if each.title == "Other options"] or [None]
    if other is not None:
        names = {line[0].split(" ")[0].rstrip(",") for line in other.lines}
        assert names <= {"--config", "--no-config", "-h"}, "add it to cli/sections.py"


def test_signing_tells_its_codes_and_statuses(genlabel):
    shown = genlabel("sign", "--help").out
    titles = [line.rstrip(":") for line in shown.splitlines() if line[:1].isalpha()]
    assert titles[1:] == [
        "What it is", "Who answers for it", "Rights", "Visible label", "Output",
        "What is asked", "Keys", "Time",
        "Trust", "Which files", "Reports", "Other options", "Codes", "Exit status",
    ]  # fmt: skip
    codes = [
        *(each.code for each in DigitalSourceType),
        *(each.short for each in Role),
        *(each.code for each in DataMining),
    ]
    for code in codes:
        assert code in shown  # whole, broken at no hyphen
    assert "130 (143, 129)" in shown


@pytest.mark.parametrize("name", ["sign", "stamp", "verify", "strip-check", "inspect", "explain"])
def test_commands_over_files_tell_their_statuses(name):
    command = commands.get_command(click.Context(commands), name)
    assert isinstance(command, Command)
    assert [status for status, _ in command.statuses][-1].startswith("130")


def test_a_missing_choice_is_asked_for_in_one_line(genlabel):
    answer = genlabel("completion")
    assert answer.status == 2
    assert "Choose from: bash, zsh, fish" in answer.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--format", "json", "verify", "x.png"], "genlabel COMMAND --format"),
        (["policy", "--format", "json", "list"], "genlabel policy COMMAND --format"),
        (["mark", "x.png", "--text", "AI"], "did you mean --words?"),
        (["sign", "x.png", "--ai"], "did you mean --generated?"),
        (["sign", "x.png", "--sealing"], "`genlabel sign --help`"),
        (["verify", "x.png", "--text", "AI"], "`genlabel verify --help`"),
    ],
)
def test_an_option_in_the_wrong_place_or_by_another_name_is_told_the_right_one(
    genlabel, words, told
):
    answer = genlabel(*words)
    assert answer.status == 2
    assert told in answer.err
