"""`--jobs`: several files at a time, and nothing else is different."""

import json
import re
from pathlib import Path

import click
import pytest
from click.exceptions import Exit

from genlabel import testing
from genlabel.cli.options import RunOptions
from genlabel.cli.results import Results, failure
from genlabel.model.report import Report

TRUST = ("--trust", "keys/anchors.pem", "--no-config")


@pytest.fixture
def labelled(studio, genlabel):
    """`out/` with labelled pictures, and one among them that cannot be judged."""
    for number in range(4):
        Path(f"site/{number}.png").write_bytes(testing.picture("png", seed=10 + number))
    words = ("-o", "out", "--generated", "--using", "FLUX.1 [dev]", "--stamp", "later")
    assert genlabel("sign", "site", *words).status == 0
    broken = Path("out/2.png").read_bytes()
    Path("out/2.png").write_bytes(broken[: len(broken) // 2])
    return studio


@pytest.mark.parametrize("form", ["text", "jsonl"])
@pytest.mark.parametrize(
    "words",
    [
        ("verify", "out", *TRUST),
        ("strip-check", "out", "--against", "site", *TRUST),
        ("inspect", "out"),
        ("explain", "out", *TRUST),
    ],
)
def test_several_at_a_time_say_the_same_in_the_same_order(labelled, genlabel, words, form):
    one = genlabel(*words, "--format", form)
    two = genlabel(*words, "--format", form, "--jobs", "2")
    assert one.out
    assert one == two


def test_several_at_a_time_sign_the_same_files(labelled, genlabel):
    """What is drawn anew in each run is not compared: identifiers and times."""

    def answers(out: str, *jobs: str) -> tuple[int, list[tuple[object, ...]], list[str]]:
        words = ("sign", "out", "-o", out, "--generated", "--using", "SDXL", "--format", "jsonl")
        answer = genlabel(*words, *jobs)
        reports = [json.loads(line) for line in answer.out.splitlines()]
        same = ("path", "outcome", "error", "replaced")
        written = sorted(str(path.relative_to(out)) for path in Path(out).rglob("*.*"))
        return answer.status, [tuple(each[name] for name in same) for each in reports], written

    one = answers("one")
    assert [outcome for _, outcome, *_ in one[1]].count("failed") == 1
    assert one == answers("two", "--jobs", "2")


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_fewer_than_one_at_a_time_is_wrong_usage(studio, genlabel, number):
    answer = genlabel("verify", "cat.png", "--jobs", number)
    assert answer.status == 2
    assert "--jobs" in answer.err


def test_the_help_says_how_many_and_in_which_order(genlabel):
    shown = " ".join(genlabel("sign", "--help").out.split())
    assert re.search(r"--jobs N\|auto .*results keep the order of the files\. \[default: 1", shown)


def test_what_is_complete_at_an_interrupt_is_reported_whenever_it_comes(capsys):
    """Here it comes between two results, when other files are being worked on."""
    worked: list[str] = []
    taken: list[str | None] = []

    class Interrupted(Results):
        def take(self, report):
            super().take(report)
            taken.append(report.place)
            if len(taken) == 1:
                raise KeyboardInterrupt

    def work(path: Path) -> Report:
        worked.append(str(path))
        return Report(path=str(path))

    items = [Path(f"{number}.png") for number in range(40)]
    results = Interrupted(schema="genlabel.verify/1", run=RunOptions(format="jsonl"))
    with click.Context(click.Command("verify")), pytest.raises(Exit) as ended:
        results.deliver(items, work, failed=failure(Report), jobs=3)
    assert ended.value.exit_code == 130
    assert 0 < len(taken) < 40
    assert taken == sorted(worked, key=lambda name: int(name.removesuffix(".png")))
    assert [json.loads(line)["path"] for line in capsys.readouterr().out.splitlines()] == taken
