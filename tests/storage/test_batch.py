"""Items and work in, what became of each out."""

import threading
import time
from pathlib import Path

import pytest

from batches import interrupted
from genlabel.model.errors import MalformedAsset
from genlabel.storage.batch import reports, run


@pytest.mark.parametrize("jobs", [1, 4])
def test_answers_come_in_the_order_of_the_items(jobs):
    def work(number: int) -> int:
        time.sleep((5 - number) / 500)
        return number * number

    assert [done.result for done in run(range(5), work, jobs=jobs)] == [0, 1, 4, 9, 16]


@pytest.mark.parametrize("jobs", [1, 3])
def test_one_bad_item_stops_nobody(jobs):
    def work(number: int) -> int:
        if number == 1:
            raise MalformedAsset("png", "cut short")
        if number == 2:
            raise FileNotFoundError("gone")
        return number

    done = list(run(range(4), work, jobs=jobs))
    assert [type(each.error).__name__ for each in done] == [
        "NoneType", "MalformedAsset", "FileNotFoundError", "NoneType",
    ]  # fmt: skip


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_mistake_of_our_own_is_the_error_of_one_item_and_says_whose_it_is(jobs):
    def work(number: int) -> str:
        if number == 1:
            raise NativePanic("index out of bounds")
        return f"did {12 // number}"

    told = list(reports([2, 0, 1, 3], work, failed=lambda item, error: (item, error), jobs=jobs))
    assert [told[0], told[3]] == ["did 6", "did 4"]
    assert [each[1].kind for each in told[1:3]] == ["ZeroDivisionError", "NativePanic"]
    for _, trouble in told[1:3]:
        assert trouble.message.startswith("a mistake in genlabel itself: ")
        assert "test_batch.py:" in trouble.message
        assert "report it" in trouble.remedy


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("end", [SystemExit, GeneratorExit])
def test_what_ends_the_program_is_no_error_of_an_item(jobs, end):
    def work(_: int) -> None:
        raise end

    with pytest.raises(end):
        list(run([0], work, jobs=jobs))


class NativePanic(BaseException):
    """As pyo3 raises for a panic in Rust."""


def test_an_interrupt_keeps_complete_results_and_begins_nothing_new():
    begun: list[int] = []

    def items():
        yield from range(3)
        raise KeyboardInterrupt

    def work(number: int) -> int:
        begun.append(number)
        time.sleep(0.05)
        return number

    results: list[int] = []
    outcomes = run(items(), work, jobs=2)
    with pytest.raises(KeyboardInterrupt):
        results.extend(done.result for done in outcomes)
    assert results == sorted(begun)
    assert results[:2] == [0, 1]


def test_no_more_than_twice_the_jobs_are_held():
    held = 0
    most = 0
    lock = threading.Lock()

    def items():
        nonlocal held, most
        for number in range(40):
            with lock:
                held += 1
                most = max(most, held)
            yield number

    for _ in run(items(), lambda number: number, jobs=2):
        with lock:
            held -= 1
    assert most <= 5


@pytest.mark.parametrize("jobs", [1, 3])
def test_every_item_has_a_report_and_unreadable_ones_come_first(jobs):
    def work(number: int) -> str:
        if number == 1:
            raise MalformedAsset("png", "cut short")
        return f"did {number}"

    told = reports(
        range(3),
        work,
        failed=lambda item, error: f"{item}: {error.message}",
        unreadable=[(Path("closed"), PermissionError("no"))],
        jobs=jobs,
    )
    assert list(told) == ["closed: no", "did 0", "1: png: cut short", "did 2"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupt_between_two_reports_comes_out_after_what_was_under_way(jobs):
    running = reports(range(100), lambda number: number, failed=lambda *_: -1, jobs=jobs)
    taken = interrupted(running)
    assert taken == list(range(len(taken)))
    assert len(taken) <= 1 + 2 * jobs


def test_a_result_of_nothing_is_a_report_too():
    assert list(reports([1], lambda _: None, failed=lambda *_: None)) == [None]
