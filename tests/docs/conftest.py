"""What the tests of the documentation share: recording the table of formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import evidence
import pytest
from evidence import Row


@pytest.fixture(scope="session")
def recording(request: pytest.FixtureRequest) -> bool:
    """Is this run to write `docs/formats.json`?"""
    return bool(request.config.getoption("--record-formats"))


@pytest.fixture(scope="session")
def _rows(recording: bool) -> Iterator[dict[Row, None]]:
    rows: dict[Row, None] = {}
    yield rows
    if recording:
        evidence.write(rows)


@pytest.fixture
def record_row(recording: bool, _rows: dict[Row, None]) -> Callable[[Row], None]:
    """Notes a row that was confirmed; without recording, it must be in the table already."""

    def record(row: Row) -> None:
        _rows[row] = None
        if not recording:
            assert row in evidence.recorded(), (
                "docs/formats.json lacks this row: run pytest tests/docs/test_formats.py "
                "--record-formats and make docs"
            )

    return record
