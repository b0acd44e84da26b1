"""The rule book `labelled`: the picture says what it is and who answers for it, and that holds.

It is genlabel's own floor, below every law's: meeting it says nothing about any law.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from genlabel.model.escape import quoted
from genlabel.model.parties import ProducerBasis
from genlabel.model.report import (
    Finding,
    Form,
    Integrity,
    Mark,
    Report,
    Severity,
    TrustLevel,
    Validity,
)
from genlabel.model.words.sentences import is_late
from genlabel.policies.answers import failed, not_applicable, passed, undecided, unjudged, word
from genlabel.policies.evidence import Evidence
from genlabel.policies.rule import Basis, Judgement, Level, Policy, Rule, RuleSource


def _declares_source_type(evidence: Evidence) -> Judgement:
    report = evidence.report
    if report.declared.source_type:
        return passed(basis=word(report), where="source_type")
    if report.unjudged:
        return unjudged()
    return _absent("source_type", "nothing in the file says how the picture came to be")


def _names_producer(evidence: Evidence) -> Judgement:
    report = evidence.report
    if any(mark.producer or mark.creator for mark in report.marks.values()):
        return passed(basis=word(report), where="producer")
    if report.unjudged:
        return unjudged()
    return _absent(
        "producer", "nothing in the file names the person or company that answers for the picture"
    )


_READABLE = "give the file with the manifest that belongs to it"


@cache
def _absent(field: str, explanation: str) -> Judgement:
    finding = Finding(
        "genlabel.label.absent", severity=Severity.ERROR, where=field, explanation=explanation
    )
    return failed(explanation, where=field, findings=(finding,))


def _by_findings(
    findings: Iterable[Finding], *, settles: str, basis: Basis = Basis.SIGNED
) -> Judgement:
    """Failed by errors, undecided by warnings alone, else passed."""
    found = tuple(findings)
    worst = min(found, key=lambda each: each.severity.rank, default=None)
    if worst is None or worst.severity is Severity.NOTE:
        return passed(worst.explanation if worst else "", basis=basis, findings=found)
    where, explanation = worst.where, worst.explanation
    if worst.severity is Severity.ERROR:
        return failed(explanation, where=where, basis=basis, findings=found)
    return undecided(explanation, settles=settles, where=where, findings=found)


def _is_known(evidence: Evidence) -> Judgement:
    report = evidence.report
    unfit = _signature_decides_nothing(report)
    if unfit is not None:
        return unfit
    codes = ("signingCredential.untrusted", "signingCredential.invalid")
    return _by_findings(
        (*_found(report, *codes), *signer_is_known(report)),
        settles="name the signers whom you know with --trust",
    )


def _was_valid(evidence: Evidence) -> Judgement:
    report = evidence.report
    unfit = _signature_decides_nothing(report)
    if unfit is not None:
        return unfit
    return _by_findings(
        (*_found(report, "signingCredential.ocsp.revoked"), *_signer_was_valid(report)),
        settles="give the lists of its time-stamping authority with --trust-tsa",
    )


def _signature_decides_nothing(report: Report) -> Judgement | None:
    """Why there is no signer to be asked about."""
    if report.signer is None:
        if report.integrity is Integrity.ABSENT:
            return not_applicable("the picture is not signed")
        return undecided("no signature can be read", settles=_READABLE)
    if report.integrity is not Integrity.INTACT:
        return undecided("the signature does not hold for this picture", settles=_READABLE)
    return None


def _found(report: Report, *codes: str) -> tuple[Finding, ...]:
    return tuple(each for each in report.findings if each.code in codes)


def signer_is_known(report: Report) -> Iterator[Finding]:
    """A signer on none of the lists given, where verifying itself does not say so."""
    signer = report.signer
    if signer is None or signer.trust is not TrustLevel.UNKNOWN:
        return
    if report.integrity is not Integrity.INTACT or _is_found(report, "signingCredential.untrusted"):
        return
    # of these no list says anything, and each is an error of its own
    if _is_found(report, "signingCredential.invalid") or is_late(signer):
        return
    yield Finding(
        "signingCredential.untrusted",
        severity=Severity.ERROR if report.trust_lists else Severity.WARNING,
        where="signer",
        explanation="unchanged since it was signed, by someone whom "
        + ("the trust lists given do not name" if report.trust_lists else "no trust list names"),
    )


def _signer_was_valid(report: Report) -> Iterator[Finding]:
    signer = report.signer
    if signer is None or report.integrity is not Integrity.INTACT:
        return
    if signer.validity is Validity.REVOKED:
        if not _is_found(report, "signingCredential.ocsp.revoked"):
            yield Finding(
                "signingCredential.ocsp.revoked",
                severity=Severity.ERROR,
                where="signer",
                explanation="the signer's certificate was revoked",
            )
    elif is_late(signer):
        yield Finding(
            "claimSignature.outsideValidity",
            severity=Severity.ERROR,
            where="signer",
            explanation="unchanged since it was signed; a time-stamp proves that the certificate "
            "was not valid then",
        )
    elif signer.validity is not Validity.WITHIN:
        yield Finding(
            "claimSignature.outsideValidity",
            severity=Severity.WARNING,
            where="signer",
            explanation="unchanged since it was signed; "
            + (
                "the signer's certificate has not begun yet"
                if signer.validity is Validity.NOT_BEGUN
                else "whether the certificate was valid then cannot be shown with the lists given"
            ),
        )


def _is_well_formed(evidence: Evidence) -> Judgement:
    """Verifying itself names each rule that is broken; but not in reports that hold no finding."""
    report = evidence.report
    if report.form is Form.WELL_FORMED:
        return passed()
    if report.form is Form.NONE:
        return not_applicable("there is no manifest")
    if report.form is Form.UNKNOWN:
        return undecided("the manifest could not be opened", settles=_READABLE)
    errors = tuple(each for each in report.findings if each.severity is Severity.ERROR)
    explanation = "the manifest breaks a rule of its form"
    own = Finding(
        "genlabel.form.malformed",
        severity=Severity.ERROR,
        where="manifest",
        explanation=explanation,
    )
    return failed(explanation, where="manifest", findings=errors or (own,))


def _is_found(report: Report, code: str) -> bool:
    """Did verifying itself say so already, with date and reason?"""
    return any(each.code == code for each in report.findings)


def _producer_is_signer(evidence: Evidence) -> Judgement:
    """A name that nobody but the manifest gives is a claim; who it is written by is known."""
    report = evidence.report
    stated, signer = report.marks.get(Mark.MANIFEST), report.signer
    if signer is None or stated is None or not stated.producer:
        return not_applicable("no signed manifest names a producer")
    holder = signer.organisation or signer.common_name
    basis = report.declared.producer_basis
    if stated.producer == holder or basis is ProducerBasis.IDENTITY:
        if report.integrity is not Integrity.INTACT:
            return undecided("the signature does not hold for this picture", settles=_READABLE)
        return passed()
    configured = basis is ProducerBasis.CONFIGURED
    finding = producer_differs(stated.producer, holder, configured=configured)
    answer = passed if configured else failed
    return answer(finding.explanation, where="producer", findings=(finding,))


def producer_differs(producer: str, holder: str | None, *, configured: bool) -> Finding:
    """That the certificate's `holder` is another than the producer who is named."""
    whose = f"the certificate names {quoted(holder) if holder else 'nobody'}"
    return Finding(
        "genlabel.producer.differs",
        severity=Severity.NOTE if configured else Severity.WARNING,
        where="producer",
        explanation=f"the manifest names {quoted(producer)} as producer; {whose}"
        + (", who may use that name by your own word" if configured else ": the name is a claim"),
    )


