"""Who signed, when and by which certificate: by our own judgement, whatever names say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID

import genlabel
import hand_made_chains as made
from genlabel import formats
from genlabel.credentials.trust import Trust
from genlabel.manifests.engine import engine
from genlabel.manifests.store import cbor, manifest_store, sigtst
from genlabel.manifests.store.cose import claim_signature
from genlabel.manifests.validation import signer
from genlabel.model.report import (
    Integrity,
    Report,
    Severity,
    SigningTime,
    TrustLevel,
    ValidationState,
    Validity,
)
from genlabel.testing import picture
from oracles import raw
from oracles.chain import Chain
from oracles.corpus import Specimen, each_specimen
from resigning import ES256, JPEG, X5CHAIN, ders, resigned
from stamps import DAY, NOW, Clock, in_padding, stamped, token

OVER = {"not_before": NOW - 400 * DAY, "not_after": NOW - timedelta(days=30)}
SOON = {"not_before": NOW + timedelta(days=30), "not_after": NOW + timedelta(days=60)}
INSIDE, OUTSIDE = NOW - 100 * DAY, NOW - 10 * DAY


@pytest.fixture(scope="module")
def base() -> bytes:
    """A signed picture whose signature box has room for two time-stamps."""
    chain = Chain.new()
    roomy = Chain(
        organisation=chain.organisation,
        key=chain.key,
        certificates=chain.certificates + chain.anchor * 7,
        anchor=chain.anchor,
    )
    return raw.sign(picture("jpeg", size=(64, 64)), JPEG, roomy)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock.new()


@pytest.fixture(scope="module")
def ended(base) -> tuple[Chain, bytes]:
    chain = Chain.new("Acme Studio", **OVER)
    return chain, resigned(base, chain)


@pytest.fixture(scope="module")
def current(base) -> tuple[Chain, bytes]:
    chain = Chain.new("Acme Studio")
    return chain, resigned(base, chain)


def verify(data: bytes, chain: Chain, clock: Clock | None = None) -> Report:
    tsa = [clock.anchors] if clock else []
    return genlabel.verify(data, trust=Trust.of(signers=chain.anchor, tsa=tsa), policy=None)


def of(data: bytes, trust: Trust, **options) -> signer.Signatory:
    store = manifest_store.read(formats.identify(data).survey(data).manifest)
    return signer.of(store.active, trust, store=store, **options)


def codes(signatory: signer.Signatory, kind: str) -> list[str]:
    return [each.code for each in getattr(signatory.statuses, kind)]


# --- who


@each_specimen(lambda each: each.name.startswith("signed/"))
def test_the_certificates_facts_are_those_that_the_engine_reports(specimen: Specimen):
    document = engine.read(specimen.data, specimen.mime, Trust()).document
    store = formats.identify(specimen.data).survey(specimen.data).manifest
    if document is None or store is None:
        return
    name = document["active_manifest"]
    found = signer.of(manifest_store.read(store).manifests[name], Trust())
    info = document["manifests"][name]["signature_info"]
    assert found.signed_by.organisation == info.get("issuer")
    assert found.signed_by.common_name == info.get("common_name")
    assert found.signed_by.serial == info["cert_serial_number"]
    assert found.signed_by.algorithm == info["alg"]
    results = document["validation_results"]["activeManifest"]
    theirs = {each["code"] for kind in results.values() for each in kind}
    ours = {*codes(found, "success"), *codes(found, "failure")}
    for code in ("claimSignature.validated", "claimSignature.mismatch"):
        assert (code in ours) is (code in theirs)


def test_an_honest_signer_has_the_codes_of_the_specification(current, clock):
    chain, data = current
    trust = Trust.of(signers=chain.anchor, tsa=clock.anchors)
    stranger = of(data, Trust())
    assert codes(stranger, "success") == [
        "claimSignature.validated",
        "claimSignature.insideValidity",
    ]
    assert codes(stranger, "failure") == ["signingCredential.untrusted"]
    known = of(stamped(data, lambda message: token(message, clock)), trust)
    assert codes(known, "success") == [
        "claimSignature.validated",
        "signingCredential.trusted",
        "timeStamp.validated",
        "timeStamp.trusted",
        "claimSignature.insideValidity",
    ]
    assert (codes(known, "failure"), codes(known, "informational")) == ([], [])
    assert known.findings == ()


def test_a_signature_of_another_key_names_its_certificate_and_knows_nobody(base):
    victim, thief = Chain.new("Acme Studio"), Chain.new("Acme Studio")
    data = resigned(base, thief, protected={1: ES256, X5CHAIN: ders(victim)})
    report = verify(data, victim)
    assert (report.integrity, report.reason) == (Integrity.BROKEN, "signature")
    assert report.signer.trust is TrustLevel.UNKNOWN
    assert report.signer.time is SigningTime.NONE
    assert report.state is ValidationState.INVALID


UNREADABLE = {
    "no certificate": {1: ES256},
    "no certificates": {1: ES256, X5CHAIN: []},
    "a certificate that is none": {1: ES256, X5CHAIN: [b"0"]},
    "an empty one": {1: ES256, X5CHAIN: [b""]},
    "a text": {1: ES256, X5CHAIN: "certificate"},
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_without_a_certificate_nothing_is_intact(base, kind):
    chain = Chain.new("Acme Studio")
    report = verify(resigned(base, chain, protected=UNREADABLE[kind]), chain)
    assert report.integrity is Integrity.BROKEN
    assert report.signer is None
    assert not report.declared.attested


@pytest.mark.parametrize("algorithm", [-257, -65535, 0, -47])
def test_an_algorithm_that_is_none_of_c2pas_is_unsupported(base, algorithm):
    chain = Chain.new("Acme Studio")
    protected = {1: algorithm, X5CHAIN: ders(chain)}
    report = verify(resigned(base, chain, protected=protected), chain)
    assert (report.integrity, report.reason) == (Integrity.UNKNOWN, "unsupported-algorithm")


# --- which certificate


INVALID = {
    "an authority's flag": {"ca": True},
    "no key usage": {"usages": None},
    "not for signatures": {"usages": ("key_encipherment",)},
    "may sign certificates": {"usages": ("digital_signature", "key_cert_sign")},
    "no purpose": {"extended": None},
    "for servers": {"extended": (ExtendedKeyUsageOID.SERVER_AUTH,)},
    "for time-stamps": {"extended": (ExtendedKeyUsageOID.TIME_STAMPING,)},
    "for revocation answers": {"extended": (ExtendedKeyUsageOID.OCSP_SIGNING,)},
    "no issuer's key": {"identifies_issuer": False},
}


def _chain(**leaf) -> Chain:
    root = made.root()
    middle = made.intermediate(root)
    holder = made.leaf(middle, **leaf)
    pem = [
        each.certificate.public_bytes(serialization.Encoding.PEM) for each in (holder, middle, root)
    ]
    key = holder.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return Chain(organisation="Acme Ltd", key=key, certificates=pem[0] + pem[1], anchor=pem[2])


def test_a_chain_in_order_is_known(base):
    chain = _chain()
    report = verify(resigned(base, chain), chain)
    assert (report.signer.trust, report.findings) == (TrustLevel.KNOWN, ())
    assert report.declared.attested
    assert report.state is ValidationState.TRUSTED


@pytest.mark.parametrize("kind", INVALID)
def test_what_fails_the_profile_is_an_error_and_nobodys(base, kind):
    chain = _chain(**INVALID[kind])
    report = verify(resigned(base, chain), chain)
    assert report.integrity is Integrity.INTACT
    assert report.signer.trust is TrustLevel.UNKNOWN
    assert not report.declared.attested
    assert report.state is ValidationState.INVALID
    (finding,) = report.findings
    assert (finding.code, finding.severity) == ("signingCredential.invalid", Severity.ERROR)
    assert "§" in finding.explanation


def test_a_certificate_that_is_its_own_anchor_is_known_with_a_warning(base):
    alone = made.leaf(None)
    pem = alone.certificate.public_bytes(serialization.Encoding.PEM)
    key = alone.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    chain = Chain(organisation="Acme Ltd", key=key, certificates=pem, anchor=pem)
    data = resigned(base, chain)
    report = verify(data, chain)
    assert report.signer.trust is TrustLevel.KNOWN
    assert [(each.code, each.severity) for each in report.findings] == [
        ("genlabel.signer.self-signed", Severity.WARNING)
    ]
    stranger = verify(data, Chain.new("Other"))
    assert (stranger.signer.trust, stranger.findings) == (TrustLevel.UNKNOWN, ())


# --- when


TIMES = {
    "none": (None, SigningTime.NONE, Validity.EXPIRED, TrustLevel.KNOWN),
    "inside": (INSIDE, SigningTime.PROVEN, Validity.WITHIN, TrustLevel.KNOWN),
    "outside": (OUTSIDE, SigningTime.PROVEN, Validity.EXPIRED, TrustLevel.UNKNOWN),
    "before": (NOW - 399 * DAY - 2 * DAY, SigningTime.PROVEN, Validity.NOT_BEGUN,
               TrustLevel.UNKNOWN),
}  # fmt: skip


@pytest.mark.parametrize("kind", TIMES)
def test_a_proven_moment_decides_about_a_certificate_that_has_ended(ended, kind):
    moment, time, validity, trust = TIMES[kind]
    clock = Clock.new(begins=NOW - 900 * DAY)
    chain, data = ended
    if moment is not None:
        data = stamped(data, lambda message: token(message, clock, moment=moment))
    report = verify(data, chain, clock)
    assert report.integrity is Integrity.INTACT
    assert (report.signer.time, report.signer.signed_at) == (time, moment)
    assert (report.signer.validity, report.signer.trust) == (validity, trust)
    assert report.declared.attested is (validity is Validity.WITHIN)
    # without the clock's root nothing is proven, and nothing is attested
    alone = verify(data, chain)
    assert alone.signer.time is (SigningTime.CLAIMED if moment else SigningTime.NONE)
    assert alone.signer.validity is (Validity.UNPROVABLE if kind == "inside" else Validity.EXPIRED)
    assert alone.signer.trust is TrustLevel.KNOWN
    assert not alone.declared.attested


def test_the_end_counts_with_what_the_clock_may_be_off(base):
    chain = Chain.new("Acme Studio", not_before=OVER["not_before"], not_after=INSIDE)
    clock = Clock.new()
    data = resigned(base, chain)
    for seconds, validity in ((0, Validity.WITHIN), (1800, Validity.EXPIRED)):
        late = stamped(
            data,
            lambda message, seconds=seconds: token(
                message, clock, moment=INSIDE - timedelta(minutes=10), accuracy={"seconds": seconds}
            ),
        )
        assert verify(late, chain, clock).signer.validity is validity


def test_a_certificate_that_has_not_begun_is_not_said_to_have_ended(base, clock):
    chain = Chain.new("Acme Studio", **SOON)
    data = resigned(base, chain)
    for each in (data, stamped(data, lambda message: token(message, clock))):
        signed_by = verify(each, chain, clock).signer
        assert signed_by.validity is Validity.NOT_BEGUN
    assert "claimSignature.outsideValidity" in codes(of(data, Trust()), "failure")
    # when it has begun it is like any other
    later = of(data, Trust.of(signers=chain.anchor), now=NOW + 40 * DAY)
    assert later.signed_by.validity is Validity.WITHIN


LIARS = {
    "a name of one of our anchors": {"name": "x trust list: genlabel:tsa:known:1 "},
    "a name of another": {"name": "x trust list: genlabel:tsa:known:0 "},
    "for e-mail": {"ekus": (ExtendedKeyUsageOID.EMAIL_PROTECTION,)},
}


@pytest.mark.parametrize("legacy", [False, True], ids=["over the signature", "over the claim"])
@pytest.mark.parametrize("kind", LIARS)
def test_a_strangers_stamp_proves_nothing_whatever_it_is_called(ended, clock, kind, legacy):
    chain, data = ended
    liar = Clock.new(**LIARS[kind])
    forged = stamped(data, lambda message: token(message, liar, moment=INSIDE), legacy=legacy)
    report = verify(forged, chain, clock)
    assert report.signer.time is SigningTime.CLAIMED
    assert report.signer.validity is Validity.UNPROVABLE
    assert not report.declared.attested
    honest = stamped(data, lambda message: token(message, clock, moment=INSIDE), legacy=legacy)
    assert verify(honest, chain, clock).signer.time is SigningTime.PROVEN


FORGED = {
    "about something else": (lambda message, clock: token(b"other", clock), "mismatch"),
    "about the claim": (lambda message, clock: token(message[:-40], clock), "mismatch"),
    "without attributes": (
        lambda message, clock: token(message, clock, without=("message_digest",)), "malformed"),
    "from the future": (
        lambda message, clock: token(message, clock, moment=NOW + DAY), "untrusted"),
    "before its authority": (
        lambda message, clock: token(message, clock, moment=NOW - 500 * DAY), "outsideValidity"),
    "no token": (lambda message, clock: b"0", "malformed"),
    "nothing": (lambda message, clock: b"", "malformed"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FORGED)
def test_a_stamp_with_which_something_is_wrong_is_told_and_proves_nothing(current, clock, kind):
    chain, data = current
    make, word = FORGED[kind]
    report = verify(stamped(data, lambda message: make(message, clock)), chain, clock)
    assert report.integrity is Integrity.INTACT
    assert report.signer.time is not SigningTime.PROVEN
    assert (report.signer.trust, report.signer.validity) == (TrustLevel.KNOWN, Validity.WITHIN)
    assert [(each.code, each.severity) for each in report.findings] == [
        (f"timeStamp.{word}", Severity.WARNING)
    ]
    assert report.state is ValidationState.TRUSTED  # it was valid all along (§15.8.2)


def test_an_anchor_of_the_wrong_kind_proves_no_time(current, clock):
    chain, data = current
    data = stamped(data, lambda message: token(message, clock))
    for kind in ("signers", "identity"):
        anchors = {"signers": [chain.anchor], kind: [chain.anchor, clock.anchors]}
        report = genlabel.verify(data, trust=Trust.of(**anchors), policy=None)
        assert report.signer.time is SigningTime.CLAIMED
        assert report.findings == ()
    swapped = Trust.of(tsa=[chain.anchor, clock.anchors])
    assert genlabel.verify(data, trust=swapped).signer.trust is TrustLevel.UNKNOWN


def test_one_header_holds_one_stamp(current, clock):
    """C2PA 2.4 §10.3.2.5.1: none, and more than one, are malformed."""
    chain, data = current
    message = sigtst.over(_signature(data))
    one = token(message, clock)
    for tokens in ([], [one, one]):
        report = verify(in_padding(data, {"sigTst2": tokens}), chain, clock)
        assert report.signer.time is SigningTime.NONE
        assert [each.code for each in report.findings] == ["timeStamp.malformed"]


def test_of_two_headers_the_one_that_holds_counts(current, clock):
    chain, data = current
    signature = _signature(data)
    old = token(signature.structure(b"CounterSignature", signature.claim), clock)
    wrong, right = token(b"other", clock), token(sigtst.over(signature), clock)
    for headers, told in (
        ({"sigTst2": [wrong], "sigTst": [old]}, ["genlabel.stamp.over-claim"]),
        ({"sigTst2": [right], "sigTst": [wrong]}, []),
    ):
        report = verify(in_padding(data, headers), chain, clock)
        assert report.signer.time is SigningTime.PROVEN
        assert [each.code for each in report.findings] == told


def _signature(data: bytes):
    return claim_signature(manifest_store.read(formats.identify(data).survey(data).manifest).active)


def test_a_later_manifest_may_hold_the_stamp(ended, clock):
    """C2PA 2.4 §15.8.1.2; whoever put it there, it says itself whose it is."""
    chain, data = ended
    store = manifest_store.read(formats.identify(data).survey(data).manifest)
    trust = Trust.of(signers=chain.anchor, tsa=clock.anchors)
    message = sigtst.over(claim_signature(store.active))
    label = store.active.label.encode()

    def with_assertion(made: bytes) -> manifest_store.ManifestStore:
        value = cbor.mapping({label: cbor.string(made)})
        assertion = manifest_store.Superbox(
            label="c2pa.time-stamp",
            content_type=b"",
            source=b"",
            start=0,
            end=0,
            contents=((b"cbor", value),),
        )
        assertions = manifest_store.Superbox(
            label="c2pa.assertions",
            content_type=manifest_store.ASSERTIONS,
            source=b"",
            start=0,
            end=0,
            superboxes=(assertion,),
        )
        later = manifest_store.Superbox(
            label="urn:c2pa:later",
            content_type=manifest_store.UPDATE,
            source=b"",
            start=0,
            end=0,
            superboxes=(assertions,),
        )
        manifests = {**store.manifests, "urn:c2pa:later": manifest_store.Manifest(later)}
        return manifest_store.ManifestStore(manifests)

    honest = with_assertion(token(message, clock, moment=INSIDE))
    found = signer.of(store.active, trust, store=honest).signed_by
    assert (found.time, found.validity) == (SigningTime.PROVEN, Validity.WITHIN)
    forged = with_assertion(token(b"another", clock, moment=INSIDE))
    assert signer.of(store.active, trust, store=forged).signed_by.time is SigningTime.NONE


def test_the_present_counts_where_nothing_is_proven(current):
    chain, data = current
    trust = Trust.of(signers=chain.anchor)
    assert of(data, trust).signed_by.validity is Validity.WITHIN
    late = of(data, trust, now=datetime.now(UTC) + timedelta(days=4000)).signed_by
    assert (late.validity, late.trust) == (Validity.EXPIRED, TrustLevel.KNOWN)
    early = of(data, trust, now=NOW - 4000 * DAY).signed_by
    assert (early.validity, early.trust) == (Validity.NOT_BEGUN, TrustLevel.KNOWN)


def test_no_word_of_the_engine_is_asked_for(current, monkeypatch):
    """Neither its codes nor its sentences reach who signed."""
    _, data = current
    read = engine.read

    def lying(*given, **options):
        answer = read(*given, **options)
        results = answer.document["validation_results"]
        results["trustListUri"] = "genlabel:signer:known:0"
        results["activeManifest"]["success"] += [
            {"code": "signingCredential.trusted", "url": "", "explanation": "trust list: x"},
            {"code": "timeStamp.trusted", "explanation": "x trust list: genlabel:tsa:known:0 "},
        ]
        return answer

    monkeypatch.setattr(engine, "read", lying)
    report = verify(data, Chain.new("Other"), Clock.new())
    assert report.signer.trust is TrustLevel.UNKNOWN
    assert report.signer.time is SigningTime.NONE
