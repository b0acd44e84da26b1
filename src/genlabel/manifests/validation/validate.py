"""What a file's manifest says and whether it holds: from status codes to separate verdicts.

The engine reads the manifest store alone, and its codes are one witness. Binding, claims,
ancestors, signers and identities are judged by our own code; nothing is concluded from the engine's
sentences or from its overall state.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from genlabel.credentials.trust import Trust
from genlabel.formats.format import Buffer, Container, Survey
from genlabel.manifests.engine import engine
from genlabel.manifests.store import manifest_store
from genlabel.manifests.store.ancestry import signature_address
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore
from genlabel.manifests.validation import (
    actions,
    contradictions,
    declarations,
    failures as failing,
    hard_binding,
    identity,
    metadata_assertions,
    signed_claim,
    statement_view,
)
from genlabel.manifests.validation.hard_binding import Bound
from genlabel.manifests.validation.illegible_identity import is_at, passed_over
from genlabel.manifests.validation.ingredients import lineage_of
from genlabel.manifests.validation.reading import Reading, beyond
from genlabel.manifests.validation.status_codes import (
    Status,
    about_signer,
    statuses,
)
from genlabel.model.report import (
    Declared,
    Finding,
    Form,
    Integrity,
    Lineage,
    NamedActor,
    SignedBy,
    SigningTime,
    TrustLevel,
    ValidationState,
    Validity,
)

if TYPE_CHECKING:
    from genlabel.manifests.validation.signer import Signatory


def read(
    data: Buffer,
    container: Container,
    survey: Survey,
    trust: Trust,
    *,
    beside: bytes | None = None,
    by_engine: bool = False,
) -> Reading:
    """What the manifest of `data` says, judged by `trust`; no network, whatever the file asks for.

    `data` is the whole file, `survey` what its `container` found in it, `beside` a manifest store
    that came apart from it and is read instead. The engine reads the store alone; with `by_engine`
    it hashes the file, too, in our place. Raises `EngineError` only when the engine itself is
    missing.
    """
    stored = beside or survey.manifest
    if stored is None:
        return Reading(integrity=Integrity.ABSENT, form=Form.NONE)
    answer = engine.read_store(stored)
    try:
        store = manifest_store.read(stored)
    except Unreadable as error:
        return beyond("unreadable", str(error))
    if store.active is None:
        return beyond("unreadable", "a manifest store without a manifest")
    if beside is None and survey.stores > 1:
        return beyond("several", f"{survey.stores:,} of them; C2PA 2.4 §15.5.2.1")
    if answer.document is None and any(map(_prerelease, store.manifests.values())):
        return beyond("prerelease", "its claims or hashes are those from before version 1.0")
    answer = passed_over(answer, stored, store)
    store, active, further = signed_claim.chosen(store, store.active)
    bound = hard_binding.judged(
        store, active, container, survey, data=data, beside=beside, by_engine=by_engine
    )
    return _Validation(store, active, stored, answer, bound, trust, further).reading()


class _Validation:
    """One reading of a store: each answer follows from status codes, the engine's and our own."""

    def __init__(
        self,
        store: ManifestStore,
        active: Manifest,
        stored: bytes,
        answer: engine.Answer,
        bound: Bound,
        trust: Trust,
        further: tuple[Status, ...] = (),
    ) -> None:
        self.store, self.active, self.stored, self.trust = store, active, stored, trust
        self.engines_document = answer.document or {}
        viewed = statement_view.of(store, answer.document)
        self.document = metadata_assertions.in_document(viewed, store)
        self.refused = answer.document is None
        self.further = further
        self.bound = bound
        self.signatories: dict[str, Signatory] = {}

    def reading(self) -> Reading:
        signatory = self.signatory(self.active)
        failures = self.failures(signatory)
        integrity, reason = failing.integrity(failures, self.bound)
        form = failing.form(failures, refused=self.refused)
        intact = integrity is Integrity.INTACT
        fits = not any(each.code in failing.CLAIM_UNFIT for each in failures)
        lineage, ingredients, ancestry = lineage_of(
            self.document, self.store, signer_of=lambda each: self.signatory(each).signed_by
        )
        statements = actions.statements(self.document)
        strongest = actions.strongest(statements, lambda each: self.attested(each, lineage))
        first = actions.inception(statements)
        active = actions.active(self.document)
        metadata = metadata_assertions.of(self.active, self.store)
        declaration = declarations.of(active, strongest, metadata)
        identities, identity_findings = self.identities(signatory, intact=intact)
        producer = declaration.producer or identity.named_producer(identities)
        attested = identity.producer_attested(
            identities,
            producer,
            named_in=identity.naming(metadata, declaration.producer)
            if declaration.producer
            else None,
            role=declaration.producer_role,
        )
        return Reading(
            integrity=integrity,
            reason=reason,
            form=form,
            lineage=lineage,
            state=self.state(failures, signatory),
            signer=signatory.signed_by,
            identities=identities,
            manifest_id=self.active.label,
            title=actions.string(active.get("title")),
            declared=Declared(
                source_type=declaration.source_type,
                producer=producer,
                generator=declarations.generator(strongest, declaration),
                origin=strongest.origin if strongest else None,
                attested=intact and fits and self.attested(strongest, lineage),
                producer_attested=attested,
            ),
            inception=first.source_type if first else None,
            declaration=declaration,
            ingredients=ingredients,
            findings=(
                *(failing.finding(each) for each in failures if not about_signer(each.code)),
                *((failing.UNCHECKED,) if form is Form.UNKNOWN and self.refused else ()),
                *self.bound.findings,
                *identity_findings,
                *declarations.oddities(strongest),
                *metadata_assertions.findings(metadata, attested=attested),
                *contradictions.found(active, statements),
                *signatory.findings,
            ),
            ancestry=ancestry,
            document=self.engines_document,
        )

    def signatory(self, manifest: Manifest) -> Signatory:
        """Who signed a manifest of the store."""
        known = self.signatories.get(manifest.label)
        if known is None:
            from genlabel.manifests.validation import signer

            known = signer.of(manifest, self.trust, store=self.store)
            self.signatories[manifest.label] = known
        return known

    def failures(self, signatory: Signatory) -> tuple[Status, ...]:
        """All that failed about the active manifest, each code once for a place."""
        failed = failing.listed(
            self.store,
            self.active,
            signer=signatory.statuses.failure,
            verified=any(each.code == _VALIDATED for each in signatory.statuses.success),
            bound=self.bound,
            engine=[
                each
                for each in self.engines("failure")
                if not self.below(each) and not is_at(each.where)
            ],
        )
        return (*failed, *self.further)

    def engines(self, kind: str) -> tuple[Status, ...]:
        """What the engine says of the active manifest, and with it of some below."""
        results = self.document.get("validation_results") or {}
        return statuses(results.get("activeManifest"), kind)

    def below(self, status: Status) -> bool:
        """Is it about an ancestor? Those are judged apart."""
        manifest, _ = self.store.place(status.where, self.active)
        return status.code.startswith("ingredient.") or manifest not in (None, self.active)

    def identities(
        self, signatory: Signatory, *, intact: bool
    ) -> tuple[tuple[NamedActor, ...], tuple[Finding, ...]]:
        """Who attests the manifest beside its signer."""
        aggregated = None
        if self.active.compressed or identity.AGGREGATION.encode() in self.stored:
            aggregated = engine.read_store(self.stored, identities=True).document
        signed_by = signatory.signed_by
        proven = signed_by is not None and signed_by.time is SigningTime.PROVEN
        return identity.actors(
            self.active,
            self.store,
            self.trust,
            intact=intact,
            claim_signed=signed_by.signed_at if signed_by is not None and proven else None,
            stamp_judge=self.stamped,
            aggregated=aggregated,
        )

    def stamped(self, token: bytes, message: bytes) -> datetime | None:
        """The moment that a time-stamp over `message` proves; None where nobody vouches for it."""
        from genlabel.credentials.timestamps import verify

        stamp = verify.judged(token, message, self.trust)
        return stamp.latest if stamp.anchors is not None else None

    def attested(self, strongest: actions.Statement | None, lineage: Lineage) -> bool:
        """Does somebody known vouch for the strongest statement?

        That is whoever signed the manifest that makes it; where that is an ancestor, whoever says
        that this picture was made from it must be known as well, and the lineage hold.
        """
        if strongest is None or not strongest.created:
            return False
        if strongest.depth and lineage is not Lineage.INTACT:
            return False
        stating = self.store.manifests.get(strongest.manifest_id)
        return stating is not None and all(
            _vouches(self.signatory(each).signed_by) for each in (stating, self.active)
        )

    def state(self, failures: tuple[Status, ...], signatory: Signatory) -> ValidationState:
        """C2PA's word (2.4 §14.3), from the codes about the active manifest and its ingredients."""
        results = self.document.get("validation_results") or {}
        deltas = results.get("ingredientDeltas")
        known = {
            signature_address(each)
            for each in self.store.manifests.values()
            if each is not self.active and _vouches(self.signatory(each).signed_by)
        }
        below = [  # of an updated manifest the engine, which has no file, says that no hash matches
            each
            for each in self.engines("failure")
            if self.below(each) and not each.code.startswith(hard_binding.CODES)
        ]
        for each in deltas if isinstance(deltas, list) else ():
            if isinstance(each, dict):
                below += statuses(each.get("validationDeltas"), "failure")
        below = [each for each in below if each.where not in known or each.code != _UNTRUSTED]
        codes = {each.code for each in signatory.statuses.success}
        valid = codes.issuperset({_VALIDATED, "claimSignature.insideValidity"})
        if not valid or self.refused or self.bound.uncovered:
            return ValidationState.INVALID
        if not failures and not below and "signingCredential.trusted" in codes:
            return ValidationState.TRUSTED
        tolerated = all(
            each.code == _UNTRUSTED or each.code.startswith(_TOLERATED)
            for each in (*failures, *below)
        )
        return ValidationState.VALID if tolerated else ValidationState.INVALID


_VALIDATED = "claimSignature.validated"
_UNTRUSTED = "signingCredential.untrusted"
_TOLERATED = ("cawg.x509.", "cawg.identity.")
"""Failures of identities touch no claim: it stays valid (c2pa-rs 0.91)."""


def _vouches(signed_by: SignedBy | None) -> bool:
    return (
        signed_by is not None
        and signed_by.trust is not TrustLevel.UNKNOWN
        and signed_by.validity is Validity.WITHIN
    )


def _prerelease(manifest: Manifest) -> bool:
    """Claims were JSON, or hashes over an assertion's content instead of its box."""
    try:
        if manifest.claim_box.contents[0][0] == b"json":
            return True
        hashes = {reference.get("hash") for reference, _ in manifest.references}
        contents = (each.contents[-1][1] for each in manifest.assertions.values() if each.contents)
        return any(hashlib.sha256(each).digest() in hashes for each in contents)
    except (Unreadable, IndexError, TypeError):
        return False
