"""No rule fails a picture for more than its text asks (decision 199)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import genlabel
from genlabel import Generator, Label, Producer, testing
from genlabel.model.judgement import Judgement, Level, Verdict
from genlabel.model.report import Integrity, Lineage, Mark, Report
from genlabel.policies import policy
from genlabel.policies.declarations import Answer, Approval, Declarations
from genlabel.policies.evidence import Evidence
from genlabel.policies.visible import law

DAY = date(2026, 11, 29)
LABEL = Label.generated(producer=Producer("Acme Studio"), generator=Generator("Painter"))


@pytest.fixture(scope="module")
def signed(authority) -> Report:
    data = genlabel.sign(testing.picture("png"), LABEL, authority.signer()).data
    return genlabel.verify(data, trust=testing.trust(authority))


@pytest.fixture(scope="module")
def unsigned(signed) -> Report:
    """As a file that has the metadata alone."""
    marks = {name: each for name, each in signed.marks.items() if name is not Mark.MANIFEST}
    return replace(
        signed, marks=marks, integrity=Integrity.ABSENT, signer=None, manifest_id=None, findings=()
    )


def judged(report: Report, name: str, **answers: object) -> Judgement:
    book, _, rule = name.partition("/")
    sheet = {
        f"{book}.{key}": Answer(value=value, by="Ada", on=DAY) for key, value in answers.items()
    }
    evidence = Evidence(report, declarations=Declarations(answers=sheet)).as_of(DAY)
    return next(each for each in policy(book).judge(evidence) if each.rule == rule)


def test_metadata_alone_tell_as_the_agencies_ask_and_no_error_wants_a_signature(unsigned):
    """The guide: “through labelling, metadata, or cryptographic means”."""
    assert judged(unsigned, "cepic/told").verdict is Verdict.PASSED
    errors = [
        each
        for each in policy("cepic").judge(Evidence(unsigned).as_of(DAY))
        if each.verdict is Verdict.FAILED and each.level is Level.MUST
    ]
    assert errors == []


def test_whether_an_unsigned_label_was_in_time_is_open_and_without_a_label_it_is_not(unsigned):
    assert judged(unsigned, "cepic/in-time", published=DAY).verdict is Verdict.UNDECIDED
    bare = Report(path="a.png", format_name="png", integrity=Integrity.ABSENT)
    assert judged(bare, "cepic/in-time", published=DAY).verdict is Verdict.FAILED


def test_what_a_file_could_show_is_not_called_what_no_file_can_show(signed):
    asks_files = {"visible", "human-part", "sources", "model-basis", "releases", "opt-out"}
    for each in policy("cepic").judge(Evidence(signed).as_of(DAY)):
        if each.rule in asks_files:
            assert each.verdict is Verdict.UNDECIDED
            assert "no file can" not in each.explanation, each.rule
    retained = judged(signed, "eu-provider/retained")
    assert "no file can" not in retained.explanation


def test_a_parent_that_does_not_hold_may_have_been_so_when_it_went_in(signed):
    broken = replace(signed, lineage=Lineage.BROKEN)
    assert judged(broken, "eu-provider/retained").verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("rule", ["inputs", "tool", "facts"])
def test_a_principle_of_the_broadcasters_is_put_to_the_contact_whose_answer_is_enough(signed, rule):
    """The page: “no/unsure → escalate”; a written approval is asked for other things."""
    unsafe = "yes" if rule == "facts" else "no"
    asked = judged(signed, f"netflix/{rule}", **{rule: unsafe})
    assert asked.verdict is Verdict.FAILED
    assert "approval" not in f"{asked.explanation} {asked.fix}"
    answer = Approval(reference="mail of 2 November", by="Grace Hopper", on=DAY)
    given = {rule: unsafe, f"{rule}_approval": answer}
    assert judged(signed, f"netflix/{rule}", **given).verdict is Verdict.PASSED


def test_the_day_on_which_a_page_was_copied_is_not_told_as_the_day_of_its_text():
    book = policy("netflix")
    assert book.published is None
    assert {each.source.published for each in book.rules} == {None}


@pytest.mark.parametrize(
    ("words", "admitted"),
    [
        ("AI", True),
        ("AI-generated", True),
        ("GenAI", True),
        ("AI生成", True),
        ("IA", True),
        ("FAIR", False),
        ("MOSAIC", False),
        ("SIGN", False),
        ("ai", False),
    ],
)
def test_the_eus_label_has_the_acronym_as_a_word_of_its_own(words, admitted):
    assert law("eu-deployer").admits((words,)) is admitted


@pytest.mark.parametrize("book", ["cepic", "eu-provider", "netflix"])
def test_a_picture_that_was_judged_is_not_said_to_be_unjudged(book):
    bare = genlabel.verify(testing.picture("png"), policy=book)
    assert not bare.unjudged
    assert not [each.rule for each in bare.judgements if "be judged" in each.explanation]
