"""`sign --policy`: what a book needs is asked for first, and what does not pass is not written."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from genlabel import policies, sign, sign_files, testing
from genlabel.cli.main import status
from genlabel.model.errors import ConfigurationError, PolicyFailure
from genlabel.model.judgement import Basis, Judgement, RuleSource, Verdict
from genlabel.model.label import Label
from genlabel.model.parties import Producer, Rights
from genlabel.policies import LABELLED
from genlabel.policies.answers import declared, failed, passed
from genlabel.policies.declarations import Answer, Declarations, Override, Question
from genlabel.policies.evidence import Evidence
from genlabel.policies.needs import STAMP, answer, of_label, visible_or_answer
from genlabel.policies.rule import Level, Policy, Rule

SOURCE = RuleSource(title="a text")


def _has_credit(evidence: Evidence) -> Judgement:
    named = any(each.copyright for each in evidence.report.marks.values())
    return passed() if named else failed("nobody is named as owner", where="copyright")


def rule(name: str, **changes: object) -> Rule:
    good: dict[str, object] = {"asks": "it is so", "source": SOURCE, "fix": "make it so"}
    return Rule(name, **{**good, **changes})  # type: ignore[arg-type]


def book(*rules: Rule, **more: object) -> Policy:
    return Policy(name="book", title="a book", rules=rules, **more)  # type: ignore[arg-type]


OWNED = book(rule("owned", check=_has_credit))
NEEDY = book(
    rule("owned", check=_has_credit, needs=(of_label("rights.copyright", "--copyright TEXT"),)),
    rule(
        "contact",
        check=declared("book.contact"),
        needs=(answer("book.contact"), STAMP, answer("book.hours")),
    ),
    questions=(
        Question("contact", text="Whom can people ask?"),
        Question("hours", text="When?"),
    ),
)


LABEL = Label.generated(producer=Producer("Acme"))
OWNED_LABEL = replace(LABEL, rights=Rights(copyright="(c) Acme"))
DECLARED = Declarations(
    answers={
        name: Answer(value="a@example.com", by="Ada", on=date(2026, 11, 29))
        for name in ("book.contact", "book.hours")
    }
)


def test_a_result_that_passes_is_given_with_every_judgement(signer):
    signed = sign(testing.picture("png"), OWNED_LABEL, signer, require_policy=OWNED)
    (judgement,) = signed.report.judgements
    assert (judgement.id, judgement.verdict, judgement.basis) == (
        "book/owned",
        Verdict.PASSED,
        Basis.FILE,
    )


def test_a_result_that_does_not_pass_is_not_given_and_says_why(signer):
    with pytest.raises(PolicyFailure, match="nobody is named as owner") as refused:
        sign(testing.picture("png"), LABEL, signer, require_policy=OWNED)
    assert [each.code for each in refused.value.findings] == ["book/owned"]
    assert refused.value.remedy == "make it so"
    assert refused.value.report.judgements[0].verdict is Verdict.FAILED


@pytest.mark.parametrize("level", [Level.SHOULD, Level.MAY])
def test_what_is_only_recommended_stops_nothing(signer, level):
    book_of_it = book(rule("owned", check=_has_credit, level=level))
    signed = sign(testing.picture("png"), LABEL, signer, require_policy=book_of_it)
    assert [each.severity for each in signed.report.findings if each.code == "book/owned"] == [
        level.severity
    ]


def test_without_a_rule_book_nothing_is_judged(signer):
    assert sign(testing.picture("png"), LABEL, signer).report.judgements == ()


def test_the_files_that_do_not_pass_are_left_out_and_the_others_written(signer, tmp_path):
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(testing.picture("png"))
    declared_for_a = Declarations(overrides=(Override(paths=("a.png",), answers=DECLARED.answers),))
    asked = book(
        rule("contact", check=declared("book.contact", fits=lambda text: text != "nobody")),
        questions=NEEDY.questions,
    )
    wrong = Answer(value="nobody", by="Ada", on=date(2026, 11, 29))
    reports = sign_files(
        [tmp_path],
        LABEL,
        signer,
        in_place=True,
        require_policy=asked,
        declarations=replace(declared_for_a, answers={"book.contact": wrong}),
    )
    first, second = reports
    assert (first.outcome, first.error) == ("signed", None)
    assert second.error is not None
    assert (second.error.kind, second.fate) == ("PolicyFailure", "refused")
    assert second.report is not None
    assert (tmp_path / "b.png").read_bytes() == testing.picture("png")


def test_what_the_book_needs_is_asked_for_before_anything_is_signed(signer, tsa):
    with pytest.raises(ConfigurationError) as refused:
        sign(testing.picture("png"), LABEL, signer, require_policy=NEEDY)
    assert "book/owned, book/contact" in str(refused.value)
    assert refused.value.remedy == (
        "give --copyright TEXT, --declarations FILE (book.contact, book.hours), --tsa URL"
    )
    signed = sign(
        testing.picture("png"),
        OWNED_LABEL,
        signer,
        require_policy=NEEDY,
        declarations=DECLARED,
        tsa=tsa,
    )
    assert {each.verdict for each in signed.report.judgements} == {Verdict.PASSED}


@pytest.fixture
def studio(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        policies, "policy", lambda name: {"needy": NEEDY, "owned": OWNED}.get(name, LABELLED)
    )
    Path("cat.png").write_bytes(testing.picture("png"))
    assert status(["keys", "new", "--organisation", "Acme", "--write-config", "-q"]) == 0
    testing.Authority.new("Beta").write(Path("others"))
    return tmp_path


SIGN = ["sign", "cat.png", "-o", "out/", "--generated", "--by", "Acme"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--policy", "labelled"], 0),
        (["--policy", "labelled", "--trust", "others/anchors.pem"], 1),
        (["--policy", "owned"], 1),
        (["--policy", "labelled", "--policy", "owned"], 1),
        (["--policy", "owned", "--copyright", "(c) Acme"], 0),
        (["--policy", "needy"], 2),
        (["--policy", "labelled", "--as-of", "soon"], 2),
        (["--policy", "labelled", "--as-of", "2026-12-02"], 0),
    ],
)
def test_the_exit_status_says_whether_it_passed_or_lacked_something(studio, capsys, more, code):
    assert status([*SIGN, *more]) == code
    assert (studio / "out/cat.png").exists() is (code == 0)


def test_what_did_not_pass_is_told_with_its_remedy_and_in_json_with_every_judgement(studio, capsys):
    assert status([*SIGN, "--policy", "owned", "--format", "json"]) == 1
    (report,) = json.loads(capsys.readouterr().out)["reports"]
    assert report["error"]["kind"] == "PolicyFailure"
    assert report["error"]["remedy"] == "make it so"
    (judgement,) = report["report"]["judgements"]
    assert (judgement["policy"], judgement["rule"], judgement["verdict"]) == (
        "book",
        "owned",
        "failed",
    )
    assert status([*SIGN, "--policy", "owned"]) == 1
    told = capsys.readouterr().out
    assert "book/owned" in told
    assert "make it so" in told.lower()


def test_a_visible_label_that_is_drawn_is_as_good_as_an_answer(signer):
    book_of_it = book(
        rule("seen", check=_has_credit, needs=(visible_or_answer("book.seen"),)),
        questions=(Question("seen", text="Is it told?"),),
    )
    picture = testing.picture("png", size=(400, 300))
    with pytest.raises(ConfigurationError, match="book/seen") as refused:
        sign(picture, OWNED_LABEL, signer, require_policy=book_of_it)
    assert "--visible text" in (refused.value.remedy or "")
    signed = sign(picture, OWNED_LABEL, signer, require_policy=book_of_it, visible="text")
    assert signed.report.judgements[0].verdict is Verdict.PASSED
