"""What an authority said of a signer's certificate is read offline, by its own signature alone."""

import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp as x509_ocsp
from hypothesis import given, settings, strategies as st

import genlabel
from genlabel import formats
from genlabel.credentials.revocation import ocsp
from genlabel.credentials.trust import Trust
from genlabel.credentials.trust.credential import Credential
from genlabel.manifests.engine import engine
from genlabel.manifests.store import manifest_store, rvals
from genlabel.manifests.store.cose import claim_signature
from genlabel.manifests.validation import revocation
from genlabel.model.errors import SigningError
from genlabel.model.report import (
    Integrity,
    Severity,
    SigningTime,
    TrustLevel,
    ValidationState,
    Validity,
)
from genlabel.operations.signing import revocation as standing
from genlabel.policies import LABELLED
from genlabel.testing import picture
from oracles.chain import EKUS
from responders import (
    DAY,
    GOOD,
    HOUR,
    NOW,
    OCSP_SIGNING,
    RELEASED,
    REVOKED,
    UNKNOWN,
    House,
    holder,
    says,
)

pytestmark = pytest.mark.usefixtures("data")

LABEL = genlabel.Label.generated(producer=genlabel.Producer("Acme Studio"))


@pytest.fixture(scope="module")
def house():
    return House.new()


@pytest.fixture(scope="module")
def trust(house):
    return Trust.of(signers=house.root.pem)


@pytest.fixture(scope="module")
def roomy(house):
    """A signed picture whose signature has room for answers."""
    return genlabel.sign(picture("jpeg", size=(64, 64)), LABEL, house.signer(), stamp="later")


@pytest.fixture(scope="module")
def revoking(house):
    """One answer that revokes."""
    return house.says(REVOKED)


def with_answers(signed, *answers):
    return standing.put(signed.data, signed.manifest_id, answers)


def manifest_of(data):
    """The active manifest."""
    return manifest_store.read(formats.identify(data).survey(data).manifest).active


def codes(report):
    return [each.code for each in report.findings if "ocsp" in each.code or "revoc" in each.code]


def engines(data, trust):
    """What the engine says of revocation."""
    results = engine.read(data, "image/jpeg", trust).document["validation_results"]
    return {
        each["code"]
        for kind in results["activeManifest"].values()
        for each in kind
        if "ocsp" in each["code"]
    }


def test_a_good_answer_is_a_note_and_the_engine_reads_the_same(house, roomy, trust):
    data = with_answers(roomy, house.says())
    report = genlabel.verify(data, trust=trust, policy="labelled")
    assert report.integrity is Integrity.INTACT
    assert (report.signer.trust, report.signer.validity) == (TrustLevel.KNOWN, Validity.WITHIN)
    assert codes(report) == ["signingCredential.ocsp.notRevoked"]
    assert report.findings[0].severity is Severity.NOTE
    assert engines(data, trust) == {"signingCredential.ocsp.notRevoked"}
    assert report.declared.attested


def test_others_accept_a_picture_with_an_answer_in_it(house, roomy, encypher):
    data = with_answers(roomy, house.says())
    assert encypher.verify(data, "image/jpeg", house.root.pem).accepted


def test_revoked_is_an_error_and_nobody_vouches_any_more(house, roomy, trust):
    data = with_answers(roomy, house.says(REVOKED))
    report = genlabel.verify(data, trust=trust, policy="labelled")
    assert report.integrity is Integrity.INTACT
    assert report.signer.validity is Validity.REVOKED
    assert report.signer.trust is TrustLevel.KNOWN
    assert not report.declared.attested
    assert report.state is ValidationState.INVALID
    assert codes(report) == ["signingCredential.ocsp.revoked"]
    (finding,) = [each for each in report.findings if "ocsp" in each.code]
    assert finding.severity is Severity.ERROR
    assert "keyCompromise" in finding.explanation
    assert engines(data, trust) == {"signingCredential.ocsp.revoked"}


def test_an_answer_in_an_assertion_counts_and_one_about_others_is_passed_over(house, roomy, trust):
    """C2PA 2.4 §15.9: ``c2pa.certificate-status`` of whichever manifest of the store."""
    signature = claim_signature(manifest_of(roomy.data))
    plain = genlabel.verify(roomy.data, trust=trust).signer
    credential = Credential.of(signature.certificates)
    other = holder("other", house.middle)
    for answers, validity, told in (
        ((house.says(REVOKED),), Validity.REVOKED, ["signingCredential.ocsp.revoked"]),
        ((house.says(),), Validity.WITHIN, ["signingCredential.ocsp.notRevoked"]),
        ((house.says(REVOKED, about=other), b"junk"), Validity.WITHIN, []),
    ):
        signer, findings = revocation.judged(
            plain, signature, credential, trust, asserted=answers, now=datetime.now(UTC)
        )
        assert signer.validity is validity
        assert [each.code for each in findings] == told


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("digest", [hashes.SHA1(), hashes.SHA256(), hashes.SHA512()])
def test_the_issuer_itself_may_answer_in_every_form(house, roomy, trust, named, digest):
    answer = house.says(
        REVOKED, by=house.middle, named=named, digest=digest, with_certificate=False
    )
    report = genlabel.verify(with_answers(roomy, answer), trust=trust)
    assert report.signer.validity is Validity.REVOKED