def _names_agree(evidence: Evidence) -> Judgement:
    report = evidence.report
    if not any(each.holds for each in report.identities):
        return not_applicable("no identity assertion holds")
    findings = tuple(sources_of_the_name_agree(report))
    differing = next((each for each in findings if each.severity is Severity.WARNING), None)
    if differing is None:
        return passed(findings=findings)
    return failed(differing.explanation, where=differing.where, findings=findings)


def sources_of_the_name_agree(report: Report) -> Iterator[Finding]:
    """The name in the metadata, in an identity assertion and in the claim's certificate."""
    stated = report.marks.get(Mark.MANIFEST)
    signer = report.signer.organisation if report.signer else None
    for actor in report.identities:
        if not actor.holds:
            continue
        who = quoted(actor.organisation or actor.common_name)
        as_producer = not actor.roles or (stated and stated.producer_role) in actor.roles
        if stated and stated.producer and as_producer and stated.producer not in actor.names:
            yield Finding(
                "genlabel.identity.differs",
                severity=Severity.WARNING,
                where=actor.label,
                explanation=f"the manifest names {quoted(stated.producer)} as producer, and the "
                f"identity assertion is by {who}",
            )
        if signer is not None and signer not in actor.names:
            yield Finding(
                "genlabel.identity.other-signer",
                severity=Severity.NOTE,
                where=actor.label,
                explanation=f"the identity assertion is by {who}; the claim was signed with the "
                f"certificate of {quoted(signer)}",
            )


