"""One word for the part of AI, and the fields in which others want it said."""

import datetime
import json
from pathlib import Path

import pytest

import genlabel
from genlabel import testing
from genlabel.model.ai import DISCLOSURES, Ai, ai_of, disclosures
from genlabel.model.report import Declared, Report
from genlabel.model.vocabulary import DigitalSourceType

WORDS = {
    "generated": ("trainedAlgorithmicMedia", "algorithmicMedia", "trainedAlgorithmicData"),
    "edited": ("compositeWithTrainedAlgorithmicMedia",),
    "composite": ("compositeSynthetic",),
    "enhanced": ("algorithmicallyEnhanced",),
    "none": (
        *("digitalCapture", "computationalCapture", "negativeFilm", "positiveFilm", "print"),
        *("humanEdits", "digitalCreation", "compositeCapture"),
    ),
    "unknown": ("composite", "screenCapture", "virtualRecording", "dataDrivenMedia", "empty"),
}


def test_every_source_type_has_a_word():
    told = {code: word for word, codes in WORDS.items() for code in codes}
    assert told == {each.code: ai_of(each.uri).value for each in DigitalSourceType}
    assert {each.value for each in Ai} == set(WORDS)


@pytest.mark.parametrize("said", [None, "", "http://example.com/made-up", "trained"])
def test_what_nobody_knows_is_unknown_and_wants_nothing(said):
    assert ai_of(said) is Ai.UNKNOWN
    assert disclosures(Ai.UNKNOWN, said) == {}


def test_what_a_composite_and_an_edit_both_state_is_told_apart_by_the_action():
    uri = DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA.uri
    assert ai_of(uri, "urn:c2pa:1 c2pa.created") is Ai.COMPOSITE
    assert ai_of(uri, "urn:c2pa:1 c2pa.edited") is Ai.EDITED
    assert ai_of(uri, "iptc") is Ai.EDITED


@pytest.mark.parametrize(
    ("code", "flag"),
    [
        ("trainedAlgorithmicMedia", True),
        ("compositeWithTrainedAlgorithmicMedia", True),
        ("compositeSynthetic", True),
        ("digitalCapture", False),
        ("algorithmicallyEnhanced", None),
        ("composite", None),
    ],
)
def test_the_values_that_others_want(code, flag):
    """Of what is only enhanced no source says what they want."""
    uri = f"http://cv.iptc.org/newscodes/digitalsourcetype/{code}"
    report = Report(declared=Declared(source_type=uri))
    flags = {
        "instagram": {"is_ai_generated": flag},
        "tiktok": {"is_aigc": flag},
        "youtube": {"status.containsSyntheticMedia": flag},
    }
    ninjs = {"ninjs": {"digitalSourceType": {"name": code, "uri": uri}}}
    assert report.to_dict()["disclosures"] == {**(flags if flag is not None else {}), **ninjs}


def test_codes_that_are_no_newscodes_are_none_for_ninjs():
    empty = DigitalSourceType.EMPTY.uri
    assert disclosures(ai_of(empty), empty) == {}


def test_each_field_has_a_source_and_the_day_on_which_somebody_looked():
    for each in DISCLOSURES:
        assert each.source.startswith("https://")
        assert each.published
        assert datetime.date.fromisoformat(each.checked) >= datetime.date(2026, 11, 29)


def test_every_json_report_of_a_file_has_the_word(tmp_path: Path):
    label = genlabel.Label.generated(producer=genlabel.Producer("Acme Studio"))
    signer = testing.Authority.new("Acme Studio").signer()
    source, path = tmp_path / "cat.png", tmp_path / "labelled.png"
    source.write_bytes(testing.picture("png"))
    reports = [
        genlabel.sign_file(source, label, signer, out=path),
        genlabel.verify_file(path),
        genlabel.inspect_file(path),
        genlabel.explain_file(path),
        genlabel.strip_check_file(path),
        genlabel.strip_check_file(path, against=path),
    ]
    assert {json.loads(each.to_json())["ai"] for each in reports} == {"generated"}
    assert json.loads(genlabel.verify_file(source).to_json())["ai"] == "unknown"
