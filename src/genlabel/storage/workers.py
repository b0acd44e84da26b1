"""Who works on the items of a batch, and what becomes of each item."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from genlabel.model.dataclass import dataclass
from genlabel.model.report import Trouble
from genlabel.storage.beside import one_of_many

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[Item, Result]):
    """One item and what became of it: a result, or the reason why there is none."""

    item: Item
    result: Result | None = None
    error: BaseException | None = None


class Workers(Generic[Item, Result]):
    """Who works on items: each thread that asks, on those that it was given."""

    def __init__(self, work: Callable[[Item], Result]) -> None:
        self.work = work
        self.is_ending = False
        """Is nothing new to be begun?"""

    def together(self) -> int:
        """How many items a thread is to be given at a time."""
        return 1

    def done(self, items: Iterable[Item]) -> Iterator[Done[Item, Result | Trouble]]:
        """What becomes of the items, in order, of as many as are begun before the end."""
        for item in items:
            if not self.is_ending:
                yield do(self.work, item)


def do(work: Callable[[Item], Result], item: Item) -> Done[Item, Any]:
    """What becomes of one item here."""
    try:
        with one_of_many():
            return Done(item=item, result=work(item))
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001  a panic of native code is no Exception
        return Done(item=item, error=error)
