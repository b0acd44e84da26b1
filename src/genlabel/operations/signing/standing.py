"""A result that stands already where one is to go: is it what signing would give once more?"""

from __future__ import annotations

from dataclasses import replace

from genlabel.manifests.definition.actions import is_complete
from genlabel.metadata.xmp.versions import Version
from genlabel.model.asset import Asset
from genlabel.model.errors import MalformedAsset, MalformedMetadata, UnsupportedFormat
from genlabel.model.label import Label, SettledLabel
from genlabel.model.report import NOTHING, Declaration, Mark, Report
from genlabel.operations.signing import ingredients, readback, renewal, seal
from genlabel.operations.signing.own_chain import with_own_chain
from genlabel.operations.signing.seal import Sealing
from genlabel.operations.verify import Examination, examine_input


def examined(result: Asset | None, sealing: Sealing) -> Examination | None:
    """What stands there, if it is a picture of the same kind as the one that is signed."""
    if result is None:
        return None
    trust = with_own_chain(sealing.options.trust, sealing.signer)
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
    if not renewal.is_restated(there, sealing.label, sealing.parent, sealing.elements):
        return False
    if ingredients.tells_all(there) is not is_complete(sealing.label, sealing.plot):
        return False
    identifier = _said(there.report, Mark.IPTC).identifier or ""
    label: Label = SettledLabel.of(sealing.label, fallback_identifier=identifier)
    version = Version.stated(there.survey.payloads) or sealing.version
    moment = renewal.moment(there.report)
    if moment is not None and label.created is not None:
        label = replace(label, created=moment)
    try:
        made = seal.composed(replace(sealing, label=label, version=version)).rewrite
        return readback.same_around_manifest(there, made.pieces, placed=sealing.is_ready_made)
    except MalformedMetadata:
        return False


def _said(report: Report, mark: Mark) -> Declaration:
    return report.marks.get(mark, NOTHING)
