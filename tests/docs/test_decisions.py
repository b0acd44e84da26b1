"""Decisions: each has a number, a title that is not another's, a status and a date."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from pages import HOME

DECISIONS = sorted(path for path in (HOME / "docs/decisions").glob("*.md") if path.stem != "README")
HEAD = re.compile(
    r"# (?P<number>\d{3}) (?P<title>[^\n]+)\n\n"
    r"Status: (?:accepted|superseded by \[\d{3}\]\([^)]+\)), (?P<day>\d{4}-\d\d-\d\d)"
    r"(?:; [^\n]+)?\.\n\n\S"
)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda each: each.stem[:3])
def test_a_decision_says_its_number_status_and_date(path):
    head = HEAD.match(path.read_text("utf-8"))
    assert head, "# NNN Title, then: Status: accepted, YYYY-MM-DD."
    assert head["number"] == path.stem[:3]
    assert date.fromisoformat(head["day"]) >= date(2026, 11, 1)
    assert not head["title"].endswith(".")


@pytest.mark.parametrize("path", DECISIONS, ids=lambda each: each.stem[:3])
def test_what_takes_the_place_of_a_decision_is_there_and_younger(path):
    text = path.read_text("utf-8")
    for number, file in re.findall(r"superseded (?:in part )?by \[(\d{3})\]\(([^)]+)\)", text):
        assert file.startswith(number)
        assert (path.parent / file).is_file()
        assert number > path.stem[:3]


def test_no_two_decisions_have_one_number_or_one_title():
    numbers = Counter(path.stem[:3] for path in DECISIONS)
    titles = Counter(path.read_text("utf-8").split("\n")[0][6:].lower() for path in DECISIONS)
    assert [each for each, times in (numbers + titles).items() if times > 1] == []
