"""What was measured, as rows: kept in a file, compared with an older one, and shown as tables."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

import c2pa

import genlabel

STORED = Path(__file__).with_name("results.json")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure: a median with its spread, and what it ought to be."""

    table: str
    name: str
    value: float
    unit: str
    """``×`` (beside something that was measured in the same run), ``ms``, ``MB``, ``bytes``, …"""
    spread: float = 0.0
    """Half of the distance between the quartiles of the rounds."""
    most: float | None = None
    least: float | None = None

    @property
    def held(self) -> bool | None:
        """Is it what it ought to be? None where nothing was promised."""
        if self.most is None and self.least is None:
            return None
        return (self.most is None or self.value <= self.most) and (
            self.least is None or self.value >= self.least
        )

    @property
    def wanted(self) -> str:
        """The promise in words; empty without one."""
        if self.most is not None:
            return f"at most {shown(self.most, self.unit)}"
        return f"at least {shown(self.least, self.unit)}" if self.least is not None else ""


def row(
    table: str,
    name: str,
    rounds: Sequence[float],
    unit: str,
    *,
    most: float | None = None,
    least: float | None = None,
) -> Row:
    """The row of several rounds."""
    spread = 0.0
    if len(rounds) > 3:
        first, _, third = quantiles(rounds, n=4)
        spread = (third - first) / 2
    return Row(
        table=table,
        name=name,
        value=median(rounds),
        unit=unit,
        spread=spread,
        most=most,
        least=least,
    )


def shown(value: float, unit: str) -> str:
    """A figure as people read it."""
    if unit == "bytes":
        return f"{value:,.0f} bytes"
    digits = 2 if unit == "×" or value < 10 else 0 if value >= 100 else 1
    return f"{value:,.{digits}f} {unit}"


def load() -> float:
    """Processes that were ready to run in the last minute."""
    return os.getloadavg()[0]


def is_busy() -> bool:
    """Has the machine other things to do? Then figures are printed and never kept."""
    return load() > (os.cpu_count() or 1) / 2


def machine(before: float) -> dict[str, object]:
    """Where and when it was measured; `before` is the load when it began."""
    return {
        "genlabel": genlabel.__version__,
        "engine": c2pa.sdk_version(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load": round(before, 2),
        "day": datetime.now(UTC).date().isoformat(),
    }


def store(rows: Iterable[Row], about: dict[str, object], path: Path = STORED) -> None:
    """Keep the rows in a file, from which `docs/performance.md` is made."""
    document = {"about": about, "rows": [asdict(each) for each in rows]}
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def stored(path: Path = STORED) -> tuple[dict[str, object], list[Row]]:
    """What was kept. Raises `OSError`."""
    document = json.loads(path.read_text("utf-8"))
    return document["about"], [Row(**each) for each in document["rows"]]


def compared(old: Iterable[Row], new: Iterable[Row]) -> Iterator[str]:
    """A line for each figure that moved by more than its spread, then and now."""
    before = {(each.table, each.name): each for each in old}
    for each in new:
        then = before.get((each.table, each.name))
        if then is None:
            yield f"new: {each.table}: {each.name}: {shown(each.value, each.unit)}"
        elif abs(each.value - then.value) > max(each.spread, then.spread, 0.01 * abs(then.value)):
            change = each.value / then.value - 1 if then.value else 0.0
            yield (
                f"{change:+.0%}: {each.table}: {each.name}: {shown(then.value, then.unit)} "
                f"before, {shown(each.value, each.unit)} now"
            )


def tables(rows: Sequence[Row]) -> Iterator[str]:
    """All rows as tables in Markdown, line by line."""
    for table in dict.fromkeys(each.table for each in rows):
        listed = [each for each in rows if each.table == table]
        is_promised = any(each.wanted for each in listed)
        yield f"## {table}"
        yield ""
        yield "| | measured | ± |" + " wanted | held |" * is_promised
        yield "|---|---|---|" + "---|---|" * is_promised
        for each in listed:
            cells = [each.name, shown(each.value, each.unit)]
            cells.append(shown(each.spread, each.unit) if each.spread else "")
            if is_promised:
                cells += [each.wanted, {True: "yes", False: "**no**", None: ""}[each.held]]
            yield f"| {' | '.join(cells)} |"
        yield ""
