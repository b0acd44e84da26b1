"""Who signed the manifests of a store: each is judged once, whoever asks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from genlabel.credentials.trust import Trust
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore
from genlabel.manifests.validation.status_codes import Statuses
from genlabel.model.report import SignedBy

if TYPE_CHECKING:
    from genlabel.manifests.validation.signer import Known, Signatory


class Signatories:
    """Who signed the manifests of a store, each judged once."""

    def __init__(self, store: ManifestStore, trust: Trust) -> None:
        self._store, self._trust = store, trust
        self._now = datetime.now(UTC)
        self._signers: Known = {}
        self._found: dict[str, Signatory] = {}

    def __call__(self, manifest: Manifest) -> Signatory:
        """Who signed a manifest of the store, and what became of the signature."""
        found = self._found.get(manifest.label)
        if found is None:
            from genlabel.manifests.validation import signer

            found = signer.of(
                manifest, self._trust, store=self._store, now=self._now, known=self._signers
            )
            self._found[manifest.label] = found
        return found

    def signed_by(self, manifest: Manifest) -> SignedBy | None:
        """The certificate's holder; None where no certificate can be read."""
        return self(manifest).signed_by

    def statuses(self, manifest: Manifest) -> Statuses:
        """C2PA's codes about signature, credential and time."""
        return self(manifest).statuses
