"""Colour: on a terminal, where nobody refused it; in files and pipes where somebody insisted."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

from genlabel.cli import colour

NAMES = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("variables", "on_a_terminal", "in_a_pipe"),
    [
        ({}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "0"}, True, False),
        ({"FORCE_COLOR": ""}, True, False),
        ({"CLICOLOR_FORCE": "1"}, True, True),
        ({"CLICOLOR_FORCE": "0"}, True, False),
        ({"CLICOLOR": "0"}, False, False),
        ({"CLICOLOR": "1"}, True, False),
        ({"CLICOLOR": "0", "CLICOLOR_FORCE": "1"}, True, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, False, False),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, True),
    ],
)
def test_variables_decide(variables, on_a_terminal, in_a_pipe):
    assert colour.is_wanted(Terminal(), variables) is on_a_terminal
    assert colour.is_wanted(io.StringIO(), variables) is in_a_pipe


def seen(words, *, terminal: bool, **variables: str) -> str:
    """What one run writes to standard output."""
    environment = {name: value for name, value in os.environ.items() if name not in NAMES}
    command = [sys.executable, "-m", "genlabel", *words]
    if not terminal:
        done = subprocess.run(
            command, env={**environment, **variables}, capture_output=True, timeout=60
        )
        return done.stdout.decode()
    pty = pytest.importorskip("pty", reason="no pseudo-terminals here")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, env={**environment, "TERM": "xterm", **variables}, stdout=theirs,
        stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    ) as child:  # fmt: skip
        os.close(theirs)
        written = b""
        while True:
            try:
                more = os.read(ours, 65536)
            except OSError:  # Linux's way to say that nobody writes any more
                break
            if not more:
                break
            written += more
        child.wait(timeout=60)
    os.close(ours)
    return written.decode()


def test_a_verdict_is_coloured_on_a_terminal_and_plain_in_pipes_and_files(studio):
    words = ["sign", "cat.png", "-o", "labelled.png", "--generated", "-q"]
    subprocess.run([sys.executable, "-m", "genlabel", *words], check=True, timeout=60)
    verify = ["verify", "labelled.png", "--report", "text=kept.txt"]
    assert "\x1b[32mintact\x1b[0m" in seen(verify, terminal=True)
    assert "\x1b" not in (studio / "kept.txt").read_text()
    assert "\x1b" not in seen(verify, terminal=True, NO_COLOR="1")
    assert "\x1b" not in seen(verify, terminal=False)
    assert "\x1b[32mintact\x1b[0m" in seen(verify, terminal=False, FORCE_COLOR="1")
    assert "\x1b" not in (studio / "kept.txt").read_text()
    assert "\x1b" not in seen([*verify, "--format", "json"], terminal=False, FORCE_COLOR="1")
