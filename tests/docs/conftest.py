"""What the tests of the documentation share: recording the table of formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

import evidence
from evidence import Cell, Row

pytest.register_assert_rewrite("label_read", "operations")

AGAIN = "run pytest tests/docs/test_formats.py --record-formats and make docs"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was confirmed in this run."""

    rows: dict[Row, None] = field(default_factory=dict)
    cells: dict[Cell, str] = field(default_factory=dict)


@pytest.fixture(scope="session")
def recording(request: pytest.FixtureRequest) -> bool:
    """Is this run to write `docs/formats.json`?"""
    return bool(request.config.getoption("--record-formats"))


@pytest.fixture(scope="session")
def _seen(recording: bool) -> Iterator[Seen]:
    seen = Seen()
    yield seen
    if recording:
        evidence.write(seen.rows, seen.cells)


@pytest.fixture
def record_row(recording: bool, _seen: Seen) -> Callable[[Row], None]:
    """Notes a row that was confirmed; without recording, it must be in the table already."""

    def record(row: Row) -> None:
        _seen.rows[row] = None
        if not recording:
            assert row in evidence.recorded(), f"docs/formats.json lacks this row: {AGAIN}"

    return record


@pytest.fixture
def record_cell(recording: bool, _seen: Seen) -> Callable[[Cell, str], None]:
    """Notes an operation that was shown, and who confirmed it; without recording, both must be in
    the table already.
    """

    def record(cell: Cell, by: str) -> None:
        _seen.cells[cell] = by
        if not recording:
            known = evidence.recorded_cells().get(cell)
            assert known == by, f"docs/formats.json says otherwise of this cell: {AGAIN}"

    return record
