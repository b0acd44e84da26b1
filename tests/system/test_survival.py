"""The survival table, row by row: each tool that is here still does what was recorded."""

from __future__ import annotations

import json

import pytest

import genlabel
from genlabel.operations.strip_check.tool_traces import traces
from oracles.absence import absent
from survival import bench
from survival.operations import OPERATIONS

_KNOWN = {
    (each.name, before, after): each for each in OPERATIONS for before, after in each.containers
}
_ROWS = [tuple(row) for row in json.loads(bench.RECORDED.read_text("utf-8"))["rows"]]


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: f"{row[0]}, {row[1]} to {row[2]}")
def test_a_tool_does_what_was_recorded_and_is_named(row):
    name, before, after, *_ = row
    operation = _KNOWN[name, before, after]
    here, recorded = bench.version(operation), traces().versions[operation.program]
    if here is None:
        absent(f"{operation.program} is not here")
    if here != recorded:
        pytest.skip(f"{operation.program} {here} is here, and {recorded} was measured")
    seen = bench.seen(operation, before, after)
    assert tuple(seen.row()) == row
    if "L" in seen.fates or "B" in seen.fates:
        report = genlabel.strip_check(seen.published, against=bench.source(before))
        assert report.cause is not None
        fitting = traces().fitting((before, after), report.marks, str(seen.change))
        assert name in [each.name for each in fitting]


def test_every_operation_was_recorded():
    measured = {tuple(row[:3]) for row in _ROWS}
    refused = {key for key in _KNOWN if key not in measured}
    assert not refused
    assert [row[0] for row in _ROWS] == sorted(
        (row[0] for row in _ROWS), key=[each.name for each in OPERATIONS].index
    )
