"""The hard binding of a manifest: which one it is, and whether the file holds to it.

C2PA 2.4 §15.12. It is judged in `manifests.binding`; the engine's own hashing steps in for forms
that are not, and can be asked for instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from genlabel.formats.format import Buffer, Container, Survey
from genlabel.manifests.binding import judge
from genlabel.manifests.binding.outcome import FINAL, Outcome
from genlabel.manifests.engine import engine
from genlabel.manifests.store import ancestry, manifest_store
from genlabel.manifests.store.cbor import Ambiguous, Unreadable
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore
from genlabel.manifests.store.size import MAX_BOXES, most_boxes
from genlabel.manifests.validation import signed_claim
from genlabel.manifests.validation.status_codes import AMBIGUOUS, Status, Statuses, statuses
from genlabel.model.named_tuple import NamedTuple
from genlabel.model.report import Finding, Severity

CODES = (
    *("assertion.dataHash.", "assertion.boxesHash.", "assertion.bmffHash."),
    *("assertion.collectionHash.", "assertion.multiAssetHash."),
)
"""Beginnings of the codes about what a binding covers."""
_MISSING = "claim.hardBindings.missing"
_PREFIX = "c2pa.hash."
_PART = ".part"
"""In the labels of hashes of parts, which stand beside a binding (§18.9.2)."""


class Bound(NamedTuple):
    """What became of the binding."""

    statuses: Statuses = Statuses()
    holds: bool | None = None
    """Are the bytes that it covers those that were signed? None where there is no telling."""
    findings: tuple[Finding, ...] = ()
    uncovered: bool = False
    """Does it leave out what is shown?"""


def judged(
    store: ManifestStore,
    active: Manifest,
    container: Container,
    survey: Survey,
    *,
    data: Buffer,
    beside: bytes | None,
    by_engine: bool = False,
) -> Bound:
    """Does the file hold to the binding of the `active` manifest, or of the one that it updates?

    `data` is the whole file for the engine, `beside` the manifest store where it came apart from
    it. `by_engine` leaves the hashing to the engine, whatever the form.
    """
    manifest = ancestry.binding_manifest(store, active)
    address = ancestry.address(manifest or active)
    try:
        bindings = list(_bindings(store, manifest)) if manifest is not None else []
    except Unreadable as error:
        from genlabel.manifests.validation import claims

        return Bound(Statuses(failure=(claims.claim_unread(manifest or active, error),)), None)
    if any(judge.is_known(label) for label, _ in bindings):  # no reader asks what others are
        bindings = [(label, created) for label, created in bindings if judge.is_known(label)]
    if manifest is None or not bindings:
        return _failed(_MISSING, address, "no hash binds the manifest to its file", holds=None)
    if not any(created for _, created in bindings):  # C2PA 2.4 §10.3.2: its signer vouches for it
        what = "the only hash that binds the manifest to its file is a gathered one"
        return _failed(_MISSING, address, what, holds=None)
    labels = [label for label, _ in bindings]
    where = ancestry.address(manifest, (ancestry.ASSERTIONS, labels[0]))
    if len(labels) > 1:
        return _failed("assertion.multipleHardBindings", where, f"{len(labels)} hard bindings")
    try:
        outcome = _outcome(store, manifest, labels[0], container, survey, active, beside)
    except Ambiguous as error:
        return _failed(AMBIGUOUS, where, str(error))
    except Unreadable as error:
        outcome = Outcome.unjudged("assertion.cbor.invalid", str(error))
    note = None
    asked = judge.is_known(labels[0]) and outcome.code not in FINAL
    if by_engine or (outcome.holds is None and asked):
        told = _by_engine(outcome, data, container.media_type, beside)
        if by_engine or not told.holds:
            outcome = told
            note = None if by_engine else _note(where)
        elif outcome.code.startswith(CODES):  # what a match leaves out, the engine does not say
            what = "a hash of which nobody can weigh what it leaves out"
            outcome = Outcome.unjudged(_MISSING, what)
    return _bound(outcome, where, note)


def fits(stored: bytes, container: Container, survey: Survey, *, data: Buffer) -> bool:
    """Does the file hold to the binding of the manifest store `stored`, which came apart from it?

    Of the signature nothing is said. False of what cannot be read.
    """
    if most_boxes(stored) > MAX_BOXES:
        return False
    try:
        store = manifest_store.read(stored)
    except Unreadable:
        return False
    if store.active is None:
        return False
    store, active, _ = signed_claim.chosen(store, store.active)
    return bool(judged(store, active, container, survey, data=data, beside=stored).holds)


def _bindings(store: ManifestStore, manifest: Manifest) -> Iterator[tuple[str, bool]]:
    """The labels of the claim's hard bindings, and whether each is created. Raises `Unreadable`."""
    for label, _, created in store.claimed(manifest):
        beside = _PART in label or label.startswith(judge.MULTI_ASSET)
        if label.startswith(_PREFIX) and not beside:
            yield label, created


