"""Processes that are forked from a program answer as others do, and nothing else goes on there."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
import uuid
from functools import partial
from pathlib import Path

import pytest

from genlabel.storage import batch, forked

JOBS, MANY = 2, 40

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forked on Linux only")

PROGRAM = """
import json, os, sys
from storage import test_forked
from storage.test_processes import *
from genlabel.storage.batch import reports
forks = []
fork = os.fork
def counted():
    process = fork()
    forks.append(process)
    return process
os.fork = counted
def told(work, number=test_forked.MANY, **options):
    def failed(item, trouble):
        return item, trouble.kind, trouble.message
    options = {"loading": ("genlabel.storage.globs",), **options}
    return reports(
        range(number), work, failed=failed, jobs=test_forked.JOBS, expected=number, **options
    )
"""
"""The beginning of a program in which nothing but a batch goes on."""


def begun(script: str, **more) -> subprocess.Popen:
    path = os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM + script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        text=True,
        **more,
    )


def said(script: str):
    """What the program prints as JSON."""
    program = begun(script)
    out, err = program.communicate(timeout=120)
    assert program.returncode == 0, err
    assert err == ""
    return json.loads(out)


def process_of(number: int) -> tuple[int, int]:
    time.sleep(number % 3 / 1000)
    return number, os.getpid()


def test_answers_come_in_order_from_processes_that_were_forked_at_once():
    answers, forks, here = said(
        "print(json.dumps([list(told(test_forked.process_of)), forks, os.getpid()]))"
    )
    assert [number for number, _ in answers] == list(range(MANY))
    assert {process for _, process in answers} == set(forks)
    assert len(forks) == JOBS
    assert here not in forks
    for process in forks:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


@pytest.mark.parametrize(
    "why",
    [
        pytest.param("loading = None", id="where nobody has allowed it"),
        pytest.param("number = 3", id="for few items"),
        pytest.param(
            "import threading; threading.Thread(target=time.sleep, args=(2,)).start()",
            id="beside another thread",
        ),
    ],
)
def test_nothing_is_forked(why):
    script = (
        "loading, number = (), 20\n"
        f"{why}\n"
        "list(told(test_forked.process_of, number=number, loading=loading))\n"
        "print(json.dumps(forks))"
    )
    assert said(script) == []


class Costly:
    """An item that goes through no pipe, and need not: each process has it."""

    def __reduce__(self):
        raise TypeError("never packed")


def is_costly(item: object) -> bool:
    return isinstance(item, Costly)


def test_items_need_no_pipe():
    assert said(
        "items = [test_forked.Costly() for _ in range(20)]\n"
        "answers = reports(items, test_forked.is_costly, failed=print, jobs=2, expected=20,\n"
        "                  loading=())\n"
        "print(json.dumps([list(answers), len(forks)]))"
    ) == [[True] * 20, JOBS]


def loaded(number: int) -> bool:
    return "genlabel.storage.globs" in sys.modules


def test_what_is_needed_is_loaded_before():
    assert said("print(json.dumps(list(told(test_forked.loaded))))") == [True] * MANY


def drawn(number: int) -> str:
    return str(uuid.uuid4())


def test_no_two_processes_draw_the_same_identifiers():
    assert len(set(said("print(json.dumps(list(told(test_forked.drawn))))"))) == MANY


def pipes(number: int) -> int:
    """How many pipes are open, but for standard error, which may be one."""
    found = [each for each in Path("/proc/self/fd").iterdir() if each.name != "2"]
    return sum("pipe:" in str(each.readlink()) for each in found if each.is_symlink())


def test_each_has_its_own_two_pipes_and_those_of_no_other():
    assert said("print(json.dumps(list(told(test_forked.pipes))))") == [2] * MANY


@pytest.mark.parametrize("how", ["SIGKILL", "SIGBUS", "SIGSEGV"])
def test_one_that_is_ended_costs_the_item_that_it_was_at(how):
    answers = said(
        "import faulthandler; faulthandler.enable()\n"
        f"print(json.dumps(list(told(partial(deadly, {how!r})))))"
    )
    for place in (3, 4):
        item, kind, message = answers[place]
        assert (item, kind) == (place, "ChildProcessError")
        assert how in message
    del answers[3:5]
    assert answers == [0, 1, 2, *range(5, MANY)]


def loud(number: int) -> int:
    print("to standard output")
    os.write(1, b"to descriptor 1")
    logging.getLogger("genlabel.tests").warning("number %d", number)
    return len(sys.stdin.buffer.read()) + number


def test_output_harms_nobody_and_what_is_logged_is_heard_once():
    answers, heard = said(
        "import logging\n"
        "heard = []\n"
        "class Hearing(logging.Handler):\n"
        "    def emit(self, record): heard.append(record.getMessage())\n"
        "logging.getLogger('genlabel').addHandler(Hearing())\n"
        "print('', end='')\n"
        "print(json.dumps([list(told(test_forked.loud)), heard]))"
    )
    assert answers == list(range(MANY))
    assert sorted(heard) == sorted(f"number {number}" for number in range(MANY))


def test_what_was_not_written_yet_is_written_once():
    assert said("sys.stdout.write('['); list(told(test_forked.drawn)); print(']')") == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_when_the_program_is_ended_they_end_too(how):
    program = begun(
        "print(os.getpid(), flush=True)\n"
        "for _, process in told(test_forked.process_of, number=10**6):\n"
        "    print(process, flush=True)\n"
    )
    others = {int(program.stdout.readline()) for _ in range(50)} - {program.pid}
    program.send_signal(how)
    program.communicate()
    assert len(others) == JOBS
    end = time.monotonic() + 30
    while any(is_running(each) for each in others) and time.monotonic() < end:
        time.sleep(0.05)
    assert time.monotonic() < end


def is_running(process: int) -> bool:
    """Not one that has ended, and whom whoever adopted it has not asked yet."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


