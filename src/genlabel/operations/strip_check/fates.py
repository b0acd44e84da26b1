"""What became of each mark: kept, changed, broken, lost, or never there.

A manifest is known by its claim's signature: anybody can write a manifest under our identifier, and
nobody our signature (C2PA 2.4 §13.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from genlabel.manifests.store import ancestry, cbor, cose, manifest_store
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore
from genlabel.model.escape import quoted
from genlabel.model.pixels import Pixels
from genlabel.model.report import Finding, Integrity, Mark, Severity, SignedBy, Survival
from genlabel.operations.verify import Examination

_BY_INTEGRITY = {Integrity.ABSENT: Survival.ABSENT, Integrity.BROKEN: Survival.BROKEN}


def presence(mark: Mark, now: Examination) -> Survival:
    """What can be told of a mark without an original: kept, broken or absent."""
    if mark is not Mark.MANIFEST:
        return Survival.KEPT if mark in now.report.marks else Survival.ABSENT
    if now.store is None:  # an address is no manifest, and anybody can write one
        return Survival.ABSENT
    return _BY_INTEGRITY.get(now.report.integrity, Survival.KEPT)


def fate(mark: Mark, before: Examination, now: Examination, pixels: Pixels) -> Survival:
    """What became in `now` of a mark of `before`.

    What is drawn on a picture stays with its pixels, whether or not a step still tells of it.
    """
    if presence(mark, before) is Survival.ABSENT:
        return Survival.ABSENT
    if mark is Mark.MANIFEST:
        return _manifests_fate(before, now)
    if mark not in now.report.marks:
        is_seen = mark is Mark.VISIBLE and pixels.is_untouched
        return Survival.KEPT if is_seen else Survival.LOST
    if mark is Mark.VISIBLE:
        same = before.report.visible == now.report.visible
        return Survival.KEPT if same else Survival.CHANGED
    was, now_says = (replace(each.report.marks[mark], created=None) for each in (before, now))
    return Survival.KEPT if was == now_says else Survival.CHANGED


def _manifests_fate(before: Examination, now: Examination) -> Survival:
    """Kept under the same claim signature alone; an ingredient of another's is changed."""
    if now.store is None:
        return Survival.KEPT if _is_served(before, now) else Survival.LOST
    is_broken = presence(Mark.MANIFEST, now) is Survival.BROKEN
    place = _place(before.store, now)
    if place is None:
        # what nobody can read is nobody else's: it is what is left of ours
        return Survival.BROKEN if is_broken and _read(now.store) is None else Survival.LOST
    return Survival.BROKEN if is_broken else place


def _is_served(before: Examination, now: Examination) -> bool:
    """Does the published file, equal to the original, name the address of the manifest that lies
    beside the original?"""
    return now.report.reason == "remote-only" and now.asset.data == before.asset.data


def _place(before: bytes | None, now: Examination) -> Survival | None:
    """Where the active manifest of a store is in another, by its claim's signature: kept as the
    active one, changed as an ingredient of that at any depth, broken where it does not hold as an
    ingredient, or nowhere."""
    if before == now.store:
        return Survival.KEPT  # also where neither can be read
    was, store = _read(before), _read(now.store)
    signature = _signature(was.active) if was is not None else None
    if signature is None or store is None:
        return None
    if signature == _signature(store.active):
        return Survival.KEPT
    below = (link.manifest for link in ancestry.walk(store).links)
    ours = _claim(was.active if was is not None else None), signature
    labels = {each.label for each in below if each and ours == (_claim(each), _signature(each))}
    if not labels:
        return None
    held = [e.integrity for e in now.report.ingredients if e.manifest_id in labels]
    return Survival.BROKEN if Integrity.BROKEN in held else Survival.CHANGED


def _read(store: bytes | None) -> ManifestStore | None:
    if store is None:
        return None
    try:
        return manifest_store.read(store)
    except cbor.Unreadable:
        return None


def _signature(manifest: Manifest | None) -> bytes | None:
    """The bytes of the claim's signature, without headers: a time-stamp may be put in later."""
    if manifest is None:
        return None
    try:
        return cose.claim_signature(manifest).signature or None
    except cbor.Unreadable:
        return None


def _claim(manifest: Manifest | None) -> bytes | None:
    """The bytes that are signed: below another claim our signature is a copy of it."""
    if manifest is None:
        return None
    try:
        return bytes(manifest.claim_box.content(b"cbor"))
    except cbor.Unreadable:
        return None


def findings(marks: Mapping[Mark, Survival], now: Examination) -> Iterator[Finding]:
    """What is said of each mark that did not stay."""
    for mark, survival in marks.items():
        if survival is Survival.LOST:
            yield _gone(mark, now)
        elif survival is Survival.BROKEN:
            yield Finding(
                "genlabel.mark.broken",
                severity=Severity.ERROR,
                where=mark.value,
                explanation=_broken(mark, now),
            )
        elif survival is Survival.CHANGED:
            yield Finding(
                "genlabel.mark.changed",
                severity=Severity.WARNING,
                where=mark.value,
                explanation=_changed(mark, now),
            )


def signed_anew(fate: Survival, now: Examination) -> str | None:
    """Who signed the published file in place of ours, or over what was left of it."""
    is_below = fate is Survival.BROKEN and presence(Mark.MANIFEST, now) is not Survival.BROKEN
    is_another = fate is Survival.LOST and now.store is not None
    return _who(now.report.signer) if is_below or is_another else None


def _gone(mark: Mark, now: Examination) -> Finding:
    if mark is Mark.VISIBLE:
        return Finding(
            "genlabel.mark.undeclared",
            severity=Severity.ERROR,
            where=mark.value,
            explanation="no step tells of the visible label any more; nobody looked for it in the "
            "picture",
        )
    return Finding(
        "genlabel.mark.lost",
        severity=Severity.ERROR,
        where=mark.value,
        explanation=f"the {mark.value} mark is gone" + _instead(mark, now),
    )


def _instead(mark: Mark, now: Examination) -> str:
    """What stands in the place of a manifest that is gone."""
    if mark is not Mark.MANIFEST:
        return ""
    if now.store is not None:
        return f": in its place is one of {_who(now.report.signer)}"
    if now.report.reason == "remote-only":
        return ": the file only names an address, and nobody asked there"
    return ""


def _broken(mark: Mark, now: Examination) -> str:
    if mark is not Mark.MANIFEST or presence(mark, now) is Survival.BROKEN:
        return (
            f"the {mark.value} mark is there and no longer true: viewers will show it as tampered "
            "with"
        )
    return (
        f"the manifest is now an ingredient of one of {_who(now.report.signer)}, and does not hold "
        "there: viewers will show it as tampered with"
    )


def _changed(mark: Mark, now: Examination) -> str:
    if mark is not Mark.MANIFEST:
        return f"the {mark.value} mark says something else"
    return f"the manifest is now an ingredient of one of {_who(now.report.signer)}"


def _who(signer: SignedBy | None) -> str:
    """A signer by the certificate's word."""
    name = signer.organisation or signer.common_name if signer is not None else None
    return quoted(name) if name else "an unnamed signer"
