"""A call beside other work gives what it would give alone, and no thread outlives the asking."""

from __future__ import annotations

import _thread
import threading
import time
from contextvars import ContextVar

import pytest

from genlabel.storage import beside as module
from genlabel.storage.beside import Beside, is_room, one_of_many

at_work = module._at_work
PLACE: ContextVar[str] = ContextVar("place", default="nowhere")


@pytest.mark.parametrize("worthwhile", [True, False])
def test_the_answer_is_the_call_s_own(worthwhile):
    calls = []
    with Beside(lambda: calls.append(1) or len(calls), worthwhile=worthwhile) as beside:
        assert beside.result() == 1
        assert beside.result() == 1


@pytest.mark.parametrize("worthwhile", [True, False])
def test_what_it_raises_is_raised_where_it_is_asked_for(worthwhile):
    def fail():
        raise KeyboardInterrupt

    with Beside(fail, worthwhile=worthwhile) as beside:
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                beside.result()


def test_only_what_is_worthwhile_runs_unasked():
    calls = []
    with (
        Beside(lambda: calls.append("large")),
        Beside(lambda: calls.append("small"), worthwhile=False),
    ):
        pass
    assert calls == ["large"]


def test_whoever_leaves_early_leaves_no_thread():
    ended = []
    with pytest.raises(KeyboardInterrupt), Beside(lambda: time.sleep(0.05) or ended.append(1)):
        raise KeyboardInterrupt
    assert ended


def test_an_interrupt_while_it_begins_leaves_no_thread(monkeypatch):
    """Which comes where its thread is waited for."""
    ended, real = [], _thread.allocate_lock

    class Interrupted:
        def __init__(self):
            self.lock, self.acquired = real(), 0

        def acquire(self):
            self.acquired += 1
            self.lock.acquire()
            if self.acquired == 2 and not ended:
                raise KeyboardInterrupt

        def release(self):
            self.lock.release()

        def __enter__(self):
            self.lock.acquire()

        def __exit__(self, *error):
            self.lock.release()

    monkeypatch.setattr(_thread, "allocate_lock", Interrupted)
    with pytest.raises(KeyboardInterrupt), Beside(lambda: time.sleep(0.05) or ended.append(1)):
        raise AssertionError
    assert ended


def test_the_context_is_the_one_in_which_it_was_asked():
    token = PLACE.set("here")
    try:
        with Beside(PLACE.get) as beside:
            assert beside.result() == "here"
    finally:
        PLACE.reset(token)


def test_without_a_thread_to_be_had_it_is_called_when_asked_for(monkeypatch):
    def refused(function, arguments):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(_thread, "start_new_thread", refused)
    with Beside(lambda: 1) as beside:
        assert beside.result() == 1
    # on the usual stack it would not have the room that it needs
    with pytest.raises(RuntimeError), Beside(lambda: 1, stack=1 << 20):
        pass


def test_a_stack_is_as_large_as_is_asked_for_that_thread_alone():
    before = threading.stack_size()
    with Beside(lambda: 1, stack=1 << 20) as beside:
        assert beside.result() == 1
    assert threading.stack_size() == before


@pytest.mark.parametrize(
    ("said", "threads"),
    [
        ("0.41 0.35 0.30 1/117 22188\n", 1),
        ("12.41 9.35 4.30 17/1170 4194304\n", 17),
        ("0.41 0.35\n", 0),
        ("a b c d/e f\n", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_the_system_says_how_many_threads_want_a_core(said, threads, tmp_path, monkeypatch):
    file = tmp_path / "loadavg"
    if said is not None:
        file.write_text(said)
    monkeypatch.setattr(module, "_LOAD", str(file))
    assert at_work() == threads


@pytest.mark.parametrize(
    ("cores", "threads", "room"),
    [(2, 1, True), (2, 0, True), (2, 2, False), (2, 9, False), (4, 3, True), (1, 0, False)],
)
def test_there_is_room_where_a_core_is_idle(cores, threads, room, monkeypatch):
    monkeypatch.setattr(module, "_cores", cores)
    monkeypatch.setattr(module, "_system_cores", cores)
    monkeypatch.setattr(module, "_at_work", lambda: threads)
    assert is_room() is room
    with one_of_many():
        assert not is_room()
