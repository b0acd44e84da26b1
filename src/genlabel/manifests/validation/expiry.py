"""Until when a signature verifies: the end of its certificates, where no time-stamp proves more.

This module imports cryptography; it is imported only where somebody asks.
"""

from __future__ import annotations

from datetime import datetime

from genlabel.credentials.trust import credential
from genlabel.credentials.trust.credential import Credential
from genlabel.credentials.x509 import chain
from genlabel.manifests.store import cose, manifest_store
from genlabel.manifests.store.cbor import Unreadable
from genlabel.model.report import SignedBy, SigningTime, Validity


def certificates_end(store: bytes, manifest_id: str) -> datetime | None:
    """When the first certificate in the claim signature of this manifest ends, UTC.

    None when they cannot be read.
    """
    try:
        manifest = manifest_store.read(store).manifests.get(manifest_id)
        if manifest is None:
            return None
        found = Credential.of(cose.claim_signature(manifest).certificates)
    except (Unreadable, credential.Unreadable):
        return None
    return chain.period(found.certificates)[1]


def verifies_until(store: bytes, manifest_id: str, signer: SignedBy) -> datetime | None:
    """When this signature stops verifying, or did; None for no end that is known.

    A time-stamp counts where the given lists vouch for it (C2PA 2.4 §15.8): for those who ask with
    other lists, the end may be another.
    """
    if signer.validity is Validity.WITHIN and signer.time is SigningTime.PROVEN:
        return None
    return certificates_end(store, manifest_id)
