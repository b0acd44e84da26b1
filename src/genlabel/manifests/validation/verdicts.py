"""The separate verdicts on a manifest, from status codes: integrity, form, lineage, signer, state.

The engine's codes are one witness. Binding, claims, ancestors, signers and identities are judged by
our own code; nothing is concluded from the engine's sentences or from its overall state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from genlabel.credentials.trust import Trust
from genlabel.manifests.engine import engine
from genlabel.manifests.store import ancestry
from genlabel.manifests.store.ancestry import Walk
from genlabel.manifests.store.manifest_store import Manifest
from genlabel.manifests.validation import (
    actions,
    contradictions,
    declarations,
    failures as failing,
    identity,
    metadata_assertions,
    recorded_steps,
    state,
    statement_view,
    training_mining,
)
from genlabel.manifests.validation.ancestors import Ancestors
from genlabel.manifests.validation.codes import Codes, about_active
from genlabel.manifests.validation.hard_binding import Bound
from genlabel.manifests.validation.illegible_identity import is_at
from genlabel.manifests.validation.ingredients import Descended, lineage_of
from genlabel.manifests.validation.metadata_assertions import MetadataAssertion
from genlabel.manifests.validation.reading import Reading
from genlabel.manifests.validation.signatories import Signatories
from genlabel.manifests.validation.signed_claim import Chosen
from genlabel.manifests.validation.state import vouches
from genlabel.manifests.validation.status_codes import (
    Status,
    Statuses,
    about_signer,
    statuses,
)
from genlabel.model.cached_property import cached_property
from genlabel.model.report import (
    Declaration,
    Finding,
    Form,
    Integrity,
    Lineage,
    NamedActor,
    SigningTime,
)
from genlabel.storage.beside import Beside


class Verdicts:
    """One reading of a store: each answer follows from status codes, the engine's and our own."""

    def __init__(self, chosen: Chosen, stored: bytes, binding: Beside[Bound], trust: Trust) -> None:
        self.store, self.active, self.further = chosen
        self.stored, self.binding, self.trust = stored, binding, trust
        self.answer = engine.Answer()
        self.read_metadata: dict[str, tuple[MetadataAssertion, ...]] = {}
        self.read_engine: dict[str, tuple[Status, ...]] = {}
        self.signatory = Signatories(self.store, trust)

    def look(self) -> None:
        """What does not ask for the engine's answer, and waits for no other thread."""
        _ = self.signatory(self.active), self.own
        self.ancestors.look()
        for each in self.store.manifests.values():
            self.metadata(each)
        if not self.binding.is_under_way:
            _ = self.bound  # while it is hashed, what the engine has answered is taken in

    @cached_property
    def own(self) -> failing.Own:
        """What our own code finds of the active manifest."""
        verified = self.signatory(self.active).verified
        return failing.own(self.store, self.active, redacted=self.walk.redacted, verified=verified)

    @cached_property
    def ancestors(self) -> Ancestors:
        """What our own code finds of those below."""
        return Ancestors(
            self.store,
            signer_of=self.signatory.signed_by,
            signer_codes=self.signatory.statuses,
            walk=self.walk,
        )

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The engine's report as far as statements are read from it, with metadata as read here."""
        viewed = statement_view.of(self.store, self.answer.document)
        return metadata_assertions.in_document(viewed, self.store, self.metadata)

    @property
    def refused(self) -> bool:
        """Does the engine not open the store?"""
        return self.answer.document is None

    def reading(self, answer: engine.Answer) -> Reading:
        """All of them, with the engine's `answer`; what asks for the file's bytes comes last."""
        self.answer = answer
        signatory, descended, declaration = self.signatory(self.active), self.descended, self.said
        strongest, metadata = self.strongest, self.metadata(self.active)
        failures = self.failures
        integrity, reason = failing.integrity(failures, self.bound)
        intact = integrity is Integrity.INTACT
        holds = intact and failing.CLAIM_UNFIT.isdisjoint(each.code for each in failures)
        vouched = holds and self.attested(strongest)
        whence = None if vouched else declarations.inherited_from(strongest, self.statements)
        identified = self.identities(intact=intact)
        actors, about_actors = identified
        producer = declaration.producer or identity.named_producer(actors)
        attested = _is_attested(producer, declaration, metadata, actors)
        first = actions.inception(self.statements)
        return Reading(
            integrity=integrity,
            reason=reason,
            form=self.form,
            lineage=descended.lineage,
            state=state.word(self, failures, signatory, descended.codes),
            signer=signatory.signed_by,
            identities=actors,
            manifest_id=self.active.label,
            verifies_until=signatory.verifies_until if intact else None,
            title=actions.string(self.told.get("title")),
            declared=declarations.declared(
                declaration,
                strongest,
                producer=producer,
                attested=vouched,
                inherited_from=whence,
                producer_attested=attested,
            ),
            inception=first.source_type if first else None,
            declaration=declaration,
            mining=training_mining.read(self.told),
            producer_is_gathered=metadata_assertions.is_gathered(metadata, "producer"),
            ingredients=descended.ingredients,
            steps=recorded_steps.of(self.document, lambda it: holds and self.attested(it)),
            findings=(
                *self._findings(),
                *about_actors,
                *declarations.oddities(strongest),
                *declarations.settled(self.acted, strongest, whence),
                *metadata_assertions.findings(metadata, attested=attested),
                *contradictions.found(self.told, self.statements, strongest),
                *signatory.findings,
            ),
            ancestry=descended.findings,
            document=self.answer.document or {},
            stated=self.document,
            codes=self._codes(identified),
            viewed=self.answer.crjson,
            store=self.store,
            instead=self.answer.instead,
        )

    @cached_property
    def told(self) -> Mapping[str, Any]:
        """The active manifest in the engine's report."""
        return actions.active(self.document)

    @cached_property
    def acted(self) -> actions.Acted:
        """Its actions."""
        return actions.actions(self.told)

    @cached_property
    def statements(self) -> tuple[actions.Statement, ...]:
        """The source types that it and its ancestors state."""
        return actions.statements(self.document)

    @cached_property
    def strongest(self) -> actions.Statement | None:
        """What the whole history comes to."""
        return actions.strongest(self.statements, self.attested)

    @cached_property
    def said(self) -> Declaration:
        """What the active manifest declares, whether it holds or not."""
        return declarations.of(self.told, self.acted, self.strongest, self.metadata(self.active))

    @cached_property
    def descended(self) -> Descended:
        """What became of those below."""
        return lineage_of(self.document, self.ancestors)

    @cached_property
    def form(self) -> Form:
        """Does the active manifest keep the rules of its form?"""
        return failing.form(self.failures, refused=self.refused)

    def _codes(self, identified: tuple[tuple[NamedActor, ...], tuple[Finding, ...]]) -> Codes:
        """All status codes as they stand in the end."""
        direct = (each.address for each in self.walk.links if each.parent is self.active)
        below = self.descended.codes
        statuses = about_active(
            self.active,
            signer=self.signatory(self.active).statuses,
            bound=self.bound,
            failures=self.failures,
            engine=Statuses(*map(self.engines, Statuses._fields)),
            is_below=self.below,
            below=below,
            identities=identified,
            direct=frozenset(direct),
        )
        return Codes(self.active.label, statuses, below)

    def _findings(self) -> Iterator[Finding]:
        """What failed, the signer apart, and what is odd about the binding."""
        told = {(each.code, each.where) for each in self.signatory(self.active).findings}
        for each in self.failures:
            if not about_signer(each.code) and (each.code, each.where) not in told:
                yield failing.finding(each)
        if self.form is Form.UNKNOWN and self.refused:
            yield failing.UNCHECKED
        yield from self.bound.findings

    @cached_property
    def bound(self) -> Bound:
        """What became of the binding, which is hashed beside all that does not need it."""
        return self.binding.result()

    @cached_property
    def walk(self) -> Walk:
        """The ingredients below the active manifest."""
        return ancestry.walk(self.store)

    def metadata(self, manifest: Manifest) -> tuple[MetadataAssertion, ...]:
        """The metadata assertions of a manifest of the store."""
        known = self.read_metadata.get(manifest.label)
        if known is None:
            known = metadata_assertions.of(manifest, self.store)
            self.read_metadata[manifest.label] = known
        return known

    @cached_property
    def failures(self) -> tuple[Status, ...]:
        """All that failed about the active manifest, each code once for a place."""
        failed = failing.listed(
            self.own,
            signer=self.signatory(self.active).statuses.failure,
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
        known = self.read_engine.get(kind)
        if known is None:
            results = self.document.get("validation_results") or {}
            told = statuses(results.get("activeManifest"), kind)
            known = tuple([each for each in told if not self._is_redacted(each)])
            self.read_engine[kind] = known
        return known

    def _is_redacted(self, status: Status) -> bool:
        """Does it miss CBOR in zeros? The engine (0.91) names the assertion by its label alone."""
        if status.code != "assertion.cbor.invalid" or status.where.startswith("self#jumbf="):
            return False
        path = (ancestry.ASSERTIONS, status.where)
        return any(path in paths for paths in self.walk.redacted.values())

    def below(self, status: Status) -> bool:
        """Is it about an ancestor? Those are judged apart."""
        if status.code.startswith("ingredient."):
            return True
        if len(self.store.manifests) == 1:
            return False
        manifest, _ = self.store.place(status.where, self.active)
        return manifest is not None and manifest is not self.active

    def identities(self, *, intact: bool) -> tuple[tuple[NamedActor, ...], tuple[Finding, ...]]:
        """Who attests the manifest beside its signer."""
        aggregated = None
        if self.active.compressed or identity.AGGREGATION.encode() in self.stored:
            aggregated = engine.read_store(self.stored, identities=True).document
        signed_by = self.signatory(self.active).signed_by
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

    def attested(self, stated: actions.Statement | None) -> bool:
        """Does somebody known vouch for a statement of the history?

        That is whoever signed the manifest that makes it; where that is an ancestor, everybody who
        says that something was made from it must be known as well, and the lineage hold.
        """
        if stated is None or not stated.created or stated.inherited_from:
            return False
        if stated.depth and self.descended.lineage is not Lineage.INTACT:
            return False
        stating = self.store.manifests.get(stated.manifest_id)
        if stating is None or not vouches(self.signatory(stating).signed_by):
            return False
        return stating is self.active or stating.label in self.vouched_ancestors

    @cached_property
    def vouched_ancestors(self) -> frozenset[str]:
        """The labels of the manifests from which known signers, one after the other, say that the
        picture was made."""
        below: dict[str, set[str]] = {}
        for link in self.walk.links:
            if link.manifest is None or not link.created:
                continue
            if vouches(self.signatory(link.parent).signed_by):
                below.setdefault(link.parent.label, set()).add(link.manifest.label)
        return ancestry.Descent(below).reach(self.active.label)


def _is_attested(
    producer: str | None,
    declaration: Declaration,
    metadata: tuple[MetadataAssertion, ...],
    identities: tuple[NamedActor, ...],
) -> bool:
    """Does an identity vouch for the producer, by the assertion that names him and in his role?"""
    named = declaration.producer
    naming = identity.naming(metadata, named) if named else None
    return identity.producer_attested(
        identities, producer, named_in=naming, role=declaration.producer_role
    )
