"""The rule book `labelled`: the picture says what it is and who answers for it, and that holds.

It is genlabel's own floor, below every law's: meeting it says nothing about any law.
"""

from __future__ import annotations

from collections.abc import Iterator

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
from genlabel.policies.rule import Policy, Rule

_SOURCE = "genlabel contract §4; CEPIC AI Ethical Guidelines (20.10.2023), marking"


def _declares_source_type(report: Report) -> Iterator[Finding]:
    if report.unjudged or report.declared.source_type:
        return
    yield Finding(
        "genlabel.label.absent",
        severity=Severity.ERROR,
        where="source_type",
        explanation="nothing in the file says how the picture came to be",
    )


def _names_producer(report: Report) -> Iterator[Finding]:
    if report.unjudged or any(mark.producer or mark.creator for mark in report.marks.values()):
        return
    yield Finding(
        "genlabel.label.absent",
        severity=Severity.ERROR,
        where="producer",
        explanation="nothing in the file names the person or company that answers for the picture",
    )


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


def _is_well_formed(report: Report) -> Iterator[Finding]:
    """Verifying itself names each rule that is broken; this is for reports that hold no finding."""
    if report.form is Form.MALFORMED and report.worst() is not Severity.ERROR:
        yield Finding(
            "genlabel.form.malformed",
            severity=Severity.ERROR,
            where="manifest",
            explanation="the manifest breaks a rule of its form",
        )


def _is_found(report: Report, code: str) -> bool:
    """Did verifying itself say so already, with date and reason?"""
    return any(each.code == code for each in report.findings)


def _producer_is_signer(report: Report) -> Iterator[Finding]:
    """A name that nobody but the manifest gives is a claim; who it is written by is known."""
    stated, signer = report.marks.get(Mark.MANIFEST), report.signer
    if signer is None or stated is None or not stated.producer:
        return
    holder = signer.organisation or signer.common_name
    basis = report.declared.producer_basis
    if stated.producer == holder or basis is ProducerBasis.IDENTITY:
        return
    configured = basis is ProducerBasis.CONFIGURED
    whose = f"the certificate names {quoted(holder) if holder else 'nobody'}"
    yield Finding(
        "genlabel.producer.differs",
        severity=Severity.NOTE if configured else Severity.WARNING,
        where="producer",
        explanation=f"the manifest names {quoted(stated.producer)} as producer; {whose}"
        + (", who may use that name by your own word" if configured else ": the name is a claim"),
    )


def _sources_of_the_name_agree(report: Report) -> Iterator[Finding]:
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


LABELLED = Policy(
    name="labelled",
    title="labelled: a source type and a producer are declared, and nothing present is broken",
    rules=(
        Rule(
            code="source-type",
            asks="a digital source type is declared",
            source=_SOURCE,
            check=_declares_source_type,
        ),
        Rule(
            code="producer",
            asks="the person or company that answers for the picture is named",
            source=_SOURCE,
            check=_names_producer,
        ),
        Rule(
            code="form",
            asks="the manifest keeps the rules of its form",
            source="C2PA 2.4 §15.10 (validating assertions)",
            check=_is_well_formed,
        ),
        Rule(
            code="signer",
            asks="the signer is on a list that was given",
            source="C2PA 2.4 §14.3 (trust model)",
            check=signer_is_known,
        ),
        Rule(
            code="validity",
            asks="the signer's certificate was valid when it counted",
            source="C2PA 2.4 §15.8 (time-stamps and validity)",
            check=_signer_was_valid,
        ),
        Rule(
            code="producer-is-signer",
            asks="the producer named is the certificate's holder, or attested, or known to you",
            source="genlabel contract §4",
            check=_producer_is_signer,
        ),
        Rule(
            code="names-agree",
            asks="an identity assertion, the metadata and the certificate name the same producer",
            source="CAWG Identity 1.3 (named actor and roles); genlabel contract §4",
            check=_sources_of_the_name_agree,
        ),
    ),
)
