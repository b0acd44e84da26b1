"""Each forgery gets the whole answer that it deserves, and so does the honest file beside it."""

from __future__ import annotations

from functools import cache

import pytest

from forgeries import others, table
from forgeries.case import Case, Made, answer
from forgeries.families import CASES
from oracles.c2pats import C2paTs

BY_TITLE = {case.title: case for case in CASES}
EACH = pytest.mark.parametrize("case", CASES, ids=list(BY_TITLE))


@cache
def made(title: str) -> Made:
    return BY_TITLE[title].make()


@EACH
def test_a_forgery_gets_the_whole_answer_that_it_deserves(case: Case) -> None:
    assert answer(made(case.title)) == case.expected


def test_every_forgery_has_an_honest_control_and_no_two_have_one_name() -> None:
    assert len(BY_TITLE) == len(CASES)
    for case in CASES:
        if case.control is None:
            assert not case.differs or case.name.endswith("honest"), f"{case.title} has no control"
        else:
            control = BY_TITLE[f"{case.family}: {case.control}"]
            assert control.expected != case.expected, case.title


@EACH
def test_what_others_say_is_what_the_table_tells(case: Case, c2pats: C2paTs) -> None:
    answers = others.asked(made(case.title), c2pats)
    assert answers == others.recorded().get(case.title), "python tests/forgeries/table.py"


@EACH
def test_where_others_differ_the_table_says_why(case: Case) -> None:
    differing = others.differing(case.expected, others.recorded().get(case.title, {}))
    assert all(case.reasons(*differing)), f"no reason is given why they differ: {differing}"


def test_the_table_is_up_to_date() -> None:
    assert table.PAGE.read_text("utf-8") == table.page(), "python tests/forgeries/table.py"
