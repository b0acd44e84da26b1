"""The manual page is well formed, and names every command, option, status and variable."""

from __future__ import annotations

import subprocess

import click
import command_pages
import pytest

from genlabel.cli.settings import KEYS
from oracles.absence import program
from pages import HOME

PAGE = HOME / "docs" / "genlabel.1"


def test_mandoc_has_nothing_to_object_to():
    words = [program("mandoc"), "-T", "lint", "-W", "warning", PAGE]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.returncode) == ("", 0)


@pytest.fixture(scope="module")
def shown() -> str:
    """The page as a reader sees it, in one line, without marks of bold."""
    words = [program("mandoc"), "-T", "ascii", "-O", "width=400", PAGE]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    text = done.stdout
    while (at := text.find("\b")) >= 0:  # a character, a step back, and it again: bold
        text = text[: at - 1] + text[at + 1 :]
    return " ".join(text.split())


def test_it_names_whatever_there_is(shown):
    for command, context, _ in command_pages.every_command():
        assert context.command_path in shown
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert parameter.opts[0] in shown
    assert [each.variable for each in KEYS if each.variable not in shown] == []
    assert "130 (143, 129) ended by an interrupt" in shown


def test_what_roff_would_take_for_its_own_is_shown_as_it_is():
    assert command_pages._roff(".br") == r"\&.br"
    assert command_pages._roff("a\\b") == r"a\eb"
    assert command_pages._roff("--by …") == r"\-\-by \[u2026]"
