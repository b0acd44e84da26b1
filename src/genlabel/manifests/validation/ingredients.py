"""Do the ingredients hold? Every manifest below the active one, checked here, whatever is recorded.

C2PA 2.4 §15.11. The engine's overall state looks at the active manifest only, and of an ingredient
it keeps quiet about each failure that the record about it names as well. A record is its maker's
word: it can break the lineage, and never mend it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from genlabel.manifests.store import ancestry
from genlabel.manifests.store.ancestry import Link, Path
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore
from genlabel.manifests.validation import actions, codes, ingredient_findings
from genlabel.manifests.validation.ancestors import REVOKED, Ancestors, Met
from genlabel.manifests.validation.status_codes import (
    HASH_FAILS,
    HASH_HOLDS,
    Concern,
    Status,
    about_signer,
    is_change,
    statuses,
    witnessed,
)
from genlabel.model.dataclass import dataclass
from genlabel.model.escape import quoted
from genlabel.model.named_tuple import NamedTuple
from genlabel.model.report import (
    Finding,
    Ingredient,
    Integrity,
    Lineage,
    Severity,
    TrustLevel,
)

_UNCHECKED = ("claim.cbor.invalid", "assertion.ingredient.malformed")
"""Of our own findings, those after which something was not looked at."""
_DECLARING = ("cawg.metadata", "c2pa.metadata", "c2pa.ingredient", "c2pa.ai-disclosure", "stds.")
"""Beginnings of the labels of assertions that may say how a picture came to be; actions must not be
redacted."""


class Descended(NamedTuple):
    """What became of all ingredients."""

    lineage: Lineage
    ingredients: tuple[Ingredient, ...]
    findings: tuple[Finding, ...]
    codes: tuple[codes.Below, ...]
    """The final status codes about each."""


def lineage_of(document: Mapping[str, Any], ancestors: Ancestors) -> Descended:
    """The verdict on all ingredients, each of them, and what is to be said of them.

    `document` is the engine's report on the manifest store whose `ancestors` they are.
    """
    walk, lines = ancestors.walk, _Lines(document, ancestors)
    judged = [lines.judged(each) for each in ancestors.met]
    ingredients = tuple(each.ingredient for each in judged)
    findings = [finding for each in judged for finding in each.findings]
    verdicts = [each.integrity for each in ingredients]
    for status in _elsewhere(document, {link.address for link in walk.links}):
        verdicts.append(Integrity.BROKEN)
        findings.append(ingredient_findings.failure(status, Severity.ERROR, status.where))
    if walk.cut:
        verdicts.append(Integrity.UNKNOWN)
        findings.append(
            Finding(
                "genlabel.lineage.cut",
                severity=Severity.WARNING,
                explanation=f"there are more ingredients than are followed: {ancestry.MAX_DEPTH} "
                f"one below the other, {ancestry.MAX_LINKS:,} in all",
            )
        )
    findings.extend(lines.told_redactions())
    below = tuple(each.codes for each in judged)
    return Descended(_verdict(verdicts), ingredients, tuple(findings), below)


def _verdict(verdicts: list[Integrity]) -> Lineage:
    if not verdicts:
        return Lineage.NONE
    if Integrity.BROKEN in verdicts:
        return Lineage.BROKEN
    return Lineage.UNKNOWN if Integrity.UNKNOWN in verdicts else Lineage.INTACT


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    ingredient: Ingredient
    findings: tuple[Finding, ...]
    codes: codes.Below


class _Lines:
    """The ancestors of one store, and what the engine says of them."""

    def __init__(self, document: Mapping[str, Any], ancestors: Ancestors) -> None:
        self._manifests = actions.manifests(document)
        self._deltas = _deltas(document)
        self._ancestors = ancestors
        self._store, self._redacted = ancestors.store, ancestors.walk.redacted
        self._told: set[str] = set()

    def _engines(self, link: Link) -> Iterator[Status]:
        """What the engine finds, but for what is judged here: signatures, and hashes that hold.

        It (0.91) hashes manifests by SHA-256 whatever is named, of compressed ones the content
        alone, and of assertions what it writes itself instead of what is stored.
        """
        for each in self._deltas.get(link.address, ()):
            if link.manifest is None or not self._is_judged(each, link.manifest):
                yield witnessed(each)

    def _is_judged(self, status: Status, manifest: Manifest) -> bool:
        if status.code == "ingredient.manifest.mismatch" or about_signer(status.code):
            return True
        if status.code != HASH_FAILS:
            return False
        inside, path = self._store.place(status.where, manifest)
        if inside is None:
            return False
        where = ancestry.address(inside, path)
        found = self._ancestors.checked.get(inside.label, ())
        codes = {each.code for each in found if each.where == where}
        return HASH_HOLDS in codes and "claim.malformed" not in codes  # which is listed twice

    def judged(self, met: Met) -> _Judged:
        """One ingredient: what we find of its manifest, and what others did."""
        link, own, recorded = met
        others = (*recorded, *self._engines(link))
        told = (*own, *(self._by_place(each, link, own) for each in others))
        integrity = Integrity.INTACT if link.manifest is not None else Integrity.ABSENT
        findings = []
        changes = [each for each in told if is_change(each.code)]
        unread = [each for each in told if each.concern is Concern.UNREADABLE]
        unread += [each for each in own if each.code in _UNCHECKED]
        where = link.title or (link.manifest.label if link.manifest else None) or "ingredient"
        if changes:
            integrity = Integrity.BROKEN
            findings.append(ingredient_findings.failure(changes[0], Severity.ERROR, where))
        elif unread:
            integrity = Integrity.UNKNOWN
            findings.append(ingredient_findings.failure(unread[0], Severity.WARNING, where))
        form = [
            *self._ancestors.form(link),
            *(each for each in told if each.concern is Concern.FORM),
        ]
        if form and integrity not in (Integrity.BROKEN, Integrity.UNKNOWN):
            findings.append(ingredient_findings.form(form[0], where))
        ingredient = self._ingredient(link, integrity)
        revoked = next((each for each in recorded if each.code in REVOKED), None)
        if revoked is not None and ingredient.trust is not TrustLevel.UNKNOWN:
            ingredient = replace(ingredient, trust=TrustLevel.UNKNOWN, trust_list=None)
            findings.append(ingredient_findings.failure(revoked, Severity.NOTE, where))
        codes = self._codes(link, own)
        return _Judged(ingredient=ingredient, findings=tuple(findings), codes=codes)

    def _codes(self, link: Link, own: tuple[Status, ...]) -> codes.Below:
        """All codes of the first ingredient of a manifest, of further ones those of the way."""
        manifest = link.manifest
        if manifest is None or manifest.label in self._told:
            return codes.about_ingredient(link, failures=own)
        self._told.add(manifest.label)
        return codes.about_ingredient(
            link,
            failures=(*own, *self._ancestors.form(link)),
            signer=self._ancestors.signer_codes(manifest),
            checked=self._ancestors.checked.get(manifest.label, ()),
        )

    def _ingredient(self, link: Link, integrity: Integrity) -> Ingredient:
        label = link.manifest.label if link.manifest is not None else None
        said = self._manifests.get(label or "", {})
        stated = next((each.source_type for each in actions.stated_in(said)), None)
        signer = self._ancestors.signer(link.manifest)
        info = said.get("signature_info")
        issuer = actions.string(info.get("issuer")) if isinstance(info, dict) else None
        return Ingredient(
            title=link.title,
            relationship=link.relationship,
            manifest_id=label,
            integrity=integrity,
            source_type=stated,
            organisation=signer.organisation if signer is not None else issuer,
            trust=signer.trust if signer is not None else TrustLevel.UNKNOWN,
            trust_list=signer.trust_list if signer is not None else None,
            depth=link.depth,
        )

    def _by_place(self, status: Status, link: Link, own: tuple[Status, ...]) -> Status:
        """The engine (0.91) has one code for all that is missing; `own` is what we have found."""
        missing = [each for each in own if each.code == "hashedURI.missing"]
        if status.code != "assertion.missing" or link.manifest is None or not missing:
            return status
        path = self._store.place(status.where, link.manifest)[1]
        return status if path in _listed(self._store, link.manifest) else missing[0]

    def told_redactions(self) -> Iterator[Finding]:
        """What later manifests took away of each ancestor."""
        titles = {
            link.manifest.label: link.title for link in self._ancestors.walk.links if link.manifest
        }
        for label, paths in self._redacted.items():
            manifest = self._store.manifests[label]
            said = self._manifests.get(label, {})
            silent = not any(actions.stated_in(said))
            listed = _listed(self._store, manifest)
            for path in sorted(paths & listed):
                only = silent and path[-1].startswith(_DECLARING)
                yield Finding(
                    "genlabel.assertion.redacted",
                    severity=Severity.WARNING if only else Severity.NOTE,
                    where=titles.get(label) or label,
                    explanation=f"a later manifest took out {quoted(path[-1])}"
                    + (", and nothing else there says how it was made" if only else ""),
                )


def _listed(store: ManifestStore, manifest: Manifest) -> frozenset[Path]:
    """The ways to the assertions that the claim of `manifest` lists."""
    try:
        return frozenset((ancestry.ASSERTIONS, each.label) for each in store.claimed(manifest))
    except ValueError:
        return frozenset()


def _deltas(document: Mapping[str, Any]) -> Mapping[str, tuple[Status, ...]]:
    """What the engine finds today, by the address of the ingredient assertion."""
    results = document.get("validation_results")
    listed = results.get("ingredientDeltas") if isinstance(results, dict) else None
    found: dict[str, tuple[Status, ...]] = {}
    for each in listed or ():
        if isinstance(each, dict):
            address = str(each.get("ingredientAssertionURI", ""))
            failures = statuses(each.get("validationDeltas"), "failure")
            found[address] = (*found.get(address, ()), *failures)
    return found


def _elsewhere(document: Mapping[str, Any], walked: set[str]) -> Iterator[Status]:
    """The engine's failures about ingredients that were not met on the way down."""
    for address, failures in _deltas(document).items():
        if address not in walked:
            changes = (each for each in failures if is_change(each.code))
            yield from (Status(each.code, address, each.explanation) for each in changes)
