"""The loop over files: work on every item, and a report on each in input order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar, cast

from genlabel.model.errors import ConfigurationError
from genlabel.model.report import Trouble
from genlabel.storage.beside import Done, Workers, cores

if TYPE_CHECKING:
    from concurrent.futures import Future

Item = TypeVar("Item")
Result = TypeVar("Result")
Jobs = int | Literal["auto"]
"""How many files are worked on at a time; ``auto``: as many as there are CPUs for this process."""


def reports(
    items: Iterable[Item],
    work: Callable[[Item], Result],
    *,
    failed: Callable[[Item | Path, Trouble], Result],
    unreadable: Iterable[tuple[Path, OSError]] = (),
    jobs: int = 1,
    expected: int = 0,
    loading: Sequence[str] | None = None,
) -> Generator[Result, None, None]:
    """What `work` makes of every item, in order, `jobs` of them at a time.

    Where there is nothing, `failed` makes a report of the item and the reason; it is called for
    what was `unreadable` before, too. A `KeyboardInterrupt` that is raised here or thrown in comes
    out again after the reports on what was under way.

    `expected` is how many items there are, where other processes may work on them: many enough get
    one for each job, if `work` can be pickled; its results can be. One of them that is killed is
    the error of the item that it was at. They are given several small items at a time.

    `loading` are the modules that `work` needs, where those processes may be forked from this one:
    it is a program in which nothing else goes on, and no library was used that minds. Then all
    items are taken at once.
    """
    if loading is not None:
        items = tuple(items)

    for path, error in unreadable:
        yield failed(path, Trouble.of(error))

    def report(done: Done[Item, Result | Trouble]) -> Result:
        if done.error is not None:
            return failed(done.item, Trouble.of(done.error))
        if isinstance(done.result, Trouble):
            return failed(done.item, done.result)
        return cast("Result", done.result)

    with (
        _shared(work, items, jobs=jobs, expected=expected, loading=loading) as workers,
        closing(_run(items, workers, jobs=jobs)) as running,
    ):
        for done in running:
            try:
                yield report(done)
            except KeyboardInterrupt as interrupt:
                yield report(running.throw(interrupt))


@contextmanager
def _shared(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    jobs: int,
    expected: int,
    loading: Sequence[str] | None,
) -> Iterator[Workers[Item, Result]]:
    """Those who do `work`: other processes where that pays; they have ended afterwards."""
    if jobs <= 1 or not expected:
        yield Workers(work)
        return
    from genlabel.storage.processes import Processes

    processes = Processes(work, jobs=jobs, expected=expected)
    with closing(processes):
        if loading is not None:
            processes.fork(tuple(items), loading)
        yield processes


def how_many(jobs: Jobs) -> int:
    """`jobs` as a number. Raises `ConfigurationError` for what is none, or none above 0."""
    if jobs == "auto":
        return cores()
    if not isinstance(jobs, int) or isinstance(jobs, bool) or jobs < 1:
        raise ConfigurationError(
            f"jobs: {jobs!r} is no number of files", remedy="give 1 or more, or 'auto'"
        )
    return jobs


def run(
    items: Iterable[Item], work: Callable[[Item], Result], *, jobs: int = 1
) -> Generator[Done[Item, Result | Trouble], None, None]:
    """Does `work` on every item and yields in the order of `items`, one by one.

    What goes wrong with one item stops nobody else, whatever it is: only what ends the program goes
    on. With `jobs` above 1 that many items are worked on at a time, and no more are held than twice
    as many. On `KeyboardInterrupt` nothing new is begun, what is under way ends, complete results
    are yielded, and then it is raised.
    """
    return _run(items, Workers(work), jobs=jobs)


def _run(
    items: Iterable[Item], workers: Workers[Item, Result], *, jobs: int
) -> Generator[Done[Item, Result | Trouble], None, None]:
    if jobs <= 1:
        yield from workers.done(items)
    else:
        yield from _run_in_threads(iter(items), workers, jobs)


def _run_in_threads(
    items: Iterator[Item], workers: Workers[Item, Result], jobs: int
) -> Iterator[Done[Item, Result | Trouble]]:
    from concurrent.futures import ThreadPoolExecutor

    under_way: deque[Future[deque[Done[Item, Result | Trouble]]]] = deque()

    def done(several: list[Item]) -> deque[Done[Item, Result | Trouble]]:
        return deque(workers.done(several))

    with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="genlabel") as pool:
        try:
            while several := list(islice(items, workers.together())):
                under_way.append(pool.submit(done, several))
                if len(under_way) >= 2 * jobs:
                    yield from _first(under_way)
            while under_way:
                yield from _first(under_way)
        except KeyboardInterrupt:
            workers.is_ending = True
            pool.shutdown(wait=True, cancel_futures=True)
            for each in under_way:
                yield from () if each.cancelled() else each.result()
            raise
        except BaseException:
            workers.is_ending = True
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _first(under_way: deque[Future[deque[Result]]]) -> Iterator[Result]:
    """Takes each out only once it is there: an interrupted wait loses nothing."""
    several = under_way[0].result()
    while several:
        yield several.popleft()
    under_way.popleft()
