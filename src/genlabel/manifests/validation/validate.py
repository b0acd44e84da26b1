"""What a file's manifest says and whether it holds: from the engine's answers to separate verdicts.

Verdicts follow from status codes and from our own survey, never from the engine's overall state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from genlabel.credentials.trust import Trust
from genlabel.formats.format import Buffer
from genlabel.manifests import cawg_metadata
from genlabel.manifests.engine import engine
from genlabel.manifests.store import manifest_store, rvals
from genlabel.manifests.validation import actions, identity, signer as signatory
from genlabel.manifests.validation.ingredients import lineage_of
from genlabel.manifests.validation.status_codes import Concern, Status, gravest, statuses
from genlabel.model.report import (
    Declaration,
    Declared,
    Finding,
    Integrity,
    Lineage,
    NamedActor,
    Report,
    Severity,
    SignedBy,
    SigningTime,
    TrustLevel,
    ValidationState,
    Validity,
)
from genlabel.model.vocabulary import DigitalSourceType
from genlabel.model.words.codes import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Report):
    """The manifest's part of a report, and what else the manifest says; findings are about it."""

    state: ValidationState = ValidationState.NONE
    title: str | None = None
    inception: str | None = None
    """The source type of the history's first beginning."""
    declaration: Declaration = field(default_factory=Declaration)
    ancestry: tuple[Finding, ...] = ()
    """About its ingredients."""
    document: Mapping[str, Any] | None = None
    """The engine's own report, for those who want more."""

    def report(self, **answers: Any) -> Report:
        """The whole report, with the `answers` about the rest of the file."""
        own = {each.name: getattr(self, each.name) for each in fields(Report)}
        return Report(**{**own, **answers})


def read(
    data: Buffer, mime: str, trust: Trust, *, store: bytes | None, beside: bytes | None = None
) -> Reading:
    """What the manifest in `data` says, judged by `trust`; no network, whatever the file asks for.

    `data` is the whole file, `store` the manifest store that our survey found in it, `beside` one
    that came apart from it and is read instead.
    Raises `EngineError` only when the engine itself is missing.
    """
    answer = engine.read(data, mime, trust, store=beside)
    if answer.refusal is not None:
        return _refused(answer.refusal)
    if answer.document is None:
        return Reading(integrity=Integrity.ABSENT)
    document = answer.document
    stored = beside or store
    signer = signatory.of(document, data, mime, trust, store=stored, beside=beside)
    revocation_findings: tuple[Finding, ...] = ()
    if signer is not None and stored is not None:
        signer, revocation_findings = _unless_revoked(signer, document, trust, stored)
    return _interpreted(document, signer, trust, stored, revocation_findings)


def _identities(
    document: Mapping[str, Any],
    stored: bytes | None,
    trust: Trust,
    signer: SignedBy | None,
    *,
    intact: bool,
) -> _Identities:
    """The identities of the active manifest, from the store; none of one that cannot be read."""
    if stored is None or (identity.LABEL.encode() not in stored and b"brob" not in stored):
        return _Identities()
    try:
        store = manifest_store.read(stored)
    except ValueError:
        return _Identities()
    manifest = store.manifests.get(str(document.get("active_manifest")))
    if manifest is None:
        return _Identities()
    aggregated = None
    if identity.AGGREGATION.encode() in manifest.box.body:
        answer = engine.read(b"", "application/octet-stream", trust, store=stored, identities=True)
        aggregated = answer.document
    proven = signer is not None and signer.time is SigningTime.PROVEN
    actors, findings = identity.actors(
        manifest,
        store,
        trust,
        intact=intact,
        claim_signed=signer.signed_at if signer is not None and proven else None,
        aggregated=aggregated,
    )
    return _Identities(actors, findings, lambda name: identity.naming(manifest, store, name))