def _source(title: str, section: str, url: str | None = None) -> RuleSource:
    return RuleSource(title=title, section=section, url=url, read=date(2026, 11, 29))


_OWN = _source(
    "genlabel contract", "§4", "https://github.com/genlabel/genlabel/blob/main/docs/contract.md"
)
_C2PA = "https://spec.c2pa.org/specifications/specifications/2.4/specs/C2PA_Specification.html"
_NAME = "name producer and signer alike, or your brand with --trust-producer ORGANISATION=NAME"

LABELLED = Policy(
    name="labelled",
    title="labelled: a source type and a producer are declared, and nothing present is broken",
    rules=(
        Rule(
            "source-type",
            asks="a digital source type is declared",
            source=_OWN,
            check=_declares_source_type,
            fix="label the picture with genlabel sign, which asks how it came to be",
        ),
        Rule(
            "producer",
            asks="the person or company that answers for the picture is named",
            source=_OWN,
            check=_names_producer,
            fix="label the picture with genlabel sign --producer NAME",
        ),
        Rule(
            "form",
            asks="the manifest keeps the rules of its form",
            source=_source("C2PA 2.4", "§15.10 (validating assertions)", _C2PA),
            check=_is_well_formed,
            fix="ask whoever signed it for a manifest that keeps them, or label the picture anew",
        ),
        Rule(
            "signer",
            asks="the signer is on a list that was given",
            source=_source("C2PA 2.4", "§14.3 (trust model)", _C2PA),
            basis=Basis.SIGNED,
            check=_is_known,
            fix="ask who signed it, and name those whom you know with --trust",
        ),
        Rule(
            "validity",
            asks="the signer's certificate was valid when it counted",
            source=_source("C2PA 2.4", "§15.8 (time-stamps and validity)", _C2PA),
            basis=Basis.SIGNED,
            check=_was_valid,
            fix="sign the picture again with a certificate that is valid, and with a time-stamp",
        ),
        Rule(
            "producer-is-signer",
            asks="the producer named is the certificate's holder, or attested, or known to you",
            source=_OWN,
            level=Level.SHOULD,
            basis=Basis.SIGNED,
            check=_producer_is_signer,
            fix=_NAME,
        ),
        Rule(
            "names-agree",
            asks="an identity assertion, the metadata and the certificate name the same producer",
            source=_source("CAWG Identity 1.3", "named actor and roles"),
            level=Level.SHOULD,
            basis=Basis.SIGNED,
            check=_names_agree,
            fix=_NAME,
        ),
    ),
)
