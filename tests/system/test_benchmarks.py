"""The benchmarks' own arithmetic: what is kept, what moved, and when nothing is kept."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def results(monkeypatch):
    monkeypatch.syspath_prepend(str(HOME))
    monkeypatch.delitem(sys.modules, "results", raising=False)
    yield importlib.import_module("results")
    sys.modules.pop("results", None)


def test_a_row_is_the_median_with_half_of_the_distance_between_the_quartiles(results):
    row = results.row("Start", "a", [1.0, 2.0, 3.0, 4.0, 100.0], "ms", most=3)
    assert (row.value, row.held, row.wanted) == (3.0, True, "at most 3.00 ms")
    assert row.spread > 1
    assert results.row("Start", "a", [2.0], "×", least=2.5).held is False
    assert results.row("Start", "a", [2.0], "×").held is None


def test_what_was_kept_is_read_back(results, tmp_path):
    rows = [results.row("Start", "a", [1.0, 2.0], "ms"), results.row("Size", "b", [7], "bytes")]
    results.store(rows, {"day": "2026-11-29"}, tmp_path / "kept.json")
    assert results.stored(tmp_path / "kept.json") == ({"day": "2026-11-29"}, rows)


def test_only_what_moved_by_more_than_its_spread_is_told(results):
    def rows(*values):
        return [
            results.Row(table="T", name=name, value=value, unit="ms", spread=0.5)
            for name, value in zip("abc", values, strict=False)
        ]

    assert list(results.compared(rows(1.0, 2.0), rows(1.4, 4.0, 3.0))) == [
        "+100%: T: b: 2.00 ms before, 4.00 ms now",
        "new: T: c: 3.00 ms",
    ]


@pytest.mark.parametrize(("load", "busy"), [(0.0, False), (1000.0, True)])
def test_a_busy_machine_is_told_by_its_load(results, monkeypatch, load, busy):
    monkeypatch.setattr(os, "getloadavg", lambda: (load, load, load), raising=False)
    assert results.is_busy() is busy


def test_the_page_is_made_of_what_is_kept(results):
    about, rows = results.stored()
    page = (HOME.parent / "docs" / "performance.md").read_text("utf-8")
    assert about["day"] in page
    assert all(f"| {each.name} |" in page for each in rows)
