"""What a file's manifest says and whether it holds: from the engine's answers to separate verdicts.

Verdicts follow from status codes and from our own survey, never from the engine's overall state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from genlabel.credentials.trust import Trust
from genlabel.formats.format import Buffer
from genlabel.manifests import cawg_metadata
from genlabel.manifests.engine import engine
from genlabel.manifests.store import manifest_store
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.validation import actions, identity
from genlabel.manifests.validation.ingredients import lineage_of
from genlabel.manifests.validation.status_codes import (
    Concern,
    Status,
    about_signer,
    belies,
    gravest,
    statuses,
)
from genlabel.model.report import (
    Declaration,
    Declared,
    Finding,
    Integrity,
    Lineage,
    Report,
    Severity,
    TrustLevel,
    ValidationState,
    Validity,
)
from genlabel.model.vocabulary import DigitalSourceType
from genlabel.model.words.codes import sentence

if TYPE_CHECKING:
    from genlabel.manifests.validation.signer import Signatory


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
    return _interpreted(answer.document, _signatory(answer.document, beside or store, trust), trust)


def _signatory(document: Mapping[str, Any], store: bytes | None, trust: Trust) -> Signatory:
    """Who signed the active manifest of `store`, which is the one that the engine read."""
    from genlabel.manifests.validation import signer

    if store is None:
        return signer.Signatory()  # where no format has one: that is told as misplaced
    try:
        manifests = manifest_store.read(store)
    except Unreadable as error:
        return signer.unsigned("claimSignature.missing", str(error))
    active = manifests.manifests.get(str(document.get("active_manifest")))
    if active is None:
        return signer.unsigned("claimSignature.missing", "the active manifest is not found")
    return signer.of(active, trust, store=manifests)


def _interpreted(document: Mapping[str, Any], signatory: Signatory, trust: Trust) -> Reading:
    results = document.get("validation_results") or {}
    signer, own = signatory.signed_by, signatory.statuses.failure
    others = tuple(
        each
        for each in statuses(results.get("activeManifest"), "failure")
        if not about_signer(each.code) and each.code not in {status.code for status in own}
    )
    failures = (*others, *own)
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
        and signer.validity is Validity.WITHIN
    )
    declaration = _declaration(active, strongest)
    actors = identity.actors(document, trust, intact=integrity is Integrity.INTACT)
    producer = declaration.producer or identity.named_producer(actors)
    return Reading(
        integrity=integrity,
        reason=_reason(concern, failures),
        lineage=lineage,
        state=_state(failures, signatory.statuses.success, results.get("ingredientDeltas")),
        signer=signer,
        identities=actors,
        manifest_id=str(document.get("active_manifest")),
        title=actions.string(active.get("title")),
        declared=Declared(
            source_type=declaration.source_type,
            producer=producer,
            generator=strongest.agent if strongest else declaration.generator,
            origin=strongest.origin if strongest else None,
            attested=bool(strongest and strongest.created and known and holds),
            producer_attested=identity.producer_attested(actors, producer),
        ),
        inception=first.source_type if first else None,
        declaration=declaration,
        ingredients=ingredients,
        findings=(
            *map(_finding, others),
            *_oddities(active, strongest),
            *signatory.findings,
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


def _finding(status: Status) -> Finding:
    soft = status.concern is Concern.IDENTITY and not belies(status.code)
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


def _state(
    failures: tuple[Status, ...], successes: tuple[Status, ...], deltas: object
) -> ValidationState:
    """C2PA's word (2.4 §14.3), from the codes about the active manifest and its ingredients."""
    below = tuple(
        status
        for each in (deltas if isinstance(deltas, list) else ())
        if isinstance(each, dict)
        for status in statuses(each.get("validationDeltas"), "failure")
    )
    codes = {each.code for each in successes}
    if not codes.issuperset({"claimSignature.validated", "claimSignature.insideValidity"}):
        return ValidationState.INVALID
    if not failures and not below and "signingCredential.trusted" in codes:
        return ValidationState.TRUSTED
    tolerated = all(
        each.code == "signingCredential.untrusted" or each.code.startswith(_TOLERATED)
        for each in (*failures, *below)
    )
    return ValidationState.VALID if tolerated else ValidationState.INVALID


_TOLERATED = ("cawg.x509.", "cawg.identity.")
"""Failures of identities touch no claim: it stays valid (c2pa-rs 0.91)."""
