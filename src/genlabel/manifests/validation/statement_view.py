"""A manifest store as the engine's report has it, as far as statements are read from it.

Actions are always read from the boxes: the engine shows each list of numbers as base64. For stores
that it does not open, or of which it leaves manifests out, all that `actions` and `declarations`
ask for is. Nothing of it is checked.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any

from genlabel.manifests.store import ancestry
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.cbor_value import Tag
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore
from genlabel.manifests.validation.actions import Base64
from genlabel.manifests.validation.form.subject import ACTIONS, Subject, name_of, subject_of

_MAX_LEVELS = 32
"""Deepest nesting of what an assertion holds; what lies deeper is left out."""


def of(store: ManifestStore, document: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The engine's `document` with the actions as they are stored, or one of our own where it does
    not show the active manifest.

    Of its ancestors, too, the engine leaves out some that it finds fault with, and what they state
    would be lost: those are added.
    """
    active, shown = store.active, (document or {}).get("manifests") or {}
    if active is None:
        return document or {}
    if active.label not in shown:
        shown = {}
    manifests = {
        label: _with_actions(record, store, store.manifests.get(label))
        for label, record in shown.items()
    }
    for label, manifest in store.manifests.items():
        if label not in shown:
            manifests[label] = _manifest(store, manifest)
    return {**(document or {}), "active_manifest": active.label, "manifests": manifests}


def _with_actions(record: Any, store: ManifestStore, manifest: Manifest | None) -> Any:
    """The engine's `record` of a manifest with the actions as they are stored: all or none."""
    if manifest is None or not isinstance(record, dict):
        return record
    subject = subject_of(store, manifest)
    stored = [
        {"label": label, "data": _plain(subject.value(label)), "created": subject.listed[label]}
        for label in subject.families.get(ACTIONS, ())
    ]
    if not stored or not all(isinstance(each["data"], dict) for each in stored):
        return record
    listed = record.get("assertions") or ()
    others = [
        each
        for each in listed
        if not isinstance(each, dict) or name_of(str(each.get("label"))) != ACTIONS
    ]
    return {**record, "assertions": [*stored, *others]}


def _manifest(store: ManifestStore, manifest: Manifest) -> dict[str, Any]:
    subject = subject_of(store, manifest)
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
    """`value` as JSON has it, without the tags that mark times, bytes in base64."""
    while isinstance(value, Tag):
        value = value.value
    if level == _MAX_LEVELS:
        return None
    if isinstance(value, dict):
        return {str(key): _plain(each, level + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each, level + 1) for each in value]
    if isinstance(value, bytes):
        return Base64(b64encode(value).decode())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
