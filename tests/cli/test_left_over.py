"""What a run has left that was ended: `verify` names it, `sign`, `stamp` and `doctor` remove it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import genlabel as face
from genlabel import State, storage, testing
from genlabel.storage.temporaries import name_for

pytestmark = pytest.mark.skipif(os.name == "nt", reason="where there are no locks age decides")
GENERATED = ("--generated", "--by", "Acme Studio")


def _left(folder: str, target: str = "b.png") -> Path:
    """A temporary file whose process is gone."""
    path = Path(folder).absolute()
    path = path / name_for(path / target)
    path.write_bytes(b"half")
    return path


@pytest.mark.parametrize("by", ["sign", "stamp", "doctor"])
def test_verify_names_what_an_ended_run_has_left_and_others_remove_it(studio, genlabel, by):
    left = _left("site")
    answer = genlabel("verify", "site", "--format", "json")
    assert f"{Path('site', left.name)}: left by a run that was ended" in answer.err
    assert "genlabel doctor --sweep site" in answer.err
    reports = {each["path"]: each for each in json.loads(answer.out)["reports"]}
    found = {
        path: [each["where"] for each in report["findings"] if "left-over" in each["code"]]
        for path, report in reports.items()
    }
    assert found == {"site/a.jpg": [], "site/b.png": [str(left)], "site/sub/c.webp": []}
    assert left.exists()
    if by == "sign":
        genlabel("sign", "site/a.jpg", "--in-place", *GENERATED)
    elif by == "stamp":
        genlabel("stamp", "site/a.jpg", "--in-place", "--tsa", "http://127.0.0.1:9/")
    else:
        answer = genlabel("doctor", "--sweep", ".")
        assert "1 file of ended runs finished or removed" in answer.out
    assert not left.exists()
    assert "left by a run" not in genlabel("verify", "site").err


def test_a_dry_run_sweeps_nothing(studio, genlabel):
    left = _left("site")
    genlabel("sign", "site", "--in-place", "--dry-run", *GENERATED)
    labeller = face.Labeller(signer=testing.Authority.new("Acme Studio").signer(), dry_run=True)
    list(labeller.sign_files(["site"], face.Label.generated(producer=face.Producer("Acme Studio")),
                             in_place=True))  # fmt: skip
    assert left.exists()


def test_a_folder_that_is_not_there_is_a_failed_check(studio):
    below, hidden = _left("site/sub"), Path("site/.git")
    hidden.mkdir()
    kept = _left(str(hidden))
    first, second = face.doctor(sweep=["site", "nowhere"]).checks[:2]
    assert (first.name, first.state) == ("sweep", State.GOOD)
    assert (second.state, second.says) == (State.FAILED, "nowhere: is no directory")
    assert not below.exists()
    assert kept.exists(), "no walk goes there"


def test_what_cannot_be_removed_is_named(studio, monkeypatch):
    left = [_left("site") for _ in range(5)]
    monkeypatch.setattr(storage.sweeping, "sweep", lambda folder: 0)
    monkeypatch.setattr(storage, "sweep", lambda folder: 0)
    check = face.doctor(sweep=["site"]).checks[0]
    assert check.state is State.DOUBTFUL
    assert "and 2 more of ended runs could not be removed" in check.says
    assert all(each.exists() for each in left)