STRANGERS = {
    "another key under the issuer's name": lambda h: {
        "by": replace(holder("intermediate", depth=0)), "named": True
    },
    "a stranger": lambda h: {"by": holder("responder", ekus=(OCSP_SIGNING,))},
    "a customer of the same issuer": lambda h: {"by": holder("customer", h.middle, ekus=EKUS)},
    "the signer itself": lambda h: {"by": h.leaf},
    "a delegate of the root": lambda h: {"by": holder("r", h.root, ekus=(OCSP_SIGNING,))},
    "a delegate that has ended": lambda h: {
        "by": holder("r", h.middle, ekus=(OCSP_SIGNING,), validity=(NOW - 9 * DAY, NOW - DAY))
    },
    "the future": lambda h: {"since": NOW + HOUR, "until": NOW + DAY},
}  # fmt: skip


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("status", [GOOD, REVOKED], ids=["good", "revoked"])
def test_nobody_else_revokes_or_redeems_a_certificate(house, roomy, trust, who, status):
    answer = house.says(status, **STRANGERS[who](house))
    report = genlabel.verify(with_answers(roomy, answer), trust=trust)
    assert report.signer.validity is Validity.WITHIN
    assert codes(report) == ["genlabel.revocation.unusable"]
    assert report.worst() is Severity.NOTE


def test_the_engine_believes_any_customer_of_the_issuer_and_we_do_not(house, roomy, trust):
    answer = house.says(REVOKED, by=holder("customer", house.middle, ekus=EKUS))
    data = with_answers(roomy, answer)
    assert engines(data, trust) == {"signingCredential.ocsp.revoked"}
    assert genlabel.verify(data, trust=trust).signer.validity is Validity.WITHIN


def test_an_answer_about_another_certificate_says_nothing(house, roomy, trust):
    other = holder("other", house.middle)
    report = genlabel.verify(with_answers(roomy, house.says(REVOKED, about=other)), trust=trust)
    assert report.signer.validity is Validity.WITHIN
    assert codes(report) == ["genlabel.revocation.unusable"]
    assert "none of the certificates" in report.findings[-1].explanation


def test_the_same_number_under_another_issuer_is_another_certificate(house, roomy, trust):
    answer = house.says(REVOKED, issuer=house.root, by=house.delegate)
    report = genlabel.verify(with_answers(roomy, answer), trust=trust)
    assert report.signer.validity is Validity.WITHIN


@pytest.mark.parametrize(
    ("status", "options", "code"),
    [
        (GOOD, {"since": NOW - 9 * DAY, "until": NOW - DAY}, "genlabel.revocation.stale"),
        (UNKNOWN, {}, "signingCredential.ocsp.unknown"),
        (REVOKED, {"reason": RELEASED}, "signingCredential.ocsp.notRevoked"),
        (GOOD, {"until": None}, "signingCredential.ocsp.notRevoked"),
    ],
)
def test_what_touches_no_verdict_is_a_note(house, roomy, trust, status, options, code):
    report = genlabel.verify(with_answers(roomy, house.says(status, **options)), trust=trust)
    assert report.signer.validity is Validity.WITHIN
    assert codes(report) == [code]
    assert report.worst() is Severity.NOTE


def test_a_stale_revocation_is_one_all_the_same(house, roomy, trust):
    answer = house.says(REVOKED, since=NOW - 9 * DAY, until=NOW - DAY, revoked_at=NOW - 10 * DAY)
    report = genlabel.verify(with_answers(roomy, answer), trust=trust)
    assert report.signer.validity is Validity.REVOKED


def test_revoked_outranks_good(house, roomy, trust):
    data = with_answers(roomy, house.says(), house.says(REVOKED), b"junk")
    report = genlabel.verify(data, trust=trust)
    assert report.signer.validity is Validity.REVOKED
    assert codes(report)[0] == "signingCredential.ocsp.revoked"


