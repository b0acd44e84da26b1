"""When a signature stops verifying: with its certificates, unless a time-stamp proves the moment.

This module imports cryptography; it is imported only where somebody asks.
"""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning

from genlabel.manifests.store.cose import claim_signature
from genlabel.model.report import SignedBy, SigningTime, Validity


def certificates_end(store: bytes, manifest_id: str) -> datetime | None:
    """When the first certificate in the claim signature of this manifest ends, UTC.

    None when they cannot be read.
    """
    found = claim_signature(store, manifest_id)
    if found is None:
        return None
    try:
        chain = [x509.load_der_x509_certificate(each) for each in found.certificates]
        return min((each.not_valid_after_utc for each in chain), default=None)
    except (ValueError, TypeError, x509.InvalidVersion, CryptographyDeprecationWarning):
        return None


def verifies_until(store: bytes, manifest_id: str, signer: SignedBy) -> datetime | None:
    """When this signature stops verifying, or did; None for no end that is known.

    A time-stamp counts where the given lists vouch for it (C2PA 2.4 §15.8): for those who ask with
    other lists, the end may be another.
    """
    if signer.validity is Validity.WITHIN and signer.time is SigningTime.PROVEN:
        return None
    return certificates_end(store, manifest_id)
