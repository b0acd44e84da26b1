"""Describe the certificates of a trust list: subject, fingerprint, dates.

This module imports cryptography; it is imported only when a list is to be shown or compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One certificate of a trust list."""

    subject: str
    """RFC 4514, e.g. ``CN=Acme Root,O=Acme Studio,C=FR``; as its holder wrote it."""
    fingerprint: str
    """SHA-256 of its DER, 64 hexadecimal digits: by this two people make sure that they mean the
    same one."""
    not_before: datetime
    not_after: datetime

    def ended(self, at: datetime) -> bool:
        """Is its time over at that moment?"""
        return self.not_after < at


def anchors(pem: bytes) -> tuple[Anchor, ...]:
    """The certificates in `pem`, which `Trust` has accepted, in order."""
    return tuple(
        Anchor(
            subject=each.subject.rfc4514_string() or f"serial number {each.serial_number}",
            fingerprint=each.fingerprint(hashes.SHA256()).hex(),
            not_before=each.not_valid_before_utc,
            not_after=each.not_valid_after_utc,
        )
        for each in x509.load_pem_x509_certificates(pem)
    )
