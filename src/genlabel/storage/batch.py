"""The loop over files: work on every item, and a report on each in input order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, cast

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.report import Trouble
from genlabel.storage.beside import cores, one_of_many

if TYPE_CHECKING:
    from concurrent.futures import Future

Item = TypeVar("Item")
Result = TypeVar("Result")
Jobs = int | Literal["auto"]
"""How many files are worked on at a time; ``auto``: as many as there are CPUs for this process."""


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
    expected: int = 0,
) -> Generator[Result, None, None]:
    """What `work` makes of every item, in order, `jobs` of them at a time.

    Where there is nothing, `failed` makes a report of the item and the reason; it is called for
    what was `unreadable` before, too. A `KeyboardInterrupt` that is raised here or thrown in comes
    out again after the reports on what was under way.

    `expected` is how many items there are, where other processes may work on them: many enough get
    one for each job, if `work` can be pickled; its results can be. One of them that is killed is
    the error of the item that it was at.
    """
    for path, error in unreadable:
        yield failed(path, Trouble.of(error))

    def report(done: Done[Item, Result | Trouble]) -> Result:
        if done.error is not None:
            return failed(done.item, Trouble.of(done.error))
        if isinstance(done.result, Trouble):
            return failed(done.item, done.result)
        return cast("Result", done.result)

    with (
        _shared(work, jobs=jobs, expected=expected) as shared,
        closing(run(items, shared, jobs=jobs)) as running,
    ):
        for done in running:
            try:
                yield report(done)
            except KeyboardInterrupt as interrupt:
                yield report(running.throw(interrupt))


@contextmanager
def _shared(
    work: Callable[[Item], Result], *, jobs: int, expected: int
) -> Iterator[Callable[[Item], Result | Trouble]]:
    """`work`, done by other processes where that pays; they have ended afterwards."""
    if jobs <= 1 or not expected:
        yield work
        return
    from genlabel.storage.processes import Processes

    with closing(Processes(work, jobs=jobs, expected=expected)) as processes:
        yield processes.do


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
        with one_of_many():
            return Done(item=item, result=work(item))
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001  a panic of native code is no Exception
        return Done(item=item, error=error)


def _run_in_threads(
    items: Iterator[Item], work: Callable[[Item], Result], jobs: int
) -> Iterator[Done[Item, Result]]:
    from concurrent.futures import ThreadPoolExecutor

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