class _Identities(NamedTuple):
    """Who attests a manifest, and what is wrong with that."""

    actors: tuple[NamedActor, ...] = ()
    findings: tuple[Finding, ...] = ()
    naming: Callable[[str | None], frozenset[str]] = lambda _: frozenset()
    """The labels of the assertions that name a producer."""


def _unless_revoked(
    signer: SignedBy, document: Mapping[str, Any], trust: Trust, store: bytes
) -> tuple[SignedBy, tuple[Finding, ...]]:
    """The signer, judged by the answers about revocation in the signature where there are any."""
    revoked = signatory.revoked(document)
    if not revoked and not rvals.holds_any(store):
        return signer, ()
    from genlabel.manifests.validation import revocation

    return revocation.judged(signer, document, trust, store=store, revoked=revoked)


def _interpreted(
    document: Mapping[str, Any],
    signer: SignedBy | None,
    trust: Trust,
    stored: bytes | None,
    revocation_findings: tuple[Finding, ...],
) -> Reading:
    results = document.get("validation_results") or {}
    failures = statuses(results.get("activeManifest"), "failure")
    concern = gravest(failures)
    integrity = {None: Integrity.INTACT, Concern.UNREADABLE: Integrity.UNKNOWN}.get(
        concern, Integrity.BROKEN
    )
    lineage, ingredients, ingredient_findings = lineage_of(document)
    statements = actions.statements(document)
    strongest, first = actions.strongest(statements), actions.inception(statements)
    active = actions.active(document)
    holds = integrity is Integrity.INTACT and (
        strongest is None or strongest.depth == 0 or lineage is Lineage.INTACT
    )
    known = (
        signer is not None
        and signer.trust is not TrustLevel.UNKNOWN
        and signer.validity is not Validity.REVOKED
    )
    declaration = _declaration(active, strongest)
    intact = integrity is Integrity.INTACT
    identities = _identities(document, stored, trust, signer, intact=intact)
    producer = declaration.producer or identity.named_producer(identities.actors)
    return Reading(
        integrity=integrity,
        reason=_reason(concern, failures),
        lineage=lineage,
        state=_state(document, signer),
        signer=signer,
        identities=identities.actors,
        manifest_id=str(document.get("active_manifest")),
        title=actions.string(active.get("title")),
        declared=Declared(
            source_type=declaration.source_type,
            producer=producer,
            generator=strongest.agent if strongest else declaration.generator,
            origin=strongest.origin if strongest else None,
            attested=bool(strongest and strongest.created and known and holds),
            producer_attested=identity.producer_attested(
                identities.actors,
                producer,
                named_in=identities.naming(producer) if declaration.producer else None,
                role=declaration.producer_role,
            ),
        ),
        inception=first.source_type if first else None,
        declaration=declaration,
        ingredients=ingredients,
        findings=(
            *map(_finding, filter(_tells, failures)),
            *identities.findings,
            *_oddities(active, strongest),
            *revocation_findings,
        ),
        ancestry=ingredient_findings,
        document=document,
    )


def _reason(concern: Concern | None, failures: tuple[Status, ...]) -> str | None:
    if concern is not Concern.UNREADABLE:
        return None if concern is None else concern.value
    code = next(each.code for each in failures if each.concern is concern)
    return _UNREADABLE.get(code, "unreadable")


_UNREADABLE = {
    "algorithm.unsupported": "unsupported-algorithm",
    "manifest.inaccessible": "remote-only",
    "manifest.encrypted": "encrypted",
}


def _tells(status: Status) -> bool:
    """Credential codes are told once, with the signer's verdict, and identities' by ourselves."""
    if status.concern is Concern.IDENTITY:
        return False
    return status.concern is not Concern.CREDENTIAL or status.code == "signingCredential.invalid"


def _finding(status: Status) -> Finding:
    soft = status.concern is Concern.CREDENTIAL
    return Finding(
        status.code,
        severity=Severity.WARNING if soft else Severity.ERROR,
        where=status.where or None,
        explanation=sentence(status.code) or status.explanation or status.code,
    )


