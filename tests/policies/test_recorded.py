"""What the agencies' book concludes from the steps and sources that a manifest records."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image

import genlabel
from genlabel import (
    Element,
    ElementRights,
    Generator,
    Label,
    Producer,
    Rights,
    Step,
    Training,
    testing,
)
from genlabel.model.finding import Finding, Severity
from genlabel.model.judgement import Basis, Judgement, Verdict
from genlabel.model.plus import DataMining
from genlabel.model.report import Integrity, Report
from genlabel.policies import policy
from genlabel.policies.declarations import Answer, Declarations
from genlabel.policies.evidence import Evidence

ACME = Producer("Acme Studio")
LICENCE = ElementRights(basis="licence", licence="CC-BY-4.0", until="2027-06-30")
OWN = ElementRights(basis="own-work")
PICTURE = io.BytesIO()
Image.new("RGB", (320, 240), "steelblue").save(PICTURE, "png")
DAY = date(2026, 11, 29)
SIGNED, BY_FILE, DECLARED, NONE = Basis.SIGNED, Basis.FILE, Basis.DECLARED, Basis.NONE


@pytest.fixture(scope="module")
def report(authority):
    """The report of somebody who knows the signer, or not."""

    def made(label: Label, *, known: bool = True, **options: object) -> Report:
        signed = genlabel.sign(PICTURE.getvalue(), label, authority.signer(), **options)
        trust = testing.trust(authority) if known else None
        return genlabel.verify(signed.data, trust=trust)

    return made


def judged(report: Report, rule: str, *, day: date = DAY, **answers: object) -> Judgement:
    sheet = {
        f"cepic.{key}": Answer(value=value, by="Ada", on=DAY) for key, value in answers.items()
    }
    evidence = Evidence(report, declarations=Declarations(answers=sheet)).as_of(day)
    return next(each for each in policy("cepic").judge(evidence) if each.rule == rule)


def composite(*rights: ElementRights | None) -> Label:
    elements = [
        Element(identifier=f"AGENCY-{number}", title="Boat", rights=each)
        for number, each in enumerate(rights)
    ]
    return Label.composite(producer=ACME, of=elements)


@pytest.mark.parametrize(
    ("rights", "answers", "verdict", "basis"),
    [
        ((LICENCE, OWN), {}, Verdict.PASSED, SIGNED),
        ((LICENCE, OWN), {"sources": True}, Verdict.PASSED, SIGNED),
        ((LICENCE, OWN), {"sources": False}, Verdict.FAILED, None),
        ((LICENCE, None), {}, Verdict.UNDECIDED, NONE),
        ((LICENCE, None), {"sources": True}, Verdict.PASSED, DECLARED),
        ((LICENCE, None), {"harmless": True}, Verdict.FAILED, None),
        ((OWN, ElementRights(basis="unknown")), {"sources": True}, Verdict.FAILED, None),
    ],
)
def test_sources_pass_where_each_has_a_basis(report, rights, answers, verdict, basis):
    made = judged(report(composite(*rights)), "sources", **answers)
    assert made.verdict is verdict, made.explanation
    assert basis in (None, made.basis)


def test_a_strangers_word_is_the_files(report):
    made = judged(report(composite(OWN), known=False), "sources")
    assert (made.verdict, made.basis) == (Verdict.PASSED, BY_FILE)


@pytest.mark.parametrize(
    ("day", "verdict"),
    [(date(2027, 6, 30), Verdict.PASSED), (date(2027, 7, 1), Verdict.FAILED)],
)
def test_a_licence_counts_until_its_last_day(report, day, verdict):
    assert judged(report(composite(LICENCE)), "sources", day=day, sources=True).verdict is verdict


@pytest.mark.parametrize(
    ("severity", "verdict"),
    [(Severity.ERROR, Verdict.FAILED), (Severity.WARNING, Verdict.PASSED)],
)
def test_what_a_source_says_of_itself_goes_over_a_declaration(report, severity, verdict):
    said = Finding(
        "genlabel.source.ai-use-refused", severity=severity, explanation="DMI-PROHIBITED"
    )
    found = replace(report(composite(OWN)), findings=(said,))
    assert judged(found, "sources", sources=True).verdict is verdict


@pytest.mark.parametrize(
    ("training", "answers", "verdict", "basis"),
    [
        (Training(basis="licence"), {}, Verdict.PASSED, SIGNED),
        (Training(basis="unknown"), {"model_basis": "licences"}, Verdict.FAILED, None),
        (None, {}, Verdict.UNDECIDED, NONE),
        (None, {"model_basis": "licences"}, Verdict.PASSED, DECLARED),
    ],
)
def test_the_basis_of_a_model_is_what_the_label_states(report, training, answers, verdict, basis):
    model = Generator("FLUX.1-dev", training=training)
    made = judged(report(Label.generated(producer=ACME, generator=model)), "model-basis", **answers)
    assert made.verdict is verdict, made.explanation
    assert basis in (None, made.basis)


def test_people_and_drawn_labels_are_seen_in_steps(report):
    bare = report(Label.generated(producer=ACME))
    of_people = report(Label.edited(producer=ACME, steps=[Step(action="cropped", by="human")]))
    of_models = report(Label.edited(producer=ACME, steps=[Step(action="edited", by="ai")]))
    drawn = report(Label.generated(producer=ACME), visible="text")
    for found, rule, verdict in (
        (bare, "human-part", Verdict.UNDECIDED),
        (of_models, "human-part", Verdict.UNDECIDED),
        (of_people, "human-part", Verdict.PASSED),
        (bare, "visible", Verdict.UNDECIDED),
        (drawn, "visible", Verdict.PASSED),
    ):
        made = judged(found, rule)
        assert made.verdict is verdict, rule
        assert made.basis is (SIGNED if verdict is Verdict.PASSED else NONE)
        broken = replace(found, integrity=Integrity.BROKEN)
        assert judged(broken, rule).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("code", "answer", "verdict"),
    [
        (DataMining.PROHIBITED, None, Verdict.PASSED),
        (DataMining.PROHIBITED, "stated", Verdict.PASSED),
        (DataMining.PROHIBITED, "not-wanted", Verdict.FAILED),
        (DataMining.ALLOWED, None, Verdict.PASSED),
        (DataMining.ALLOWED, "not-wanted", Verdict.PASSED),
        (DataMining.ALLOWED, "stated", Verdict.FAILED),
        (DataMining.UNSPECIFIED, None, Verdict.UNDECIDED),
        (DataMining.UNSPECIFIED, "not-wanted", Verdict.PASSED),
        (None, None, Verdict.UNDECIDED),
        (None, "stated", Verdict.FAILED),
    ],
)
def test_a_wish_is_a_wish_forbidden_or_allowed_and_only_the_one_opts_out(
    report, code, answer, verdict
):
    rights = Rights(data_mining=code) if code else Rights()
    said = {} if answer is None else {"opt_out": answer}
    made = judged(report(Label.generated(producer=ACME, rights=rights)), "opt-out", **said)
    assert made.verdict is verdict, made.explanation


def test_a_declaration_does_not_overrule_what_steps_show(report):
    drawn = report(Label.generated(producer=ACME), visible="text")
    of_people = report(Label.edited(producer=ACME, steps=[Step(action="cropped", by="human")]))
    for found, rule, wrong, right in (
        (drawn, "visible", {"visible": False}, {"visible": True}),
        (of_people, "human-part", {"human_part": "None"}, {"human_part": "cropped"}),
    ):
        made = judged(found, rule, **wrong)
        assert [each.code for each in made.findings] == ["genlabel.declaration.contradicted"]
        assert judged(found, rule, **right).verdict is Verdict.PASSED
