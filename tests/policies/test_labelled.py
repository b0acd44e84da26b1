"""The rule book `labelled` and what a policy does with a report."""

from __future__ import annotations

import pytest

from genlabel.model.errors import ConfigurationError, PolicyFailure
from genlabel.model.parties import ProducerBasis
from genlabel.model.report import (
    Declaration,
    Declared,
    Finding,
    Integrity,
    Mark,
    Report,
    Severity,
    SignedBy,
    SigningTime,
    Trouble,
    TrustLevel,
    Validity,
)
from genlabel.policies import policy

LABELLED = policy("labelled")
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def report(**changes: object) -> Report:
    good = {
        "integrity": Integrity.INTACT,
        "signer": SignedBy(
            organisation="Acme",
            common_name="leaf",
            trust=TrustLevel.KNOWN,
            time=SigningTime.NONE,
            validity=Validity.WITHIN,
        ),
        "declared": Declared(source_type=SOURCE_TYPE, producer="Acme"),
        "marks": {Mark.MANIFEST: Declaration(source_type=SOURCE_TYPE, producer="Acme")},
        "trust_lists": ("anchors.pem",),
    }
    return Report(**{**good, **changes})  # type: ignore[arg-type]


def signer(**changes: object) -> SignedBy:
    good = {
        "organisation": "Acme",
        "common_name": "leaf",
        "trust": TrustLevel.KNOWN,
        "validity": Validity.WITHIN,
    }
    return SignedBy(**{**good, **changes})  # type: ignore[arg-type]


def found(judged: Report) -> list[tuple[str, Severity]]:
    return [(each.code, each.severity) for each in LABELLED.objections(judged)]


def test_a_labelled_picture_by_a_known_signer_passes():
    assert found(report()) == []
    LABELLED.require(report())


def test_a_picture_that_says_nothing_fails_twice():
    bare = report(integrity=Integrity.ABSENT, signer=None, declared=Declared(), marks={})
    assert found(bare) == [("genlabel.label.absent", Severity.ERROR)] * 2


def test_an_unknown_signer_is_a_warning_until_trust_is_given():
    unknown = signer(trust=TrustLevel.UNKNOWN)
    assert found(report(signer=unknown, trust_lists=())) == [
        ("signingCredential.untrusted", Severity.WARNING)
    ]
    assert found(report(signer=unknown)) == [("signingCredential.untrusted", Severity.ERROR)]


@pytest.mark.parametrize(
    ("basis", "severities"),
    [
        (ProducerBasis.CLAIM, [Severity.WARNING]),
        (None, [Severity.WARNING]),
        (ProducerBasis.CONFIGURED, [Severity.NOTE]),
        (ProducerBasis.IDENTITY, []),
    ],
)
def test_a_producer_who_is_not_the_certificates_is_a_claim_unless_somebody_says_so(
    basis, severities
):
    said = Declared(source_type=SOURCE_TYPE, producer="Acme", producer_basis=basis)
    judged = report(signer=signer(organisation="Beta"), declared=said)
    assert found(judged) == [("genlabel.producer.differs", each) for each in severities]


def test_a_person_is_the_holder_of_a_certificate_without_an_organisation():
    assert found(report(signer=signer(organisation=None, common_name="Acme"))) == []


def test_names_stand_quoted_and_with_what_is_invisible_in_them():
    mark = Declaration(source_type=SOURCE_TYPE, producer="A\u202ecme'; the certificate is 'Acme")
    (finding,) = LABELLED.objections(report(marks={Mark.MANIFEST: mark}))
    assert "'A\\u202ecme\\'; the certificate is \\'Acme'" in finding.explanation


@pytest.mark.parametrize(
    ("validity", "finding"),
    [
        (Validity.EXPIRED, ("claimSignature.outsideValidity", Severity.WARNING)),
        (Validity.NOT_BEGUN, ("claimSignature.outsideValidity", Severity.WARNING)),
        (Validity.UNPROVABLE, ("claimSignature.outsideValidity", Severity.WARNING)),
        (Validity.REVOKED, ("signingCredential.ocsp.revoked", Severity.ERROR)),
    ],
)
def test_a_certificate_that_had_ended_is_told_and_a_revoked_one_fails(validity, finding):
    assert found(report(signer=signer(validity=validity))) == [finding]


def test_a_broken_picture_is_not_also_scolded_for_its_signer():
    broken = report(integrity=Integrity.BROKEN, signer=signer(trust=TrustLevel.UNKNOWN))
    assert found(broken) == []


def test_require_raises_with_the_errors_of_report_and_rule_book():
    altered = Finding("assertion.dataHash.mismatch", severity=Severity.ERROR, explanation="x")
    with pytest.raises(PolicyFailure) as failure:
        LABELLED.require(report(integrity=Integrity.BROKEN, findings=(altered,)))
    assert failure.value.findings == (altered,)


def test_require_does_not_let_pass_what_could_not_be_judged():
    unjudged = report(integrity=Integrity.UNKNOWN, error=Trouble(kind="x", message="y"))
    with pytest.raises(PolicyFailure, match="could not be judged"):
        LABELLED.require(unjudged)


def test_every_rule_says_what_it_asks_and_where_that_is_written():
    for rule in LABELLED.rules:
        assert rule.asks
        assert rule.source


def test_an_unknown_rule_book_is_refused_with_the_known_ones():
    with pytest.raises(ConfigurationError) as refused:
        policy("labeled")
    assert "labelled" in (refused.value.remedy or "")
