"""Opt-outs stand in XMP, in the signed metadata and in their own assertion, and say one thing."""

from __future__ import annotations

from dataclasses import replace

import pytest

import genlabel
from genlabel import DataMining, Label, LabelError, Mark, Mining, Outcome, Permission, Rights
from genlabel.model.mining import BY_CODE, USES, code_of, differing
from genlabel.testing import picture
from histories import ACME

OK, NO, LIMITED = Permission.ALLOWED, Permission.NOT_ALLOWED, Permission.CONSTRAINED
DIFFERS = "genlabel.mining.differs"


def labelled(**rights) -> Label:
    return Label.captured(producer=ACME, rights=Rights(**rights))


@pytest.mark.parametrize("code", DataMining)
@pytest.mark.parametrize("format", ["png", "jpeg"])
def test_a_code_is_written_with_the_assertion_that_says_the_same(signer, trust, code, format):
    words = {"data_mining_constraint": "https://acme.example/ask"} if code.refers else {}
    label = labelled(data_mining=code, **words)
    signed = genlabel.sign(picture(format), label, signer, trust=trust)
    report = signed.report
    assert DIFFERS not in {each.code for each in report.findings}
    assert report.mining.code == code.code
    assert report.mining.uses == BY_CODE[code]
    told = ("manifest", "iptc")
    assert report.mining.carriers == (
        ("cawg.training-mining", *told) if dict(BY_CODE[code]) else told
    )
    if code.refers:
        assert report.mining.constraint == "https://acme.example/ask"
    assert genlabel.sign(signed.data, label, signer, trust=trust).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize(
    ("code", "uses"),
    [
        ("DMI-PROHIBITED", [NO, NO, NO, NO]),
        ("DMI-ALLOWED", [OK, OK, OK, OK]),
        ("DMI-PROHIBITED-GENAIMLTRAINING", [OK, OK, OK, NO]),
        ("DMI-PROHIBITED-AIMLTRAINING", [None, None, NO, NO]),
    ],
)
def test_the_table_is_this(code, uses):
    row = BY_CODE[DataMining.parse(code)]
    assert [getattr(row, use) for use in USES] == uses
    assert code_of(row) is DataMining.parse(code)


def test_uses_without_a_code_bring_the_code_that_says_the_same(signer, trust, exiftool):
    for uses, code in (
        (dict.fromkeys(USES, NO), "DMI-PROHIBITED"),
        ({"ai_training": NO, "ai_generative_training": NO}, "DMI-PROHIBITED-AIMLTRAINING"),
        ({**dict.fromkeys(USES, NO), "data_mining": None}, "DMI-PROHIBITED-AIMLTRAINING"),
        ({"ai_inference": NO}, None),
        ({}, None),
    ):  # fmt: skip
        signed = genlabel.sign(picture("png"), labelled(mining=Mining(**uses)), signer, trust=trust)
        assert exiftool.read(signed.data).get("XMP-plus:DataMining") == code
        said = signed.report.mining
        assert (said.uses if said else Mining()) == Mining(**uses)
        assert DIFFERS not in {each.code for each in signed.report.findings}


def test_what_is_constrained_says_on_what(signer, trust, exiftool):
    with pytest.raises(LabelError, match="refers to a constraint"):
        Rights(mining=Mining(ai_training="constrained"))
    label = labelled(
        mining=Mining(ai_training="constrained", data_mining="allowed", ai_inference="notAllowed"),
        data_mining_constraint="Ask first",
    )
    signed = genlabel.sign(picture("jpeg"), label, signer, trust=trust)
    tags = exiftool.read(signed.data)
    assert tags["XMP-plus:DataMining"] == "DMI-PROHIBITED-SEECONSTRAINT"
    assert tags["XMP-plus:OtherConstraints"] == "Ask first"
    assert signed.report.mining.uses == label.rights.mining
    assert signed.report.mining.constraint == "Ask first"
    assert DIFFERS not in {each.code for each in signed.report.findings}


