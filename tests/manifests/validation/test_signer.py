"""When a signer whose certificate has ended is judged by us, and not by the engine's word."""

from __future__ import annotations

from typing import Any

import pytest

from genlabel.credentials.trust import Trust
from genlabel.manifests.validation import signer
from genlabel.model.report import SignedBy, SigningTime, TrustLevel, Validity
from genlabel.testing import Authority

OUTLIVED = ("signingCredential.expired", "claimSignature.validated")
TRUST = Trust.of(signers=[Authority.new("Acme Studio").anchors])


def _is_outlived(*codes: str, anchors: Trust = TRUST, **other: Any) -> bool:
    listed = [{"code": code} for code in codes]
    document = {"validation_results": {"activeManifest": {"failure": listed}}}
    fields = {
        "organisation": "Acme Studio",
        "common_name": None,
        "trust": TrustLevel.UNKNOWN,
        "time": SigningTime.NONE,
        "validity": Validity.EXPIRED,
    }
    return signer._outlived(document, SignedBy(**{**fields, **other}), anchors)


@pytest.mark.parametrize(
    "codes", [OUTLIVED, ("claimSignature.outsideValidity", "claimSignature.validated")]
)
def test_an_ended_certificate_whose_signature_holds_is_looked_at(codes):
    assert _is_outlived(*codes)


@pytest.mark.parametrize("missing", OUTLIVED)
def test_neither_without_its_end_nor_without_its_signature(missing):
    assert not _is_outlived(*(code for code in OUTLIVED if code != missing))


def test_not_one_that_the_engine_calls_invalid():
    assert not _is_outlived(*OUTLIVED, "signingCredential.invalid")


def test_not_one_that_is_known_or_that_nobody_could_vouch_for():
    assert not _is_outlived(*OUTLIVED, trust=TrustLevel.KNOWN)
    assert not _is_outlived(*OUTLIVED, anchors=Trust())
    assert not _is_outlived(*OUTLIVED, time=SigningTime.PROVEN)
    assert _is_outlived(*OUTLIVED, time=SigningTime.PROVEN, validity=Validity.UNPROVABLE)
