"""Purposes: what a certificate is used for here, and which extended key usages allow it.

C2PA 2.4 §14.5.1.1 keeps claims, time-stamps and revocation answers apart: a certificate for one of
them is for nothing else. Identities are CAWG's (Identity 1.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from genlabel.credentials.x509.chain import title
from genlabel.credentials.x509.profile_rule import ANOTHER, Problem, error, extension

CLAIM_SIGNING = ObjectIdentifier("1.3.6.1.4.1.62558.2.1")  # c2pa-kp-claimSigning, §14.4.1
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # id-kp-documentSigning, RFC 9336
EMAIL_PROTECTION = ExtendedKeyUsageOID.EMAIL_PROTECTION  # 1.3.6.1.5.5.7.3.4
TIME_STAMPING = ExtendedKeyUsageOID.TIME_STAMPING
OCSP_SIGNING = ExtendedKeyUsageOID.OCSP_SIGNING
ANY = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE
BEFORE_C2PA = ObjectIdentifier("1.3.6.1.4.1.311.76.59.1.9")
"""Microsoft's usage for C2PA, from before C2PA had its own. Readers know it as one for claims; no
list vouches for it here."""

RULE_NAME = "extended key usage"
TIME_STAMP_SECTION = "RFC 3161 §2.3"
IDENTITY_SECTION = "CAWG Identity 1.3, trust model for X.509"

_NAMES = {
    CLAIM_SIGNING: "C2PA claim signing",
    EMAIL_PROTECTION: "emailProtection",
    DOCUMENT_SIGNING: "documentSigning",
    ANY: "anyExtendedKeyUsage",
    TIME_STAMPING: "timeStamping",
    OCSP_SIGNING: "OCSPSigning",
    ExtendedKeyUsageOID.SERVER_AUTH: "serverAuth",
    ExtendedKeyUsageOID.CLIENT_AUTH: "clientAuth",
    ExtendedKeyUsageOID.CODE_SIGNING: "codeSigning",
}


class Purpose(StrEnum):
    """What a certificate's key signs."""

    CLAIMS = "claims"
    TIME_STAMPS = "time-stamps"
    IDENTITIES = "identities"

    @property
    def usages(self) -> frozenset[ObjectIdentifier]:
        """The extended key usages of which a certificate needs one, whoever vouches for it."""
        return _USAGES[self]


_USAGES = {
    Purpose.CLAIMS: frozenset({CLAIM_SIGNING, EMAIL_PROTECTION, DOCUMENT_SIGNING}),
    Purpose.TIME_STAMPS: frozenset({TIME_STAMPING}),
    Purpose.IDENTITIES: frozenset({DOCUMENT_SIGNING, EMAIL_PROTECTION}),
}


def usages_of(certificate: x509.Certificate) -> frozenset[ObjectIdentifier] | None:
    """The certificate's extended key usages; None without the extension."""
    found = extension(certificate, x509.ExtendedKeyUsage)
    return None if found is None else frozenset(found.value)


def faults(leaf: x509.Certificate, purpose: Purpose) -> Iterator[Problem]:
    """What the leaf's extended key usage forbids it to sign."""
    usage = extension(leaf, x509.ExtendedKeyUsage)
    if usage is None:
        yield error(RULE_NAME, f"{title(leaf)} has no extended key usage", ANOTHER)
        return
    present = frozenset(usage.value)
    if ANY in present:
        yield error(RULE_NAME, f"{title(leaf)} is for any usage", ANOTHER)
    if purpose is Purpose.TIME_STAMPS:
        if not usage.critical or list(usage.value) != [TIME_STAMPING]:
            message = f"{title(leaf)} is not for time-stamping alone, marked as critical"
            yield error(RULE_NAME, message, ANOTHER, source=TIME_STAMP_SECTION)
        return
    for alone in (TIME_STAMPING, OCSP_SIGNING):
        if alone in present:
            message = f"{title(leaf)} is for {_NAMES[alone]}, which excludes {purpose.value}"
            yield error(RULE_NAME, message, ANOTHER)
    if purpose is Purpose.IDENTITIES and not present & purpose.usages:
        message = f"{title(leaf)} is for neither document signing nor e-mail"
        yield error(RULE_NAME, message, ANOTHER, source=IDENTITY_SECTION)
    elif purpose is Purpose.CLAIMS and not present & {*purpose.usages, BEFORE_C2PA}:
        named = ", ".join(_NAMES.get(oid, oid.dotted_string) for oid in list(usage.value)[:5])
        yield error(RULE_NAME, f"{title(leaf)} is for {named} and not for claims", ANOTHER)
