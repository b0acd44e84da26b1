"""Do the ingredients hold? Every manifest below the active one, checked here, whatever is recorded.

C2PA 2.4 §15.11. The engine's overall state looks at the active manifest only, and of an ingredient
it keeps quiet about each failure that the record about it names as well. A record is its maker's
word: it can break the lineage, and never mend it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from genlabel.manifests.store import ancestry
from genlabel.manifests.store.ancestry import Link, Path, Recorded, Walk
from genlabel.manifests.store.cbor import Ambiguous
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore
from genlabel.manifests.validation import actions
from genlabel.manifests.validation.form import rules
from genlabel.manifests.validation.status_codes import (
    AMBIGUOUS,
    Concern,
    Status,
    concern_of,
    is_change,
    statuses,
)
from genlabel.model.escape import quoted
from genlabel.model.report import (
    Finding,
    Ingredient,
    Integrity,
    Lineage,
    Severity,
    SignedBy,
    TrustLevel,
)
from genlabel.model.words.codes import sentence

SignerOf = Callable[[Manifest], SignedBy | None]
"""Who signed a manifest, by certificate, under the caller's trust; None where none can be read."""

_REVOKED = ("signingCredential.revoked", "signingCredential.ocsp.revoked")
_UNCHECKED = ("claim.cbor.invalid", "assertion.ingredient.malformed")
"""Of our own findings, those after which something was not looked at."""
_BOUND_BY_MANIFEST = ("assertion.undeclared", "hashedURI.missing")
"""Matters of form while the hash of the whole manifest holds; where redaction has changed it, a
part that came or went."""
_DECLARING = ("cawg.metadata", "c2pa.metadata", "c2pa.ingredient", "c2pa.ai-disclosure", "stds.")
"""Beginnings of the labels of assertions that may say how a picture came to be; actions must not be
redacted."""


def lineage_of(
    document: Mapping[str, Any],
    store: ManifestStore,
    *,
    signer_of: SignerOf,
    verified: Callable[[Manifest], bool] = lambda _: False,
    walk: Walk | None = None,
) -> tuple[Lineage, tuple[Ingredient, ...], tuple[Finding, ...]]:
    """The verdict on all ingredients, each of them, and what is to be said of them.

    `document` is the engine's report on the manifest store `store`, `walk` what was walked of that
    before. `verified` says of which manifests the claim signature is known to hold.
    """
    walk = walk or ancestry.walk(store)
    lines = _Lines(document, store, walk, signer_of, verified)
    judged = [lines.judged(link) for link in walk.links]
    ingredients = tuple(each.ingredient for each in judged)
    findings = [finding for each in judged for finding in each.findings]
    verdicts = [each.integrity for each in ingredients]
    for status in _elsewhere(document, {link.address for link in walk.links}):
        verdicts.append(Integrity.BROKEN)
        findings.append(_failure(status, Severity.ERROR, status.where))
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
    return _verdict(verdicts), ingredients, tuple(findings)


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


