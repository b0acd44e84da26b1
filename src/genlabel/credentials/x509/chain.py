"""Certificate chains: read from PEM, DER or PKCS#7, and put in order.

This module imports cryptography; `signer` imports it only when a chain is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID, ObjectIdentifier

from genlabel.credentials.x509 import lenient
from genlabel.credentials.x509.profile_rule import UNREADABLE
from genlabel.model.errors import CredentialError
from genlabel.model.escape import quoted

MAX_CHAIN_BYTES = 1024 * 1024
"""Far more than any chain that would go into a picture."""

MAX_TITLE = 200
"""Most characters of a name in a sentence; RFC 5280 A.1 allows 64."""

_BEGIN = b"-----BEGIN CERTIFICATE-----"
_PKCS7 = (b"-----BEGIN PKCS7-----", b"-----BEGIN CMS-----", b"-----BEGIN PKCS #7 SIGNED DATA-----")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
"""The type of content that a DER file begins with whose certificates are signed data (RFC 5652)."""
_UTF16 = {
    **{b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"},
    **{b"-\0": "utf-16-le", b"\0-": "utf-16-be"},
}
_REMEDY = "give the signing certificate and its intermediates in PEM, the signing one first"


def load(data: bytes, *, source: str = "certificates") -> tuple[x509.Certificate, ...]:
    """The certificates in `data`, in its order.

    They are in PEM with any text between, one in DER, or those of a PKCS#7 file in PEM or DER.
    `source` names them in the sentences of `CredentialError`.
    """
    if len(data) > MAX_CHAIN_BYTES:
        raise CredentialError(
            f"{source}: {len(data):,} bytes are too many for a chain", remedy=_REMEDY
        )
    data, _ = plain(data)
    announced = data.count(_BEGIN)
    try:
        if is_pkcs7(data):
            return _unpacked(data, source)
        if data[:1] == b"\x30":  # a DER SEQUENCE
            return (x509.load_der_x509_certificate(data),)
        certificates = tuple(x509.load_pem_x509_certificates(data)) if announced else ()
    except UNREADABLE as cause:
        raise CredentialError(
            f"{source}: a certificate in it cannot be read", remedy=_REMEDY
        ) from cause
    if not certificates:
        other = ", but a private key" if b"PRIVATE KEY-----" in data else ""
        raise CredentialError(f"{source}: no certificate in it{other}", remedy=_REMEDY)
    if len(certificates) != announced:
        raise CredentialError(
            f"{source}: {announced} certificates begin in it and {len(certificates)} can be read",
            remedy="get the file again: it has been cut or damaged",
        )
    return certificates


def plain(data: bytes) -> tuple[bytes, bool]:
    """`data`, and whether it was text in UTF-16, as which Windows saves what is copied there."""
    encoding = _UTF16.get(data[:2])
    if encoding is None:
        return data, False
    return data.decode(encoding, "replace").encode("ascii", "replace"), True


def is_pkcs7(data: bytes) -> bool:
    """Is it a PKCS#7 file (.p7b, .p7c), in PEM or DER?"""
    if data[:1] == b"\x30":
        return _SIGNED_DATA in data[:24]
    return _BEGIN not in data and any(begin in data for begin in _PKCS7)


def _unpacked(data: bytes, source: str) -> tuple[x509.Certificate, ...]:
    from asn1crypto import cms, pem as armour
    from cryptography.hazmat.primitives.serialization import pkcs7

    is_der = data[:1] == b"\x30"
    packed = cms.ContentInfo.load(data if is_der else armour.unarmor(data)[2])["content"]
    if not len(packed["certificates"]):
        other = ", but revocation lists" if len(packed["crls"]) else ""
        raise CredentialError(f"{source}: no certificate in it{other}", remedy=_REMEDY)
    if is_der:
        return tuple(pkcs7.load_der_pkcs7_certificates(data))
    for begin in _PKCS7[1:]:  # other names of the same
        data = data.replace(begin, _PKCS7[0]).replace(
            begin.replace(b"BEGIN", b"END"), _PKCS7[0].replace(b"BEGIN", b"END")
        )
    return tuple(pkcs7.load_pem_pkcs7_certificates(data))


@lru_cache(maxsize=64)
def parsed(ders: tuple[bytes, ...]) -> tuple[x509.Certificate, ...] | None:
    """The certificates of a signature, each in DER, in their order; None where one is none.

    Kept by their bytes: thousands of files share a chain, and what is parsed of it.
    """
    try:
        return tuple(lenient.load(each) for each in ders)
    except UNREADABLE:
        return None


def period(chain: Sequence[x509.Certificate]) -> tuple[datetime, datetime]:
    """When the last certificate of the chain begins and the first one ends, UTC."""
    return (
        max(each.not_valid_before_utc for each in chain),
        min(each.not_valid_after_utc for each in chain),
    )


def pem(chain: Iterable[x509.Certificate]) -> bytes:
    """The chain in PEM, in its order, without the text that may have stood between."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return b"".join(each.public_bytes(Encoding.PEM) for each in chain)


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
    """How sentences call a certificate: its CN, else its O, else its serial number, quoted.

    A long name is cut: strangers choose theirs.
    """
    name = common_name(certificate) or organisation(certificate)
    return quoted(name, limit=MAX_TITLE) if name else f"serial number {certificate.serial_number}"


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate's DER, 64 hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def public_key(certificate: x509.Certificate) -> object:
    """The certificate's key; None for one that cannot be read."""
    try:
        return certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None


def self_signed(certificate: x509.Certificate) -> bool:
    """Is it signed with its own key?"""
    return certificate.issuer == certificate.subject and issued_by(certificate, certificate)


def issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Is `issuer` the one that signed `certificate`, by name and by signature?"""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        # a wrong signature, another name, a key that cannot sign certificates, an unknown algorithm
        return False
    return True


def leaf_index(certificates: Sequence[x509.Certificate]) -> int:
    """Where the signing certificate stands: the only one that issued no other, else the first."""
    leaves = [
        index
        for index, each in enumerate(certificates)
        if not any(issued_by(other, each) for other in certificates if other != each)
    ]
    return leaves[0] if len(leaves) == 1 else 0


def build(
    leaf: x509.Certificate, others: Sequence[x509.Certificate], *, root: bool = False
) -> tuple[x509.Certificate, ...]:
    """`leaf`, then each one's issuer as far as it is among `others`; self-signed with `root`."""
    path = [leaf]
    while True:  # ends: each round takes one more of a finite number
        issuers = [each for each in others if each not in path and issued_by(path[-1], each)]
        if not issuers:
            return (leaf, *(each for each in path[1:] if root or not self_signed(each)))
        path.append(issuers[0])
