"""What failed about the active manifest, and what that says of its integrity and of its form.

Our own rules decide. What the engine says of form is a witness that is added; what it says of
change counts unless it stands on something that we have judged as another matter.
"""

from __future__ import annotations

from collections.abc import Iterable

from genlabel.manifests.binding.outcome import ELSEWHERE
from genlabel.manifests.store.ancestry import Redacted, binding_manifest
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore
from genlabel.manifests.validation.form import rules
from genlabel.manifests.validation.hard_binding import CODES, Bound
from genlabel.manifests.validation.status_codes import (
    AMBIGUOUS,
    HASH_FAILS,
    HASH_HOLDS,
    Concern,
    Status,
    about_signer,
    breaks_form,
    gravest,
    is_change,
    witnessed,
)
from genlabel.model.dataclass import dataclass
from genlabel.model.report import Finding, Form, Integrity, Severity
from genlabel.model.words.codes import sentence

CLAIM_UNFIT = frozenset(
    (
        *("claim.malformed", "claim.multiple"),
        *("manifest.update.invalid", "manifest.update.wrongParents", "assertion.selfRedacted"),
    )
)
"""Codes after which nothing of a manifest is attested: two readers may see two claims, an update
says more than that nothing was changed, or a claim takes back what it says."""
_CLAIM_UNREAD = frozenset(("claim.cbor.invalid", "claim.missing", "claim.multiple", AMBIGUOUS))
_CLOSED = ("manifest.inaccessible", "manifest.encrypted")
_UNREADABLE = {
    "algorithm.unsupported": "unsupported-algorithm",
    "claim.hardBindings.missing": "no-binding",
    "manifest.inaccessible": "remote-only",
    "manifest.encrypted": "encrypted",
    ELSEWHERE: "fragments",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What our own code finds of a manifest without a look at its file."""

    broken: tuple[Status, ...]
    """All but what the signer's credentials and the binding come to."""
    below: tuple[Status, ...] = ()
    """Changes to the manifest that it updates."""
    matched: frozenset[str] = frozenset()
    """The addresses of assertions whose hash in the claim holds."""


def own(store: ManifestStore, active: Manifest, *, redacted: Redacted, verified: bool) -> Own:
    """What is wrong with the `active` manifest; `redacted` is what the store's claims redact.

    `verified` says that its signature holds. Of a manifest that is updated, only what was changed
    since counts: its binding is this one's.
    """
    from genlabel.manifests.validation import claims

    gone = redacted.get(active.label, frozenset())
    checked = claims.checked(store, active, redacted=gone, verified=verified)
    broken = [each for each in checked if each.code not in claims.SUCCESSES]
    once = {each.where for each in checked if each.code == HASH_HOLDS}
    once -= {each.where for each in broken if each.code == "claim.malformed"}  # listed twice
    broken += rules.checked(store, active)
    updated = binding_manifest(store, active)
    below: tuple[Status, ...] = ()
    if updated is not None and updated is not active:
        gone = redacted.get(updated.label, frozenset())
        told = claims.checked(store, updated, redacted=gone)
        below = tuple(each for each in told if is_change(each.code))
    return Own(broken=tuple(broken), below=below, matched=frozenset(once))


def listed(
    found: Own, *, signer: Iterable[Status], bound: Bound, engine: Iterable[Status]
) -> tuple[Status, ...]:
    """All that failed about a manifest, each code once for a place.

    `signer` are the failures of its signature and credentials, `engine` is what the engine says of
    it.
    """
    beside = _beside(found, engine)
    together = (*signer, *bound.statuses.failure, *found.broken, *found.below, *beside)
    return tuple({(each.code, each.where): each for each in reversed(together)}.values())[::-1]


def _beside(own: Own, engine: Iterable[Status]) -> Iterable[Status]:
    """What the engine's word adds to our `own` findings.

    It (0.91) hashes what it writes itself of an assertion, and not what is stored.
    """
    codes = {each.code for each in own.broken}
    unhashed = {each.where for each in own.broken if each.code == "algorithm.unsupported"}
    hashed = own.matched | unhashed
    for each in engine:
        if about_signer(each.code) or each.code.startswith((*CODES, "cawg.")):
            continue
        if breaks_form(each.code) and each.code in codes:
            continue  # ours says where
        if each.code == "assertion.missing" and not codes & _CLAIM_UNREAD:
            continue  # so it calls whatever is not found; what the claim lists, we have looked up
        if each.code == HASH_FAILS and each.where in hashed:
            continue
        yield witnessed(each)


def integrity(failures: tuple[Status, ...], bound: Bound) -> tuple[Integrity, str | None]:
    """Is what was signed as it was, and if not, why; None where it is."""
    concern = gravest(failures)
    if concern in (Concern.ALTERED, Concern.SIGNATURE):
        return Integrity.BROKEN, concern.value
    if bound.holds is False:
        return Integrity.BROKEN, "binding"
    if bound.uncovered:
        return Integrity.BROKEN, "uncovered"
    if concern is None and bound.holds:
        return Integrity.INTACT, None
    code = next((each.code for each in failures if each.concern is concern), "")
    return Integrity.UNKNOWN, _UNREADABLE.get(code, "unreadable")


def form(failures: tuple[Status, ...], *, refused: bool) -> Form:
    """Is it put together as C2PA asks? `refused` says that the engine does not open it."""
    codes = [each.code for each in failures]
    if any(map(breaks_form, codes)):
        return Form.MALFORMED
    return Form.UNKNOWN if refused or any(code in _CLOSED for code in codes) else Form.WELL_FORMED


def finding(status: Status) -> Finding:
    """A failure as an error: in our words, with the section of a rule of form."""
    words = sentence(status.code) or status.explanation or status.code
    section = rules.section(status.code) if breaks_form(status.code) else None
    if rules.says_section(status.explanation):
        words = status.explanation
    elif section is not None:
        words = rules.with_section(words, section)
    return Finding(
        status.code,
        severity=Severity.ERROR,
        where=status.where or None,
        explanation=words,
    )


UNCHECKED = Finding(
    "genlabel.form.unchecked",
    severity=Severity.WARNING,
    explanation="the C2PA engine does not open this manifest, and no rule that genlabel checks is "
    "broken",
)
