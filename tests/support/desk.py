"""The desk at which a page's commands and lines of Python are tried."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from genlabel.cli import main
from genlabel.credentials.development_ca import Authority

NOT_TRIED = frozenset({"pip", "make", "git"})
"""Programs of a console block that are not run: they install things or are tests themselves."""


def credential(folder: Path) -> None:
    """`keys/`, as `genlabel keys new` makes it."""
    Authority.new("Acme Studio").write(folder / "keys")


class Console:
    """Runs commands in one folder, the current one, as a person would type them; `cd` moves on.

    With `swiftly`, genlabel's own commands run in this process, which saves half a second each.
    """

    def __init__(self, folder: Path, *, swiftly: bool = False) -> None:
        self.folder = folder
        self._swiftly = swiftly
        self.status = 0

    def run(self, command: str) -> str | None:
        """What the command prints, both streams as a terminal shows them; None if not tried.

        Raises `AssertionError` for programs that the tests do not know.
        """
        program, *words = shlex.split(command)
        if program in NOT_TRIED or words[:2] == ["-m", "venv"]:
            return None
        if program == "cd":
            self.folder /= words[0]
            os.chdir(self.folder)
            return ""
        if (program, words) == ("echo", ["$?"]):
            return f"{self.status}\n"
        to: Path | None = None
        if ">" in words:
            to = self.folder / words[words.index(">") + 1]
            words = words[: words.index(">")]
        assert program in ("genlabel", "python"), f"{program}: no program that these tests run"
        run = self._within if self._swiftly and program == "genlabel" else self._apart
        out, talk = run(program, words, together=to is None)
        if to is not None:
            to.write_bytes(out)
            return talk.decode()
        return out.decode()

    def _apart(self, program: str, words: list[str], *, together: bool) -> tuple[bytes, bytes]:
        if program == "genlabel":
            words = ["-m", "genlabel", *words]
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env={**os.environ, "COLUMNS": "80", "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if together else subprocess.PIPE,
            timeout=60,
        )
        self.status = done.returncode
        return done.stdout, done.stderr or b""

    def _within(self, program: str, words: list[str], *, together: bool) -> tuple[bytes, bytes]:
        out, talk = io.BytesIO(), io.BytesIO()
        stdout = io.TextIOWrapper(out, "utf-8", newline="\n", write_through=True)
        stderr = stdout if together else io.TextIOWrapper(talk, "utf-8", write_through=True)
        with redirect_stdout(stdout), redirect_stderr(stderr):
            self.status = main.status(words)
        return out.getvalue(), talk.getvalue()
