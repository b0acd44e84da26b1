"""Every rule of every book over reports at random: none raises, and what fails has a remedy."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings, strategies as st

from genlabel.model.judgement import Basis, Verdict
from genlabel.model.report import Integrity, Report
from genlabel.model.vocabulary import DigitalSourceType
from genlabel.model.words.translation import translated
from genlabel.policies import BOOKS, Policy, policy
from genlabel.policies.declarations import Answer, Approval, Declarations, Question, QuestionKind
from genlabel.policies.evidence import Evidence

WORDS = [
    *("", "Acme", "iptc", "c2pa.created", "c2pa.edited", "parentOf", "png", "jpeg", "\ud800"),
    *("signingCredential.untrusted", "signingCredential.invalid", "genlabel.trace.kept"),
    *(each.value for each in DigitalSourceType),
]
TEXTS = st.sampled_from(WORDS) | st.text(max_size=8)
MOMENTS = st.datetimes(timezones=st.just(UTC))
UNDRAWN = {"crjson_source", "refused"}
PLAIN: Mapping[object, st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    int: st.integers(0, 1 << 40),
    float: st.floats(0, 1),
    datetime: MOMENTS,
    date: st.dates(),
    type(None): st.none(),
    Any: st.none() | TEXTS,
}


def drawn(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type as results have it."""
    origin, parts = get_origin(hint), get_args(hint)
    if hint in PLAIN:
        return PLAIN[hint]
    if origin in (Union, types.UnionType):
        return st.one_of(*map(drawn, parts))
    if origin is tuple and parts[-1] is not Ellipsis:
        return st.tuples(*map(drawn, parts))
    if origin is tuple:
        return st.lists(drawn(parts[0]), max_size=3).map(tuple)
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(drawn(parts[0]), drawn(parts[1]), max_size=3)
    if issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    assert is_dataclass(hint), hint
    return st.deferred(lambda: built(hint))


def built(kind: type[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    wanted = [each for each in fields(kind) if each.init and each.name not in UNDRAWN]
    return st.builds(
        kind, **{each.name: drawn(hints[each.name]) for each in wanted if each.name != "judgements"}
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("manifests", "assertions", "claim", "claim.v2", "c2pa.actions.v2", "actions"),
                    *("action", "label", "validationResults", "activeManifest", "failure", "code"),
                    *("parameters", "ingredients", "digitalSourceType", "signature", "success"),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def answer(question: Question) -> st.SearchStrategy[Answer]:
    values: Mapping[QuestionKind, st.SearchStrategy[Any]] = {
        QuestionKind.YES_NO: st.booleans(),
        QuestionKind.TEXT: st.text(min_size=1, max_size=8),
        QuestionKind.DATE: st.dates(),
        QuestionKind.CHOICE: st.sampled_from(question.choices or ("-",)),
        QuestionKind.APPROVAL: st.builds(
            Approval, reference=st.text(min_size=1), by=st.text(min_size=1), on=st.dates()
        ),
    }
    return st.builds(Answer, value=values[question.kind], by=st.just("Ada"), on=st.dates())


def answers(book: Policy) -> st.SearchStrategy[Declarations]:
    each = {f"{book.name}.{one.id}": answer(one) for one in book.questions}
    return st.fixed_dictionaries({}, optional=each).map(lambda all: Declarations(answers=all))


@pytest.mark.parametrize("name", BOOKS)
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_no_rule_raises_and_every_answer_is_whole(name, data):
    book = policy(name)
    evidence = Evidence(
        data.draw(built(Report)),
        crjson=data.draw(st.none() | JSON.filter(lambda each: isinstance(each, dict))),
        declarations=data.draw(answers(book)),
    ).as_of(date(2026, 12, 2))
    for judgement in book.judge(evidence):
        assert judgement.explanation, judgement.id
        if judgement.verdict is Verdict.FAILED:
            assert judgement.fix, judgement.id
            assert judgement.findings, judgement.id
        if judgement.verdict is Verdict.UNDECIDED:
            assert judgement.settles, judgement.id
        if judgement.basis is Basis.DECLARED:
            assert judgement.declared_by == "Ada", judgement.id


@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize("integrity", [Integrity.UNKNOWN, Integrity.ABSENT])
def test_nothing_passes_on_an_empty_report(name, integrity):
    empty = Evidence(Report(integrity=integrity)).as_of(date(2026, 12, 2))
    passed = [each.id for each in policy(name).judge(empty) if each.verdict is Verdict.PASSED]
    assert passed == []


FORBIDDEN = {
    "en": r"\bcompliant|compliance|guarantee",
    "fr": r"\bconforme|conformité|garanti",
}


@pytest.mark.parametrize("language", FORBIDDEN)
@pytest.mark.parametrize("name", BOOKS)
def test_no_book_says_that_anything_is_as_a_law_wants_it(name, language):
    book = policy(name)
    said = [
        *(book.title, *(each.text for each in book.questions)),
        *(text for each in book.rules for text in (each.asks, each.fix)),
    ]
    spoken = [translated(each, language) for each in said]
    assert [each for each in spoken if re.search(FORBIDDEN[language], each, re.IGNORECASE)] == []
    if language != "en":  # a title may be the name of a text
        assert [each for each in said[1:] if translated(each, language) == each] == []
