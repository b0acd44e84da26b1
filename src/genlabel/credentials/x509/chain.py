"""Certificate chains: read from PEM or DER, and what a certificate says about its holder.

This module imports cryptography; `signer` imports it only when a chain is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID, ObjectIdentifier

from genlabel.model.errors import CredentialError

MAX_CHAIN_BYTES = 1024 * 1024
"""Far more than any chain that would go into a picture."""

_BEGIN = b"-----BEGIN CERTIFICATE-----"
_REMEDY = "give the signing certificate and its intermediates in PEM, the signing one first"


def load(data: bytes, *, source: str = "certificates") -> tuple[x509.Certificate, ...]:
    """The certificates in `data`, in its order: PEM with any text between, or one in DER.

    `source` names them in the sentences of `CredentialError`.
    """
    if len(data) > MAX_CHAIN_BYTES:
        raise CredentialError(
            f"{source}: {len(data):,} bytes are too many for a chain", remedy=_REMEDY
        )
    announced = data.count(_BEGIN)
    try:
        if data[:1] == b"\x30":  # a DER SEQUENCE
            return (x509.load_der_x509_certificate(data),)
        found = tuple(x509.load_pem_x509_certificates(data)) if announced else ()
    except (ValueError, TypeError) as error:
        raise CredentialError(
            f"{source}: a certificate in it cannot be read", remedy=_REMEDY
        ) from error
    if not found:
        other = ", but a private key" if b"PRIVATE KEY-----" in data else ""
        raise CredentialError(f"{source}: no certificate in it{other}", remedy=_REMEDY)
    if len(found) != announced:
        raise CredentialError(
            f"{source}: {announced} certificates begin in it and {len(found)} can be read",
            remedy="get the file again: it has been cut or damaged",
        )
    return found


def pem(chain: Iterable[x509.Certificate]) -> bytes:
    """The chain in PEM, in its order, without the text that may have stood between."""
    return b"".join(each.public_bytes(serialization.Encoding.PEM) for each in chain)


def organisation(certificate: x509.Certificate) -> str | None:
    """The subject's O, which viewers show as the signer; None without one."""
    return _attribute(certificate, NameOID.ORGANIZATION_NAME)


def common_name(certificate: x509.Certificate) -> str | None:
    """The subject's CN; None without one."""
    return _attribute(certificate, NameOID.COMMON_NAME)


def _attribute(certificate: x509.Certificate, oid: ObjectIdentifier) -> str | None:
    for attribute in certificate.subject.get_attributes_for_oid(oid):
        if isinstance(attribute.value, str) and attribute.value:
            return attribute.value
    return None


def title(certificate: x509.Certificate) -> str:
    """How sentences call a certificate: its CN, else its O, else its serial number, quoted."""
    name = common_name(certificate) or organisation(certificate)
    return f"{name!r}" if name else f"serial number {certificate.serial_number}"


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate's DER, 64 hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def self_signed(certificate: x509.Certificate) -> bool:
    """Does the certificate vouch for itself?"""
    return certificate.issuer == certificate.subject and issued_by(certificate, certificate)


def issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Is `issuer` the one that signed `certificate`, by name and by signature?"""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        # a wrong signature, another name, a key that cannot sign certificates, an unknown algorithm
        return False
    return True
