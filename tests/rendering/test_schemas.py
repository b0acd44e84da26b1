"""The published schemas are those of the dataclasses, and refuse what no report says."""

import json
from pathlib import Path

import jsonschema
import pytest
import schemas

import reports

DOCS = Path(__file__).parents[2] / "docs"
PAGES = schemas.pages()


@pytest.mark.parametrize("page", sorted(PAGES))
def test_what_is_published_is_what_the_dataclasses_say(page):
    assert (DOCS / page).read_text("utf-8") == PAGES[page], "run `make docs`"


def test_every_published_schema_is_generated():
    there = {f"schema/{each.name}" for each in (DOCS / "schema").glob("*.json")}
    by_hand = {"schema/policy-1.json", "schema/sources-1.json"}  # tested with what they describe
    assert there == {*PAGES, *by_hand}


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("integrity",), "fine"),
        (("lineage",), None),
        (("bytes",), -1),
        (("sha256",), "00"),
        (("signer", "trust"), "yes"),
        (("signer", "signed_at"), "yesterday"),
        (("signer", "list"), 3),
        (("ingredients", 0, "depth"), 0),
        (("findings", 0, "severity"), "grave"),
        (("marks", "iptc", "producer"), 3),
        (("marks", "id3"), {}),
        (("error",), {"kind": "MalformedAsset"}),
    ],
)
def test_a_value_that_no_report_has_is_refused(where, value):
    whole = json.loads(PAGES["schema/verify-1.json"])
    schema = {"$ref": "#/$defs/report", "$defs": whole["$defs"]}
    report = reports.full().to_dict()
    jsonschema.validate(report, schema)
    *way, last = where
    target = report
    for step in way:
        target = target[step]
    target[last] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, schema)


@pytest.mark.parametrize("name", ["path", "format", "bytes", "integrity", "signer", "findings"])
def test_a_report_that_lacks_a_field_is_refused(name):
    whole = json.loads(PAGES["schema/verify-1.json"])
    report = reports.full().to_dict()
    del report[name]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, {"$ref": "#/$defs/report", "$defs": whole["$defs"]})


def test_documents_of_before_a_field_came_are_still_good():
    whole = json.loads(PAGES["schema/verify-1.json"])
    report = reports.full().to_dict()
    del report["verifies_until"]
    jsonschema.validate(report, {"$ref": "#/$defs/report", "$defs": whole["$defs"]})
