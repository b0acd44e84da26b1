"""A certificate of a few seconds: the label outlives it, says so, and says still whose it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

import genlabel
from genlabel import testing
from genlabel.formats import identify
from genlabel.model.errors import CredentialError
from genlabel.model.label import Label
from genlabel.model.parties import ProducerBasis
from genlabel.model.report import (
    Integrity,
    Report,
    Severity,
    SigningTime,
    TrustLevel,
    Validity,
)
from genlabel.policies import LABELLED
from genlabel.testing import Authority
from histories import ACME
from oracles.small_files import NAMES, small
from patience import wait_for_its_end, while_it_lasts


def test_a_label_stays_intact_when_its_certificate_ends():
    drawn = {
        name: data
        for name, data in ((name, small(name)) for name in NAMES)
        if identify(data).survey(data).unsignable is None
    }
    assert len(drawn) > 20
    label = Label.generated(producer=ACME)

    def labelled(authority, signer):
        trust = testing.trust(authority)
        signed = {name: genlabel.sign(data, label, signer) for name, data in drawn.items()}
        return signed, {name: genlabel.verify(e.data, trust=trust) for name, e in signed.items()}

    authority, signer, (signed, fresh) = while_it_lasts(labelled, seconds=5)
    trust, others = testing.trust(authority), testing.trust(Authority.new("Acme Studio"))
    for format, report in fresh.items():
        assert _validity(report) is Validity.WITHIN
        assert report.signer.trust is TrustLevel.KNOWN
        assert signed[format].verifies_until == signer.not_valid_after

    wait_for_its_end(signer)
    for format in drawn:
        report = genlabel.verify(signed[format].data, trust=trust, policy=None)
        assert report.integrity is Integrity.INTACT
        assert _validity(report) is Validity.EXPIRED
        assert fresh[format].declared.attested
        # the key of an ended certificate may be anybody's by now
        expected = replace(
            fresh[format].declared, attested=False, producer_basis=ProducerBasis.CLAIM
        )
        assert report.declared == expected
        assert (report.signer.trust, report.signer.trust_list) == (
            fresh[format].signer.trust,
            fresh[format].signer.trust_list,
        )
        assert [(each.code, each.severity) for each in LABELLED.objections(report)] == [
            ("claimSignature.outsideValidity", Severity.WARNING)
        ]
        stranger = genlabel.verify(signed[format].data, trust=others, policy=None)
        assert _validity(stranger) is Validity.EXPIRED
        assert stranger.signer.trust is TrustLevel.UNKNOWN
        assert not stranger.declared.attested
    with pytest.raises(CredentialError, match=r"expired|ended|valid"):
        authority.signer()


def _validity(report: Report) -> Validity:
    assert report.integrity is Integrity.INTACT
    assert report.signer is not None
    assert report.signer.time is SigningTime.NONE
    assert report.signer.organisation == "Acme Studio"
    return report.signer.validity
