"""The second layer of the EU's Code: a watermark of a listed algorithm, or a declared exception."""

from __future__ import annotations

from typing import Any

import pytest

from genlabel.model.judgement import Basis, Judgement, Verdict
from genlabel.model.report import Integrity, Report
from genlabel.policies import policy
from genlabel.policies.books.soft_bindings import LISTED, LISTED_ON
from genlabel.policies.declarations import Answer, Declarations
from genlabel.policies.evidence import Evidence

BOUND = "c2pa.watermarked.bound"
WATERMARK, FINGERPRINT = "com.adobe.trustmark.P", "io.iscc.v0"


def judged(action: str, algorithms: dict[str, str], answer: str | None = None) -> Judgement:
    assertions: dict[str, Any] = {
        "c2pa.actions.v2": {"actions": [{"action": "c2pa.created"}, {"action": action}]},
        **{label: {"alg": name, "blocks": []} for label, name in algorithms.items()},
    }
    said = {}
    if answer is not None:
        key = "eu-provider.single_layer"
        said[key] = Answer(value=answer, by="Ada", on=LISTED_ON)
    evidence = Evidence(
        Report(integrity=Integrity.INTACT),
        manifest={"label": "urn:c2pa:x", "assertions": assertions},
        declarations=Declarations(answers=said),
    )
    return next(
        each for each in policy("eu-provider").judge(evidence) if each.rule == "second-layer"
    )


def test_the_list_knows_both_kinds():
    assert LISTED[WATERMARK] == "watermark"
    assert LISTED[FINGERPRINT] == "fingerprint"


@pytest.mark.parametrize("label", ["c2pa.soft-binding", "c2pa.soft-binding__1"])
def test_a_watermark_of_a_listed_algorithm_is_a_layer_as_of_the_day_shown(label):
    made = judged(BOUND, {label: WATERMARK})
    assert made.verdict is Verdict.PASSED
    assert LISTED_ON.isoformat() in made.explanation
    assert made.basis is Basis.FILE  # nobody known has signed it


@pytest.mark.parametrize(
    ("action", "algorithms", "day_is_told"),
    [
        (BOUND, {}, False),
        (BOUND, {"c2pa.soft-binding": FINGERPRINT}, True),
        (BOUND, {"c2pa.soft-binding": "com.example.unheard-of"}, True),
        ("c2pa.edited", {"c2pa.soft-binding": WATERMARK}, False),
        ("c2pa.watermarked.unbound", {"c2pa.soft-binding": WATERMARK}, False),
        ("c2pa.edited", {}, False),
    ],
)
def test_without_one_metadata_are_one_layer_unless_an_exception_is_declared(
    action, algorithms, day_is_told
):
    for answer in (None, "none"):
        made = judged(action, algorithms, answer)
        assert made.verdict is Verdict.FAILED
        assert "metadata, whoever wrote them, are one layer of marking alone" in made.explanation
        assert (LISTED_ON.isoformat() in made.explanation) is day_is_told
    for answer in ("closed-product", "proven-equal"):
        made = judged(action, algorithms, answer)
        assert (made.verdict, made.basis) == (Verdict.PASSED, Basis.DECLARED)
