"""A studio: a directory with a development credential, its settings and some pictures."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from genlabel import testing
from genlabel.cli.main import status


@dataclass(frozen=True)
class Answer:
    """What one run came to."""

    status: int
    out: str
    err: str


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory: `genlabel.toml`, `keys/`, `cat.png`, `site/` with three pictures."""
    home = tmp_path / "studio"
    (home / "site/sub").mkdir(parents=True)
    (home / "cat.png").write_bytes(testing.picture("png"))
    (home / "site/a.jpg").write_bytes(testing.picture("jpeg", seed=2))
    (home / "site/b.png").write_bytes(testing.picture("png", seed=3))
    (home / "site/sub/c.webp").write_bytes(testing.picture("webp", seed=4))
    (home / "site/notes.txt").write_text("no picture")
    monkeypatch.chdir(home)
    assert status(["keys", "new", "--organisation", "Acme Studio", "--write-config", "-q"]) == 0
    return home


@pytest.fixture
def genlabel(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Runs a command line in this process."""

    def run(*words: str) -> Answer:
        capsys.readouterr()
        found = status(list(words))
        shown = capsys.readouterr()
        return Answer(found, shown.out, shown.err)

    return run


@pytest.fixture
def process() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs a command line in a process of its own."""

    def run(
        words: Sequence[str], *, stdin: bytes = b"", **options: object
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "genlabel", *words],
            input=stdin,
            capture_output=True,
            check=False,
            timeout=60,
            **options,
        )

    return run
