"""What the rules of the book `cepic` see in a report and in declarations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date
from typing import TypeVar

from genlabel.model.element_rights import RightsBasis
from genlabel.model.errors import LabelError
from genlabel.model.expression import expression
from genlabel.model.judgement import Basis, Judgement
from genlabel.model.plus import DataMining, ModelRelease, PlusCode
from genlabel.model.report import Mark, Report, Severity, SigningTime
from genlabel.model.step_by import StepBy
from genlabel.policies.answers import (
    by_word,
    contradicted,
    failed,
    not_applicable,
    passed,
    undecided,
    unjudged,
    word,
)
from genlabel.policies.books.sheets import asked, is_signed, unanswered
from genlabel.policies.evidence import Evidence
from genlabel.policies.recorded import basis_of, has_ended, models, pictures, steps, word_of

Code = TypeVar("Code", bound=PlusCode)
_OF_AI = expression(
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
_KEPT = "ways"
_NOTHING = "none"
"""What is answered where people did nothing."""


def ways(evidence: Evidence) -> tuple[str, ...]:
    """By which of the guide's three ways the file tells what it is, in the guide's order."""
    found: tuple[str, ...] | None = evidence.kept.get(_KEPT)
    if found is None:
        found = evidence.kept[_KEPT] = tuple(_ways(evidence.report))
    return found


def _ways(report: Report) -> Iterator[str]:
    marks = report.marks
    texts = {text for mark in marks.values() for text in (mark.description, mark.title) if text}
    if any(_OF_AI.search(text[:_MOST]) for text in texts):
        yield _WAYS[0]
    if any(mark.source_type for name, mark in marks.items() if name is not Mark.MANIFEST):
        yield _WAYS[1]
    if is_signed(report):
        yield _WAYS[2]


def told(evidence: Evidence) -> Judgement:
    """By caption, metadata or cryptography."""
    report, found = evidence.report, ways(evidence)
    if not found:
        if report.unjudged:
            return unjudged()
        return failed("neither caption, metadata nor a signed mark tells what the picture is")
    return passed(f"told by {', '.join(found)}", basis=word(report))


def told_fully(evidence: Evidence) -> Judgement:
    """By all three."""
    report, found = evidence.report, ways(evidence)
    missing = [each for each in _WAYS if each not in found]
    if not missing:
        return passed(basis=word(report))
    if report.unjudged:
        return unjudged()
    return failed(f"not told by {', '.join(missing)}", where=missing[0])


def in_time(evidence: Evidence) -> Judgement:
    """The time-stamp is not later than the day that is declared for the publication."""
    key, report = "cepic.published", evidence.report
    if report.unjudged:
        return unjudged()
    if not report.declared.source_type:
        return failed("the picture is not labelled", where="source_type")
    answer = evidence.declarations.get(key)
    if answer is None or not isinstance(answer.value, date):
        return unanswered(evidence, key)
    signer, whose = report.signer if is_signed(report) else None, by_word(answer, key)
    moment = signer.signed_at if signer is not None else None
    if moment is not None and moment.astimezone(UTC).date() > answer.value:
        return failed("the label was signed after the day of publication", **whose)
    if moment is None or signer is None or signer.time is not SigningTime.PROVEN:
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
        return unjudged()
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
        return unanswered(evidence, key, by_files=True)
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
    """What is wanted of mining is stated where machines read it, or no opt-out is declared.

    That it is allowed is a wish, too: whoever states it opts out of nothing.
    """
    key, report = "cepic.opt_out", evidence.report
    if any(each.code == "genlabel.mining.differs" for each in report.findings):
        return failed("what the file states in two places differs", where="data_mining")
    codes = {_code(DataMining, each) for each in _values(report, "data_mining")}
    wishes = codes - {None, DataMining.UNSPECIFIED}
    opted_out = bool(wishes - {DataMining.ALLOWED})
    answer = evidence.declarations.get(key)
    if answer is not None and (answer.value == "stated") is not opted_out:
        return contradicted(key, evidence)
    if opted_out:
        return passed(basis=Basis.FILE, where="data_mining")
    if wishes:
        return passed("it is stated that mining is allowed", basis=Basis.FILE, where="data_mining")
    if answer is not None:
        return passed("it is declared that none is wanted", **by_word(answer, key))
    return unjudged() if report.unjudged else unanswered(evidence, key, by_files=True)


_CONTRADICTIONS = ("genlabel.marks.disagree.source_type", "genlabel.trace.contradicts")


def uncontradicted(evidence: Evidence) -> Judgement:
    """No trace of a generator, no mark and no ancestor says otherwise."""
    report = evidence.report
    if not report.declared.source_type:
        if report.unjudged:
            return unjudged()
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


def visible(evidence: Evidence) -> Judgement:
    """A label that was drawn into the picture, by its steps; else as it is declared."""
    key = "cepic.visible"
    drawn = [each for each in steps(evidence.report) if each.visible]
    answer = evidence.declarations.get(key)
    if drawn and answer is not None and not answer.value:
        return contradicted(key, evidence)
    if drawn:
        return passed("a step says that it drew a label", basis=word_of(drawn[-1:]), where="steps")
    return _TOLD_VISIBLY(evidence)


_TOLD_VISIBLY = asked(
    "cepic.visible", otherwise="it is declared that it is not told visibly", by_files=True
)


def human_part(evidence: Evidence) -> Judgement:
    """Steps by people; else what is declared of them."""
    key = "cepic.human_part"
    of_people = [each for each in steps(evidence.report) if each.by is StepBy.HUMAN]
    answer = evidence.declarations.get(key)
    if of_people and answer is not None and str(answer.value).strip().lower() == _NOTHING:
        return contradicted(key, evidence)
    if of_people:
        return passed("steps of people are recorded", basis=word_of(of_people), where="steps")
    return _DOCUMENTED(evidence)


_DOCUMENTED = asked("cepic.human_part", by_files=True)
_REFUSED = "genlabel.source.ai-use-refused"


def sources(evidence: Evidence) -> Judgement:
    """A basis with each source, and no licence that has ended; else as it is declared."""
    key, report = "cepic.sources", evidence.report
    went_in = pictures(report)
    answer = evidence.declarations.get(key)
    if any(basis_of(each) is RightsBasis.UNKNOWN for each in went_in):
        return failed("by what right a source is used is not known", where="sources")
    if any(has_ended(each, evidence.day) for each in went_in):
        return failed("the licence of a source has ended", where="sources")
    if any(each.code == _REFUSED and each.severity is Severity.ERROR for each in report.findings):
        return failed("a source says itself that no model may be given it", where="sources")
    if went_in and all(basis_of(each) for each in went_in):
        if answer is not None and not answer.value:
            return contradicted(key, evidence)
        return passed(
            "each source is recorded with a basis", basis=word_of(went_in), where="sources"
        )
    return _RECORDED(evidence)


_RECORDED = asked(
    "cepic.sources",
    otherwise="it is declared that a right is missing, or not on record",
    by_files=True,
)


def model_basis(evidence: Evidence) -> Judgement:
    """The basis that the label states for each model; else what is declared of it."""
    used = models(evidence.report)
    if any(basis_of(each) is RightsBasis.UNKNOWN for each in used):
        return failed("by what right the model was trained is not known", where="sources")
    if used and all(basis_of(each) for each in used):
        return passed(
            "what the model was trained on is stated with a basis",
            basis=word_of(used),
            where="sources",
        )
    return _BASIS(evidence)


_BASIS = asked("cepic.model_basis", by_files=True)
