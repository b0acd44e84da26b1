"""Results as plain values, as JSON, on one line; and attributes under their old names."""

import json
import pickle
from dataclasses import replace

import pytest

import reports
from genlabel.formats.format import Block
from genlabel.metadata.generator_traces import Trace
from genlabel.model.report import Declared, Report, TrustLevel
from genlabel.model.serialise import plain
from genlabel.model.vocabulary import DigitalSourceType
from genlabel.operations.doctor import Check, Diagnosis, State
from genlabel.operations.explain import explain
from genlabel.operations.inspect import Inspection

HUGE = "A" * 100_000
ALL = [
    reports.full(HUGE),
    reports.full(HUGE).signer,
    reports.full(HUGE).identities[0],
    reports.unjudged(HUGE),
    reports.stripped(HUGE),
    reports.signed(HUGE),
    explain(reports.full(HUGE)),
    Inspection(
        path=HUGE,
        blocks=(Block(HUGE, 0, 8),) * 1000,
        traces=(Trace(where=HUGE, size=3, value=HUGE),),
        report=reports.full(HUGE),
    ),
    Diagnosis(checks=(Check(name=HUGE, state=State.GOOD, says=HUGE),) * 100),
]


@pytest.mark.parametrize("result", ALL, ids=lambda each: type(each).__name__)
def test_a_repr_is_one_short_line(result):
    line = repr(result)
    assert line.startswith(f"{type(result).__name__}(")
    assert line.endswith(")")
    assert len(line) <= 200
    assert "\n" not in line


def test_a_repr_shows_what_matters_and_leaves_out_what_is_not_set():
    assert repr(Report(path="cat.png", format_name="png", size=12)) == (
        "Report(path='cat.png', format_name='png', size=12)"
    )


@pytest.mark.parametrize("result", ALL, ids=lambda each: type(each).__name__)
def test_json_is_the_dict_in_ascii_on_one_line(result):
    written = result.to_json()
    assert json.loads(written) == result.to_dict()
    assert written.isascii()
    assert "\n" not in written
    assert json.loads(result.to_json(indent=2)) == result.to_dict()


def test_the_published_names_are_kept():
    shape = reports.full().to_dict()
    assert (shape["format"], shape["bytes"]) == ("png", 1234)
    assert shape["signer"]["list"] == "Acme"
    assert shape["identities"][0]["type"] == "Acme"
    assert "trust_lists" not in shape
    assert shape["marks"]["manifest"] == {"source_type": "Acme", "creator": ["Acme", "B"]}


@pytest.mark.parametrize(
    ("result", "old", "new"),
    [
        (reports.full(), "format", "format_name"),
        (reports.full(), "bytes", "size"),
        (reports.full().signer, "list", "trust_list"),
        (reports.full().identities[0], "list", "trust_list"),
        (reports.full().identities[0], "type", "signature_type"),
    ],
)
def test_an_old_name_still_reads_and_says_the_new_one(result, old, new):
    with pytest.warns(DeprecationWarning, match=f"{old} is now .*{new}") as seen:
        assert getattr(result, old) == getattr(result, new)
    assert seen[0].filename == __file__


def test_what_is_no_result_is_not_published():
    with pytest.raises(TypeError, match="bytes"):
        plain(b"picture")
    with pytest.raises(TypeError):
        plain(object())


def test_results_stay_values():
    report = reports.full()
    assert replace(report, signer=replace(report.signer, trust=TrustLevel.KNOWN)) != report
    assert replace(report) == report


def test_a_stated_source_type_is_equal_to_whatever_names_it():
    uri = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    stated = Declared(source_type=uri).source_type
    made = DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA
    for same in (made, made.code, uri, uri.replace("http:", "https:")):
        assert stated == same
        assert same == stated
        assert (stated != same) is False
    for other in (DigitalSourceType.PRINT, "print", "", None, 3, uri + "x"):
        assert stated != other
        assert (stated == other) is False
    assert {stated} == {uri, made}
    assert pickle.loads(pickle.dumps(stated)) == made
    assert Declared(source_type=uri).to_json() == Declared(source_type=made).to_json()
    unknown = Declared(source_type="http://example.com/mine").source_type
    assert unknown == "http://example.com/mine"
    assert unknown != "mine"
    assert Declared().source_type is None
