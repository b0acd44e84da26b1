"""The final status codes of all manifests of a store: what the verdicts were drawn from, and more.

C2PA 2.4 §15.2. The engine's codes stay where nothing of ours judges the same matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from genlabel.manifests.store.ancestry import ASSERTIONS, Link, address
from genlabel.manifests.store.manifest_store import Manifest
from genlabel.manifests.validation.hard_binding import CODES, Bound
from genlabel.manifests.validation.status_codes import (
    ABOUT_SIGNER,
    HASH_FAILS,
    HASH_HOLDS,
    Status,
    Statuses,
)
from genlabel.model.named_tuple import NamedTuple
from genlabel.model.report import Finding, NamedActor, Severity
from genlabel.model.words.codes import sentence

_OF_AN_INGREDIENT = "ingredient."
_MANIFEST_HOLDS = "ingredient.manifest.validated"
_NO_MANIFEST = "ingredient.unknownProvenance"
_JUDGED_TOO = (*ABOUT_SIGNER, "cawg.")
_JUDGED = (*_JUDGED_TOO, *CODES)
"""Beginnings of the codes about what is judged here."""
_OCSP, _OCSP_SKIPPED = "signingCredential.ocsp.", "signingCredential.ocsp.skipped"


class Below(NamedTuple):
    """The codes about one ingredient."""

    address: str
    """The JUMBF URI of its assertion."""
    manifest: str | None
    """The label of its manifest; None where the store has none."""
    statuses: Statuses
    recorded: frozenset[tuple[str, str]]
    """Code and place of what the ingredient assertion recorded already."""


class Codes(NamedTuple):
    """The final codes about a store's manifests."""

    active: str
    """The label of the active manifest."""
    statuses: Statuses
    """About the active manifest."""
    below: tuple[Below, ...] = ()
    """About each ingredient, breadth first."""


def about_active(
    active: Manifest,
    *,
    signer: Statuses,
    bound: Bound,
    failures: Iterable[Status],
    engine: Statuses,
    is_below: Callable[[Status], bool],
    below: Iterable[Below],
    identities: tuple[Iterable[NamedActor], Iterable[Finding]],
    direct: frozenset[str],
) -> Statuses:
    """The codes of the `active` manifest.

    `failures` are the final ones but for what concerns ingredients and identities; `direct` are the
    addresses of its own ingredients. Of what the `engine` says, nothing stays about ancestors
    (`is_below`), nor about matters that are judged here: signer, binding and identities.
    """
    failed = [*failures]
    failed += [  # what the hash does not cover, of which C2PA has no code
        Status(each.code, each.where or address(active), each.explanation)
        for each in bound.findings
        if each.severity is Severity.ERROR
    ]
    failed += [
        status
        for each in below
        if each.address in direct
        for status in each.statuses.failure
        if status.code.startswith(_OF_AN_INGREDIENT)
    ]
    actors, wrong = identities
    bad = [Status(each.code, each.where or "", each.explanation) for each in wrong]
    told = [
        Status(code, address(active, (ASSERTIONS, actor.label)), sentence(code) or code)
        for actor in actors
        for code in actor.codes
    ]
    places = {(each.code, each.where) for each in bad}
    good = (each for each in told if (each.code, each.where) not in places)
    broken = {each.where for each in failed if each.code == HASH_FAILS}
    matching = [each for each in engine.success if not each.code.startswith(_JUDGED)]
    kept = [each for each in matching if each.where not in broken and not is_below(each)]
    skipped = [each for each in engine.informational if each.code == _OCSP_SKIPPED]
    information = [each for each in engine.informational if not each.code.startswith(_JUDGED_TOO)]
    information += [] if _is_told(signer) else skipped
    return Statuses(
        success=(*signer.success, *kept, *bound.statuses.success, *good),
        informational=(
            *signer.informational,
            *[each for each in information if not is_below(each)],
        ),
        failure=(*failed, *bad),
    )


def about_ingredient(
    link: Link,
    *,
    failures: Iterable[Status],
    signer: Statuses | None = None,
    checked: Iterable[Status] = (),
) -> Below:
    """The codes of the ingredient that `link` leads to.

    `failures` are all that is wrong with its manifest and the way to it. Without `signer`, which is
    what its signature, credential and time come to, only those of the way are told: the manifest's
    were told before. `checked` are all of the manifest's own, good ones as well.
    """
    failed = tuple(failures)
    success: list[Status] = []
    informational: tuple[Status, ...] = ()
    label = link.manifest.label if link.manifest is not None else None
    if label is not None:
        if not any(each.code.startswith(_OF_AN_INGREDIENT) for each in failed):
            where = f"self#jumbf=/c2pa/{label}"
            success.append(Status(_MANIFEST_HOLDS, where, "the manifest is the one referred to"))
    elif link.manifest_reference is None and link.trouble is None:
        informational = (Status(_NO_MANIFEST, link.address, "the ingredient has no manifest"),)
    if label is not None and signer is None:
        failed = tuple(each for each in failed if each.code.startswith(_OF_AN_INGREDIENT))
    elif label is not None and signer is not None:
        bad = {each.code for each in failed}
        failed = (*(each for each in signer.failure if each.code not in bad), *failed)
        success += signer.success
        success += [each for each in checked if each.code == HASH_HOLDS]
        informational = (*signer.informational, *_skipped(signer, label))
    recorded = frozenset((each.code, each.where) for each in link.recorded())
    return Below(link.address, label, Statuses(tuple(success), informational, failed), recorded)


def _skipped(signer: Statuses, label: str) -> Iterator[Status]:
    """Nobody was asked about revocation, where the manifest itself tells nothing of it."""
    if not _is_told(signer):
        yield Status(_OCSP_SKIPPED, f"self#jumbf=/c2pa/{label}/c2pa.signature", "nobody was asked")


def _is_told(signer: Statuses) -> bool:
    return any(each.code.startswith(_OCSP) for kind in signer for each in kind)


def unrecorded(
    statuses: Iterable[Status], recorded: frozenset[tuple[str, str]]
) -> Iterator[Status]:
    """Those that are not among the codes and places that were `recorded` before."""
    return (each for each in statuses if (each.code, each.where) not in recorded)


def listed(statuses: Statuses) -> dict[str, list[dict[str, str]]]:
    """The three kinds of codes as C2PA's maps of results have them (§15.2)."""
    return {
        kind: [_entry(each) for each in listed]
        for kind, listed in zip(Statuses._fields, statuses, strict=True)
    }


def _entry(status: Status) -> dict[str, str]:
    entry = {"code": status.code}
    if status.where:
        entry["url"] = status.where
    if status.explanation:
        entry["explanation"] = status.explanation
    return entry
