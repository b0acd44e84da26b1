"""Each forgery gets the whole answer that it deserves, and so does the honest file beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from forgeries import others, table
from forgeries.case import Case, Made, answer, reported
from forgeries.families import CASES
from genlabel.manifests.validation import active_view
from genlabel.model.asset import Asset
from genlabel.model.report import Form, Integrity, Lineage
from genlabel.operations.verify import examine
from genlabel.policies import policy
from genlabel.policies.evidence import Evidence
from oracles import raw
from oracles.c2pats import C2paTs

CRJSON = jsonschema.Draft202012Validator(
    json.loads(Path(raw.__file__).with_name("crJSON-schema.json").read_bytes())
)
BY_TITLE = {case.title: case for case in CASES}
EACH = pytest.mark.parametrize("case", CASES, ids=list(BY_TITLE))


@cache
def made(title: str) -> Made:
    return BY_TITLE[title].make()


@EACH
def test_a_forgery_gets_the_whole_answer_that_it_deserves(case: Case) -> None:
    assert answer(made(case.title)) == case.expected


@EACH
def test_its_crjson_keeps_the_schema_and_says_what_is_wrong(case: Case) -> None:
    report = reported(made(case.title))
    document = report.crjson()
    if document is None:
        assert report.form is not Form.WELL_FORMED
        return
    CRJSON.validate(document)
    if not document["manifests"]:
        assert report.integrity is Integrity.ABSENT
        return
    active, *ancestors = document["manifests"]
    is_good = report.integrity is Integrity.INTACT and report.form is Form.WELL_FORMED
    wrong = _failing(active)
    ingredients = {code for code in wrong if code.startswith("ingredient.")}
    assert bool(wrong - ingredients) is not is_good
    below = ingredients.union(*map(_failing, ancestors), _told_anywhere(document))
    assert below or report.lineage is not Lineage.BROKEN


@EACH
def test_rules_conclude_the_same_from_our_own_view_as_from_the_engines(case: Case) -> None:
    it = made(case.title)
    seen = examine(Asset(data=it.data, manifest=it.beside), trust=it.trust)
    own = active_view.of(seen.reading)
    if own is None:
        return
    whole = seen.report.crjson()
    for book in (policy("c2pa-conformance"), policy("c2pa-integrity"), policy("eu-provider")):
        by_ours = book.judge(Evidence(seen.report, manifest=own))
        assert by_ours == book.judge(Evidence(seen.report, crjson=whole))


def _failing(manifest: Mapping[str, Any]) -> set[str]:
    """What failed about a manifest, but for who signed it."""
    listed = manifest["validationResults"]["failure"]
    codes = {each["code"] for each in listed} - {"claimSignature.outsideValidity"}
    return {code for code in codes if not code.startswith(("signingCredential.", "cawg."))}


def _told_anywhere(document: Mapping[str, Any]) -> set[str]:
    """Codes of change in deltas, and in what ingredient assertions recorded."""
    return set(re.findall(r"'(?:code|status)': '([A-Za-z.]*(?:mismatch|missing))'", str(document)))


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
