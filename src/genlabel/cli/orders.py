"""What `genlabel sign` is to do: an order for each picture, by one label for all or by rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from genlabel.cli.placement import PlacementOptions
from genlabel.cli.settings import Settings
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, GenlabelError
from genlabel.storage import STDIN, Found, Target, below, faults, placed
from genlabel.storage.names import OnDisk

if TYPE_CHECKING:
    from genlabel.cli.settings.rows import Row
    from genlabel.model.label import Label
    from genlabel.model.report import Trouble
    from genlabel.model.results import SignReport
    from genlabel.operations.sign_options import ExternalManifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One picture, its label and where the result goes."""

    target: Target
    label: Label
    parent: Path | None = None
    report: SignReport | None = None
    """What there is to say where an earlier run has done it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A row that is no order."""

    path: Path
    error: GenlabelError


def failed(item: Order | Refusal | Path, error: Trouble) -> SignReport:
    """The report on what could not be signed."""
    from genlabel.operations.labeller import not_signed

    if isinstance(item, Order):
        return not_signed(item.target, error)
    return not_signed(item.path if isinstance(item, Refusal) else item, error)


def of_rows(
    rows: Sequence[Row],
    settings: Settings,
    placement: PlacementOptions,
    external: ExternalManifest | None,
    *,
    base: Path,
    parent: Path | None,
    resumed: Callable[[Target], Target],
) -> tuple[Order | Refusal, ...]:
    """The order of each row, its words over the `settings`; paths in rows are below `base`.

    Two rows that meet in one place are both refused: nobody knows which one is meant.
    """
    from genlabel.operations.beside import RECOGNITION

    beside = external is not None and external.leaves_bytes and placement.out is None
    in_place = placement.in_place or beside
    on_disk = OnDisk()
    drawn = [_drawn(row, settings, placement, on_disk, base, in_place, parent) for row in rows]
    numbers = [number for number, each in enumerate(drawn) if isinstance(each, Order)]
    orders = [each for each in drawn if isinstance(each, Order)]
    targets = placed([resumed(each.target) for each in orders], RECOGNITION if external else None)
    wrong = dict(faults(targets, overwrite=placement.overwrite))
    for index, number in enumerate(numbers):
        order, row = orders[index], rows[number]
        drawn[number] = (
            Refusal(path=order.target.source.path, error=_told(row, wrong[index]))
            if index in wrong
            else replace(order, target=targets[index])
        )
    return tuple(drawn)


def _drawn(
    row: Row,
    settings: Settings,
    placement: PlacementOptions,
    on_disk: OnDisk,
    base: Path,
    in_place: bool,
    parent: Path | None,
) -> Order | Refusal:
    path = on_disk.found(base / row.own["path"]) if "path" in row.own else Path(row.place)
    if row.fault is not None:
        return Refusal(path=path, error=row.fault)
    try:
        own = base / row.own["parent"] if "parent" in row.own else parent
        return Order(
            target=_target(row, path, placement, base, in_place),
            label=settings.over(row.settings).label(),
            parent=own,
        )
    except GenlabelError as error:
        return Refusal(path=path, error=_told(row, error))


def _told(row: Row, error: GenlabelError) -> GenlabelError:
    return type(error)(f"{row.place}: {error}", remedy=error.remedy)


def _target(
    row: Row, path: Path, placement: PlacementOptions, base: Path, in_place: bool
) -> Target:
    """Where the result of a row goes: its own `out`, else as the options say."""
    if path.is_dir():
        raise ConfigurationError(f"{path}: is a directory", remedy="name a picture in each row")
    out = row.own.get("out")
    if out == STDIN:
        raise ConfigurationError(
            "out: a row has no standard output", remedy="name a file, or ./- for one called so"
        )
    if out is not None and placement.out is None:
        output = base / out
        is_folder = output.is_dir() or out.endswith(("/", os.sep))
        return _at(path, output / path.name if is_folder else output, below=None)
    if placement.out is not None:
        top = Path(placement.out)
        place = _inside(out, top) if out is not None else below(path, base)
        return _at(path, top / place, below=top)
    if in_place:
        return Target(source=_found(path), output=path, in_place=True)
    raise ConfigurationError(
        f"{path}: no output is named", remedy="fill in the column out, or give -o DIR or --in-place"
    )


def _inside(out: str, top: Path) -> PurePosixPath:
    try:
        return below(top / out, top)
    except ConfigurationError:
        raise ConfigurationError(
            f"{out}: leads out of {top}", remedy="name a place below it"
        ) from None


def _at(path: Path, output: Path, *, below: Path | None) -> Target:
    return Target(source=_found(path), output=output, in_place=False, below=below)


def _found(path: Path) -> Found:
    return Found(path=path, relative=PurePosixPath(path.name), named=True, argument=str(path))


def targets(orders: Sequence[Order | Refusal]) -> Iterator[Target]:
    """Where results go."""
    yield from (each.target for each in orders if isinstance(each, Order))


def check_rows_alone(placement: PlacementOptions, others: Sequence[object]) -> None:
    """Raise `ConfigurationError` where a batch file and something else say which files are meant,
    or one stream would take all results."""
    if any(others):
        raise ConfigurationError(
            "--batch: names the files itself", remedy="leave paths, lists and globs out"
        )
    if placement.out == STDIN:
        raise ConfigurationError("--batch: standard output takes one picture", remedy="give -o DIR")
    if placement.out is not None and placement.in_place:
        raise ConfigurationError("-o and --in-place: one of them is needed", remedy="choose one")
