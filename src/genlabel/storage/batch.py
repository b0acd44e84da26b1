"""The loop over files: work on every item, and a report on each in input order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar, cast

from genlabel.model.report import Trouble

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[Item, Result]):
    """One item and what became of it: a result, or the reason why there is none."""

    item: Item
    result: Result | None = None
    error: BaseException | None = None


def reports(
    items: Iterable[Item],
    work: Callable[[Item], Result],
    *,
    failed: Callable[[Item | Path, Trouble], Result],
    unreadable: Iterable[tuple[Path, OSError]] = (),
    jobs: int = 1,
) -> Generator[Result, None, None]:
    """What `work` makes of every item, in order, `jobs` of them at a time.

    Where there is nothing, `failed` makes a report of the item and the reason; it is called for
    what was `unreadable` before, too. A `KeyboardInterrupt` that is raised here or thrown in comes
    out again after the reports on what was under way.
    """
    for path, error in unreadable:
        yield failed(path, Trouble.of(error))

    def report(done: Done[Item, Result]) -> Result:
        if done.error is not None:
            return failed(done.item, Trouble.of(done.error))
        return cast("Result", done.result)

    running = run(items, work, jobs=jobs)
    for done in running:
        try:
            yield report(done)
        except KeyboardInterrupt as interrupt:
            yield report(running.throw(interrupt))


def run(
    items: Iterable[Item], work: Callable[[Item], Result], *, jobs: int = 1
) -> Generator[Done[Item, Result], None, None]:
    """Does `work` on every item and yields in the order of `items`, one by one.

    What goes wrong with one item stops nobody else, whatever it is: only what ends the program goes
    on. With `jobs` above 1 that many items are worked on at a time, and no more are held than twice
    as many. On `KeyboardInterrupt` nothing new is begun, what is under way ends, complete results
    are yielded, and then it is raised.
    """
    if jobs <= 1:
        for item in items:
            yield _do(work, item)
        return
    yield from _run_in_threads(iter(items), work, jobs)


def _do(work: Callable[[Item], Result], item: Item) -> Done[Item, Result]:
    try:
        return Done(item=item, result=work(item))
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001  a panic of native code is no Exception
        return Done(item=item, error=error)


def _run_in_threads(
    items: Iterator[Item], work: Callable[[Item], Result], jobs: int
) -> Iterator[Done[Item, Result]]:
    under_way: deque[Future[Done[Item, Result]]] = deque()
    with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="genlabel") as pool:
        try:
            for item in items:
                under_way.append(pool.submit(_do, work, item))
                if len(under_way) >= 2 * jobs:
                    yield _first(under_way)
            while under_way:
                yield _first(under_way)
        except KeyboardInterrupt:
            pool.shutdown(wait=True, cancel_futures=True)
            yield from (each.result() for each in under_way if not each.cancelled())
            raise
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _first(under_way: deque[Future[Done[Item, Result]]]) -> Done[Item, Result]:
    """Takes it out only once it is there: an interrupted wait loses nothing."""
    done = under_way[0].result()
    under_way.popleft()
    return done
