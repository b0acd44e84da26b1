"""Certificates whose names have letters not in their alphabet are read, as they were signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID
from hypothesis import given, strategies as st

import genlabel
import hand_made_chains as made
import resigning
from genlabel.credentials.trust import Trust
from genlabel.credentials.x509 import chain as chains, lenient
from genlabel.credentials.x509.profile_rule import UNREADABLE
from genlabel.model.report import Integrity, TrustLevel
from genlabel.testing import picture
from oracles.chain import Chain

NAME, _LETTERS = "Acme_R&D", "Acme RXD"
KEYS = {
    "P-256": ec.generate_private_key(ec.SECP256R1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate(),
    "RSA": rsa.generate_private_key(65537, 2048),
}


def _printable(organisation: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation, _ASN1Type.PrintableString)]
    )


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _leaf(issuer: x509.Name, signing: object, name: str = NAME, pss: bool = False) -> bytes:
    """A certificate for claims with `name` as PrintableString, in DER."""
    now = datetime.now(UTC)
    model = made.leaf(made.intermediate(made.root()))
    builder = (
        x509.CertificateBuilder()
        .subject_name(_printable(_LETTERS))
        .issuer_name(issuer)
        .public_key(KEYS["P-256"].public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )
    for each in model.certificate.extensions:
        value = each.value
        if isinstance(value, x509.AuthorityKeyIdentifier):
            value = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
        builder = builder.add_extension(value, critical=each.critical)
    digest = None if isinstance(signing, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    salt = padding.PSS(padding.MGF1(digest), 32) if pss else padding.PKCS1v15()
    more = {"rsa_padding": salt} if pss else {}
    drawn = asn1_x509.Certificate.load(_der(builder.sign(signing, digest, **more)))
    # cryptography writes no such name, so it is put in and signed here
    signed = drawn["tbs_certificate"].dump().replace(_LETTERS.encode(), name.encode())
    how = {"P-256": (ec.ECDSA(digest),), "RSA": (salt, digest), "Ed25519": ()}
    value = signing.sign(signed, *how[next(kind for kind in KEYS if _is(kind, signing))])
    return asn1_x509.Certificate(
        {
            "tbs_certificate": asn1_x509.TbsCertificate.load(signed),
            "signature_algorithm": drawn["signature_algorithm"],
            "signature_value": value,
        }
    ).dump()


def _is(kind: str, key: object) -> bool:
    return isinstance(key.public_key(), type(KEYS[kind].public_key()))


def test_cryptography_alone_refuses_them():
    der = _leaf(_printable("Acme"), KEYS["P-256"])
    with pytest.raises(ValueError, match="Printable"):
        x509.load_der_x509_certificate(der)
    read = lenient.load(der)
    assert chains.organisation(read) == NAME
    assert (read.serial_number, _der(read)) == (7, der)
    assert read == lenient.load(der)
    assert read != lenient.load(_leaf(_printable("Acme"), KEYS["P-256"]))
    assert len({read, lenient.load(der)}) == 1


@pytest.mark.parametrize("pss", [False, True])
@pytest.mark.parametrize("kind", KEYS)
def test_it_is_verified_as_it_was_written(kind, pss):
    root = made.root(key=KEYS[kind])
    pss = pss and kind == "RSA"
    der = _leaf(root.certificate.subject, KEYS[kind], pss=pss)
    assert chains.issued_by(lenient.load(der), root.certificate)
    assert not chains.issued_by(lenient.load(der), made.root().certificate)
    changed = der.replace(NAME.encode(), b"Acme_R&X")
    with pytest.raises(InvalidSignature):
        lenient.load(changed).verify_directly_issued_by(root.certificate)
    honest = _leaf(root.certificate.subject, KEYS[kind], name="Acme R D", pss=pss)
    assert type(lenient.load(honest)) is x509.Certificate


def test_a_picture_signed_with_one_is_intact_and_its_signer_known():
    root = made.root()
    middle = made.intermediate(root)
    der = _leaf(middle.certificate.subject, middle.key)
    pem = serialization.Encoding.PEM
    key = KEYS["P-256"].private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = Chain(
        organisation=NAME,
        key=key,
        certificates=middle.certificate.public_bytes(pem),
        anchor=root.certificate.public_bytes(pem),
    )
    base = resigning.signed(picture("jpeg", size=(64, 64)))
    protected = {1: resigning.ES256, resigning.X5CHAIN: [der, _der(middle.certificate)]}
    data = resigning.resigned(base, chain, protected=protected)
    report = genlabel.verify(data, trust=Trust.of(signers=chain.anchor), policy=None)
    assert report.integrity is Integrity.INTACT
    assert (report.signer.organisation, report.signer.trust) == (NAME, TrustLevel.KNOWN)
    assert report.findings == ()
    other = replace(chain, key=Chain.new().key)
    forged = resigning.resigned(base, other, protected=protected)
    report = genlabel.verify(forged, trust=Trust.of(signers=chain.anchor), policy=None)
    assert report.integrity is Integrity.BROKEN


BAD = _leaf(_printable("Acme"), KEYS["P-256"])


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=6))
def test_whatever_the_bytes_they_are_read_or_refused(place, noise):
    at = place % len(BAD)
    for der in (BAD[:at] + noise + BAD[at + len(noise) :], BAD[:at], noise):
        try:
            assert chains.title(lenient.load(der))
        except UNREADABLE:
            continue
