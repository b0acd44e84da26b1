"""What the page about security promises is held by tests that are there."""

from __future__ import annotations

import re

import pytest

from forgeries.families import CASES
from pages import HOME

PAGE = (HOME / "docs" / "security.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE[PAGE.index("| attack |") :].partition("\n\n")[0].splitlines()[2:]
]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_threat_names_who_holds_its_promise(row: list[str]) -> None:
    assert len(row) == 5
    held = row[-1]
    families = set(re.findall(r"forgeries\.md#([a-z]+)", held))
    assert families <= {case.family for case in CASES}
    tests = re.findall(r"`(tests/[^`]+)`", held)
    assert all((HOME / each).is_file() for each in tests)
    assert families or tests or held == "nobody"


def test_each_family_of_forgeries_is_named() -> None:
    named = {family for row in ROWS for family in re.findall(r"#([a-z]+)", row[-1])}
    assert named == {case.family for case in CASES}
