"""A data-mining code that refers to another property is written with it, and never without."""

from __future__ import annotations

import pytest

import genlabel
from genlabel import DataMining, Label, LabelError, Mark, Outcome, Rights
from genlabel.model.fields import field_of
from genlabel.testing import picture
from histories import ACME

URL = "https://acme.example/mining?a=1&b=2"
PLACES = {
    DataMining.PROHIBITED_SEE_CONSTRAINT: (
        "data_mining_constraint",
        "XMP-plus:OtherConstraints",
        None,
    ),
    DataMining.PROHIBITED_SEE_EMBEDDED_RIGHTS: (
        "embedded_rights",
        "XMP-iptcExt:EmbdEncRightsExpr",
        "EncRightsExpr",
    ),
    DataMining.PROHIBITED_SEE_LINKED_RIGHTS: (
        "linked_rights",
        "XMP-iptcExt:LinkedEncRightsExpr",
        "LinkedRightsExpr",
    ),
}


def test_the_codes_that_refer_are_these():
    assert {each for each in DataMining if each.refers} == set(PLACES)


@pytest.mark.parametrize("code", PLACES)
def test_a_code_without_its_partner_is_refused(code):
    with pytest.raises(LabelError, match="refers to a constraint") as refused:
        Rights(data_mining=code)
    assert "--data-mining-constraint" in refused.value.remedy


@pytest.mark.parametrize("code", [None, *(each for each in DataMining if not each.refers)])
def test_a_partner_without_its_code_is_refused(code):
    assert Rights(data_mining=code).data_mining is code
    with pytest.raises(LabelError, match="no data-mining code"):
        Rights(data_mining=code, data_mining_constraint="Ask first")


def test_the_address_of_a_rights_expression_is_one():
    code = DataMining.PROHIBITED_SEE_LINKED_RIGHTS
    with pytest.raises(LabelError, match="data_mining_constraint"):
        Rights(data_mining=code, data_mining_constraint="Ask first")


@pytest.mark.parametrize("format", ["jpeg", "png", "webp"])
@pytest.mark.parametrize("code", PLACES)
def test_both_stand_in_xmp_and_in_the_manifest(signer, trust, exiftool, code, format):
    field, tag, item = PLACES[code]
    label = Label.captured(
        producer=ACME, rights=Rights(data_mining=code, data_mining_constraint=URL)
    )
    signed = genlabel.sign(picture(format), label, signer, trust=trust)
    tags = exiftool.read(signed.data)
    assert tags["XMP-plus:DataMining"] == code.code
    assert tags[tag] == ([{item: URL}] if item else URL)
    for mark in (Mark.IPTC, Mark.MANIFEST):
        assert getattr(signed.report.marks[mark], field) == URL
    assert not [each for each in signed.report.findings if each.severity is not each.severity.NOTE]
    again = genlabel.sign(signed.data, label, signer, trust=trust)
    assert again.outcome is Outcome.UNCHANGED


def test_other_peoples_constraints_stay_where_the_label_has_none(signer, exiftool, tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(picture("jpeg"))
    exiftool.run("-overwrite_original", "-XMP-plus:OtherConstraints=Not for covers", path)
    label = Label.captured(producer=ACME, rights=Rights(data_mining=DataMining.PROHIBITED))
    signed = genlabel.sign(path, label, signer)
    assert exiftool.read(signed.data)["XMP-plus:OtherConstraints"] == "Not for covers"
    assert field_of("data_mining_constraint").unit == ""
