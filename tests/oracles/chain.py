"""A throw-away certificate chain, made without genlabel: root, intermediate, leaf.

It follows the C2PA certificate profile (C2PA 2.4 §14.5.1) and is what raw signing and the oracles
are tested with, so that a fault in genlabel's own key making cannot hide here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
    ObjectIdentifier,
)

CLAIM_SIGNING = ObjectIdentifier("1.3.6.1.4.1.62558.2.1")  # c2pa-kp-claimSigning, C2PA 2.4 §14.5.1
EKUS = (CLAIM_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One signing credential with its anchor, all PEM."""

    organisation: str
    """The leaf's O, which viewers show as the signer."""
    key: bytes
    """The leaf's private key, PKCS#8, unencrypted, P-256."""
    certificates: bytes
    """Leaf, then intermediate."""
    anchor: bytes
    """The root."""

    @classmethod
    def new(
        cls,
        organisation: str = "Raw Signer Ltd",
        *,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        ekus: tuple[ObjectIdentifier, ...] = EKUS,
        asking: str | None = None,
        serial: int | None = None,
        hosts: tuple[str, ...] = (),
    ) -> Chain:
        """A fresh chain; the dates (default: from a day ago for a year) are the leaf's.

        `asking` is an address at which the leaf says to ask for its status and its issuer, `serial`
        the leaf's number, `hosts` are names in it. All chains have the same names above the leaf.
        """
        now = datetime.now(UTC)
        start = not_before or now - timedelta(days=1)
        end = not_after or now + timedelta(days=365)
        authorities = (min(start, now) - timedelta(days=1), max(end, now) + timedelta(days=365))
        root_key, middle_key, leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
        root_name = _name("Throw-away tests", "Throw-away root")
        middle_name = _name("Throw-away tests", "Throw-away intermediate")
        root = _certificate(
            root_name, root_key, root_name, root_key, authorities, path_length=1, ekus=()
        )
        middle = _certificate(
            middle_name, middle_key, root_name, root_key, authorities, path_length=0, ekus=()
        )
        leaf = _certificate(
            _name(organisation, f"{organisation} signing"),
            leaf_key,
            middle_name,
            middle_key,
            (start, end),
            path_length=None,
            ekus=ekus,
            asking=asking,
            serial=serial,
            hosts=hosts,
        )
        return cls(
            organisation=organisation,
            key=leaf_key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
            certificates=_pem(leaf) + _pem(middle),
            anchor=_pem(root),
        )


def _name(organisation: str, common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _certificate(
    subject: x509.Name,
    subject_key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    validity: tuple[datetime, datetime],
    *,
    path_length: int | None,
    ekus: tuple[ObjectIdentifier, ...],
    asking: str | None = None,
    serial: int | None = None,
    hosts: tuple[str, ...] = (),
) -> x509.Certificate:
    """One certificate; a `path_length` makes it an authority."""
    authority = path_length is not None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(subject_key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(validity[0])
        .not_valid_after(validity[1])
        .add_extension(x509.BasicConstraints(ca=authority, path_length=path_length), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority,
                key_cert_sign=authority,
                crl_sign=authority,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(subject_key.public_key()), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    if ekus:
        builder = builder.add_extension(x509.ExtendedKeyUsage(ekus), critical=False)
    if asking:  # authority information access, RFC 5280 §4.2.2.1
        place = x509.UniformResourceIdentifier(asking)
        ways = (AuthorityInformationAccessOID.OCSP, AuthorityInformationAccessOID.CA_ISSUERS)
        access = x509.AuthorityInformationAccess(
            [x509.AccessDescription(way, place) for way in ways]
        )
        builder = builder.add_extension(access, critical=False)
    if hosts:
        names = x509.SubjectAlternativeName([x509.DNSName(each) for each in hosts])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())
