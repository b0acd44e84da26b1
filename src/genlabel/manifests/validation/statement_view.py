"""A manifest store as the engine's report has it, as far as statements are read from it.

For stores that the engine does not open, or of which it leaves manifests out: what `actions` and
`declarations` ask for is read from the boxes. Nothing of it is checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from genlabel.manifests.store import ancestry
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.cbor_value import Tag
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore
from genlabel.manifests.validation.form.subject import Subject

_MAX_LEVELS = 32
"""Deepest nesting of what an assertion holds; what lies deeper is left out."""


def of(store: ManifestStore, document: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The engine's `document`, or one of our own where it does not show the active manifest.

    Of its ancestors, too, the engine leaves out some that it finds fault with, and what they state
    would be lost: those are added.
    """
    active, shown = store.active, (document or {}).get("manifests") or {}
    if active is None:
        return document or {}
    if active.label not in shown:
        shown = {}
    hidden = [label for label in store.manifests if label not in shown]
    if not hidden:
        return document or {}
    added = {label: _manifest(store, store.manifests[label]) for label in hidden}
    manifests = {**shown, **added}
    return {**(document or {}), "active_manifest": active.label, "manifests": manifests}


def _manifest(store: ManifestStore, manifest: Manifest) -> dict[str, Any]:
    subject = Subject(store, manifest)
    claim = subject.claim or {}
    try:
        version = manifest.claim_version
    except Unreadable:
        version = 2
    return {
        "label": manifest.label,
        "title": claim.get("dc:title"),
        "claim_version": version,
        "assertions": [
            {"label": label, "data": _plain(value), "created": subject.listed[label]}
            for label, value in _values(subject)
        ],
        "ingredients": [
            {
                "title": link.title,
                "relationship": link.relationship,
                "active_manifest": link.manifest.label if link.manifest is not None else None,
            }
            for link in ancestry.ingredients(store, manifest)
        ],
    }


def _values(subject: Subject) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for label in subject.listed:
        value = subject.value(label)
        if isinstance(value, dict) and not label.startswith("c2pa.ingredient"):
            yield label, value


def _plain(value: object, level: int = 0) -> Any:
    """`value` as JSON has it, without the tags that mark times."""
    while isinstance(value, Tag):
        value = value.value
    if level == _MAX_LEVELS:
        return None
    if isinstance(value, dict):
        return {str(key): _plain(each, level + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each, level + 1) for each in value]
    return value