def _oddities(active: Mapping[str, Any], strongest: actions.Statement | None) -> Iterator[Finding]:
    """What the engine lets pass and a reader should know."""
    ingredients = active.get("ingredients") or ()
    parents = sum(
        isinstance(each, dict) and each.get("relationship") == "parentOf" for each in ingredients
    )
    if parents > 1:
        yield Finding(
            "manifest.multipleParents",
            severity=Severity.ERROR,
            explanation=f"the manifest names {parents} parents; a picture has one at most",
        )
    if strongest is None:
        return
    if DigitalSourceType.understand(strongest.source_type) is None:
        yield Finding(
            "genlabel.source-type.unknown",
            severity=Severity.ERROR,
            where=strongest.origin,
            explanation=f"{strongest.source_type!r} is in no vocabulary of source types",
        )
    if not strongest.created:
        yield Finding(
            "genlabel.claim.gathered",
            severity=Severity.WARNING,
            where=strongest.origin,
            explanation="the source type is only gathered: the signer passes it on and does not "
            "vouch for it",
        )


def _declaration(active: Mapping[str, Any], strongest: actions.Statement | None) -> Declaration:
    """What the active manifest says; its source type is that of the whole history."""
    fields: dict[str, Any] = {}
    for label, data, _ in actions.assertions(active):
        if label.startswith(("cawg.metadata", "c2pa.metadata")):
            fields |= cawg_metadata.read(data)
    for action, _ in actions.actions(active):
        if isinstance(action.get("when"), str):
            fields["created"] = action["when"]
        parameters = action.get("parameters")
        if isinstance(parameters, dict) and isinstance(parameters.get(actions.PROVIDER), str):
            fields["generator_provider"] = parameters[actions.PROVIDER]
    if strongest is not None:
        fields["source_type"] = strongest.source_type
        if strongest.depth == 0:
            agent = {
                "generator": strongest.agent,
                "generator_version": strongest.agent_version,
                "generator_provider": strongest.agent_provider,
            }
            fields |= {name: value for name, value in agent.items() if value}
    return Declaration(**fields)


_BEYOND = (
    ("must fetch remote manifests", "remote-only"),
    ("prerelease content", "prerelease"),
    ("unknown algorithm", "unsupported-algorithm"),
)


def elsewhere(address: str) -> Reading:
    """The answer about a manifest that is only at `address`, in formats where the engine does not
    look for it."""
    return _refused(f"must fetch remote manifests from url {address}")


def _refused(refusal: str) -> Reading:
    """The engine gives up on a manifest that is there: is it broken, or beyond what it knows?"""
    reason = next((reason for words, reason in _BEYOND if words in refusal), "unreadable")
    integrity = Integrity.BROKEN if reason == "unreadable" else Integrity.UNKNOWN
    return Reading(
        integrity=integrity,
        reason=reason,
        state=ValidationState.UNKNOWN
        if integrity is Integrity.UNKNOWN
        else ValidationState.INVALID,
        findings=(
            Finding(
                f"genlabel.manifest.{reason}",
                severity=Severity.ERROR if integrity is Integrity.BROKEN else Severity.WARNING,
                explanation=f"{sentence(f'genlabel.manifest.{reason}')} ({refusal})",
            ),
        ),
    )


def _state(document: Mapping[str, Any], signer: SignedBy | None) -> ValidationState:
    """The engine's word, unless it rests on an anchor of the wrong kind or misses a revocation."""
    try:
        state = ValidationState(str(document.get("validation_state", "")).lower())
    except ValueError:
        return ValidationState.UNKNOWN
    if signer is not None and signer.validity is Validity.REVOKED:
        return ValidationState.INVALID  # C2PA 2.4 §15.9: a failure status
    unknown = signer is None or signer.trust is TrustLevel.UNKNOWN
    return ValidationState.VALID if state is ValidationState.TRUSTED and unknown else state