def test_a_revoked_issuer_leaves_nobody_to_vouch(house, roomy, trust):
    answer = says(house.middle, house.root, house.root, REVOKED, revoked_at=NOW - DAY)
    report = genlabel.verify(with_answers(roomy, answer), trust=trust, policy="labelled")
    assert (report.signer.trust, report.signer.trust_list) == (TrustLevel.UNKNOWN, None)
    found = [each for each in report.findings if each.code == "signingCredential.untrusted"]
    assert [each.severity for each in found] == [Severity.ERROR]
    assert "the issuer 'Acme intermediate' was revoked" in found[0].explanation
    # Without the root nobody can tell whose answer that is.
    assert codes(genlabel.verify(with_answers(roomy, answer))) == ["genlabel.revocation.unusable"]


@pytest.mark.parametrize(
    ("revoked_at", "validity", "code"),
    [
        (NOW - HOUR, Validity.WITHIN, "genlabel.revocation.later"),
        (NOW - 5 * HOUR, Validity.REVOKED, "signingCredential.ocsp.revoked"),
    ],
)
def test_a_proven_moment_before_the_revocation_keeps_its_worth(
    house, roomy, trust, revoked_at, validity, code
):
    data = with_answers(roomy, house.says(REVOKED, revoked_at=revoked_at))
    signature = claim_signature(manifest_of(data))
    plain = genlabel.verify(roomy.data, trust=trust).signer
    stamped = replace(plain, time=SigningTime.PROVEN, signed_at=NOW - 3 * HOUR)
    credential = Credential.of(signature.certificates)
    signer, findings = revocation.judged(
        stamped, signature, credential, trust, now=datetime.now(UTC)
    )
    assert signer.validity is validity
    assert [each.code for each in findings] == [code]


def test_the_rule_book_says_it_once(house, roomy, trust):
    report = genlabel.verify(with_answers(roomy, house.says(REVOKED)), trust=trust)
    told = [each for each in LABELLED.apply(report).findings if "ocsp" in each.code]
    assert len(told) == 1


ODD = {
    "no map": b"\x01",
    "no values": b"\xa1\x61a\x01",
    "no array": b"\xa1\x68ocspVals\x01",
    "numbers": b"\xa1\x68ocspVals\x81\x01",
    "twice": b"\xa2\x68ocspVals\x80\x68ocspVals\x80",
    "too many": b"\xa1\x68ocspVals\x98\x20" + b"\x41x" * 32,
}


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_header_breaks_nothing(roomy, trust, odd):
    from genlabel.formats.format import refilled
    from genlabel.manifests.store import cose

    container = formats.identify(roomy.data)
    survey = container.survey(roomy.data)
    store = cose.fill_padding(survey.manifest, roomy.manifest_id, b"rVals", ODD[odd])
    report = genlabel.verify(refilled(container, survey, store), trust=trust)
    if odd == "twice":  # a key twice: nobody can say what the signature box holds
        assert report.integrity is Integrity.BROKEN
        return
    assert report.integrity is Integrity.INTACT
    assert report.signer.validity is Validity.WITHIN
    assert {*codes(report)} <= {"genlabel.revocation.unusable"}


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_damaged_answer_is_refused_whatever_is_damaged(house, revoking, place, change):
    answer = bytearray(revoking)
    answer[place % len(answer)] ^= change
    try:
        words = ocsp.single_responses(
            bytes(answer), house.leaf.certificate, house.middle.certificate, at=datetime.now(UTC)
        )
    except ocsp.InvalidResponse:
        return
    # Bytes that no signature covers: what is said must be the same.
    assert [each.status for each in words] == [ocsp.CertStatus.REVOKED]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        os.urandom(64),
        b"\x30" * 70_000,
        x509_ocsp.OCSPResponseBuilder.build_unsuccessful(
            x509_ocsp.OCSPResponseStatus.TRY_LATER
        ).public_bytes(serialization.Encoding.DER),
    ],
    ids=["nothing", "noise", "too much", "try later"],
)
def test_what_is_no_answer_is_refused(house, answer):
    with pytest.raises(ocsp.InvalidResponse):
        ocsp.single_responses(
            answer, house.leaf.certificate, house.middle.certificate, at=datetime.now(UTC)
        )


def test_answers_are_found_as_they_were_put(house, roomy):
    answers = (house.says(), house.says(UNKNOWN))
    data = with_answers(roomy, *answers)
    assert rvals.responses(claim_signature(manifest_of(data))) == answers
    assert len(data) == len(roomy.data)
    with pytest.raises(SigningError, match="there already"):
        standing.put(data, roomy.manifest_id, answers)


def test_whoever_takes_the_answer_out_leaves_a_picture_without_one(roomy, trust):
    assert codes(genlabel.verify(roomy.data, trust=trust)) == []
