"""Rules and rule books: what is a sound one, and what becomes of a rule's answer."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from genlabel.model.errors import ConfigurationError
from genlabel.model.judgement import Basis, Judgement, Level, RuleSource, Verdict
from genlabel.model.report import Integrity, Report, Severity, Trouble
from genlabel.policies import policies
from genlabel.policies.answers import declared, failed, passed, undecided, weighed
from genlabel.policies.declarations import Answer, Declarations, Override
from genlabel.policies.evidence import Evidence
from genlabel.policies.rule import Policy, Rule

SOURCE = RuleSource(title="a text", section="§1")
DAY = date(2026, 11, 29)


def rule(name: str = "one", **changes: object) -> Rule:
    good: dict[str, object] = {
        "asks": "it is so",
        "source": SOURCE,
        "check": lambda _: passed(),
        "fix": "make it so",
    }
    return Rule(name, **{**good, **changes})  # type: ignore[arg-type]


def book(*rules: Rule, **changes: object) -> Policy:
    return Policy(name="book", title="a book", rules=rules, **changes)  # type: ignore[arg-type]


def answered(**values: object) -> Declarations:
    answers = {
        f"book.{name}": Answer(value=value, by="Ada", on=DAY)  # type: ignore[arg-type]
        for name, value in values.items()
    }
    return Declarations(answers=answers)


def judged(check: object, declarations: Declarations | None = None, **changes: object) -> Judgement:
    evidence = Evidence(Report(), declarations=declarations or Declarations())
    (judgement,) = book(rule(check=check, **changes)).judge(evidence)
    return judgement


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: book(), "has no rule"),
        (lambda: book(rule(), rule()), "has one twice"),
        (lambda: book(rule(source=RuleSource(title=""))), "where it is written"),
        (lambda: book(rule(source=None)), "where it is written"),
        (lambda: book(rule(fix="")), "what to do"),
        (lambda: book(rule("no name")), "no name of a rule"),
        (lambda: Policy(name="No", title="", rules=(rule(),)), "no name of a book"),
        (lambda: Policy(name="for", title="", rules=(rule(),)), "no name of a book"),
        (lambda: book(rule(since=DAY, until=date(2026, 1, 1))), "ends before"),
    ],
)
def test_a_book_that_is_unsound_is_no_book(make, told):
    with pytest.raises(ConfigurationError, match=told):
        make()


def test_two_vintages_of_a_rule_are_judged_by_the_one_in_force():
    early = rule(until=date(2026, 12, 1))
    late = rule(since=date(2026, 12, 2), check=lambda _: failed("too late"))
    both = book(early, late, since=date(2026, 6, 10))

    def verdict(day: int, month: int = 12) -> Verdict:
        (only,) = both.judge(Evidence(Report(), now=datetime(2026, month, day, tzinfo=UTC)))
        return only.verdict

    assert [verdict(1), verdict(2)] == [Verdict.PASSED, Verdict.FAILED]
    with pytest.raises(ConfigurationError, match="no rules of 2026-06-09"):
        verdict(9, month=6)


@pytest.mark.parametrize(
    ("level", "severity"),
    [
        (Level.MUST, Severity.ERROR),
        (Level.SHOULD, Severity.WARNING),
        (Level.MAY, Severity.NOTE),
    ],
)
def test_a_rule_that_fails_is_a_finding_under_its_own_name(level, severity):
    report = book(rule(level=level, check=lambda _: failed("not so", where="iptc"))).apply(Report())
    (judgement,) = report.judgements
    assert (judgement.verdict, judgement.fix) == (Verdict.FAILED, "make it so")
    (finding,) = report.findings
    assert (finding.code, finding.severity, finding.where) == ("book/one", severity, "iptc")


def test_a_rule_that_is_met_or_undecided_is_no_finding_and_needs_no_fix():
    report = book(rule(), rule("two", check=lambda _: undecided("?", settles="ask"))).apply(
        Report()
    )
    assert report.findings == ()
    met, open_question = report.judgements
    assert (met.basis, met.explanation, met.fix) == (Basis.FILE, "it is so", None)
    assert (open_question.basis, open_question.settles, open_question.fix) == (
        Basis.NONE,
        "ask",
        None,
    )


def test_what_could_not_be_judged_leaves_every_rule_undecided():
    unread = Report(error=Trouble(kind="x", message="y"))
    for each in (book(rule()), *policies()):
        assert {one.verdict for one in each.judge(unread)} == {Verdict.UNDECIDED}


def test_a_rule_about_crjson_is_undecided_without_one():
    (judgement,) = book(rule(reads_crjson=True)).judge(Report())
    assert judgement.verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("given", "verdict", "basis"),
    [
        ({}, Verdict.UNDECIDED, Basis.NONE),
        ({"contact": "a@example.com"}, Verdict.PASSED, Basis.DECLARED),
        ({"contact": True}, Verdict.PASSED, Basis.DECLARED),
        ({"contact": False}, Verdict.FAILED, Basis.DECLARED),
    ],
)
def test_an_answer_decides_as_declared_and_by_whom(given, verdict, basis):
    judgement = judged(declared("book.contact"), answered(**given))
    assert (judgement.verdict, judgement.basis, judgement.where) == (verdict, basis, "book.contact")
    assert judgement.declared_by == ("Ada" if given else None)
    assert judgement.declared_on == (DAY if given else None)


@pytest.mark.parametrize(
    ("shown", "said", "verdict", "basis"),
    [
        (True, None, Verdict.PASSED, Basis.FILE),
        (True, True, Verdict.PASSED, Basis.FILE),
        (False, None, Verdict.FAILED, Basis.FILE),
        (False, False, Verdict.FAILED, Basis.FILE),
        (None, True, Verdict.PASSED, Basis.DECLARED),
        (None, False, Verdict.FAILED, Basis.DECLARED),
        (None, None, Verdict.UNDECIDED, Basis.NONE),
    ],
)
def test_a_declaration_speaks_where_the_file_is_silent(shown, said, verdict, basis):
    declarations = answered() if said is None else answered(visible=said)
    judgement = judged(weighed("book.visible", lambda _: shown), declarations)
    assert (judgement.verdict, judgement.basis) == (verdict, basis)


@pytest.mark.parametrize("shown", [True, False])
def test_a_declaration_against_the_file_is_an_error_at_any_level(shown):
    check = weighed("book.visible", lambda _: shown)
    judgement = judged(check, answered(visible=not shown), level=Level.MAY)
    assert judgement.verdict is Verdict.FAILED
    assert judgement.fix
    (finding,) = judgement.findings
    assert finding.code == "genlabel.declaration.contradicted"
    assert finding.severity is Severity.ERROR


def test_the_last_override_that_fits_counts():
    def override(glob: str, value: str) -> Override:
        answer = Answer(value=value, by="Ada", on=DAY)
        return Override(paths=(glob,), answers={"book.story": answer})

    declarations = Declarations(overrides=(override("*.png", "a"), override("hero/*", "b")))
    told = {
        path: answer.value if (answer := declarations.at(path).get("book.story")) else None
        for path in ("x.jpg", "x.png", "site/hero/x.png")
    }
    assert told == {"x.jpg": None, "x.png": "a", "site/hero/x.png": "b"}


def test_nothing_passes_on_an_empty_report():
    for report in (Report(), Report(integrity=Integrity.ABSENT)):
        for each in policies():
            assert Verdict.PASSED not in {one.verdict for one in each.judge(report)}


def test_one_rule_in_two_books_is_judged_in_the_name_of_each():
    shared = rule()
    one, other = book(shared), Policy(name="other", title="another book", rules=(shared,))
    for _ in range(2):
        assert [each.judge(Evidence(Report()))[0].id for each in (one, other)] == [
            "book/one",
            "other/one",
        ]


def test_alike_answers_of_rules_are_judgements_of_their_own_rules():
    both = book(rule("one"), rule("two", level=Level.MAY, asks="it is so, too"))
    made = both.judge(Evidence(Report()))
    assert [(each.id, each.level, each.explanation) for each in made] == [
        ("book/one", Level.MUST, "it is so"),
        ("book/two", Level.MAY, "it is so, too"),
    ]


def test_whatever_files_make_a_rule_say_each_gets_its_own_answer():
    counted = iter(range(1000))
    many = rule(check=lambda _: failed(f"number {next(counted)}"))
    made = [book(many).judge(Evidence(Report()))[0].explanation for _ in range(100)]
    assert made == [f"number {each}" for each in range(100)]


def test_an_answer_may_have_parts_that_nobody_can_tell_apart_quickly():
    assert failed("not so", findings=[]).findings == []
    with pytest.raises(TypeError, match="nothing_such"):
        passed(nothing_such=1)