def _outcome(
    store: ManifestStore,
    manifest: Manifest,
    label: str,
    container: Container,
    survey: Survey,
    active: Manifest,
    beside: bytes | None,
) -> Outcome:
    fields = manifest.assertion(label)
    if not isinstance(fields, dict):
        raise Unreadable("a binding that is no map")
    algorithm = manifest.claim.get("alg")
    # as for the binding, its signer vouches for it, or there is none
    claimed = store.claimed(manifest)
    of_parts = [
        each.label for each in claimed if each.created and each.label.startswith(judge.MULTI_ASSET)
    ]
    if len(of_parts) > 1:
        return Outcome.failed("assertion.multiAssetHash.malformed", "more than one of them")
    return judge.judged(
        label,
        fields,
        container,
        survey,
        algorithm=algorithm if isinstance(algorithm, str) else None,
        external=beside is not None,
        updated=manifest is not active,
        parts=manifest.assertion(of_parts[0]) if of_parts else None,
        resolve=lambda uri: _part(store, manifest, uri),
    )


def _part(store: ManifestStore, manifest: Manifest, uri: str) -> tuple[str, dict[str, Any]] | None:
    """The hash of a part that a multi-asset hash refers to, if the claim has created it."""
    inside, path = store.place(uri, manifest)
    if inside is not manifest or len(path) != 2 or path[0] != ancestry.ASSERTIONS:
        return None
    named = [each.created for each in store.claimed(manifest) if each.label == path[1]]
    fields = manifest.assertion(path[1]) if named == [True] else None
    return (path[1], fields) if isinstance(fields, dict) else None


def _by_engine(outcome: Outcome, data: Buffer, mime: str, beside: bytes | None) -> Outcome:
    """The engine's word on the whole file, where it has one."""
    answer = engine.read(data, mime, store=beside)
    results: Mapping[str, Any] = (answer.document or {}).get("validation_results") or {}
    for kind, holds in (("failure", False), ("success", True)):
        for status in statuses(results.get("activeManifest"), kind):
            if status.code.startswith(CODES):
                return replace(outcome, code=status.code, holds=holds)
    return outcome


def _bound(outcome: Outcome, where: str, note: Finding | None) -> Bound:
    findings = [note] if note is not None and outcome.holds is not None else []
    status = Status(outcome.code, where, outcome.explanation)
    if not outcome.holds:
        return Bound(Statuses(failure=(status,)), outcome.holds, tuple(findings))
    if outcome.uncovered:
        findings.append(
            Finding(
                "genlabel.manifest.uncovered",
                severity=Severity.ERROR,
                explanation=f"{', '.join(outcome.uncovered)}: lies where the manifest's hash does "
                "not reach",
            )
        )
    if outcome.unbound:
        findings.append(
            Finding(
                "genlabel.manifest.exclusions",
                severity=Severity.WARNING,
                explanation=f"the manifest's hash leaves out {', '.join(outcome.unbound)}: that "
                "could be changed without breaking it",
            )
        )
    return Bound(Statuses(success=(status,)), True, tuple(findings), bool(outcome.uncovered))


def _note(where: str) -> Finding:
    return Finding(
        "genlabel.binding.engine",
        severity=Severity.NOTE,
        where=where,
        explanation="the hash is of a form that genlabel does not compute itself: the engine's "
        "word was taken for it",
    )


def _failed(code: str, where: str, why: str, *, holds: bool | None = False) -> Bound:
    return Bound(Statuses(failure=(Status(code, where, why),)), holds)