@pytest.mark.parametrize(
    ("code", "use"),
    [
        ("DMI-PROHIBITED", {"ai_training": OK}),
        ("DMI-ALLOWED", {"ai_inference": NO}),
        ("DMI-PROHIBITED-GENAIMLTRAINING", {"ai_generative_training": OK}),
    ],
)
def test_a_label_that_contradicts_itself_is_refused(code, use):
    with pytest.raises(LabelError, match=f"mining: {next(iter(use))} is"):
        Rights(data_mining=code, mining=Mining(**use))


def test_words_are_taken_for_permissions_and_others_refused():
    assert Mining(ai_training="not-allowed") == Mining(ai_training=NO)
    with pytest.raises(LabelError, match="ai_training: 'perhaps': no permission"):
        Mining(ai_training="perhaps")
    with pytest.raises(LabelError, match="mining"):
        Rights(mining={"ai_training": "allowed"})


@pytest.mark.parametrize(
    ("xmp", "differs"),
    [
        ("DMI-ALLOWED", True),
        ("DMI-PROHIBITED-GENAIMLTRAINING", True),
        ("DMI-PROHIBITED", False),
        ("DMI-PROHIBITED-AIMLTRAINING", False),
        ("DMI-UNSPECIFIED", False),
        ("DMI-PROHIBITED-SEECONSTRAINT", False),
        ("nonsense", False),
    ],
)
def test_a_file_that_says_two_things_is_told(signer, trust, exiftool, tmp_path, xmp, differs):
    path = tmp_path / "a.jpg"
    path.write_bytes(picture("jpeg"))
    value = f"-XMP-plus:DataMining#=http://ns.useplus.org/ldf/vocab/{xmp}"
    exiftool.run("-overwrite_original", value, path)
    # all four uses, of which no label's code is written: the file's own code stays
    other = {**dict.fromkeys(USES, NO), "data_mining": None, "ai_training": None}
    label = labelled(mining=Mining(**{**other, "data_mining": NO}))
    assert label.rights.mining_code is None
    report = genlabel.sign(path, label, signer, trust=trust).report
    told = [each for each in report.findings if each.code == DIFFERS]
    assert bool(told) is differs
    assert all(each.severity is each.severity.WARNING for each in told)
    assert report.mining.ai_generative_training is NO


def test_the_strictest_carrier_counts(signer, trust, exiftool, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(picture("png"))
    code = "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED"
    exiftool.run("-overwrite_original", f"-XMP-plus:DataMining#={code}", path)
    unsigned = genlabel.verify(path)
    assert unsigned.mining.uses == BY_CODE[DataMining.PROHIBITED]
    assert unsigned.mining.carriers == ("iptc",)
    signed = genlabel.sign(path, labelled(mining=Mining(ai_inference=OK)), signer, trust=trust)
    assert signed.report.mining.ai_inference is NO
    assert genlabel.verify(picture("png")).mining is None
    assert genlabel.verify(picture("png")).to_dict()["mining"] is None


def test_a_label_without_uses_has_no_assertion_of_them(signer):
    signed = genlabel.sign(picture("png"), labelled(), signer)
    assert b"training-mining" not in signed.data
    assert signed.report.mining is None
    assert signed.report.marks[Mark.MANIFEST].data_mining is None


def test_codes_and_uses_of_others_are_compared_leniently():
    assert differing(DataMining.PROHIBITED_EXCEPT_SEARCH, Mining(data_mining=NO)) == ()
    assert differing(DataMining.PROHIBITED_EXCEPT_SEARCH, Mining(data_mining=OK)) == (
        "data_mining",
    )
    assert differing(DataMining.PROHIBITED_SEE_CONSTRAINT, Mining(data_mining=OK))
    assert not differing(DataMining.PROHIBITED_SEE_CONSTRAINT, Mining(data_mining=LIMITED))
    assert not differing(DataMining.UNSPECIFIED, Mining(data_mining=NO))


def test_another_code_makes_another_label(signer, trust):
    label = labelled(mining=Mining(ai_inference=NO))
    signed = genlabel.sign(picture("png"), label, signer, trust=trust)
    changed = replace(label, rights=Rights(mining=Mining(ai_inference=OK)))
    again = genlabel.sign(signed.data, changed, signer, trust=trust)
    assert again.outcome is Outcome.SIGNED
    assert again.report.mining.ai_inference is OK
