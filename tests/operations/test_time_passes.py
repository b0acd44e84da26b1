"""A certificate of a few seconds: the label outlives it, says so, and says still whose it was."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

import genlabel
from genlabel import testing
from genlabel.formats import identify
from genlabel.model.errors import CredentialError
from genlabel.model.label import Label
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

LIFE = timedelta(seconds=5)


def test_a_label_stays_intact_when_its_certificate_ends():
    drawn = {
        name: data
        for name, data in ((name, small(name)) for name in NAMES)
        if identify(data).survey(data).unsignable is None
    }
    assert len(drawn) > 20
    authority = Authority.new("Acme Studio", lifetime=LIFE)
    trust, signer = testing.trust(authority), authority.signer()
    label = Label.generated(by=ACME)
    signed = {name: genlabel.sign(data, label, signer) for name, data in drawn.items()}
    others = testing.trust(Authority.new("Acme Studio"))
    fresh = {format: genlabel.verify(each.data, trust=trust) for format, each in signed.items()}
    assert datetime.now(UTC) < signer.not_valid_after, "the machine was too slow for this test"
    for format, report in fresh.items():
        assert _validity(report) is Validity.WITHIN
        assert report.signer.trust is TrustLevel.KNOWN
        assert signed[format].verifies_until == signer.not_valid_after

    left = (signer.not_valid_after - datetime.now(UTC)).total_seconds()
    time.sleep(max(left, 0) + 1.1)  # certificates end on a full second
    for format in drawn:
        report = genlabel.verify(signed[format].data, trust=trust)
        assert report.integrity is Integrity.INTACT
        assert _validity(report) is Validity.EXPIRED
        assert report.declared == fresh[format].declared
        assert report.declared.attested
        assert (report.signer.trust, report.signer.trust_list) == (
            fresh[format].signer.trust,
            fresh[format].signer.trust_list,
        )
        assert [(each.code, each.severity) for each in LABELLED.judge(report)] == [
            ("signingCredential.expired", Severity.WARNING)
        ]
        stranger = genlabel.verify(signed[format].data, trust=others)
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
