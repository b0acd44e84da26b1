"""Every outcome of a report in sentences: for anybody, for an expert, and what it does not mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass
from genlabel.model.escape import quoted
from genlabel.model.mining import MiningSignals, Permission
from genlabel.model.parties import ProducerBasis
from genlabel.model.report import (
    Declared,
    Finding,
    Form,
    Integrity,
    Lineage,
    Mark,
    Report,
    Severity,
    SignedBy,
    SigningTime,
    Survival,
    TrustLevel,
    Validity,
)
from genlabel.model.serialise import Result
from genlabel.model.step_by import StepBy
from genlabel.model.vocabulary import DigitalSourceType
from genlabel.model.words.catalogue import ENGLISH, Catalogue, catalogue
from genlabel.model.words.codes import RULE, entry
from genlabel.model.words.source_types import clause
from genlabel.model.words.translation import translated

if TYPE_CHECKING:
    from genlabel.model.results import StripReport

FOLDER = "this folder's "
"""Begins the names of lists that a project's own configuration file names, such as
``this folder's keys/anchors.pem``."""
_UNNAMED = "?"
_MOMENT = "%Y-%m-%d %H:%M UTC"
_LONGEST = 200
"""Most characters of a source type that nobody knows."""


_BEGINNINGS = frozenset({"created", "opened", "edited.metadata", "published"})
"""Actions that change nothing about a picture that is there."""
_SEVERAL = 2


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Spoken(Result):
    """One answer of a report in three sentences. Names from the file stand quoted in them."""

    question: str
    """``integrity``, ``form``, ``lineage``, ``steps``, ``trust``, ``time``, ``validity``,
    ``declared``, ``mining``, a mark's name for its survival, or ``finding``."""
    outcome: str
    """The answer's own stable word, or the finding's code."""
    lay: str
    expert: str
    does_not_mean: str
    severity: Severity | None = None
    """Of a finding."""
    where: str | None = None
    explanation: str | None = None
    """Of a finding, in English: what exactly was found."""


def spoken(report: Report | StripReport, language: str = ENGLISH) -> tuple[Spoken, ...]:
    """Every answer that `report` gives, then every finding. None for a file without an answer.

    Raises `KeyError` for a language without a catalogue.
    """
    words = catalogue(language)
    if report.error is not None:
        return ()
    answers = _of_report(report, words) if isinstance(report, Report) else _of_strip(report, words)
    return (*answers, *(of_finding(each, words) for each in report.findings))


def integrity_name(report: Report, words: Catalogue) -> str:
    """The entry that speaks about the report's integrity: with its reason where there is one."""
    name = f"integrity.{report.integrity.value}"
    with_reason = f"{name}-{report.reason}"
    return with_reason if f"{with_reason}.lay" in words else name


def trust_name(level: TrustLevel, trust_list: str | None) -> str:
    """The entry that says by whom a signer is known: a folder's own list is not the reader's."""
    by_folder = level is TrustLevel.KNOWN and (trust_list or "").startswith(FOLDER)
    return "trust.folder" if by_folder else f"trust.{level.value}"


def lineage_name(report: Report) -> str:
    """The entry that speaks about the report's ancestors."""
    if report.ingredients and all(
        each.integrity is Integrity.ABSENT for each in report.ingredients
    ):
        return "lineage.unsigned"
    return f"lineage.{report.lineage.value}"


def declared_name(declared: Declared) -> str:
    """The entry that speaks about what the file declares."""
    if not (declared.source_type or declared.producer or declared.generator):
        return "declared.nothing"
    return "declared.attested" if declared.attested else "declared.unattested"


def declared_in(report: Report) -> str:
    """The entry that speaks about what the report declares, and who does not vouch for it."""
    name, signer = declared_name(report.declared), report.signer
    if name != "declared.unattested" or signer is None or report.integrity is not Integrity.INTACT:
        return name
    if report.declared.inherited_from:
        return "declared.inherited"
    own = (report.declared.origin or "").startswith(f"{report.manifest_id} ")
    known = signer.trust is not TrustLevel.UNKNOWN and signer.validity is not Validity.WITHIN
    return "declared.outlived" if own and known else name


def signer_name(report: Report) -> str:
    """The entry that speaks about who signed.

    Lists say nothing about a signer whose signature does not hold, or counts for nobody.
    """
    signer = report.signer
    if signer is None or signer.trust is not TrustLevel.UNKNOWN:
        return trust_name(signer.trust, signer.trust_list) if signer else "trust.unknown"
    where = f"/{report.manifest_id}/"
    for finding in report.findings:
        if finding.code == "claimSignature.mismatch" and where in (finding.where or ""):
            return "trust.forged"
        if finding.code == "signingCredential.invalid" and finding.where == "signer":
            return "trust.unfit"
    return "trust.late" if is_late(signer) else "trust.unknown"


def is_late(signer: SignedBy) -> bool:
    """Is it proven that the certificate was not valid when it was used?"""
    outside = signer.validity in (Validity.EXPIRED, Validity.NOT_BEGUN)
    return outside and signer.time is SigningTime.PROVEN


def whence(declared: Declared) -> str:
    """Where an inherited statement was taken over from, quoted: the signer's own words."""
    return quoted(declared.inherited_from) if declared.inherited_from else _UNNAMED


def what(declared: Declared, words: Catalogue) -> str:
    """What is declared, in a few words: kind of picture, producer, generator."""
    parts = []
    if declared.source_type:
        known = DigitalSourceType.understand(declared.source_type)
        meaning = clause(declared.source_type, words.language)
        stated = quoted(declared.source_type, limit=_LONGEST)
        parts.append(f"{known.code} ({meaning})" if known is not None else stated)
    if declared.producer:
        # where nobody vouches for anything, the sentence around this says so already
        claim = declared.attested and declared.producer_basis is ProducerBasis.CLAIM
        by = "words.by-claim" if claim else "words.by"
        parts.append(words.say(by, name=quoted(declared.producer)))
    if declared.generator:
        parts.append(words.say("words.using", name=quoted(declared.generator)))
    return ", ".join(parts)


