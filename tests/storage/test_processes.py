"""A process for each job: the same answers in the same order, whatever becomes of a process."""

import itertools
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from batches import interrupted
from genlabel.model.errors import ConfigurationError, MalformedAsset
from genlabel.storage import processes, worker
from genlabel.storage.batch import how_many, reports
from genlabel.storage.beside import is_room

JOBS = 2


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(processes, "PATIENCE", 0)


def told(items, work, **options):
    def failed(item, trouble):
        return item, trouble

    return list(reports(items, work, failed=failed, jobs=JOBS, expected=len(items), **options))


def process_of(number: int) -> tuple[int, int]:
    time.sleep(number % 3 / 1000)
    return number, os.getpid()


def test_answers_come_in_order_from_as_many_processes_as_there_are_jobs():
    answers = told(range(10), process_of)
    assert [number for number, _ in answers] == list(range(10))
    others = {process for _, process in answers[:-4]}  # the last ones are too few for a process
    assert len(others) == JOBS
    assert os.getpid() not in others


def room(number: int) -> tuple[bool, int]:
    return is_room(), os.getpid()


def test_a_process_of_a_batch_leaves_the_other_cores_to_the_others():
    answers = told(range(10), room)
    assert os.getpid() not in {process for _, process in answers[:-4]}
    assert not any(is_free for is_free, _ in answers)


def test_no_process_is_left_behind():
    for process in {process for _, process in told(range(20), process_of)} - {os.getpid()}:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_few_items_start_no_process():
    assert {process for _, process in told(range(3), process_of)} == {os.getpid()}


@pytest.mark.parametrize(
    ("cores_used", "stays"),
    [pytest.param(1.0, False, id="python"), pytest.param(1.9, True, id="hashing")],
)
def test_where_threads_use_the_cores_already_no_process_is_started(monkeypatch, cores_used, stays):
    seconds = itertools.count()
    clock = SimpleNamespace(
        monotonic=lambda: next(seconds),
        process_time=lambda: cores_used * next(seconds),
    )
    monkeypatch.setattr(processes, "time", clock)
    monkeypatch.setattr(processes, "PATIENCE", 3)
    answers = told(range(40), process_of)
    assert ({process for _, process in answers} == {os.getpid()}) is stays


def bad(number: int) -> int:
    if number == 1:
        raise MalformedAsset("png", "cut short")
    if number == 2:
        raise PermissionError(13, "no", "/closed")
    return 12 // number


