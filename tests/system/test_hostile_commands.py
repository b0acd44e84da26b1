"""The commands over hostile files: a status, one sentence about each, and nothing is lost."""

from __future__ import annotations

import hashlib
import itertools
import subprocess
import sys
import time
from pathlib import Path

import pytest

import genlabel
from fieldbook import authority, edited, signer
from genlabel import Integrity
from genlabel.formats import identify
from hostile_files import mutated, truncated
from hostile_media import MEDIA
from hostile_runs import judged
from oracles.small_files import NAMES, small

LONGEST = 120.0
"""Seconds for one command over some three hundred files."""


def _labelled(name: str) -> bytes:
    """A small file of the kind, with a manifest where it has a place for one."""
    data = small(name)
    if identify(data).survey(data).unsignable is not None:
        return data
    return genlabel.sign(data, edited(), signer()).data


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of files of every kind that end early or are damaged at random, and of lies."""
    folder = tmp_path_factory.mktemp("hostile")
    for name in NAMES:
        labelled = _labelled(name)
        suffix = identify(labelled).suffixes[0]
        cut = list(truncated(labelled))[3::19]
        damaged = itertools.islice(mutated(labelled), 5)
        lies = list(MEDIA.get(name, lambda _: iter(()))(labelled))[::13]
        for called, data in (*cut, *damaged, *lies):
            if 0 < len(data) < 1 << 20:
                (folder / f"{name}-{called[:30]}{suffix}".replace(" ", "-")).write_bytes(data)
    return folder


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }


def _run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "genlabel", *words],
        capture_output=True,
        text=True,
        timeout=LONGEST * 2,
        check=False,
    )
    assert time.monotonic() - begun < LONGEST
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == 2, done.stderr[-2000:]
    return done


def _said(done: subprocess.CompletedProcess[str]) -> dict[str, list[str]]:
    """The lines about each file."""
    found: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        if not line.startswith(" "):
            lines = found.setdefault(Path(line.split("  ")[0].split(" -> ")[0]).name, [])
        else:
            lines.append(line.strip())
    return found


@pytest.mark.parametrize("command", ["verify", "inspect", "strip-check"])
def test_looking_at_hostile_files_changes_none_and_says_one_sentence_of_each(command, hostile):
    before = _digests(hostile)
    assert len(before) > 250
    said = _said(_run(command, *hostile.iterdir()))
    assert _digests(hostile) == before
    assert said.keys() == before.keys()
    unjudged = {name: lines for name, lines in said.items() if lines[0].startswith("unjudged")}
    assert len(unjudged) > 100
    for name, lines in unjudged.items():
        assert len(lines[0]) > 20, name
        assert all(line.startswith("hint") for line in lines[1:]), name
        assert len(lines) <= 2, name


def test_signing_hostile_files_in_place_leaves_the_original_or_a_whole_result(hostile, tmp_path):
    folder = tmp_path / "copies"
    folder.mkdir()
    for path in hostile.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    authority().write(tmp_path)
    before = _digests(folder)
    key = ("--key", tmp_path / "signing.key", "--certificates", tmp_path / "signing.pem")
    _run("sign", *folder.iterdir(), "--in-place", "--generated", "--by", "Acme Studio", *key)
    after = _digests(folder)
    assert after.keys() == before.keys()
    changed = [name for name in after if after[name] != before[name]]
    assert 0 < len(changed) < len(before)
    for name in changed:
        assert genlabel.verify_file(folder / name).integrity is Integrity.INTACT, name


@pytest.mark.parametrize("name", MEDIA)
def test_lies_and_bombs_in_other_containers_are_answered_in_time_and_space(tmp_path, name):
    files = dict(MEDIA[name](small(name)))
    assert len(files) >= 50
    assert judged(tmp_path, small(name), files, "inspect", "strip_check", "sign") == []