def _of_report(report: Report, words: Catalogue) -> Iterator[Spoken]:
    integrity = integrity_name(report, words)
    yield _answer("integrity", report.integrity.value, integrity, words)
    if report.form is not Form.NONE:
        yield _answer("form", report.form.value, f"form.{report.form.value}", words)
    if report.integrity in (Integrity.INTACT, Integrity.BROKEN):
        lineage = report.lineage
        if lineage is not Lineage.NONE or report.ingredients:
            yield _answer("lineage", lineage.value, lineage_name(report), words)
    if told := steps(report, words):
        yield _answer("steps", "told", "steps.told", words, **told)
    if report.signer is not None:
        yield from _signer(report, report.signer, words)
    outcome = declared_name(report.declared).partition(".")[2]
    declared = declared_in(report)
    values = {"what": what(report.declared, words), "whence": whence(report.declared)}
    yield _answer("declared", outcome, declared, words, **values)
    if report.mining is not None:
        yield _answer("mining", "stated", "mining.stated", words, **mining(report.mining, words))


def steps(report: Report, words: Catalogue) -> dict[str, str]:
    """How many steps the file tells beside how it began, and by whom or what; empty for one."""
    told = [each for each in report.steps if each.name not in _BEGINNINGS]
    if len(told) < _SEVERAL:
        return {}
    makers = Counter(each.by.value if each.by is not None else "unsaid" for each in told)
    kinds = [
        words.say(f"words.steps-{kind}", count=f"{makers[kind]:,}")
        for kind in (*StepBy, "unsaid")
        if makers[kind]
    ]
    return {"count": f"{len(told):,}", "kinds": ", ".join(kinds)}


def mining(signals: MiningSignals, words: Catalogue) -> dict[str, str]:
    """What a picture may be used for by data mining and AI, and where that stands."""
    uses: dict[Permission, list[str]] = {}
    for use, permission in signals.uses:
        uses.setdefault(permission, []).append(words.say(f"words.use-{use}"))
    told = [
        words.say(f"words.use-{permission.value}", uses=", ".join(uses[permission]))
        for permission in reversed(Permission)
        if permission in uses
    ]
    constraint = [quoted(signals.constraint)] if signals.constraint else []
    what = "; ".join([*told, *constraint]) or words.say("words.use-unsaid")
    code = f" ({signals.code})" if signals.code else ""
    return {"what": f"{what}{code}", "where": ", ".join(signals.carriers)}


def _signer(report: Report, signer: SignedBy, words: Catalogue) -> Iterator[Spoken]:
    called = signer.organisation or signer.common_name
    holder = quoted(called) if called else words.say("words.nobody")
    yield _answer(
        "trust", signer.trust.value, signer_name(report), words,
        name=holder, list=(signer.trust_list or _UNNAMED).removeprefix(FOLDER),
    )  # fmt: skip
    time = signer.time if signer.signed_at is not None else SigningTime.NONE
    moment = signer.signed_at.strftime(_MOMENT) if signer.signed_at else _UNNAMED
    yield _answer("time", time.value, f"time.{time.value}", words, moment=moment)
    until = report.verifies_until.strftime(_MOMENT) if report.verifies_until else _UNNAMED
    name = validity_name(report, signer)
    yield _answer("validity", signer.validity.value, name, words, until=until)


def validity_name(report: Report, signer: SignedBy) -> str:
    """The entry that speaks about the certificate's dates, and about what comes after its end."""
    if signer.validity is Validity.EXPIRED and is_late(signer):
        return "validity.late"
    if signer.validity is Validity.WITHIN and report.verifies_until is not None:
        return "validity.until"
    if signer.validity is Validity.WITHIN and signer.time is SigningTime.PROVEN:
        return "validity.proven"
    return f"validity.{signer.validity.value}"


def _of_strip(report: StripReport, words: Catalogue) -> Iterator[Spoken]:
    for mark, fate in report.marks.items():
        yield _answer(mark.value, fate.value, survival(mark, fate), words)


def survival(mark: Mark, fate: Survival) -> str:
    """The entry that tells what became of a mark; of the visible one only its declaration may be
    lost."""
    undeclared = mark is Mark.VISIBLE and fate is Survival.LOST
    return "survival.undeclared" if undeclared else f"survival.{fate.value}"


def of_finding(finding: Finding, words: Catalogue) -> Spoken:
    """The sentences of one finding; the first of a rule's is what it found itself."""
    name = f"finding.{entry(finding.code)}"
    values = {"code": finding.code, "where": finding.where or _UNNAMED}
    spoken = _answer("finding", finding.code, name, words, **values)
    if name == f"finding.{RULE}" and finding.explanation:
        own = translated(finding.explanation, words.language)
        spoken = replace(spoken, lay=f"{own[:1].upper()}{own[1:]}.")
    return replace(
        spoken,
        severity=finding.severity,
        where=finding.where,
        explanation=finding.explanation,
    )


def _answer(
    question: str, outcome: str, entry_name: str, words: Catalogue, /, **values: str
) -> Spoken:
    return Spoken(
        question=question,
        outcome=outcome,
        lay=words.say(f"{entry_name}.lay", **values),
        expert=words.say(f"{entry_name}.expert", **values),
        does_not_mean=words.say(f"{entry_name}.not", **values),
    )
