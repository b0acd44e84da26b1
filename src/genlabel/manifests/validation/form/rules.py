"""Every rule of form with its code and section, and a manifest held against all of them."""

from __future__ import annotations

from collections.abc import Collection

from genlabel.manifests.store.ancestry import Path, address
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore
from genlabel.manifests.validation.form import action_rules, assertion_rules
from genlabel.manifests.validation.form.claim_map import claim_map
from genlabel.manifests.validation.form.subject import Rule, Subject, subject_of
from genlabel.manifests.validation.status_codes import Status

RULES = (
    Rule("claim.malformed", "15.6", claim_map),
    Rule("assertion.json.invalid", "15.10.3.2", assertion_rules.json),
    Rule("assertion.action.malformed", "18.15", action_rules.shaped),
    Rule("assertion.action.malformed", "18.15.2", action_rules.beginning),
    Rule("assertion.action.malformed", "18.15", action_rules.related),
    Rule("assertion.action.malformed", "18.15.4.7", action_rules.languages),
    Rule("assertion.action.ingredientMismatch", "15.10.3.2.3", action_rules.ingredients),
    Rule("assertion.action.softBindingMissing", "15.10.3.2.3", action_rules.soft_binding),
    Rule("assertion.action.redactionMismatch", "15.10.3.2.3", action_rules.redactions),
    Rule("manifest.multipleParents", "15.10.1.2", assertion_rules.parents, "c2pa.ingredient"),
    Rule("assertion.ingredient.malformed", "15.11", assertion_rules.ingredients, "c2pa.ingredient"),
    Rule("assertion.ingredient.malformed", "15.11.3", assertion_rules.results, "c2pa.ingredient"),
    Rule(
        "assertion.ingredient.malformed",
        "18.16.12",
        assertion_rules.without_manifest,
        "c2pa.ingredient",
    ),
    Rule(
        "assertion.external-reference.malformed",
        "18.24",
        assertion_rules.external_references,
        "c2pa.external-reference",
    ),
    Rule(
        "assertion.external-reference.created",
        "18.24",
        assertion_rules.created_references,
        "c2pa.external-reference",
    ),
    Rule("assertion.cloud-data.malformed", "18.11", assertion_rules.cloud_data, "c2pa.cloud-data"),
    Rule(
        "assertion.cloud-data.hardBinding",
        "18.11",
        assertion_rules.cloud_bindings,
        "c2pa.cloud-data",
    ),
    Rule(
        "assertion.timestamp.malformed",
        "15.10.3.2.6",
        assertion_rules.time_stamps,
        "c2pa.time-stamp",
    ),
    Rule(
        "assertion.alternativeContentRepresentation.malformed",
        "15.10.3.2.7",
        assertion_rules.other_content,
        "c2pa.alternative-content-representation",
    ),
)
"""The first breach of each rule in a place is told."""

_ELSEWHERE = {
    "claim.missing": "15.6",
    "claim.multiple": "15.6",
    "claim.cbor.invalid": "15.6",
    "claimSignature.missing": "15.7",
    "claim.hardBindings.missing": "15.10.1",
    "assertion.multipleHardBindings": "15.10.1",
    "assertion.undeclared": "15.10.1",
    "assertion.missing": "15.10.3.1",
    "assertion.outsideManifest": "15.10.3.1",
    "assertion.notRedacted": "15.10.3.1",
    "assertion.selfRedacted": "15.10.3.1",
    "assertion.cbor.invalid": "15.10.3.2",
    "hashedURI.missing": "15.10.3.3",
    "algorithm.unsupported": "15.4",
    "assertion.dataHash.malformed": "15.12.1.1",
    "assertion.bmffHash.malformed": "15.12.2",
    "assertion.boxesHash.malformed": "15.12.3",
    "assertion.collectionHash.malformed": "15.12.4",
    "assertion.multiAssetHash.malformed": "15.12.5",
    "manifest.update.invalid": "15.10.1.3",
    "manifest.update.wrongParents": "15.10.1.3",
}
"""The codes that other modules and the engine tell, and their sections."""
_SECTIONS = _ELSEWHERE | {rule.code: rule.section for rule in reversed(RULES)}


def checked(
    store: ManifestStore, manifest: Manifest, *, redacted: Collection[Path] = ()
) -> tuple[Status, ...]:
    """The rules that `manifest` breaks, each with its section; `redacted` are parts that are gone.

    Nothing is told of what cannot be read: `claims.checked` says that.
    """
    subject = Subject(store, manifest, redacted) if redacted else subject_of(store, manifest)
    broken: dict[tuple[str, Path], Status] = {}
    for rule in RULES:
        if rule.of is not None and rule.of not in subject.families:
            continue
        for breach in rule.check(subject):
            where = address(manifest, breach.path)
            why = with_section(breach.why, rule.section)
            broken.setdefault((rule.code, breach.path), Status(rule.code, where, why))
    return tuple(broken.values())


def section(code: str) -> str | None:
    """The section of C2PA 2.4 in which the rule of a code stands; None for one that is not ours."""
    return _SECTIONS.get(code)


def with_section(why: str, number: str) -> str:
    """A clause and where the rule that it tells of stands."""
    return f"{why} (C2PA 2.4 §{number})"


def says_section(why: str) -> bool:
    """Has `with_section` made it?"""
    return why.endswith(")") and " (C2PA 2.4 §" in why