def test_where_no_process_can_be_had_threads_work():
    assert said(
        "def fork(): raise BlockingIOError(11, 'no more')\n"
        "os.fork = fork\n"
        "from genlabel.storage import processes\n"
        "processes.Process.started = classmethod(lambda *_: None)\n"
        "answers = list(told(test_forked.process_of))\n"
        "print(json.dumps([sorted({each for _, each in answers}) == [os.getpid()], len(answers)]))"
    ) == [True, MANY]


def test_other_systems_start_interpreters(monkeypatch):
    monkeypatch.setattr(forked.sys, "platform", "darwin")
    assert not forked.is_possible()
    monkeypatch.setattr(forked.sys, "platform", "linux")
    monkeypatch.setattr(forked, "_THREADS", Path("/nowhere"))
    assert not forked.is_possible()


def test_a_thread_that_was_joined_is_waited_for_and_one_that_works_is_not(monkeypatch):
    listed = iter([["1", "2"], ["1", "2"], ["1"]])
    monkeypatch.setattr(forked.threading, "active_count", lambda: 1)
    monkeypatch.setattr(forked.os, "listdir", lambda _: next(listed))
    assert forked.is_possible()
    asked = []
    monkeypatch.setattr(forked.threading, "active_count", lambda: 2)
    monkeypatch.setattr(forked.os, "listdir", lambda place: asked.append(place) or ["1", "2"])
    assert not forked.is_possible()
    assert len(asked) == 1


def test_work_that_goes_through_no_pipe_stays_here(monkeypatch):
    monkeypatch.setattr(forked, "is_possible", lambda: True)
    monkeypatch.setattr(os, "fork", None)
    answers = batch.reports(
        range(20), partial(lambda here, each: (here, each), os.getpid()),
        failed=lambda *_: None, jobs=JOBS, expected=20, loading=(),
    )  # fmt: skip
    assert list(answers) == [(os.getpid(), number) for number in range(20)]
