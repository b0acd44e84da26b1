"""`sign --state`: a run that was killed goes on, and nothing is done twice."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import genlabel as api
from genlabel import testing
from genlabel.storage import locks

FILES = 60


@pytest.fixture
def archive(studio):
    for number in range(FILES):
        Path(f"site/x{number:03}.png").write_bytes(testing.picture("png", seed=number))
    return studio


def identity(path: Path) -> tuple[int, int, str | None]:
    """What changes when a file is written again, and the manifest in it."""
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, api.verify_file(path).manifest_id


def results(folder: str) -> dict[str, tuple[int, int, str | None]]:
    return {
        str(path): identity(path)
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file() and path.suffix in (".png", ".jpg", ".webp")
        and path.name[0] != "."
    }  # fmt: skip


def done_by(state: str) -> list[str]:
    """Outputs whose last line says that they are done."""
    last: dict[str, dict] = {}
    for line in Path(state).read_text().splitlines():
        try:
            content = json.loads(line)
        except ValueError:
            continue
        if "key" in content:
            last[content["key"]] = content
    return [name.partition("\0")[2] for name, each in last.items() if each["is"] == "done"]


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("where", [("-o", "out"), ("--in-place",)])
def test_a_killed_run_goes_on_and_does_nothing_twice(archive, genlabel, where, jobs):
    words = ("sign", "site", *where, "--generated", "--state", "run.state")
    folder = "out" if "-o" in where else "site"
    child = subprocess.Popen(
        [sys.executable, "-m", "genlabel", *words, "--jobs", jobs],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not Path("run.state").exists() or len(done_by("run.state")) < 8:
        assert child.poll() is None, "it came to its end before it was killed"
        time.sleep(0.005)
    child.send_signal(signal.SIGKILL)
    child.wait(60)
    while locks.is_held(Path("run.state")):  # a job may outlive it, and ends what it is at
        time.sleep(0.05)
    finished = [os.path.relpath(each) for each in done_by("run.state")]
    before = results(folder)
    labelled = {name: each for name, each in before.items() if each[2] is not None}
    assert 8 <= len(finished) < FILES
    answer = genlabel(*words, "--format", "jsonl", "--jobs", jobs)
    assert answer.status == 0, answer.err
    after = results(folder)
    assert len(after) == FILES + 3
    assert all(each[2] is not None for each in after.values())
    assert {name: after[name] for name in labelled} == labelled
    outcomes = [json.loads(line)["outcome"] for line in answer.out.splitlines()]
    assert outcomes.count("unchanged") == len(labelled)
    assert outcomes.count("signed") == FILES + 3 - len(labelled)
    again = genlabel(*words, "--format", "jsonl")
    assert f"{FILES + 3} files: {FILES + 3} left alone" in again.err
    assert results(folder) == after


@pytest.fixture
def once(studio, genlabel):
    """`out/` with three labelled pictures, and the state of that run."""
    assert genlabel(*_words()).status == 0
    return studio


def _words(*more: str) -> tuple[str, ...]:
    label = () if "--edited" in more else ("--generated",)
    return ("sign", "site", "-o", "out", "--state", "run.state", "--format", "jsonl", *label, *more)


def outcomes(answer) -> dict[str, str]:
    told = [json.loads(line) for line in answer.out.splitlines()]
    return {each["path"]: each["outcome"] for each in told}


def test_a_changed_source_is_done_again(once, genlabel):
    before = results("out")
    Path("site/a.jpg").write_bytes(testing.picture("jpeg", seed=99))
    answer = genlabel(*_words())
    assert answer.status == 0, answer.err
    assert outcomes(answer) == {
        "site/a.jpg": "signed", "site/b.png": "unchanged", "site/sub/c.webp": "unchanged"
    }  # fmt: skip
    after = results("out")
    assert [name for name in before if before[name] != after[name]] == ["out/a.jpg"]


@pytest.mark.parametrize(
    "more", [("--title", "new"), ("--attribution", "gathered"), ("--key", "other/signing.key",
             "--certificates", "other/signing.pem")]
)  # fmt: skip
def test_another_label_option_or_signer_is_done_again(once, genlabel, more):
    assert genlabel("keys", "new", "--organisation", "Other", "--out", "other", "-q").status == 0
    answer = genlabel(*_words(*more))
    assert answer.status == 0, answer.err
    assert set(outcomes(answer).values()) == {"signed"}
    assert set(outcomes(genlabel(*_words(*more))).values()) == {"unchanged"}


def test_what_is_gone_is_done_again_and_what_another_has_changed_is_not_replaced(once, genlabel):
    Path("out/b.png").unlink()
    assert outcomes(genlabel(*_words()))["site/b.png"] == "signed"
    Path("out/b.png").write_bytes(b"precious")
    answer = genlabel(*_words())
    assert answer.status == 2
    assert "out/b.png: exists already" in answer.err
    assert Path("out/b.png").read_bytes() == b"precious"


def test_a_line_that_was_cut_off_costs_nothing_else(once, genlabel):
    whole = Path("run.state").read_bytes().rstrip()
    Path("run.state").write_bytes(whole[:-20])
    before = results("out")
    answer = genlabel(*_words())
    assert (answer.status, set(outcomes(answer).values())) == (0, {"unchanged"})
    assert results("out") == before
    assert len(done_by("run.state")) == 3


def test_rows_have_a_state_too_and_a_bad_one_is_tried_again(studio, genlabel):
    Path("all.csv").write_text("path,history\ncat.png,generated\nsite/a.jpg,genrated\n")
    words = ("sign", "--batch", "all.csv", "-o", "out", "--state", "s", "--format", "jsonl")
    assert genlabel(*words).status == 2
    Path("all.csv").write_text("path,history\ncat.png,generated\nsite/a.jpg,generated\n")
    answer = genlabel(*words)
    assert answer.status == 0, answer.err
    assert outcomes(answer) == {"cat.png": "unchanged", "site/a.jpg": "signed"}


def test_a_file_of_another_kind_is_not_added_to(studio, genlabel):
    before = Path("cat.png").read_bytes()
    answer = genlabel("sign", "site", "-o", "out", "--generated", "--state", "cat.png")
    assert (answer.status, Path("out").exists()) == (2, False)
    assert "cat.png: is no state file" in answer.err
    assert Path("cat.png").read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="nobody knows locks there")
def test_two_runs_do_not_use_one_state(once, genlabel, monkeypatch):
    from genlabel.storage import state_file

    monkeypatch.setattr(state_file, "PATIENCE", 0.2)
    first = state_file.StateFile.opened(Path("run.state"))
    answer = genlabel(*_words())
    assert answer.status == 2
    assert "run.state: is in use by another run" in answer.err
    first.close()
    assert genlabel(*_words()).status == 0


def test_a_dry_run_writes_nothing_down(studio, genlabel):
    assert genlabel(*_words("--dry-run")).status == 0
    assert done_by("run.state") == []
    assert set(outcomes(genlabel(*_words())).values()) == {"signed"}


@pytest.mark.parametrize("option", ["--state", "--batch", "--label"])
def test_no_picture_takes_the_place_of_a_file_that_the_command_uses(studio, genlabel, option):
    words = {
        "--state": ("cat.png", "--state", "own", "-o", "own", "--generated"),
        "--batch": ("--batch", "own", "--generated"),
        "--label": ("cat.png", "--label", "own", "-o", "site/../own"),
    }[option]
    text = {
        "--state": "",
        "--batch": "path,out\ncat.png,own\n",
        "--label": 'history = "generated"\n',
    }[option]
    Path("own").write_text(text)
    answer = genlabel("sign", *words, "--overwrite")
    assert answer.status == 2
    assert f"own: is the file of {option}, and no place for a picture" in answer.err
    assert not Path("own").read_bytes().startswith(b"\x89PNG")
    assert genlabel("sign", *words, "--overwrite", "--lang", "fr").status == 2


@pytest.mark.parametrize(
    ("own", "name"),
    [
        ("genlabel.toml", "the settings"),
        ("keys/signing.key", "signer.key"),
        ("keys/signing.pem", "signer.certificates"),
        ("keys/anchors.pem", "trust.signers"),
    ],
)
@pytest.mark.parametrize("command", ["sign --generated", "mark --words ai"])
def test_no_picture_takes_the_place_of_settings_and_keys(studio, genlabel, own, name, command):
    before = Path(own).read_bytes()
    answer = genlabel(*command.split(), "cat.png", "-o", f"keys/../{own}", "--overwrite")
    assert answer.status == 2
    assert f"is the file of {name}, and no place for a picture" in answer.err
    assert Path(own).read_bytes() == before
