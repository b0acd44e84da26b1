"""Identity assertions by other people's hands: forged, moved, broken, or of another kind."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier
from hypothesis import given, settings, strategies as st

import identities
from genlabel import verify
from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import KeySigner
from genlabel.credentials.trust import Trust
from genlabel.manifests.engine import signing
from genlabel.model.report import (
    Integrity,
    NamedActor,
    Report,
    Severity,
    TrustLevel,
    Validity,
)
from genlabel.model.vocabulary import Role
from genlabel.testing import picture
from oracles import corpus, raw
from oracles.chain import Chain
from resigning import JPEG, cbor

DOCUMENTS = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # id-kp-documentSigning, RFC 9336
NOW = datetime.now(UTC)


def only(report: Report) -> NamedActor:
    (actor,) = report.identities
    return actor


@pytest.fixture(scope="module")
def claimer() -> Chain:
    """Who signs the claims over forged identity assertions."""
    return Chain.new("Claimer")


@pytest.fixture(scope="module")
def holder() -> Chain:
    """Whose identity it is."""
    return Chain.new("Acme Studio", ekus=(DOCUMENTS, ExtendedKeyUsageOID.EMAIL_PROTECTION))


@pytest.fixture(scope="module")
def mould(claimer, holder) -> bytes:
    """A signed JPEG whose identity assertion has room for others."""
    made = raw.generated()
    made["assertions"].append(
        {
            "label": "cawg.metadata",
            "kind": "Json",
            "created": True,
            "data": {
                "@context": {"dc": "http://purl.org/dc/elements/1.1/"},
                "dc:title": "hills at dusk",
            },
        }
    )
    identity = Identity(signer_of(identities.roomy(holder)), roles=(Role.PRODUCER,))
    return signing.sign(
        picture("jpeg", size=(64, 64)),
        JPEG,
        made,
        signer_of(identities.roomy(claimer)),
        identity=identity,
    )


def signer_of(chain: Chain) -> KeySigner:
    return KeySigner.from_pem(chain.key, chain.certificates)


@pytest.fixture(scope="module")
def trust(claimer, holder) -> Trust:
    return Trust.of(signers=claimer.anchor, identity=holder.anchor)


@pytest.fixture
def forged(mould, claimer, trust, encypher, holder):
    """Puts an assertion into the mould: our report, and the codes of another validator."""

    def forge(content: dict | bytes) -> tuple[Report, frozenset[str]]:
        data = identities.replaced(mould, content, claimer)
        other = encypher.verify(data, JPEG, claimer.anchor, identity_pem=holder.anchor)
        return verify(data, trust=trust, policy=None), other.codes

    return forge


def test_the_tool_of_these_tests_makes_identities_that_hold(mould, holder, forged):
    """Else nothing would be proven below."""
    said = identities.payload(mould, "cawg.metadata", "c2pa.hash.data", roles=("cawg.editor",))
    report, codes = forged(identities.assertion(said, identities.signature(said, holder)))
    assert only(report).known
    assert only(report).organisation == "Acme Studio"
    assert only(report).roles == ("cawg.editor",)
    assert codes == frozenset()


def no_hard_binding(mould, holder):
    said = identities.payload(mould, "cawg.metadata")
    return identities.assertion(said, identities.signature(said, holder))


def one_reference_twice(mould, holder):
    said = identities.payload(mould, "cawg.metadata", "cawg.metadata", "c2pa.hash.data")
    return identities.assertion(said, identities.signature(said, holder))


def other_metadata(mould, holder):
    said = identities.payload(mould, "cawg.metadata", "c2pa.hash.data")
    said["referenced_assertions"][0]["hash"] = bytes(32)
    return identities.assertion(said, identities.signature(said, holder))


def another_picture(mould, holder):
    said = identities.payload(mould, "cawg.metadata", "c2pa.hash.data")
    said["referenced_assertions"][1]["hash"] = bytes(32)
    return identities.assertion(said, identities.signature(said, holder))


def another_key(mould, holder):
    said = identities.payload(mould, "cawg.metadata", "c2pa.hash.data")
    thief = Chain(
        organisation="Acme Studio",
        key=Chain.new().key,
        certificates=holder.certificates,
        anchor=holder.anchor,
    )
    return identities.assertion(said, identities.signature(said, thief))


def other_roles_than_signed(mould, holder):
    said = identities.payload(mould, "cawg.metadata", "c2pa.hash.data", roles=("cawg.editor",))
    value = identities.signature(said, holder)
    return identities.assertion({**said, "role": ["cawg.sponsor"]}, value)


def something_in_the_padding(mould, holder):
    said = identities.payload(mould, "cawg.metadata", "c2pa.hash.data")
    return identities.assertion(said, identities.signature(said, holder), pad1=b"x")


@pytest.mark.parametrize(
    ("forgery", "code"),
    [
        (no_hard_binding, "cawg.identity.hard_binding_missing"),
        (one_reference_twice, "cawg.identity.assertion.duplicate"),
        (other_metadata, "cawg.identity.assertion.mismatch"),
        (another_picture, "cawg.identity.assertion.mismatch"),
        (another_key, "cawg.x509.signature.mismatch"),
        (other_roles_than_signed, "cawg.x509.signature.mismatch"),
        (something_in_the_padding, "cawg.identity.pad.invalid"),
    ],
)
def test_a_forged_identity_is_an_error_and_names_nobody(forgery, code, mould, holder, forged):
    report, others = forged(forgery(mould, holder))
    actor = only(report)
    assert report.integrity is Integrity.INTACT
    assert (actor.holds, actor.trust, actor.trust_list) == (False, TrustLevel.UNKNOWN, None)
    assert actor.names == frozenset()
    assert not report.declared.producer_attested
    (found,) = [each for each in report.findings if each.code == code]
    assert found.severity is Severity.ERROR
    assert code in others


@pytest.mark.parametrize("value", [b"none", None], ids=["no signature", "another kind"])
def test_what_an_assertion_says_of_itself_names_nobody(value, mould, forged):
    kind = identities.X509 if value else "com.example.word-of-honour"
    said = identities.payload(mould, "c2pa.hash.data", sig_type=kind)
    own = {"issuer": "Acme Studio", "common_name": "Acme Studio", "cert_serial_number": "1"}
    content = identities.assertion(said, value or b"none", signature_info=own)
    report, _ = forged(content)
    assert only(report).names == frozenset()
    assert only(report).serial is None
    codes = {each.code: each.severity for each in report.findings}
    if value is None:  # nobody can check it, which is no lie
        assert codes["cawg.identity.sig_type.unknown"] is Severity.WARNING


def test_an_identity_moved_to_another_picture_does_not_hold(mould, claimer, holder, trust):
    other = signing.sign(
        picture("jpeg", size=(64, 64), seed=9),
        JPEG,
        raw.generated(),
        signer_of(identities.roomy(claimer)),
        identity=Identity(signer_of(identities.roomy(holder)), roles=(Role.PRODUCER,)),
    )
    said = identities.payload(mould, "c2pa.hash.data")
    moved = identities.assertion(said, identities.signature(said, holder))
    report = verify(identities.replaced(other, moved, claimer), trust=trust, policy=None)
    assert report.integrity is Integrity.INTACT
    assert not only(report).holds


@pytest.mark.parametrize(
    ("chain", "code", "validity"),
    [
        (
            {"not_before": NOW - timedelta(days=90), "not_after": NOW - timedelta(days=30)},
            "cawg.x509.signature.outside_validity",
            Validity.EXPIRED,
        ),
        ({"ekus": (ExtendedKeyUsageOID.SERVER_AUTH,)}, "cawg.x509.credential.invalid", None),
    ],
    ids=["ended", "of a web server"],
)
def test_a_certificate_that_does_not_count_vouches_for_nothing(
    chain, code, validity, mould, claimer
):
    odd = Chain.new("Acme Studio", **({"ekus": (DOCUMENTS,)} | chain))
    said = identities.payload(mould, "cawg.metadata", "c2pa.hash.data")
    content = identities.assertion(said, identities.signature(said, odd))
    report = verify(
        identities.replaced(mould, content, claimer),
        trust=Trust.of(signers=claimer.anchor, identity=odd.anchor),
    )
    actor = only(report)
    assert actor.trust is TrustLevel.UNKNOWN
    assert code in actor.codes
    assert not report.declared.producer_attested
    if validity:
        assert actor.validity is validity


@settings(max_examples=25)
@given(noise=st.binary(max_size=64), at=st.integers(0, 1500))
def test_whatever_stands_in_an_assertion_nothing_breaks(mould, claimer, holder, trust, noise, at):
    said = identities.payload(mould, "cawg.metadata", "c2pa.hash.data")
    good = identities.filled(mould, identities.assertion(said, identities.signature(said, holder)))
    at = min(at, len(good) - len(noise))
    content = good[:at] + noise + good[at + len(noise) :]
    report = verify(identities.replaced(mould, content, claimer), trust=trust, policy=None)
    assert all(each.names <= {"Acme Studio", "Acme Studio signing"} for each in report.identities)


# --- other kinds


def credential(said: dict, issuer: str, key: Ed25519PrivateKey) -> bytes:
    """An aggregation of identity claims, CAWG Identity 1.3: a W3C credential in COSE_Sign1."""
    asset = {
        **said,
        "referenced_assertions": [
            {"url": each["url"], "hash": base64.b64encode(each["hash"]).decode()}
            for each in said["referenced_assertions"]
        ],
    }
    verified = {
        "type": "cawg.social_media",
        "name": "Acme Studio",
        "username": "acme",
        "uri": "https://social.example/acme",
        "verifiedAt": "2026-01-01T00:00:00Z",
        "provider": {"id": "https://social.example", "name": "Social"},
    }
    content = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://cawg.io/identity/1.1/ica/context/",
        ],
        "type": ["VerifiableCredential", "IdentityClaimsAggregationCredential"],
        "issuer": issuer,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"verifiedIdentities": [verified], "c2paAsset": asset},
    }
    guarded, body = cbor({1: -8, 3: "application/vc"}), json.dumps(content).encode()
    value = key.sign(cbor(["Signature1", guarded, b"", body]))
    return b"\xd2" + cbor([guarded, {}, body, value])


def did_jwk(key: Ed25519PrivateKey) -> str:
    """The identifier that is its own key, so that no network is needed."""
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": plain64(public), "alg": "EdDSA"}
    return "did:jwk:" + plain64(json.dumps(jwk, separators=(",", ":")).encode())


def plain64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize("issuer", [None, "did:web:identities.example.com"])
def test_an_aggregators_statement_is_shown_as_one_and_never_trusted(issuer, mould, claimer, trust):
    key = Ed25519PrivateKey.generate()
    issuer = issuer or did_jwk(key)
    said = identities.payload(mould, "c2pa.hash.data", sig_type=identities.ICA)
    content = identities.assertion(said, credential(said, issuer, key))
    report = verify(identities.replaced(mould, content, claimer), trust=trust, policy=None)
    actor = only(report)
    assert report.integrity is Integrity.INTACT
    assert (actor.issuer, actor.signature_type) == (issuer, identities.ICA)
    assert actor.statements == ("cawg.social_media: 'Acme Studio' (Social)",)
    assert actor.names == frozenset()
    assert not actor.known
    assert not report.declared.producer_attested
    assert not [each for each in report.findings if each.severity is Severity.ERROR]


def test_a_forged_statement_of_an_aggregator_is_an_error(mould, claimer, trust):
    said = identities.payload(mould, "c2pa.hash.data", sig_type=identities.ICA)
    value = credential(said, did_jwk(Ed25519PrivateKey.generate()), Ed25519PrivateKey.generate())
    data = identities.replaced(mould, identities.assertion(said, value), claimer)
    found = {each.code: each.severity for each in verify(data, trust=trust, policy=None).findings}
    assert found["cawg.ica.signature_mismatch"] is Severity.ERROR


def test_other_peoples_identities_are_shown_and_not_trusted():
    specimen = corpus.specimen("signed/C_with_CAWG_data.jpg")
    report = verify(specimen.data, policy=None)
    actor = only(report)
    assert actor.holds
    assert actor.organisation == "C2PA Test Signing Cert"
    assert actor.references == ("cawg.training-mining", "c2pa.hash.data")
    assert actor.trust is TrustLevel.UNKNOWN
    assert not report.declared.producer_attested