class _Lines:
    """The ancestors of one store, each manifest looked at once."""

    def __init__(
        self,
        document: Mapping[str, Any],
        store: ManifestStore,
        walk: Walk,
        signer_of: SignerOf,
        verified: Callable[[Manifest], bool],
    ) -> None:
        self._manifests = actions.manifests(document)
        self._deltas = _deltas(document)
        self._store = store
        self._links = walk.links
        self._signer_of = signer_of
        self._verified = verified
        self._descent = ancestry.descent(walk.links)
        self._redacted = walk.redacted
        self._checked: dict[str, tuple[Status, ...]] = {}
        self._malformed: dict[str, tuple[Status, ...]] = {}
        self._signers: dict[str, SignedBy | None] = {}

    def judged(self, link: Link) -> _Judged:
        """One ingredient: what we find of its manifest, and what others did."""
        own = tuple(self._own(link))
        recorded = tuple(self._recorded(link))
        others = (*recorded, *self._deltas.get(link.address, ()))
        told = (*own, *(self._by_place(each, link, own) for each in others))
        integrity = Integrity.INTACT if link.manifest is not None else Integrity.ABSENT
        findings = []
        changes = [each for each in told if is_change(each.code)]
        unread = [each for each in told if each.concern is Concern.UNREADABLE]
        unread += [each for each in own if each.code in _UNCHECKED]
        where = link.title or (link.manifest.label if link.manifest else None) or "ingredient"
        if changes:
            integrity = Integrity.BROKEN
            findings.append(_failure(changes[0], Severity.ERROR, where))
        elif unread:
            integrity = Integrity.UNKNOWN
            findings.append(_failure(unread[0], Severity.WARNING, where))
        form = [*self._form(link), *(each for each in told if each.concern is Concern.FORM)]
        if form and integrity not in (Integrity.BROKEN, Integrity.UNKNOWN):
            findings.append(_form(form[0], where))
        ingredient = self._ingredient(link, integrity)
        revoked = next((each for each in recorded if each.code in _REVOKED), None)
        if revoked is not None and ingredient.trust is not TrustLevel.UNKNOWN:
            ingredient = replace(ingredient, trust=TrustLevel.UNKNOWN, trust_list=None)
            findings.append(_failure(revoked, Severity.NOTE, where))
        return _Judged(ingredient=ingredient, findings=tuple(findings))

    def _ingredient(self, link: Link, integrity: Integrity) -> Ingredient:
        label = link.manifest.label if link.manifest is not None else None
        said = self._manifests.get(label or "", {})
        stated = next((each.source_type for each in actions.stated_in(said)), None)
        signer = self._signer(link.manifest)
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

    def _signer(self, manifest: Manifest | None) -> SignedBy | None:
        if manifest is None:
            return None
        if manifest.label not in self._signers:
            self._signers[manifest.label] = self._signer_of(manifest)
        return self._signers[manifest.label]

    def _own(self, link: Link) -> Iterator[Status]:
        """What our own code finds of an ingredient: of its manifest, and of the way to it."""
        if link.trouble is not None:
            twice = isinstance(link.trouble, Ambiguous)
            code = AMBIGUOUS if twice else "assertion.ingredient.malformed"
            yield Status(code, link.address, str(link.trouble))
            return
        if link.manifest is None:
            if link.manifest_reference is not None:
                yield Status("ingredient.manifest.missing", link.address, "")
            return
        from genlabel.manifests.validation import ingredient_hash

        redacted = self._redacted.get(link.manifest.label, frozenset())
        way = ingredient_hash.checked(self._store, link, redacted=bool(redacted))
        for status in self._found(link.manifest, redacted):
            if status.code in _BOUND_BY_MANIFEST and not way.whole:
                yield Status("ingredient.manifest.mismatch", link.address, status.explanation)
            yield status
        if way.status is not None:
            yield way.status

    def _found(self, manifest: Manifest, redacted: frozenset[Path]) -> tuple[Status, ...]:
        from genlabel.manifests.validation import claims

        if manifest.label not in self._checked:
            told = claims.checked(
                self._store, manifest, redacted=redacted, verified=self._verified(manifest)
            )
            self._checked[manifest.label] = tuple(
                each for each in told if each.code not in claims.SUCCESSES
            )
        return self._checked[manifest.label]

    def _form(self, link: Link) -> tuple[Status, ...]:
        """The rules of form that its manifest breaks."""
        if link.manifest is None:
            return ()
        label = link.manifest.label
        if label not in self._malformed:
            redacted = self._redacted.get(label, frozenset())
            self._malformed[label] = rules.checked(self._store, link.manifest, redacted=redacted)
        return self._malformed[label]

    def _recorded(self, link: Link) -> Iterator[Status]:
        """The failures in the record about an ingredient, in whatever list they stand.

        What is recorded there of another ingredient counts for nothing.
        """
        for each in link.recorded():
            about = (each.where, each.assertion)
            if _touches(each) and all(self._concerns(link, uri) for uri in about):
                yield Status(each.code, each.where, "recorded when the ingredient was added")

    def _by_place(self, status: Status, link: Link, own: tuple[Status, ...]) -> Status:
        """The engine (0.91) has one code for all that is missing; `own` is what we have found."""
        missing = [each for each in own if each.code == "hashedURI.missing"]
        if status.code != "assertion.missing" or link.manifest is None or not missing:
            return status
        path = self._store.place(status.where, link.manifest)[1]
        return status if path in _listed(self._store, link.manifest) else missing[0]

    def _concerns(self, link: Link, uri: str) -> bool:
        """Is `uri` about this ingredient, or one of its own? True for what names no manifest."""
        label = ancestry.manifest_in(uri)
        if label is None or uri == link.address:
            return True
        if link.manifest is None:  # it was not kept, and cannot be one that was
            return label not in self._store.manifests
        own = link.manifest.label
        return ancestry.same(label, own) or label in self._descent.reach(own)

    def told_redactions(self) -> Iterator[Finding]:
        """What later manifests took away of each ancestor."""
        titles = {link.manifest.label: link.title for link in self._links if link.manifest}
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
        references = manifest.references
    except ValueError:
        return frozenset()
    places = (store.place(each.get("url"), manifest) for each, _ in references)
    return frozenset(path for inside, path in places if inside is manifest)


def _touches(recorded: Recorded) -> bool:
    """Is this a failure that touches an ancestor, its signer or its form?"""
    if is_change(recorded.code) or recorded.code in _REVOKED:
        return True
    concern = concern_of(recorded.code)
    return recorded.failed and concern in (Concern.UNREADABLE, Concern.FORM)


def _failure(status: Status, severity: Severity, where: str) -> Finding:
    words = {
        Severity.ERROR: "made from a picture whose own credential does not hold",
        Severity.WARNING: "made from a picture whose own credential cannot be checked here",
        Severity.NOTE: "made from a picture whose signer was not known to be in order",
    }
    return Finding(
        status.code,
        severity=severity,
        where=where,
        explanation=f"{words[severity]}: {sentence(status.code) or status.explanation}",
    )


def _form(status: Status, where: str) -> Finding:
    said = sentence(status.code) or status.explanation or status.code
    return Finding(
        status.code,
        severity=Severity.WARNING,
        where=where,
        explanation=f"made from a picture whose own credential breaks rules of form: {said}",
    )


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
