"""Two thousand files: the tree that is kept, the counts at the end, how far a run is."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from genlabel import testing
from genlabel.cli import progress, stderr
from patience import hears_interrupts


def test_listed_files_keep_their_tree_below_the_base(studio, genlabel):
    Path("list").write_text("site/a.jpg\nsite/sub/c.webp\n")
    answer = genlabel("sign", "--files-from", "list", "--base", "site", "-o", "out", "--generated")
    assert answer.status == 0
    assert sorted(str(each) for each in Path("out").rglob("*.*")) == ["out/a.jpg", "out/sub/c.webp"]
    flat = genlabel("sign", "--files-from", "list", "-o", "flat", "--generated")
    assert flat.status == 0
    assert sorted(str(each) for each in Path("flat").rglob("*.*")) == ["flat/a.jpg", "flat/c.webp"]


def test_two_listed_files_of_one_name_are_told_of_the_base(studio, genlabel):
    Path("site/sub/a.jpg").write_bytes(Path("site/a.jpg").read_bytes())
    Path("list").write_text("site/a.jpg\nsite/sub/a.jpg\n")
    answer = genlabel("sign", "--files-from", "list", "-o", "out", "--generated")
    assert answer.status == 2
    assert "--base DIR" in answer.err
    assert not Path("out").exists()
    outside = genlabel("sign", "cat.png", "--base", "site", "-o", "out", "--generated")
    assert (outside.status, Path("out").exists()) == (2, False)
    assert "cat.png: is not below" in outside.err


def test_the_end_says_what_became_of_the_files(studio, genlabel):
    assert genlabel("sign", "site/a.jpg", "--in-place", "--generated").status == 0
    Path("site/cut.png").write_bytes(Path("cat.png").read_bytes()[:60])
    answer = genlabel("sign", "site", "missing.png", "--in-place", "--generated")
    assert answer.status == 2
    assert "5 files: 2 labelled, 1 left alone, 1 refused, 1 failed" in answer.err
    assert "interrupted" not in answer.err
    document = json.loads(
        genlabel("sign", "site", "--in-place", "--generated", "--format", "json").out
    )
    assert document["summary"]["signing"] == {
        **{"labelled": 0, "marked": 0, "stamped": 0, "left_alone": 3, "refused": 1, "failed": 0},
        **{"not_begun": 0, "interrupted": False},
    }
    seen = json.loads(genlabel("verify", "site", "--format", "json").out)
    assert seen["summary"]["signing"] is None


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_the_end_of_an_interrupted_run_says_so_and_the_command_goes_on(studio, genlabel):
    for number in range(150):
        Path(f"site/x{number:03}.png").write_bytes(Path("cat.png").read_bytes())
    child = subprocess.Popen(
        [sys.executable, "-m", "genlabel", "sign", "site", "-o", "out", "--generated",
         "--format", "jsonl"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pipesize=4096,
        preexec_fn=hears_interrupts,
    )  # fmt: skip
    first = child.stdout.readline()
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=600)
    assert child.returncode == 130
    done = len([first, *out.splitlines()])
    assert f": {done} labelled\n" in err.decode()
    assert f"interrupted: {153 - done} files not begun" in err.decode()
    assert (
        "the same command goes on; where results are in its way, with --overwrite" in err.decode()
    )
    again = ["sign", "site", "-o", "out", "--generated", "--format", "jsonl"]
    refused = genlabel(*again)
    assert (refused.status, "which leaves alone what says the same already" in refused.err) == (
        2,
        True,
    )
    rest = genlabel(*again, "--overwrite")
    assert rest.status == 0
    outcomes = [json.loads(each)["outcome"] for each in rest.out.splitlines()]
    assert (outcomes.count("unchanged"), len(outcomes)) == (done, 153)


class Terminal:
    """What a terminal would show of what is written to it."""

    def __init__(self):
        self.written = []

    def isatty(self):
        return True

    def write(self, text):
        self.written.append(text)

    def flush(self):
        pass


def test_many_small_files_are_counted_with_their_rate_and_what_is_left(monkeypatch):
    now = [0.0]
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    counter = progress.Progress(2_000, quiet=False, clock=lambda: now[0])
    for _ in range(1_000):
        now[0] += 0.05
        counter.count()
    assert terminal.written[0].startswith("\r20 of 2,000, 20/s, 2 min left")
    assert counter.words() == "1,000 of 2,000, 20/s, 50 s left"
    assert len(terminal.written) <= 50 / 0.1
    stderr.line.clear()
    assert terminal.written[-1] == "\r\x1b[K"


def test_nothing_is_counted_before_a_second_is_over_nor_where_nobody_looks(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    late = iter(range(1_000))
    for counter in (
        progress.Progress(10, quiet=False, clock=lambda: 0.5),
        progress.Progress(10, quiet=True, clock=lambda: next(late)),
    ):
        for _ in range(10):
            counter.count()
    assert terminal.written == []


def shown(*arguments):
    """Exit status, and what a terminal gets of a run that says at once how far it is."""
    import pty

    ours, theirs = pty.openpty()
    at_once = (
        "from genlabel.cli import main, progress\n"
        "progress.PATIENCE = 0\n"
        f"main.run({list(arguments)!r})"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", at_once],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    text = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        text += piece
    os.close(ours)
    return child.wait(60), text.decode()


def left_standing(text):
    """The rows as somebody sees them afterwards."""
    return [row.rsplit("\x1b[K", 1)[-1] for row in text.split("\r\n")]


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals")
def test_on_a_terminal_results_and_progress_do_not_run_into_each_other(studio):
    for number in range(60):
        Path(f"site/x{number:03}.png").write_bytes(testing.picture("png", seed=number))
    status, text = shown("sign", "site", "-o", "out", "--generated")
    assert status == 0
    assert " of 63, " in text
    assert not [row for row in left_standing(text) if " of 63, " in row]


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals")
def test_while_originals_are_looked_for_that_is_counted(studio):
    for place in ("labelled", "public"):
        Path(place).mkdir()
    for number in range(12):
        picture = testing.picture("png", seed=number)
        Path(f"labelled/x{number}.png").write_bytes(picture)
        Path(f"public/y{number:02}.png").write_bytes(picture)
    _, text = shown("strip-check", "public", "--against", "labelled")
    assert "looking for originals: " in text
    assert text.index(" of 12") < text.index("public/y00.png")
    assert not [row for row in left_standing(text) if "looking for" in row]
