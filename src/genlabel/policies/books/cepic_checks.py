"""What the rules of the book `cepic` see in a report and in declarations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date
from typing import TypeVar

from genlabel.model.errors import LabelError
from genlabel.model.judgement import Basis, Judgement
from genlabel.model.recorded_steps import RecordedStep
from genlabel.model.report import Integrity, Mark, Report, SigningTime
from genlabel.model.steps import StepBy
from genlabel.model.verdicts import Vouched
from genlabel.model.vocabulary import DataMining, ModelRelease, PlusCode
from genlabel.policies.answers import (
    contradicted,
    failed,
    not_applicable,
    passed,
    undecided,
)
from genlabel.policies.books.sheets import (
    READABLE,
    UNJUDGED,
    by_word,
    is_signed,
    unanswered,
    word,
)
from genlabel.policies.evidence import Evidence

Code = TypeVar("Code", bound=PlusCode)
_OF_AI = re.compile(
    r"\b(?:AI|A\.I\.|IA|KI|GenAI|AIGC)\b"
    r"|(?i:artificial intelligence|intelligence artificielle|künstliche\w* intelligenz"
    r"|inteligencia artificial|intelligenza artificiale)"
    r"|(?i:\b(?:generative|génératif|générative|synthetic|synthétique|machine-generated)\b)"
    r"|(?i:text-to-image|deep ?fake)"
    r"|人工智能|人工知能|인공지능"
)
"""Words by which a caption tells that a model made or changed the picture."""
_MOST = 2000
"""Characters of a caption that are looked at."""
_WAYS = ("caption", "metadata", "cryptography")


def ways(report: Report) -> tuple[str, ...]:
    """By which of the guide's three ways the file tells what it is, in the guide's order."""
    texts = (
        text
        for mark in report.marks.values()
        for text in (mark.description, mark.title)
        if text is not None
    )
    unsigned = (mark for name, mark in report.marks.items() if name is not Mark.MANIFEST)
    told = (
        any(_OF_AI.search(text[:_MOST]) for text in texts),
        any(mark.source_type for mark in unsigned),
        is_signed(report),
    )
    return tuple(way for way, is_told in zip(_WAYS, told, strict=True) if is_told)


def told(evidence: Evidence) -> Judgement:
    """By caption, metadata or cryptography."""
    report = evidence.report
    found = ways(report)
    if not found:
        if report.unjudged:
            return undecided(UNJUDGED, settles=READABLE)
        return failed("neither caption, metadata nor a signed mark tells what the picture is")
    return passed(f"told by {', '.join(found)}", basis=word(report))


def told_fully(evidence: Evidence) -> Judgement:
    """By all three."""
    report = evidence.report
    missing = [each for each in _WAYS if each not in ways(report)]
    if not missing:
        return passed(basis=word(report))
    if report.unjudged:
        return undecided(UNJUDGED, settles=READABLE)
    return failed(f"not told by {', '.join(missing)}", where=missing[0])


def in_time(evidence: Evidence) -> Judgement:
    """The time-stamp is not later than the day that is declared for the publication."""
    key, report = "cepic.published", evidence.report
    if report.unjudged:
        return undecided(UNJUDGED, settles=READABLE)
    if not is_signed(report) or report.signer is None:
        return failed("the picture is not labelled by anything that is signed", where="signer")
    answer = evidence.declarations.get(key)
    if answer is None or not isinstance(answer.value, date):
        return unanswered(evidence, key)
    moment, whose = report.signer.signed_at, by_word(answer, key)
    if moment is not None and moment.astimezone(UTC).date() > answer.value:
        return failed("the label was signed after the day of publication", **whose)
    if moment is None or report.signer.time is not SigningTime.PROVEN:
        return undecided(
            "no time-stamp proves when the label was signed",
            settles="time-stamp the label with genlabel stamp, or sign with --tsa",
            where="signer",
        )
    return passed(**whose)


def named(evidence: Evidence) -> Judgement:
    """A person or company that made or changed the picture."""
    report = evidence.report
    if report.declared.producer:
        basis = Basis.SIGNED if report.declared.producer_attested else Basis.FILE
        return passed(basis=basis, where="producer")
    if any(mark.producer or mark.creator for mark in report.marks.values()):
        return passed(basis=Basis.FILE, where="creator")
    if report.unjudged:
        return undecided(UNJUDGED, settles=READABLE)
    return failed("nobody is named who made or changed the picture", where="producer")


def _values(report: Report, field: str) -> Iterator[str]:
    return (value for mark in report.marks.values() if (value := getattr(mark, field)))


def _code(codes: type[Code], text: str) -> Code | None:
    try:
        return codes.parse(text)
    except LabelError:
        return None


def releases(evidence: Evidence) -> Judgement:
    """A release for the persons in the picture, where any are declared."""
    key, report = "cepic.persons", evidence.report
    codes = {_code(ModelRelease, each) for each in _values(report, "model_release")}
    answer = evidence.declarations.get(key)
    if answer is None:
        if codes == {ModelRelease.UNLIMITED}:
            return passed(basis=Basis.FILE, where="model_release")
        return unanswered(evidence, key)
    if not answer.value:
        if codes & {ModelRelease.UNLIMITED, ModelRelease.LIMITED}:
            return contradicted(key, evidence)
        return not_applicable("no person in the picture, it is declared", **by_word(answer, key))
    if ModelRelease.NOT_APPLICABLE in codes:
        return contradicted(key, evidence)
    if codes == {ModelRelease.UNLIMITED}:
        return passed(basis=Basis.FILE, where="model_release")
    if ModelRelease.LIMITED in codes:
        return undecided(
            "the releases are limited or incomplete",
            settles="read what the releases allow",
            where="model_release",
        )
    return failed("persons are declared, and no release of theirs is stated", where="model_release")


def opt_out(evidence: Evidence) -> Judgement:
    """The wish is stated where machines read it, or declared as not wanted."""
    key, report = "cepic.opt_out", evidence.report
    if any(each.code == "genlabel.mining.differs" for each in report.findings):
        return failed("what the file states in two places differs", where="data_mining")
    codes = {_code(DataMining, each) for each in _values(report, "data_mining")}
    wishes = codes - {None, DataMining.UNSPECIFIED}
    answer = evidence.declarations.get(key)
    if answer is not None and (answer.value == "stated") is not bool(wishes):
        return contradicted(key, evidence)
    if wishes:
        return passed(basis=Basis.FILE, where="data_mining")
    if answer is not None:
        return passed("it is declared that none is wanted", **by_word(answer, key))
    if is_signed(report):
        return unanswered(evidence, key)
    return undecided(UNJUDGED, settles=READABLE)


_CONTRADICTIONS = ("genlabel.marks.disagree.source_type", "genlabel.trace.contradicts")


def uncontradicted(evidence: Evidence) -> Judgement:
    """No trace of a generator, no mark and no ancestor says otherwise."""
    report = evidence.report
    if not report.declared.source_type:
        if report.unjudged:
            return undecided(UNJUDGED, settles=READABLE)
        return not_applicable("there is no source type that could be contradicted")
    against = [each for each in report.findings if each.code in _CONTRADICTIONS]
    if against:
        return failed(against[0].explanation, where=against[0].where, findings=tuple(against))
    if any(each.code == "genlabel.claim.overruled" for each in report.findings):
        return undecided(
            "what the picture says of itself was overruled with a reason",
            settles="read the reason that the label gives",
        )
    return passed(basis=word(report))


def _whose(step: RecordedStep) -> Basis:
    return Basis.SIGNED if step.vouched is Vouched.ATTESTED else Basis.FILE


def visible(evidence: Evidence) -> Judgement:
    """A label that was drawn into the picture, by its steps; else as it is declared."""
    report = evidence.report
    if report.integrity is Integrity.INTACT and report.visible is not None:
        drawn = [each for each in report.steps if each.visible]
        return passed("a step says that it drew a label", basis=_whose(drawn[-1]), where="steps")
    return _by_answer(evidence, "cepic.visible", "it is declared that it is not told visibly")


def human_part(evidence: Evidence) -> Judgement:
    """Steps by people; else what is declared of them."""
    report = evidence.report
    steps = report.steps if report.integrity is Integrity.INTACT else ()
    of_people = [each for each in steps if each.by is StepBy.HUMAN]
    if of_people:
        attested = [each for each in of_people if each.vouched is Vouched.ATTESTED]
        return passed(
            "steps of people are recorded", basis=_whose((attested or of_people)[0]), where="steps"
        )
    return _by_answer(evidence, "cepic.human_part", "")


def sources(evidence: Evidence) -> Judgement:
    """A basis with each source; else as it is declared."""
    key = "cepic.sources"
    return _by_answer(evidence, key, "it is declared that a right is missing, or not on record")


def model_basis(evidence: Evidence) -> Judgement:
    """The basis that the label states for the generator; else what is declared of it."""
    return _by_answer(evidence, "cepic.model_basis", "")


def _by_answer(evidence: Evidence, key: str, otherwise: str) -> Judgement:
    answer = evidence.declarations.get(key)
    if answer is None:
        return unanswered(evidence, key)
    return (
        passed(**by_word(answer, key))
        if answer.value
        else failed(otherwise, **by_word(answer, key))
    )
