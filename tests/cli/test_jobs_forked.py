"""`--jobs` of the program itself: its processes are forked, and all is as with one job."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from genlabel import CallbackSigner, Integrity, testing, verify_file
from genlabel.cli import results, std_streams
from genlabel.cli.signing import Signing
from genlabel.manifests.engine import engine
from genlabel.operations.labeller import Labeller

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forked on Linux only")

MANY = 24
SIGN = ("sign", "many", "-o", "out/", "--generated", "--using", "SDXL", "--format", "jsonl")
TRUST = ("--trust", "keys/anchors.pem", "--no-config")
FORKS = """
import os
fork, marks = os.fork, {folder!r}
def counted():
    process = fork()
    if process:
        open(os.path.join(marks, str(process)), "w").close()
    return process
os.fork = counted
"""


@pytest.fixture
def forks(studio, tmp_path, monkeypatch):
    """A folder in which each process that is forked has a file; `many/` has pictures."""
    Path("many").mkdir()
    for number in range(MANY):
        picture = testing.picture("png", seed=number, size=(16, 16))
        Path(f"many/{number:02}.png").write_bytes(picture)
    hook, marks = tmp_path / "hook", tmp_path / "forks"
    hook.mkdir()
    marks.mkdir()
    (hook / "sitecustomize.py").write_text(FORKS.format(folder=str(marks)))
    monkeypatch.setenv("PYTHONPATH", str(hook))
    return marks


def reports(answer: subprocess.CompletedProcess[bytes]) -> list[dict]:
    return [json.loads(line) for line in answer.stdout.splitlines()]


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "out", *TRUST),
        ("verify", "out", *TRUST, "--lang", "fr", "--format", "jsonl"),
        ("strip-check", "out", "--against", "many", *TRUST),
        ("inspect", "out"),
        ("explain", "out", *TRUST),
    ],
    ids=lambda words: words[0],
)
def test_forked_processes_say_the_same_in_the_same_order(forks, genlabel, process, words):
    assert genlabel(*SIGN).status == 0
    Path("out/02.png").write_bytes(Path("out/02.png").read_bytes()[:200])
    assert not list(forks.iterdir())
    one = process(words)
    assert not list(forks.iterdir())
    two = process([*words, "--jobs", "2"])
    assert len(list(forks.iterdir())) == 2
    assert (one.returncode, one.stdout, one.stderr) == (two.returncode, two.stdout, two.stderr)
    assert two.returncode
    assert b"02.png" in two.stdout


def test_originals_are_looked_for_by_pictures_in_forked_processes(forks, process):
    Path("public").mkdir()
    for each in Path("many").iterdir():
        picture = testing.picture("png", seed=int(each.stem), size=(96, 64))
        each.write_bytes(picture)
        Path("public", f"renamed-{MANY - int(each.stem):02}.png").write_bytes(picture + b"more")
    words = ("strip-check", "public", "--against", "many", "--no-config", "--format", "jsonl")
    one = process(words)
    assert not list(forks.iterdir())
    two = process([*words, "--jobs", "2"])
    assert len(list(forks.iterdir())) == 6  # for the originals, for the published, for the reports
    assert (one.returncode, one.stdout, one.stderr) == (two.returncode, two.stdout, two.stderr)
    found = [each for each in reports(two) if each["path"]]
    assert {each["matched_by"] for each in found} == {"picture"}
    numbers = [MANY - int(Path(each["against"]).stem) for each in found]
    assert numbers == [int(Path(each["path"]).stem[-2:]) for each in found]


def test_forked_processes_sign_each_with_identifiers_of_its_own(forks, process):
    answer = process([*SIGN, "--jobs", "2", "--state", "state"])
    assert answer.returncode == 0, answer.stderr
    assert len(list(forks.iterdir())) == 2
    done = reports(answer)
    assert [Path(each["output"]).name for each in done] == [f"{n:02}.png" for n in range(MANY)]
    assert len({each["manifest_id"] for each in done}) == MANY
    again = process([*SIGN, "--jobs", "2", "--state", "state"])
    assert {each["outcome"] for each in reports(again)} == {"unchanged"}


def test_a_forked_process_that_is_killed_costs_the_file_that_it_was_at(forks, process, tmp_path):
    with (tmp_path / "hook/sitecustomize.py").open("a") as hook:
        hook.write(
            "import signal\n"
            "link = os.link\n"
            "def killing(source, target, **more):\n"
            "    if str(target).endswith('/05.png'):\n"
            "        os.kill(os.getpid(), signal.SIGKILL)\n"
            "    return link(source, target, **more)\n"
            "os.link = killing\n"
        )
    answer = process([*SIGN, "--jobs", "2"])
    done = reports(answer)
    assert answer.returncode == 2
    assert [each["path"] for each in done if each["error"]] == ["many/05.png"]
    assert "SIGKILL" in done[5]["error"]["message"]
    written = sorted(each.name for each in Path("out").iterdir())
    assert written == [f"{n:02}.png" for n in range(MANY) if n != 5]


def test_when_the_program_is_killed_its_processes_end_with_what_they_are_at(forks):
    words = [sys.executable, "-m", "genlabel", *SIGN, "--jobs", "2"]
    run = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    run.stdout.readline()
    run.kill()
    run.communicate(timeout=60)
    end = time.monotonic() + 30
    ours = [Path("/proc", each.name, "stat") for each in forks.iterdir()]
    while any(each.exists() and ") Z " not in each.read_text() for each in ours):
        assert time.monotonic() < end
        time.sleep(0.05)
    whole = [each for each in Path("out").iterdir() if not each.name.startswith(".")]
    assert all(verify_file(each).integrity is Integrity.INTACT for each in whole)


def test_another_program_that_calls_a_command_is_never_forked(forks, genlabel):
    assert genlabel(*SIGN, "--jobs", "2").status == 0
    assert not list(forks.iterdir())


def test_nothing_is_forked_where_the_engine_was_at_work(monkeypatch):
    monkeypatch.setattr(std_streams, "_prepared", [True])
    engine.versions()
    assert not results.can_be_forked()


def test_keys_elsewhere_stay_with_the_process_that_talks_to_them():
    authority = testing.Authority.new("Acme Studio")
    here = authority.signer()
    elsewhere = CallbackSigner.asking(here.sign, here.chain_pem)
    for signer, in_memory in ((here, True), (elsewhere, False)):
        signing = Signing(settings=None, labeller=Labeller(signer=signer))
        assert signing.is_in_memory is in_memory
