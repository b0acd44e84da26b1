"""When the certificates of a signature end, for a manifest that nobody has judged yet.

This module imports cryptography; it is imported only where somebody asks.
"""

from __future__ import annotations

from datetime import datetime

from genlabel.credentials.trust import credential
from genlabel.credentials.trust.credential import Credential
from genlabel.credentials.x509 import chain
from genlabel.manifests.store import cose, manifest_store
from genlabel.manifests.store.cbor import Unreadable


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
