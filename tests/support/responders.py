"""A certification authority that answers about its certificates (OCSP), and others that pretend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from genlabel.credentials.signer import KeySigner
from oracles import chain as made

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALWAYS = (NOW - 400 * DAY, NOW + 400 * DAY)
GOOD, REVOKED, UNKNOWN = (
    ocsp.OCSPCertStatus.GOOD,
    ocsp.OCSPCertStatus.REVOKED,
    ocsp.OCSPCertStatus.UNKNOWN,
)
COMPROMISED = x509.ReasonFlags.key_compromise
RELEASED = x509.ReasonFlags.remove_from_crl
OCSP_SIGNING = ExtendedKeyUsageOID.OCSP_SIGNING


@dataclass(frozen=True)
class Holder:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


@dataclass(frozen=True)
class House:
    """A root, an intermediate, a signer below it, and an appointed responder."""

    root: Holder
    middle: Holder
    leaf: Holder
    delegate: Holder

    @classmethod
    def new(cls, asking: str | None = None) -> House:
        root = holder("root", depth=1)
        middle = holder("intermediate", root, depth=0, asking=asking)
        return cls(
            root=root,
            middle=middle,
            leaf=holder("signing", middle, ekus=made.EKUS, asking=asking),
            delegate=holder("responder", middle, ekus=(OCSP_SIGNING,)),
        )

    @property
    def chain(self) -> bytes:
        return self.leaf.pem + self.middle.pem

    def signer(self, chain: bytes | None = None) -> KeySigner:
        key = self.leaf.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return KeySigner.from_pem(key, chain or self.chain)

    def says(self, status=GOOD, **options) -> bytes:
        """An answer about the signer by the appointed responder, or as the options have it."""
        return says(
            options.pop("about", self.leaf),
            options.pop("issuer", self.middle),
            options.pop("by", self.delegate),
            status,
            **options,
        )


def holder(
    role, issuer=None, *, depth=None, ekus=(), asking=None, validity=ALWAYS, key=None
) -> Holder:
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = made._name("Acme Studio", f"Acme {role}")
    above = (issuer.certificate.subject, issuer.key) if issuer else (name, key)
    return Holder(
        made._certificate(name, key, *above, validity, path_length=depth, ekus=ekus, asking=asking),
        key,
    )


def says(
    about: Holder,
    issuer: Holder,
    by: Holder,
    status,
    *,
    since=NOW - HOUR,
    until=NOW + DAY,
    revoked_at=NOW - 2 * DAY,
    reason=COMPROMISED,
    digest=None,
    named=False,
    named_as=None,
    signed_with=None,
    with_certificate=True,
) -> bytes:
    """An OCSP response, DER."""
    gone = status is REVOKED
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=about.certificate,
            issuer=issuer.certificate,
            algorithm=digest or hashes.SHA1(),
            cert_status=status,
            this_update=since,
            next_update=until,
            revocation_time=revoked_at if gone else None,
            revocation_reason=reason if gone else None,
        )
        .responder_id(
            ocsp.OCSPResponderEncoding.NAME if named else ocsp.OCSPResponderEncoding.HASH,
            (named_as or by).certificate,
        )
    )
    if with_certificate:
        builder = builder.certificates([by.certificate])
    return builder.sign(by.key, signed_with or hashes.SHA256()).public_bytes(
        serialization.Encoding.DER
    )
