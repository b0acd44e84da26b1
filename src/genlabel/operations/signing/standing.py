"""A result that stands already where one is to go: is it what signing would give once more?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from genlabel.model.asset import Asset
from genlabel.model.errors import MalformedAsset, MalformedMetadata, UnsupportedFormat
from genlabel.model.label import Label, SettledLabel
from genlabel.model.report import Declaration, Mark, Report
from genlabel.operations.signing import ingredients, readback, seal
from genlabel.operations.signing.seal import Sealing
from genlabel.operations.verify import Examination, examine_input


def examined(result: Asset | None, sealing: Sealing) -> Examination | None:
    """What stands there, if it is a picture of the same kind as the one that is signed."""
    if result is None:
        return None
    trust = ingredients.with_own_chain(sealing.options.trust, sealing.signer)
    try:
        there = examine_input(result, trust=trust)
    except (MalformedAsset, MalformedMetadata, UnsupportedFormat):
        return None
    return there if there.container is sealing.before.container else None


def is_the_same(there: Examination, sealing: Sealing) -> bool:
    """Does what is `there` come from this very picture, with these parents, times aside?

    Every byte outside of the manifest is compared with what would be written. That the manifest
    says what the label says is asked apart.
    """
    if _recorded(there.report) != _meant(sealing):
        return False
    identifier = _said(there.report, Mark.IPTC).identifier or ""
    label: Label = SettledLabel.of(sealing.label, fallback_identifier=identifier)
    moment = _moment(there.report)
    if moment is not None and label.created is not None:
        label = replace(label, created=moment)
    try:
        made = seal.composed(replace(sealing, label=label)).rewrite
        return readback.same_around_manifest(there, made.pieces, placed=sealing.is_ready_made)
    except MalformedMetadata:
        return False


def _recorded(report: Report) -> list[tuple[str | None, str | None]]:
    nearest = [each for each in report.ingredients if each.depth == 1]
    return [(each.relationship, each.manifest_id) for each in nearest]


def _meant(sealing: Sealing) -> list[tuple[str | None, str | None]]:
    parents: list[str | None] = [None] if sealing.label.history.changes else []
    if sealing.parent is not None:
        parents = [sealing.parent.manifest_id]
    parts = [("componentOf", each.manifest_id) for each in sealing.elements]
    return [*(("parentOf", each) for each in parents), *parts]


def _moment(report: Report) -> datetime | None:
    created = _said(report, Mark.MANIFEST).created
    try:
        return datetime.fromisoformat(created) if created else None
    except ValueError:
        return None


def _said(report: Report, mark: Mark) -> Declaration:
    return report.marks.get(mark, Declaration())
