"""One's own edit: a label of ours over a file of which, by the user's word, metadata were changed.

The hash of a file does not tell which of its bytes have changed (decision 118). What can be shown
is that the claim and all that it says are ours and whole; that the coded picture is the one that
was signed is the word of whoever asks for a renewal, and is told as that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from genlabel.credentials.signer import Signer
from genlabel.model import materials
from genlabel.model.errors import LabelError
from genlabel.model.escape import quoted
from genlabel.model.label import Label
from genlabel.model.report import NOTHING, Finding, Integrity, Mark, Report, Severity
from genlabel.model.vocabulary import same_source_type
from genlabel.operations.signing import ingredients
from genlabel.operations.signing.ingredients import Ingredient
from genlabel.operations.verify import Examination

_BINDING = frozenset(
    {"assertion.dataHash.mismatch", "assertion.bmffHash.mismatch", "assertion.boxesHash.mismatch"}
)
"""C2PA 2.4 §15.3: the hash of the file does not match; nothing else is said by these."""


def is_own_edit(before: Examination, signer: Signer) -> bool:
    """Is it a label of ours of which nothing fails but the hash of the file?"""
    report = before.report
    if report.integrity is not Integrity.BROKEN or report.reason != "altered":
        return False
    errors = {each.code for each in before.reading.findings if each.severity is Severity.ERROR}
    return bool(errors) and errors <= _BINDING and ingredients.is_signed_by_us(report, signer)


def is_restated(
    before: Examination, label: Label, origin: Ingredient | None, parts: Sequence[Ingredient]
) -> bool:
    """Does the new label come with all that the old one was made from, so that none is lost?"""
    return recorded(before.report) == meant(label, origin, parts)


def require_same(before: Examination, label: Label, origin: Ingredient | None) -> None:
    """Raise `LabelError` where the label over `origin` says something else than the old one."""
    if origin is not None and label.history.changes:
        label = label.inheriting(origin.stated)
    said, says = before.reading.declaration.source_type, label.marked_source_type
    if said is None or same_source_type(said, says.uri):
        return
    raise LabelError(
        f"{before.asset.called}: its label says {quoted(said)}, so it is not renewed as "
        f"{says.code}",
        remedy="give the label that it had, or begin anew with --existing replace",
    )


def renewed(before: Examination, *, wrapped: bool) -> Finding:
    """What is told of a renewal."""
    how = "with the old manifest as its parent" if wrapped else "in place of the old manifest"
    return Finding(
        "genlabel.label.renewed",
        severity=Severity.WARNING,
        where=before.report.manifest_id,
        explanation=f"labelled again {how}: that nothing but metadata has changed since is your "
        "word, and cannot be checked",
    )


def recorded(report: Report) -> list[tuple[str | None, str | None]]:
    """Relationship and manifest of each ingredient of the active manifest."""
    nearest = [each for each in report.ingredients if each.depth == 1]
    return [(each.relationship, each.manifest_id) for each in nearest]


def meant(
    label: Label, origin: Ingredient | None, parts: Sequence[Ingredient]
) -> list[tuple[str | None, str | None]]:
    """The same of what is about to be signed: the parent, if there was one, and the elements."""
    parents: list[str | None] = [None] if label.history.changes else []
    if origin is not None:
        parents = [origin.manifest_id]
    # the engine lists what has no bytes before what has
    absent = [each for each in materials.pictures(label) if each.source is None]
    others = len(materials.texts(label)) + len(materials.models(label))
    bare: list[tuple[str | None, str | None]] = [(e.relationship.in_c2pa, None) for e in absent]
    bare += [("inputTo", None)] * others
    pictures = zip(materials.at_hand(label), parts, strict=True)
    whole = [(each.relationship.in_c2pa, part.manifest_id) for each, part in pictures]
    first = [("parentOf", each) for each in parents]
    return [*first, *bare, *whole] if origin is None else [*bare, *first, *whole]


def moment(report: Report) -> datetime | None:
    """When the picture was made, as its manifest says; None where it says none."""
    created = report.marks.get(Mark.MANIFEST, NOTHING).created
    try:
        return datetime.fromisoformat(created) if created else None
    except ValueError:
        return None
