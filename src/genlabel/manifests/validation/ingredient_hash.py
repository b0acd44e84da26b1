"""Is the manifest of an ingredient the one that was put there? By its hash, or its signature's.

C2PA 2.4 §15.11.3.3. A redaction changes a manifest, so its hash no longer holds; its claim
signature stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genlabel.manifests.store.ancestry import Link
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore, Superbox
from genlabel.manifests.validation.claims import digest_of
from genlabel.manifests.validation.status_codes import Status
from genlabel.model.named_tuple import NamedTuple

_OF_THE_CLAIM = 1
"""The version of claims whose hashes, until C2PA 1.1, were over the claim alone."""


class Way(NamedTuple):
    """What is found of the way from an ingredient assertion to its manifest."""

    status: Status | None
    """What fails; None where nothing does."""
    whole: bool
    """Is every byte of the manifest bound?"""


def checked(store: ManifestStore, link: Link, *, redacted: bool) -> Way:
    """Is the manifest of `link` the one whose hash its assertion has?

    `redacted` says whether a claim of its descendants redacts a part of it.
    """
    manifest, reference = link.manifest, link.manifest_reference
    assert manifest is not None
    assert reference is not None
    default = _default(link.parent, manifest)
    others = [each for each in link.manifest_references if each != reference]
    if others or not isinstance(reference.get("hash"), bytes):
        what = "it refers to two manifests" if others else "it refers to a manifest by no hash"
        return Way(Status("ingredient.manifest.mismatch", link.address, what), False)
    boxes = [manifest.box, *([manifest.packed] if manifest.packed is not None else [])]
    digests = [digest_of(store, box, reference, default) for box in boxes]
    if None in digests:
        return Way(Status("algorithm.unsupported", link.address, "the hash of a manifest"), False)
    if reference.get("hash") in digests:
        return Way(None, True)
    if reference.get("hash") == _of_the_claim(store, manifest, reference, default):
        return Way(None, False)
    if not redacted:
        return Way(Status("ingredient.manifest.mismatch", link.address, ""), False)
    return Way(_by_signature(store, link, manifest, default), False)


def _by_signature(
    store: ManifestStore, link: Link, manifest: Manifest, default: str | None
) -> Status | None:
    """§15.11.3.3.1: the hash of the claim signature, which version 3 has."""
    reference = link.signature_reference
    if reference is None:
        if link.version < 3:  # nothing in these says whose claim it was
            what = "redacted under an assertion of a version that has no hash of its signature"
            return Status("manifest.inaccessible", link.address, what)
        return Status("ingredient.claimSignature.missing", link.address, "")
    try:
        signature = manifest.signature_box
    except Unreadable:
        signature = None
    box = store.resolve(reference.get("url"), link.parent)
    if box is None or box is not signature:
        return Status("ingredient.claimSignature.missing", link.address, "")
    digest = digest_of(store, box, reference, default)
    if digest is None:
        return Status("algorithm.unsupported", link.address, "the hash of a claim signature")
    if digest != reference.get("hash"):
        return Status("ingredient.claimSignature.mismatch", link.address, "")
    return None


def _of_the_claim(
    store: ManifestStore, manifest: Manifest, reference: Mapping[str, Any], default: str | None
) -> bytes | None:
    """The hash as it was before manifests were hashed: over the CBOR of the claim."""
    try:
        if manifest.claim_version != _OF_THE_CLAIM:
            return None
        claim = manifest.claim_box
        content = claim.content(b"cbor")
    except Unreadable:
        return None
    end = claim.end
    box = Superbox(
        label=claim.label,
        content_type=claim.content_type,
        source=claim.source,
        start=end - len(content),
        end=end,
    )
    return digest_of(store, box, reference, default)


def _default(*manifests: Manifest) -> str | None:
    """The hash algorithm of the first claim that names one (§15.4)."""
    for manifest in manifests:
        try:
            algorithm = manifest.claim.get("alg")
        except Unreadable:
            continue
        if isinstance(algorithm, str):
            return algorithm
    return None
