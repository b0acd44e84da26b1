"""Which answer a status code touches, by the lists of C2PA 2.4 §15.2 and CAWG Identity 1.3."""

from __future__ import annotations

import pytest

from genlabel.manifests.validation.status_codes import (
    Concern,
    Status,
    belies,
    breaks_form,
    concern_of,
    gravest,
    statuses,
)


@pytest.mark.parametrize(
    "code",
    [
        "cawg.x509.credential.untrusted",
        "cawg.x509.signature.outside_validity",
        "cawg.x509.algorithm.unsupported",
        "cawg.x509.ocsp.revoked",
        "cawg.x509.time_stamp.untrusted",
        "cawg.x509.time_of_signing.outside_validity",
        "cawg.identity.sig_type.unknown",
        "cawg.identity.network_traffic_disabled",
        "cawg.ica.untrusted_issuer",
        "cawg.ica.did_unavailable",
        "cawg.ica.did_unsupported_method",
        "cawg.ica.time_stamp.invalid",
        "cawg.ica.revocation.unsupported",
    ],
)
def test_what_is_about_trust_or_time_is_no_lie(code):
    assert not belies(code)


@pytest.mark.parametrize(
    "code",
    [
        "cawg.x509.signature.mismatch",
        "cawg.identity.cbor.invalid",
        "cawg.identity.assertion.mismatch",
        "cawg.ica.signature_mismatch",
        "cawg.nobody.knows.it",
    ],
)
def test_every_other_failure_of_an_identity_is_one(code):
    assert belies(code)
    assert not belies(code.removeprefix("cawg."))


@pytest.mark.parametrize(
    ("code", "concern"),
    [
        ("signingCredential.untrusted", Concern.CREDENTIAL),
        ("timeStamp.mismatch", Concern.CREDENTIAL),
        ("timeOfSigning.outsideValidity", Concern.CREDENTIAL),
        ("claimSignature.insideValidity", Concern.CREDENTIAL),
        ("claimSignature.outsideValidity", Concern.CREDENTIAL),
        ("cawg.identity.cbor.invalid", Concern.IDENTITY),
        ("claimSignature.mismatch", Concern.SIGNATURE),
        ("claimSignature.missing", Concern.SIGNATURE),
        ("assertion.dataHash.mismatch", Concern.ALTERED),
        ("assertion.bmffHash.mismatch", Concern.ALTERED),
        ("assertion.boxesHash.mismatch", Concern.ALTERED),
        ("assertion.boxesHash.unknownBox", Concern.ALTERED),
        ("assertion.collectionHash.mismatch", Concern.ALTERED),
        ("assertion.collectionHash.incorrectFileCount", Concern.ALTERED),
        ("assertion.multiAssetHash.mismatch", Concern.ALTERED),
        ("assertion.multiAssetHash.missingPart", Concern.ALTERED),
        ("assertion.segmentHash.mismatch", Concern.ALTERED),
        ("assertion.hashedURI.mismatch", Concern.ALTERED),
        ("hashedURI.mismatch", Concern.ALTERED),
        ("ingredient.manifest.mismatch", Concern.ALTERED),
        ("ingredient.claimSignature.mismatch", Concern.ALTERED),
        ("manifest.inaccessible", Concern.UNREADABLE),
        ("manifest.encrypted", Concern.UNREADABLE),
        ("algorithm.unsupported", Concern.UNREADABLE),
        ("assertion.undeclared", Concern.FORM),
        ("nobody.knows.it", Concern.FORM),
    ],
)
def test_each_code_touches_one_answer(code, concern):
    assert concern_of(code) is concern
    assert Status(code, "", "").concern is concern


def test_the_gravest_concern_is_told_and_those_of_credentials_break_nothing():
    codes = ["manifest.encrypted", "claimSignature.missing", "hashedURI.mismatch"]
    order = [Concern.UNREADABLE, Concern.SIGNATURE, Concern.ALTERED]
    for count, concern in enumerate(order, start=1):
        assert gravest(Status(code, "", "") for code in codes[:count]) is concern
    harmless = ["signingCredential.untrusted", "cawg.identity.cbor.invalid", "nobody.knows.it"]
    assert gravest(Status(code, "", "") for code in harmless) is None


@pytest.mark.parametrize(
    ("code", "breaks"),
    [
        ("claim.malformed", True),
        ("nobody.knows.it", True),
        ("claim.hardBindings.missing", True),
        ("algorithm.unsupported", True),
        ("claimSignature.missing", True),
        ("claimSignature.mismatch", False),
        ("assertion.missing", False),
        ("assertion.newHash.mismatch", False),
        ("assertion.alternativeContentRepresentation.hashMismatch", False),
        ("signingCredential.untrusted", False),
        ("cawg.identity.cbor.invalid", False),
    ],
)
def test_what_breaks_a_rule_of_form(code, breaks):
    assert breaks_form(code) is breaks


def test_results_in_an_odd_form_are_passed_over():
    odd = {"failure": [{"code": "a", "url": "u"}, "b", {"url": "c"}, None], "success": None}
    assert statuses(odd, "failure") == (Status("a", "u", ""),)
    assert statuses(odd, "success") == statuses(None, "failure") == ()
