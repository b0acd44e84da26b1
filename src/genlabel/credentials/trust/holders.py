"""The names of those who hold the certificates of anchors.

This module imports cryptography; it is imported only where a name of a file is compared with them.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography import x509
from cryptography.x509.oid import NameOID

from genlabel.credentials.trust.anchor_pem import AnchorKind
from genlabel.credentials.trust.anchors import Trust

_NAMING = (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)


def names(trust: Trust) -> frozenset[str]:
    """Organisations and common names of the anchors for signers and identities."""
    kinds = (AnchorKind.SIGNER, AnchorKind.IDENTITY)
    pems = (each.pem for each in trust.entries if each.kind in kinds)
    return frozenset().union(*map(_names_in, pems))


def every_name(der: bytes) -> tuple[str, ...]:
    """Every text in the names of a certificate's holder and issuer; none where it is unreadable."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        names = (certificate.subject, certificate.issuer)
        return tuple(str(each.value) for name in names for each in name)
    except ValueError:
        return ()


@lru_cache(maxsize=64)
def _names_in(pem: bytes) -> frozenset[str]:
    return frozenset(
        str(attribute.value)
        for certificate in x509.load_pem_x509_certificates(pem)
        for oid in _NAMING
        for attribute in certificate.subject.get_attributes_for_oid(oid)
    )
