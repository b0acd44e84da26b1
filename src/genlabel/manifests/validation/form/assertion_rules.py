"""The rules of other assertions than actions: ingredients, references to elsewhere, time-stamps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from genlabel.manifests.store.ancestry import MANIFESTS, is_zero
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.validation.form.action_rules import INGREDIENT
from genlabel.manifests.validation.form.subject import ACTIONS, Breach, Subject, at, decoded, text

_RELATIONSHIPS = ("parentOf", "componentOf", "inputTo")
_EXTERNAL, _CLOUD = "c2pa.external-reference", "c2pa.cloud-data"
_TIME_STAMP, _OTHER_CONTENT = "c2pa.time-stamp", "c2pa.alternative-content-representation"
_HASH = "c2pa.hash."
_IDENTITY = "cawg.identity"
_NOT_OUTSIDE = (ACTIONS, _CLOUD, _EXTERNAL, _HASH, INGREDIENT)
"""Beginnings of the labels that nothing outside of a manifest may stand for."""


def json(subject: Subject) -> Iterator[Breach]:
    """§15.10.3.2: what is said to be JSON is JSON; CBOR is looked at where it is hashed."""
    for label in subject.listed:
        box = subject.boxes[label]
        if label.startswith(_IDENTITY):
            continue  # what is wrong with an identity is told of that alone
        if b"json" not in dict(box.contents) or is_zero(box):
            continue
        try:
            decoded(box, subject.manifest, label)
        except Unreadable:
            continue
        except (ValueError, RecursionError):
            yield Breach(at(label), "an assertion that is no JSON")


def parents(subject: Subject) -> Iterator[Breach]:
    """§15.10.1.2: a picture has one parent at most."""
    named = [
        value
        for _, value in subject.named(INGREDIENT)
        if isinstance(value, dict) and value.get("relationship") == "parentOf"
    ]
    if len(named) > 1:
        yield Breach((), f"the manifest names {len(named)} parents; a picture has one at most")


def ingredients(subject: Subject) -> Iterator[Breach]:
    """§15.11: an ingredient says what it is to the picture."""
    for label, value in subject.named(INGREDIENT):
        if not isinstance(value, dict):
            yield Breach(at(label), "an ingredient that is no map")
        elif value.get("relationship") not in _RELATIONSHIPS:
            yield Breach(at(label), "an ingredient without a relationship that there is")
        else:
            yield from _references(label, value)


def _references(label: str, record: Mapping[str, Any]) -> Iterator[Breach]:
    """§8.4.2.1: a manifest is referred to by an address and a hash, and one alone."""
    named = [record[name] for name in MANIFESTS if name in record]
    if named != named[:1] * len(named):
        yield Breach(at(label), "an ingredient that refers to two manifests")
    elif any(not isinstance(each, dict) or not _hashed(each) for each in named):
        yield Breach(at(label), "an ingredient that refers to its manifest by no address and hash")


def _hashed(reference: Mapping[str, Any]) -> bool:
    return text(reference.get("url")) and isinstance(reference.get("hash"), bytes)


def results(subject: Subject) -> Iterator[Breach]:
    """§15.11.3: who records an ingredient's manifest says how it was when he did (version 3)."""
    for label, value in subject.named(INGREDIENT):
        if not isinstance(value, dict) or not label.startswith(f"{INGREDIENT}.v3"):
            continue
        if "activeManifest" not in value:
            continue
        told = value.get("validationResults")
        if not isinstance(told, dict):
            yield Breach(at(label), "an ingredient with a manifest and without validation results")
        elif not _are_codes(told.get("activeManifest", {})):
            yield Breach(at(label), "validation results that are no lists of codes")


def _are_codes(told: object) -> bool:
    """Are these the results of one manifest: lists of codes by their kind (§15.2)?"""
    return isinstance(told, dict) and all(
        isinstance(listed, list)
        and all(isinstance(each, dict) and text(each.get("code")) for each in listed)
        for listed in told.values()
    )


def without_manifest(subject: Subject) -> Iterator[Breach]:
    """§18.16.12: who names the signature of an ingredient's manifest names that manifest, too.

    Results without one are let pass: c2pa-rs 0.91 records why it could not fetch it.
    """
    for label, value in subject.named(INGREDIENT):
        if not isinstance(value, dict) or not label.startswith(f"{INGREDIENT}.v3"):
            continue
        if "claimSignature" in value and "activeManifest" not in value:
            yield Breach(at(label), "an ingredient with claimSignature and no activeManifest")


def external_references(subject: Subject) -> Iterator[Breach]:
    """§18.24: an external reference leads somewhere, and stands for nothing that must be inside."""
    for label, value in subject.named(_EXTERNAL):
        location = value.get("location") if isinstance(value, dict) else None
        if not isinstance(location, dict) or not text(location.get("url")):
            yield Breach(at(label), "an external reference without an address")
        elif str(value.get("label") or "").startswith(_NOT_OUTSIDE):
            yield Breach(at(label), "an external reference to what must stand in the manifest")


def created_references(subject: Subject) -> Iterator[Breach]:
    """§18.24: an external reference is gathered: its signer does not vouch for it."""
    for label, _ in subject.named(_EXTERNAL):
        if subject.version == 2 and subject.listed[label]:
            yield Breach(at(label), "an external reference among the created assertions")


def cloud_data(subject: Subject) -> Iterator[Breach]:
    """§18.11: data that is kept elsewhere has a label, a size, an address and a hash."""
    for label, value in subject.named(_CLOUD):
        location = value.get("location") if isinstance(value, dict) else None
        whole = (
            isinstance(value, dict)
            and text(value.get("label"))
            and isinstance(value.get("size"), int)
            and isinstance(location, dict)
            and text(location.get("url"))
            and isinstance(location.get("hash"), bytes)
        )
        if not whole:
            yield Breach(at(label), "cloud data without its label, size, address or hash")


def cloud_bindings(subject: Subject) -> Iterator[Breach]:
    """§18.11: a hard binding is not kept elsewhere."""
    for label, value in subject.named(_CLOUD):
        if isinstance(value, dict) and str(value.get("label") or "").startswith(_HASH):
            yield Breach(at(label), "a hard binding that is kept elsewhere")


def time_stamps(subject: Subject) -> Iterator[Breach]:
    """§15.10.3.2.6: a time-stamp assertion holds tokens, each by the manifest that it is for."""
    for label, value in subject.named(_TIME_STAMP):
        tokens = isinstance(value, dict) and all(isinstance(each, bytes) for each in value.values())
        if not tokens or not value:
            yield Breach(at(label), "a time-stamp assertion without time-stamps")


def other_content(subject: Subject) -> Iterator[Breach]:
    """§15.10.3.2.7: another representation is a part of the file or in the manifest, not both."""
    for label, value in subject.named(_OTHER_CONTENT):
        parameters = value.get("parameters") if isinstance(value, dict) else None
        if not isinstance(parameters, dict):
            yield Breach(at(label), "another representation without its parameters")
        elif "multiAssetPartIndex" in parameters and any(
            str(name).startswith("embedded") for name in parameters
        ):
            yield Breach(at(label), "another representation that is in two places")