def test_an_error_is_that_of_its_item_and_names_the_place_of_a_mistake():
    answers = told([1, 2, 0, *range(3, 13)], bad)
    assert [each[1].kind for each in answers[:3]] == [
        "MalformedAsset", "PermissionError", "ZeroDivisionError",
    ]  # fmt: skip
    assert answers[0][1].message == "png: cut short"
    assert answers[1][1].message == "/closed: no"
    assert "test_processes.py:" in answers[2][1].message
    assert answers[3:] == [12 // number for number in range(3, 13)]


def no_result(number: int) -> object:
    return threading.Lock() if number == 1 else number


def test_what_cannot_come_back_is_the_error_of_its_item():
    answers = told(range(12), no_result)
    assert answers[1][1].kind == "TypeError"
    assert answers[2:] == list(range(2, 12))


def deadly(how: str, number: int) -> int:
    if number in (3, 4):
        os.kill(os.getpid(), getattr(signal, how))
    return number


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("how", ["SIGKILL", "SIGBUS", "SIGSEGV"])
def test_a_process_that_is_ended_costs_the_item_that_it_was_at(how):
    answers = told(range(40), partial(deadly, how))
    for place in (3, 4):
        item, trouble = answers[place]
        assert item == place
        assert trouble.kind == "ChildProcessError"
        assert how in trouble.message
    del answers[3:5]
    assert answers == [0, 1, 2, *range(5, 40)]


def test_what_does_not_go_through_a_pipe_stays_here():
    lock = threading.Lock()

    def work(number: int) -> tuple[int, int]:
        with lock:
            return number, os.getpid()

    assert told(range(20), work) == [(number, os.getpid()) for number in range(20)]


def test_a_main_module_is_not_run_again_and_what_it_defines_stays_there(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import os\n"
        "print('begun')\n"
        "from genlabel.storage import batch, processes\n"
        "processes.PATIENCE = 0\n"
        "def work(item): return item, os.getpid() == here\n"
        "here = os.getpid()\n"
        "done = batch.reports(range(20), work, failed=lambda *each: each, jobs=2, expected=20)\n"
        "print(list(done) == [(number, True) for number in range(20)])\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("begun\nTrue\n", "")


def test_nothing_of_the_working_directory_is_run(tmp_path, monkeypatch):
    for name in ("pickle", "genlabel"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'mark')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    assert len({process for _, process in told(range(20), process_of)} - {os.getpid()}) == JOBS
    assert not Path("mark").exists()


def loud(number: int) -> int:
    print("to standard output")
    os.write(1, b"to descriptor 1")
    logging.getLogger("genlabel.tests").warning("number %d", number)
    return len(sys.stdin.buffer.read()) + number


def test_output_harms_nobody_and_what_is_logged_is_heard(caplog):
    assert told(range(12), loud) == list(range(12))
    heard = [record.getMessage() for record in caplog.records if record.name == "genlabel.tests"]
    assert sorted(heard) == sorted(f"number {number}" for number in range(12))


def slow(number: int) -> int:
    time.sleep(0.02)
    return number


def test_an_interrupt_between_two_reports_comes_out_after_what_was_under_way():
    running = reports(range(100), slow, failed=lambda *_: -1, jobs=JOBS, expected=100)
    taken = interrupted(running)
    assert taken == list(range(len(taken)))
    assert len(taken) <= 1 + 2 * JOBS


def slow_at_last(number: int) -> tuple[int, int]:
    if number >= 60:
        time.sleep(2 * worker.TOGETHER)
    return number, os.getpid()


def test_small_items_go_together_and_those_that_take_long_are_asked_for_again(monkeypatch):
    requests: list[int] = []
    ask = processes.Process.ask

    def counting(self, request, number):
        requests.append(number)
        return ask(self, request, number)

    monkeypatch.setattr(processes.Process, "ask", counting)
    answers = told(range(80), slow_at_last)
    assert [number for number, _ in answers] == list(range(80))
    assert 1 < max(requests) <= processes.MOST
    assert sum(requests) > 80 - 2 * processes.FEW  # what took too long was asked for twice


def test_an_interrupt_waits_for_one_long_item_and_not_for_those_asked_for_along_with_it():
    running = reports(range(200), slow_at_last, failed=lambda *_: -1, jobs=JOBS, expected=200)
    taken = list(itertools.islice(running, 61))
    begun = time.monotonic()

    def interrupt() -> None:
        taken.append(running.throw(KeyboardInterrupt()))
        taken.extend(running)

    with pytest.raises(KeyboardInterrupt):
        interrupt()
    numbers = [number for number, _ in taken]
    assert numbers[:61] == list(range(61))
    assert numbers == sorted(set(numbers))  # of a request whose end was not begun the next one was
    assert len(taken) < 61 + 2 * JOBS * processes.MOST
    assert time.monotonic() - begun < 10


def test_whoever_stops_listening_leaves_no_process():
    running = reports(range(100), process_of, failed=lambda *_: (0, 0), jobs=JOBS, expected=100)
    process = max(next(running)[1], next(running)[1])
    running.close()
    assert process != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_when_we_are_killed_processes_end_with_what_they_are_at(tmp_path):
    script = (
        "from functools import partial\n"
        "from genlabel.storage import batch, processes\n"
        "from storage.test_processes import process_of\n"
        "processes.PATIENCE = 0\n"
        "running = batch.reports(range(10**6), process_of, failed=print, jobs=2, expected=10**6)\n"
        "for _, process in running: print(process, flush=True)\n"
    )
    path = os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])
    child = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    others = {int(child.stdout.readline()) for _ in range(50)} - {child.pid}
    child.kill()
    child.communicate()
    assert others
    end = time.monotonic() + 30
    while any(Path(f"/proc/{each}/stat").exists() for each in others) and time.monotonic() < end:
        if all(" Z " in Path(f"/proc/{each}/stat").read_text() for each in others
               if Path(f"/proc/{each}/stat").exists()):  # fmt: skip
            break  # ended, and whoever adopted it has not asked yet
        time.sleep(0.05)
    assert time.monotonic() < end


def test_the_number_of_jobs():
    assert how_many(3) == 3
    assert how_many("auto") >= 1
    for wrong in (0, -1, "many", 1.5, True, None):
        with pytest.raises(ConfigurationError, match="jobs"):
            how_many(wrong)
