"""What is recorded of an ingredient that was judged here (C2PA 2.4 §15.11.3, §18.16).

Only of one that holds in every way; whatever is odd about another, the engine records what it finds
itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from genlabel.credentials.trust import AnchorKind, Trust
from genlabel.manifests.validation.codes import Codes, listed, unrecorded
from genlabel.manifests.validation.reading import Reading
from genlabel.manifests.validation.status_codes import VALIDATED, Status, Statuses
from genlabel.model.report import Form, Integrity, Lineage, SigningTime

OWN_CHAIN = "the signer's own chain"
"""The name of anchors by which whoever signs recognises his own, and which vouch for nobody."""
_SPECIFICATION = "2.4.0"
_TRUSTED, _UNTRUSTED = "signingCredential.trusted", "signingCredential.untrusted"
_USUAL = frozenset(
    (
        *(VALIDATED, "claimSignature.insideValidity", _TRUSTED, "signingCredential.ocsp.skipped"),
        *("assertion.hashedURI.match", "assertion.dataHash.match", "assertion.bmffHash.match"),
        *("assertion.boxesHash.match", "ingredient.manifest.validated"),
    )
)
"""All that is said of what holds, without a time-stamp, an answer about revocation or an identity
of which there would be more to tell."""


def of(reading: Reading, trust: Trust) -> dict[str, Any] | None:
    """Which manifest is the ingredient's, and its validation results by `trust`, as the engine
    takes them; None where they are the engine's to find.

    The `reading` was judged by `trust` and by `OWN_CHAIN` behind it.
    """
    codes, signer = reading.codes, reading.signer
    if codes is None or signer is None or not _holds(reading, codes):
        return None
    addresses = {each.name: each.uri for each in trust.of_kind(AnchorKind.SIGNER)}
    if OWN_CHAIN in addresses:  # a file of that name
        return None
    lists = {each.manifest_id: each.trust_list for each in reading.ingredients}
    known = frozenset().union(*(each.recorded for each in codes.below))
    deltas = []
    for below in codes.below:
        told = _by(below.statuses, addresses.get(lists.get(below.manifest) or ""))
        new = Statuses(*(tuple(unrecorded(kind, known)) for kind in told))
        if any(new):
            deltas.append(
                {"ingredientAssertionURI": below.address, "validationDeltas": listed(new)}
            )
    address = addresses.get(signer.trust_list or "")
    results: dict[str, Any] = {"activeManifest": listed(_by(codes.statuses, address))}
    if deltas:
        results["ingredientDeltas"] = deltas
    results["specVersion"] = _SPECIFICATION
    if address is not None:
        results["trustListUri"] = address
    return {"active_manifest": codes.active, "validation_results": results}


def _holds(reading: Reading, codes: Codes) -> bool:
    every = (codes.statuses, *(each.statuses for each in codes.below))
    return (
        reading.integrity is Integrity.INTACT
        and reading.form is Form.WELL_FORMED
        and reading.lineage is not Lineage.BROKEN
        and reading.lineage is not Lineage.UNKNOWN
        and bool(reading.document)
        and reading.instead is None
        and not reading.identities
        and reading.signer is not None
        and reading.signer.time is SigningTime.NONE
        and all(_are(_USUAL, (*each.success, *each.informational)) for each in every)
        and all(_are({_UNTRUSTED}, each.failure) for each in every)
    )


def _are(usual: frozenset[str] | set[str], statuses: Iterable[Status]) -> bool:
    return all(each.code in usual for each in statuses)


def _by(statuses: Statuses, address: str | None) -> Statuses:
    """The codes of a manifest under the anchors at that address; None where none vouch."""
    trusted = [each for each in statuses.success if each.code == _TRUSTED]
    rest = tuple(each for each in statuses.success if each.code != _TRUSTED)
    if address is None:
        failed = (each._replace(code=_UNTRUSTED, explanation=_NOBODY) for each in trusted)
        return statuses._replace(success=rest, failure=(*statuses.failure, *failed))
    named = (each._replace(explanation=f"{_FOUND} [{address}]") for each in trusted)
    return statuses._replace(success=(*named, *rest))


_FOUND, _NOBODY = "signing certificate trusted, found in", "signing certificate untrusted"
