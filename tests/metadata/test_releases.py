"""Releases, keywords and the text for those who do not see: written, read by others, never lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

import genlabel
from genlabel import (
    Label,
    LabelError,
    Mark,
    MinorModelAge,
    ModelRelease,
    Outcome,
    PropertyRelease,
    Rights,
    Severity,
)
from genlabel.testing import picture
from histories import ACME

SAID = Rights(
    model_release=ModelRelease.LIMITED,
    model_release_ids=("MR-2026-17", "MR-2026-18"),
    property_release="PR-UPR",
    property_release_ids="PR-4",
    minor_model_age="A23",
    public=True,
)
LABEL = Label.captured(
    producer=ACME,
    alt_text="A woman <smiles> at the harbour & waves",
    keywords=("harbour", "Łódź", "woman"),
    rights=SAID,
)
SHOWN = {
    "XMP-plus:ModelReleaseStatus": "MR-LMR",
    "XMP-plus:ModelReleaseID": ["MR-2026-17", "MR-2026-18"],
    "XMP-plus:PropertyReleaseStatus": "PR-UPR",
    "XMP-plus:PropertyReleaseID": ["PR-4"],
    "XMP-plus:MinorModelAgeDisclosure": "AG-A23",
    "XMP-iptcCore:AltTextAccessibility": LABEL.alt_text,
    "XMP-dc:Subject": ["harbour", "Łódź", "woman"],
}
IDS = ("model_release_ids", "property_release_ids")


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "gif", "tiff", "avif"])
def test_others_read_them_in_every_format(signer, trust, exiftool, format):
    signed = genlabel.sign(picture(format), LABEL, signer, trust=trust)
    tags = exiftool.read(signed.data)
    assert {name: tags.get(name) for name in SHOWN} == SHOWN
    if format in ("jpeg", "tiff"):
        assert tags["IPTC:Keywords"] == ["harbour", "Łódź", "woman"]
    for mark in (Mark.IPTC, Mark.MANIFEST):
        said = signed.report.marks[mark]
        assert said.keywords == LABEL.keywords
        assert said.alt_text == LABEL.alt_text
        assert said.model_release == ModelRelease.LIMITED
        assert said.model_release_ids == SAID.model_release_ids
        assert said.property_release == PropertyRelease.UNLIMITED
        assert said.minor_model_age == MinorModelAge.AGE_23
    assert not [each for each in signed.report.findings if each.severity is not Severity.NOTE]
    assert genlabel.sign(signed.data, LABEL, signer, trust=trust).outcome is Outcome.UNCHANGED


def test_identifiers_of_releases_are_in_no_file_unless_they_are_public(signer):
    private = replace(LABEL, rights=replace(SAID, public=False))
    signed = genlabel.sign(picture("png"), private, signer)
    for number in (*SAID.model_release_ids, *SAID.property_release_ids):
        assert number.encode() not in signed.data
        assert number.encode() in genlabel.sign(picture("png"), LABEL, signer).data
    said = signed.report.marks[Mark.IPTC]
    assert not any(getattr(said, name) for name in IDS)
    assert said.model_release == ModelRelease.LIMITED


@pytest.mark.parametrize("format", ["jpeg", "tiff", "png"])
def test_keywords_that_are_there_stay_and_none_stands_twice(signer, exiftool, tmp_path, format):
    path = tmp_path / f"photo.{format}"
    path.write_bytes(picture(format))
    old = ["-XMP-dc:Subject=sea", "-XMP-dc:Subject=harbour"]
    if format != "png":
        old += ["-IPTC:Keywords=" + "sea", "-IPTC:Keywords=" + "old only here"]
    exiftool.run("-overwrite_original", *old, path)
    signed = genlabel.sign(path, LABEL, signer)
    tags = exiftool.read(signed.data)
    assert tags["XMP-dc:Subject"] == ["sea", "harbour", "Łódź", "woman"]
    if format != "png":
        assert tags["IPTC:Keywords"] == ["sea", "old only here", "harbour", "Łódź", "woman"]
    assert signed.replaced == ()
    assert not [each for each in signed.report.findings if each.severity is not Severity.NOTE]
    # what others said is not in the signer's own statement
    assert signed.report.marks[Mark.MANIFEST].keywords == LABEL.keywords
    assert genlabel.sign(signed.data, LABEL, signer).outcome is Outcome.UNCHANGED


def test_a_label_without_keywords_leaves_those_in_the_file(signer, exiftool, tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(picture("jpeg"))
    exiftool.run("-overwrite_original", "-XMP-dc:Subject=sea", "-IPTC:Keywords=sea", path)
    signed = genlabel.sign(path, Label.captured(producer=ACME), signer)
    tags = exiftool.read(signed.data)
    assert (tags["XMP-dc:Subject"], tags["IPTC:Keywords"]) == (["sea"], "sea")


def test_long_keywords_are_cut_in_iim_alone(signer, exiftool):
    long = "é" * 40  # 80 bytes
    label = replace(LABEL, keywords=[long, long, ""])
    tags = exiftool.read(genlabel.sign(picture("jpeg"), label, signer).data)
    assert tags["XMP-dc:Subject"] == [long]
    assert tags["IPTC:Keywords"] == "é" * 32


@pytest.mark.parametrize(
    ("field", "wrong", "near"),
    [
        ("model_release", "MR-UMS", "MR-UMR"),
        ("property_release", "UPPR", "PR-UPR"),
        ("minor_model_age", "A26", "AG-A2"),
    ],
)
def test_a_wrong_code_is_told_with_the_nearest(field, wrong, near):
    with pytest.raises(LabelError, match="no PLUS") as refused:
        Rights(**{field: wrong})
    assert f"did you mean {near}" in refused.value.remedy


@pytest.mark.parametrize("status", ["MR-NON", "MR-NAP"])
def test_no_release_has_no_identifier(status):
    assert Rights(model_release=status).model_release_ids == ()
    with pytest.raises(LabelError, match="there is no release"):
        Rights(model_release=status, model_release_ids=["17"])
