"""Other people's signed pictures become parents: their manifests stay byte for byte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

import genlabel
import jumbf
from genlabel import Existing, formats
from genlabel.credentials.trust import Trust
from genlabel.formats.format import XMP
from genlabel.manifests.validation import actions as history
from genlabel.model.errors import ExistingManifest, LabelError
from genlabel.model.label import Label
from genlabel.model.report import Integrity, Lineage, Mark, Severity
from genlabel.model.results import Outcome
from genlabel.operations import verify
from histories import ACME, FLUX
from oracles import corpus, raw
from oracles.pictures import flipped

pytestmark = pytest.mark.frozen

PIXEL = "signed/PXL_20260208_202351558.jpg"
ABROAD = {
    "Pixel": PIXEL,
    "Google": "signed/ren-castillo.png",
    "Adobe, one manifest": "signed/adobe-20220124-CA.jpg",
    "Adobe, a manifest below": "signed/adobe-20220124-CAICAI.jpg",
}
GENERATED = {
    "ChatGPT": "signed/ChatGPT_Image.png",
    "DALL-E": "signed/DALL-E_cloud_surfing_puppy.webp",
    "Titan": "signed/amazon-titan-g1.png",
    "Gemini": "signed/tomoko-hara.png",
}
EDIT = Label.edited(
    producer=ACME, generator=FLUX, title="Retouched", description="Without the lamp post"
)


def _store(data: bytes) -> bytes:
    store = formats.identify(data).survey(data).manifest
    assert store is not None
    return store


def _document(data: bytes) -> Mapping[str, Any]:
    document = verify.examine(genlabel.Asset(data), trust=Trust()).reading.document
    assert document is not None
    return document


def _codes(record: object) -> Iterator[str]:
    """Every failure code below, wherever it stands."""
    if isinstance(record, Mapping):
        for each in record.get("failure") or ():
            yield each["code"]
        for value in record.values():
            yield from _codes(value)
    elif isinstance(record, list):
        for value in record:
            yield from _codes(value)


@pytest.mark.parametrize("name", ABROAD)
def test_a_wrapped_picture_keeps_its_manifests_byte_for_byte(name, signer, trust):
    original = corpus.specimen(ABROAD[name]).data
    signed = genlabel.sign(original, EDIT, signer, trust=trust)
    before, after = jumbf.manifests(_store(original)), jumbf.manifests(_store(signed.data))
    assert signed.manifest_id is not None
    assert {label: after[label] for label in before} == before
    assert after.keys() - before.keys() == {signed.manifest_id}


@pytest.mark.parametrize("name", ABROAD)
def test_the_xmp_changes_and_no_hash_of_the_parent_fails(
    name, signer, authority, trust, encypher, exiftool
):
    original = corpus.specimen(ABROAD[name]).data
    signed = genlabel.sign(original, EDIT, signer, trust=trust)
    container = formats.identify(original)
    old, new = container.survey(original), container.survey(signed.data)
    assert old.payloads.get(XMP) != new.payloads[XMP]
    said = exiftool.read(signed.data)
    wholly = name == "Google"  # generated, and stays so whatever a model did to it later
    code = "trainedAlgorithmicMedia" if wholly else "compositeWithTrainedAlgorithmicMedia"
    assert said["XMP-iptcExt:DigitalSourceType"].endswith("/" + code)

    report = signed.report
    assert report.integrity is Integrity.INTACT
    assert report.lineage is Lineage.INTACT
    nearest = [each for each in report.ingredients if each.depth == 1]
    assert [each.relationship for each in nearest] == ["parentOf"]
    assert nearest[0].integrity is Integrity.INTACT
    document = raw.read(signed.data, container.media_type).manifests
    here = {
        code for record in history.active(document)["ingredients"] for code in _codes(record)
    } | set(_codes(document["validation_results"]["activeManifest"]))
    # Nobody is trusted in this look; nothing else may be wrong.
    assert here <= {"signingCredential.untrusted"}

    theirs = encypher.verify(signed.data, container.media_type, authority.anchors)
    assert theirs.report["hard_binding"] == "match"
    assert not {code for code in theirs.codes if "mismatch" in code.lower()}


@pytest.mark.parametrize("name", ABROAD)
def test_a_parent_with_one_flipped_pixel_is_refused_and_recorded_only_on_demand(
    name, signer, trust
):
    data = corpus.specimen(ABROAD[name]).data
    container = formats.identify(data)
    tampered = flipped(data, container.survey(data).manifest_spans[-1][1] + 20_000)
    assert genlabel.verify(tampered, policy=None).reason == "altered"
    with pytest.raises(ExistingManifest, match="does not hold"):
        genlabel.sign(tampered, EDIT, signer, trust=trust)
    signed = genlabel.sign(tampered, EDIT, signer, trust=trust, accept_broken_parent=True)
    told = [each.code for each in signed.findings if each.code != "genlabel.remote.removed"]
    wholly = name == "Google"  # generated, by the word of a manifest that does not hold
    assert told == ["genlabel.parent.broken"]
    report = [each.code for each in signed.report.findings]
    assert report.count("genlabel.claim.inherited") == wholly
    report = genlabel.verify(signed.data, trust=trust, policy=None)
    assert report.integrity is Integrity.INTACT
    assert report.lineage is Lineage.BROKEN
    assert report.ingredients[0].integrity is Integrity.BROKEN
    told = [each for each in report.findings if each.severity is Severity.ERROR]
    assert [each.code for each in told] == ["assertion.dataHash.mismatch"]


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_picture_keeps_its_one_beginning(name, signer, trust):
    original = corpus.specimen(GENERATED[name]).data
    signed = genlabel.sign(original, Label.generated(producer=ACME), signer, trust=trust)
    document = _document(signed.data)
    actions = [each["action"] for each, _ in history.actions(history.active(document))]
    assert actions == ["c2pa.opened", "c2pa.edited.metadata"]
    beginnings = [each for each in history.statements(document) if each.action == "c2pa.created"]
    before = [
        each for each in history.statements(_document(original)) if each.action == "c2pa.created"
    ]
    assert [each.manifest_id for each in beginnings] == [each.manifest_id for each in before]
    assert signed.report.marks[Mark.IPTC].source_type == (
        "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    )


def test_a_cameras_picture_is_not_called_generated(signer):
    with pytest.raises(LabelError, match=r"its own history says \w+Capture"):
        genlabel.sign(corpus.specimen(PIXEL).data, Label.generated(producer=ACME), signer)


def test_what_is_only_untrusted_or_expired_is_a_normal_parent(signer):
    for name in ("cards_expired_without_timestamp", "cards_untrusted", "adobe-20220124-C"):
        data = corpus.specimen(f"signed/{name}.jpg").data
        signed = genlabel.sign(data, EDIT, signer)
        assert signed.outcome is Outcome.SIGNED
        assert signed.report.lineage is Lineage.INTACT
        assert signed.findings == ()


@pytest.mark.parametrize("name", ["no_alg", "prerelease"])
def test_a_manifest_that_nobody_can_check_is_refused_with_both_ways_out(name, signer):
    data = corpus.specimen(f"signed/{name}.jpg").data
    with pytest.raises(ExistingManifest) as raised:
        genlabel.sign(data, EDIT, signer)
    assert raised.value.remedy is not None
    assert "--accept-broken-parent" in raised.value.remedy
    assert "--existing replace" in raised.value.remedy
    accepted = genlabel.sign(data, EDIT, signer, accept_broken_parent=True)
    assert [each.code for each in accepted.findings] == ["genlabel.parent.broken"]
    assert "recorded without its manifest" in accepted.findings[0].explanation
    parent = accepted.report.ingredients[0]
    assert (parent.relationship, parent.manifest_id) == ("parentOf", None)
    signed = genlabel.sign(data, EDIT, signer, existing=Existing.REPLACE)
    assert signed.report.integrity is Integrity.INTACT
    assert "genlabel.manifest.replaced" in [each.code for each in signed.findings]


@pytest.mark.parametrize("name", ["CACAE-uri-CA", "adobe-20220124-CIE-sig-CA"])
def test_a_parent_whose_ancestors_do_not_hold_is_refused_with_both_ways_out(name, signer, trust):
    data = corpus.specimen(f"signed/{name}.jpg").data
    with pytest.raises(ExistingManifest, match="what it was made from does not hold") as raised:
        genlabel.sign(data, EDIT, signer, trust=trust)
    assert "--accept-broken-parent" in str(raised.value.remedy)
    assert "--existing replace" in str(raised.value.remedy)
    signed = genlabel.sign(data, EDIT, signer, trust=trust, accept_broken_parent=True)
    assert [each.code for each in signed.findings] == ["genlabel.parent.broken"]
    assert signed.report.lineage is Lineage.BROKEN
    again = genlabel.sign(signed.data, EDIT, signer, trust=trust)
    assert again.outcome is Outcome.UNCHANGED
    assert again.data == signed.data


def test_a_signed_picture_takes_no_other_parent(signer):
    signed = corpus.specimen(PIXEL).data
    with pytest.raises(ExistingManifest, match="is the parent itself"):
        genlabel.sign(signed, EDIT, signer, parent=signed)
