"""Do the ingredients hold? Every manifest below the active one, checked here, whatever is recorded.

C2PA 2.4 §15.11. The engine's overall state looks at the active manifest only, and of an ingredient
it keeps quiet about each failure that the record about it names as well. A record is its maker's
word: it can break the lineage, and never mend it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from genlabel.manifests.store import ancestry
from genlabel.manifests.store.ancestry import Link, Path, Recorded, Walk
from genlabel.manifests.store.cbor import Ambiguous
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore
from genlabel.manifests.validation import actions, codes, ingredient_findings
from genlabel.manifests.validation.form import rules
from genlabel.manifests.validation.status_codes import (
    AMBIGUOUS,
    VALIDATED,
    Concern,
    Status,
    Statuses,
    concern_of,
    is_change,
    statuses,
)
from genlabel.model.dataclass import dataclass
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

SignerOf = Callable[[Manifest], SignedBy | None]
"""Who signed a manifest, by certificate, under the caller's trust; None where none can be read."""

_CHECKED = "\0checked"  # no label of an assertion
_REVOKED = ("signingCredential.revoked", "signingCredential.ocsp.revoked")
_UNCHECKED = ("claim.cbor.invalid", "assertion.ingredient.malformed")
"""Of our own findings, those after which something was not looked at."""
_BOUND_BY_MANIFEST = ("assertion.undeclared", "hashedURI.missing")
"""Matters of form while the hash of the whole manifest holds; where redaction has changed it, a
part that came or went."""
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


def lineage_of(
    document: Mapping[str, Any],
    store: ManifestStore,
    *,
    signer_of: SignerOf,
    signer_codes: Callable[[Manifest], Statuses] = lambda _: Statuses(),
    walk: Walk | None = None,
) -> Descended:
    """The verdict on all ingredients, each of them, and what is to be said of them.

    `document` is the engine's report on the manifest store `store`, `walk` what was walked of that
    before. `signer_codes` are those about a manifest's claim signature, credential and time.
    """
    walk = walk or ancestry.walk(store)
    lines = _Lines(document, store, walk, signer_of, signer_codes)
    judged = [lines.judged(link) for link in walk.links]
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
    """The ancestors of one store, each manifest looked at once."""

    def __init__(
        self,
        document: Mapping[str, Any],
        store: ManifestStore,
        walk: Walk,
        signer_of: SignerOf,
        signer_codes: Callable[[Manifest], Statuses],
    ) -> None:
        self._manifests = actions.manifests(document)
        self._deltas = _deltas(document)
        self._store = store
        self._links = walk.links
        self._signer_of = signer_of
        self._signer_codes = signer_codes
        self._descent = ancestry.descent(walk.links)
        self._redacted = walk.redacted
        self._checked: dict[str, tuple[Status, ...]] = {}
        self._malformed: dict[str, tuple[Status, ...]] = {}
        self._told: set[str] = set()
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
            findings.append(ingredient_findings.failure(changes[0], Severity.ERROR, where))
        elif unread:
            integrity = Integrity.UNKNOWN
            findings.append(ingredient_findings.failure(unread[0], Severity.WARNING, where))
        form = [*self._form(link), *(each for each in told if each.concern is Concern.FORM)]
        if form and integrity not in (Integrity.BROKEN, Integrity.UNKNOWN):
            findings.append(ingredient_findings.form(form[0], where))
        ingredient = self._ingredient(link, integrity)
        revoked = next((each for each in recorded if each.code in _REVOKED), None)
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
            failures=(*own, *self._form(link)),
            signer=self._signer_codes(manifest),
            checked=self._checked.get(manifest.label, ()),
        )

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
            verified = any(each.code == VALIDATED for each in self._signer_codes(manifest).success)
            # of one that holds as it stands, nothing rests on what lies around it
            alone = verified and not redacted
            told = manifest.kept(_CHECKED) if alone else None
            if told is None:
                told = claims.checked(self._store, manifest, redacted=redacted, verified=verified)
                if alone and all(each.code in claims.SUCCESSES for each in told):
                    manifest.keep(_CHECKED, told)
            self._checked[manifest.label] = told
        told = self._checked[manifest.label]
        return tuple(each for each in told if each.code not in claims.SUCCESSES)

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
