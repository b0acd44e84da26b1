"""Of several claims in one manifest, the one that is signed: the others are breaches of form."""

from __future__ import annotations

from dataclasses import replace

from genlabel.manifests.store.ancestry import address
from genlabel.manifests.store.manifest_store import CLAIM, Manifest, ManifestStore, Superbox
from genlabel.manifests.validation.status_codes import Status
from genlabel.model.named_tuple import NamedTuple


class Chosen(NamedTuple):
    """A store as its signature has it."""

    store: ManifestStore
    active: Manifest
    further: tuple[Status, ...] = ()
    """What is wrong about that."""


def chosen(store: ManifestStore, active: Manifest) -> Chosen:
    """The store and its active manifest as its signature has it, and what is wrong about that.

    There is nothing to choose where one claim stands, and no choice where not exactly one of
    several is what was signed (C2PA 2.4 §15.6): then all stays as it is, and is told as ambiguous.
    """
    claims = [each for each in active.box.superboxes if each.content_type == CLAIM]
    if len(claims) < 2:
        return Chosen(store, active)
    from genlabel.manifests.validation import claims as validation

    alone = [_with_claim(active, each) for each in claims]
    signed = [each for each in alone if validation.is_signed(each)]
    if len(signed) != 1:
        return Chosen(store, active)
    (manifest,) = signed
    manifests = {**store.manifests, manifest.label: manifest}
    why = "more than one claim; the one that is signed was read"
    further = (Status("claim.multiple", address(manifest), why),)
    return Chosen(replace(store, manifests=manifests), manifest, further)


def _with_claim(manifest: Manifest, claim: Superbox) -> Manifest:
    """The manifest with that claim alone; its bytes, and what is hashed of it, stay."""
    kept = tuple(
        each
        for each in manifest.box.superboxes
        if each is claim or (each.content_type != CLAIM and not each.label.startswith("c2pa.claim"))
    )
    return Manifest(replace(manifest.box, superboxes=kept), packed=manifest.packed)
