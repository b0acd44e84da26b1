"""C2PA's own word for a manifest: invalid, valid or trusted (2.4 §14.3), from the final codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from genlabel.manifests.binding.outcome import ELSEWHERE
from genlabel.manifests.store.ancestry import signature_address
from genlabel.manifests.validation import hard_binding
from genlabel.manifests.validation.codes import Below
from genlabel.manifests.validation.status_codes import VALIDATED, Status, is_change, statuses
from genlabel.model.report import SignedBy, TrustLevel, ValidationState, Validity

if TYPE_CHECKING:
    from genlabel.manifests.validation.signer import Signatory
    from genlabel.manifests.validation.verdicts import Verdicts

_UNTRUSTED = "signingCredential.untrusted"
_TOLERATED = ("cawg.x509.", "cawg.identity.")
"""Failures of identities touch no claim: it stays valid (c2pa-rs 0.91)."""


def word(
    verdicts: Verdicts,
    failures: tuple[Status, ...],
    signatory: Signatory,
    ingredients: Iterable[Below] = (),
) -> ValidationState:
    """From the codes about the active manifest and its `ingredients`."""
    results = verdicts.document.get("validation_results") or {}
    deltas = results.get("ingredientDeltas")
    below = [  # of an updated manifest the engine, which has no file, says that no hash matches
        each
        for each in verdicts.engines("failure")
        if verdicts.below(each) and not each.code.startswith(hard_binding.CODES)
    ]
    for each in deltas if isinstance(deltas, list) else ():
        if isinstance(each, dict):
            below += statuses(each.get("validationDeltas"), "failure")
    if any(each.code == _UNTRUSTED for each in below):
        known = {
            signature_address(each)
            for each in verdicts.store.manifests.values()
            if each is not verdicts.active and vouches(verdicts.signatory(each).signed_by)
        }
        below = [each for each in below if each.where not in known or each.code != _UNTRUSTED]
    codes = {each.code for each in signatory.statuses.success}
    valid = codes.issuperset({VALIDATED, "claimSignature.insideValidity"})
    changed = any(map(_changed, ingredients))
    if not valid or changed or verdicts.refused or verdicts.bound.uncovered:
        return ValidationState.INVALID
    if not failures and not below and "signingCredential.trusted" in codes:
        return ValidationState.TRUSTED
    if any(each.code == ELSEWHERE for each in failures):
        return ValidationState.UNKNOWN
    tolerated = all(
        each.code == _UNTRUSTED or each.code.startswith(_TOLERATED) for each in (*failures, *below)
    )
    return ValidationState.VALID if tolerated else ValidationState.INVALID


def _changed(ingredient: Below) -> bool:
    """Was it changed, and does no record say that it was when it was put in (§14.3.4)?"""
    return any(
        is_change(each.code) and (each.code, each.where) not in ingredient.recorded
        for each in ingredient.statuses.failure
    )


def vouches(signed_by: SignedBy | None) -> bool:
    """Is it somebody known, by a certificate that was valid when it counted?"""
    return (
        signed_by is not None
        and signed_by.trust is not TrustLevel.UNKNOWN
        and signed_by.validity is Validity.WITHIN
    )
