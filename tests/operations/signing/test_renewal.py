"""`--existing renew`: a label of ours over a file whose metadata somebody edited."""

from __future__ import annotations

from dataclasses import replace

import pytest

import genlabel
from drawn_kinds import look, rewritten
from genlabel import Existing
from genlabel.credentials.trust import Trust
from genlabel.formats.format import MANIFEST, XMP
from genlabel.manifests.validation import actions
from genlabel.model.errors import ExistingManifest, LabelError
from genlabel.model.label import Label
from genlabel.model.report import Integrity, Lineage
from genlabel.model.results import Outcome, Signed
from genlabel.operations.verify import examine
from genlabel.testing import Authority, picture
from histories import ACME, FLUX
from oracles.pictures import flipped

LABEL = Label.generated(producer=ACME, generator=FLUX, title="Hills")
EDIT = Label.edited(producer=ACME, generator=FLUX, title="Retouched")
FORMATS = ("png", "jpeg", "webp", "avif")


def edited(data: bytes, word: bytes = b"Hills", by: bytes = b"Dales") -> bytes:
    """The same with another word in its XMP, as other software changes one."""
    packet = look(data).payloads[XMP]
    assert word in packet
    return rewritten(data, {XMP: packet.replace(word, by)})


def done(signed: Signed) -> list[str]:
    document = examine(genlabel.Asset(signed.data), trust=Trust()).reading.document or {}
    return [each["action"] for each, _ in actions.actions(actions.active(document))]


def codes(signed: Signed) -> list[str]:
    return [each.code for each in signed.findings]


@pytest.mark.parametrize("format", FORMATS)
def test_the_refusal_names_the_way_and_the_way_leads_there(format, signer, trust):
    first = genlabel.sign(picture(format), LABEL, signer, trust=trust)
    touched = edited(first.data)
    assert genlabel.verify(touched, trust=trust, policy=None).integrity is Integrity.BROKEN
    with pytest.raises(ExistingManifest) as raised:
        genlabel.sign(touched, LABEL, signer, trust=trust)
    assert "--existing renew" in str(raised.value.remedy)
    assert "--existing replace" in str(raised.value.remedy)
    again = genlabel.sign(touched, LABEL, signer, trust=trust, existing=Existing.RENEW)
    assert (again.outcome, done(again)) == (Outcome.SIGNED, ["c2pa.created"])
    assert (again.report.integrity, again.report.lineage) == (Integrity.INTACT, Lineage.NONE)
    assert codes(again) == ["genlabel.label.renewed"]
    assert genlabel.verify(again.data, trust=trust).worst() is None
    manifests = [look(each.data).payloads[MANIFEST] for each in (first, again)]
    assert abs(len(manifests[0]) - len(manifests[1])) < 100
    for existing in (Existing.RENEW, Existing.WRAP):
        twice = genlabel.sign(again.data, LABEL, signer, trust=trust, existing=existing)
        assert (twice.outcome, twice.data) == (Outcome.UNCHANGED, again.data)


def test_the_time_of_the_first_label_stays(signer, trust):
    first = genlabel.sign(picture("png"), LABEL, signer, trust=trust)
    again = genlabel.sign(edited(first.data), LABEL, signer, trust=trust, existing="renew")
    created = [each.report.marks[genlabel.Mark.MANIFEST].created for each in (first, again)]
    assert created[0] == created[1]
    assert created[0] is not None


def test_where_something_would_be_lost_the_old_manifest_is_the_parent(signer, trust):
    other = Authority.new("Other Studio").signer()
    theirs = genlabel.sign(picture("png"), LABEL, other)
    ours = genlabel.sign(theirs.data, EDIT, signer, trust=trust)
    touched = edited(ours.data, b"Retouched", b"Something")
    again = genlabel.sign(touched, EDIT, signer, trust=trust, existing=Existing.RENEW)
    assert done(again) == ["c2pa.opened", "c2pa.edited.metadata"]
    assert [each.manifest_id for each in again.report.ingredients] == [
        ours.manifest_id,
        theirs.manifest_id,
    ]
    assert codes(again)[:2] == ["genlabel.label.renewed", "genlabel.parent.broken"]
    assert genlabel.sign(again.data, EDIT, signer, trust=trust).outcome is Outcome.UNCHANGED


def test_with_its_parent_at_hand_the_history_is_stated_again(signer, trust):
    parent = genlabel.sign(picture("png"), LABEL, Authority.new("Other Studio").signer()).data
    ours = genlabel.sign(picture("png"), EDIT, signer, trust=trust, parent=parent)
    touched = edited(ours.data, b"Retouched", b"Something")
    again = genlabel.sign(
        touched, EDIT, signer, trust=trust, existing=Existing.RENEW, parent=parent
    )
    assert done(again) == ["c2pa.opened", "c2pa.edited"]
    assert again.report.lineage is Lineage.INTACT
    assert codes(again) == ["genlabel.label.renewed"]
    assert "genlabel.claim.inherited" in [each.code for each in again.report.findings]


def test_what_is_not_ours_or_not_whole_is_not_renewed(signer, trust):
    theirs = genlabel.sign(picture("png"), LABEL, Authority.new("Other Studio").signer())
    ours = genlabel.sign(picture("png"), LABEL, signer, trust=trust)
    said = ours.data.index(b"trainedAlgorithmicMedia", ours.data.index(b"c2pa.actions.v2"))
    signature = flipped(ours.data, said)
    for data in (edited(theirs.data), signature):
        with pytest.raises(ExistingManifest) as raised:
            genlabel.sign(data, LABEL, signer, trust=trust, existing=Existing.RENEW)
        assert "renew" not in str(raised.value.remedy)
        assert "--accept-broken-parent" in str(raised.value.remedy)


def test_a_renewal_says_what_the_label_said(signer, trust):
    ours = genlabel.sign(picture("png"), LABEL, signer, trust=trust)
    captured = Label.captured(producer=ACME)
    with pytest.raises(LabelError, match="not renewed as digitalCapture"):
        genlabel.sign(edited(ours.data), captured, signer, trust=trust, existing=Existing.RENEW)
    titled = replace(LABEL, title="Dales")
    again = genlabel.sign(edited(ours.data), titled, signer, trust=trust, existing=Existing.RENEW)
    assert again.report.marks[genlabel.Mark.MANIFEST].title == "Dales"


def test_beside_a_picture_it_is_the_same(signer, trust):
    ours = genlabel.sign(picture("png"), LABEL, signer, trust=trust, sidecar=True, marks=["iptc"])
    asset = genlabel.Asset(edited(ours.data), manifest=ours.sidecar)
    again = genlabel.sign(
        asset, LABEL, signer, trust=trust, existing="renew", sidecar=True, marks=["iptc"]
    )
    assert (codes(again), again.report.lineage) == (["genlabel.label.renewed"], Lineage.NONE)
