"""Every way in which a run can end, and what it costs to begin."""

import json
import os
import signal
import subprocess
import sys
import time
import weakref
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from genlabel.cli import signals
from genlabel.cli.commands import COMMANDS, commands
from genlabel.cli.main import status
from patience import hears_interrupts


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_one_line_of_summary_and_an_example(name):
    command = commands.get_command(click.Context(commands), name)
    summary = (command.help or "").splitlines()[0]
    assert summary.endswith(".")
    assert len(summary) < 95
    shown = CliRunner().invoke(commands, [name, "--help"])
    assert shown.exit_code == 0
    assert f"genlabel {name}" in (command.help or "")
    assert "\b" in (command.help or "")


def test_the_help_lists_all_commands():
    shown = CliRunner().invoke(commands, ["--help"])
    assert shown.exit_code == 0
    for name in COMMANDS:
        assert f"\n  {name}" in shown.output


@pytest.mark.parametrize("words", [("--version",), ("--help",), ("sign", "--help")])
def test_neither_version_nor_help_loads_engine_pictures_or_cryptography(words):
    code = (
        "import sys; from genlabel.cli.main import status\n"
        "assert status(sys.argv[1:]) == 0\n"
        "heavy = {'c2pa', 'PIL', 'cryptography', 'piexif'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()


def test_both_ways_to_ask_for_the_version_agree():
    from genlabel.model.version import __version__

    assert CliRunner().invoke(commands, ["--version"]).output == f"genlabel {__version__}\n"


def test_a_reader_who_goes_away_is_no_error_message(studio, genlabel):
    for number in range(40):
        Path(f"site/{number}.png").write_bytes(Path("cat.png").read_bytes())
    child = subprocess.Popen(
        [sys.executable, "-m", "genlabel", "verify", "site", "-v", "-q"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    child.stdout.close()
    err = child.stderr.read()
    child.stderr.close()
    assert child.wait(60) == 141
    assert err == b""


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("name", "ends_with"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)]
)
def test_an_interrupt_keeps_complete_results_and_no_half_file(studio, jobs, name, ends_with):
    for number in range(300):
        Path(f"site/x{number:03}.png").write_bytes(Path("cat.png").read_bytes())
    child = subprocess.Popen(
        [sys.executable, "-m", "genlabel", "sign", "site", "-o", "out", "--generated",
         "--format", "jsonl", "--jobs", jobs],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pipesize=4096,  # which is full long before the end: the run waits until we read on
        preexec_fn=hears_interrupts,
    )  # fmt: skip
    first = child.stdout.readline()
    child.send_signal(getattr(signal, name))
    out, err = child.communicate(timeout=600)
    assert child.returncode == ends_with, err.decode()
    assert b"Traceback" not in err
    told = [first, *out.splitlines()]
    written = [path for path in Path("out").rglob("*") if path.is_file()]
    assert all(path.suffix in {".jpg", ".png", ".webp"} for path in written)
    assert 0 < len(told) <= len(written) <= len(told) + 1 < 303
    from genlabel import Integrity, verify_file

    assert all(verify_file(path).integrity is Integrity.INTACT for path in written)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize(("name", "ends_with"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_the_one_document_of_an_ended_run_is_whole(studio, name, ends_with):
    for number in range(100):
        Path(f"site/x{number:03}.png").write_bytes(Path("cat.png").read_bytes())
    child = subprocess.Popen(
        [sys.executable, "-m", "genlabel", "sign", "site", "-o", "out", "--generated",
         "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=hears_interrupts,
    )  # fmt: skip
    while not Path("out/b.png").exists() and child.poll() is None:
        time.sleep(0.001)
    child.send_signal(getattr(signal, name))
    out, err = child.communicate(timeout=600)
    assert child.returncode == ends_with, err.decode()
    told = {report["output"] for report in json.loads(out)["reports"]}
    written = {str(path) for path in Path("out").rglob("*") if path.is_file()}
    assert told <= written
    assert 0 < len(told) <= len(written) <= len(told) + 1 < 103


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="POSIX signals")
def test_a_hang_up_that_is_ignored_stays_so():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals.heard():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_after_a_run_signals_end_the_process_as_before():
    before = signal.getsignal(signal.SIGTERM)
    assert status(["--version"]) == 0
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("form", ["json", "jsonl", "text", "html"])
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("where", ["verifying", "showing"])
def test_a_mistake_of_our_own_is_one_files_error_and_the_run_goes_on(
    studio, genlabel, monkeypatch, form, jobs, where
):
    from genlabel.model.report import Report
    from genlabel.operations import checker
    from genlabel.rendering import html, text

    def broken(*given: object, **options: object) -> object:
        (report,) = (each for each in given if isinstance(each, Report))
        if report.format_name == "webp":
            raise ZeroDivisionError("seventeen")
        return whole(*given, **options)

    shown = {"text": (text, "rendered"), "html": (html, "article")}.get(form, (Report, "to_dict"))
    module, name = (checker, "_about_file") if where == "verifying" else shown
    whole = getattr(module, name)
    monkeypatch.setattr(module, name, broken)
    told = genlabel("verify", "site", "--format", form, "--jobs", jobs)
    assert told.status == 2
    assert "Traceback" not in told.err
    assert "a mistake in genlabel itself: ZeroDivisionError: seventeen" in told.out
    assert "report it where you found genlabel" in told.out
    assert told.out.count("a.jpg") == told.out.count("b.png") == told.out.count("c.webp")
    if form == "json":
        said = json.loads(told.out)
        assert (said["summary"]["files"], said["summary"]["unjudged"]) == (3, 1)
        assert [each["error"] is not None for each in said["reports"]] == [False, False, True]


def test_a_console_that_knows_no_chinese_shows_an_escape(studio, process):
    Path("site/猫.png").write_bytes(Path("cat.png").read_bytes())
    done = process(
        ["verify", "site/猫.png"],
        env={**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 1, done.stderr
    assert b"\\u732b.png" in done.stdout


def test_colour_is_for_terminals_only(studio, process):
    assert b"\x1b" not in process(["verify", "cat.png"]).stdout


@pytest.mark.parametrize("words", [[], ["keys"], ["trust"]])
def test_no_command_at_all_shows_what_there_is(words, capsys):
    assert status(words) == 2
    shown = capsys.readouterr().err
    assert "\nCommands:\n" in shown
    assert "\\n" not in shown


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_no_signal_is_lost_that_is_heard_while_an_object_is_given_back(name, capsys):
    """What is raised there is printed and forgotten by Python, and the run would go on."""
    number = getattr(signal, name, None)
    if number is None:
        pytest.skip("there is no such signal here")

    class Thing:
        pass

    def run() -> None:
        thing = Thing()
        weakref.finalize(thing, signal.raise_signal, number)
        del thing
        time.sleep(5)

    kept = sys.unraisablehook
    with signals.heard(), pytest.raises(KeyboardInterrupt) as interrupt:
        run()
    assert signals.status_of(interrupt.value) == 128 + number
    assert sys.unraisablehook is kept
    assert capsys.readouterr().err == ""


def test_a_signal_that_comes_while_a_class_is_made_is_no_mistake_of_ours(monkeypatch, capsys):
    def interrupted(_):
        raise RuntimeError("Error calling __set_name__") from signals.Ended(signal.SIGTERM)

    monkeypatch.setattr(commands, "invoke", interrupted)
    assert status(["verify", "cat.png"]) == 143
    assert "mistake" not in capsys.readouterr().err
