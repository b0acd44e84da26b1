"""`verify --format crjson`: a document a line in the schema of C2PA, in any number of jobs."""

import json
from pathlib import Path

import jsonschema
import pytest

from genlabel import testing
from oracles import raw

SCHEMA = json.loads(Path(raw.__file__).with_name("crJSON-schema.json").read_bytes())


@pytest.fixture
def site(studio, genlabel):
    words = ("--generated", "--by", "Acme Studio", "--using", "Painter")
    assert genlabel("sign", "site", "-o", "public", *words).status == 0
    (studio / "public/bare.png").write_bytes(testing.picture("png", seed=9))
    (studio / "public/broken.png").write_bytes(testing.picture("png")[:40])
    return studio / "public"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_each_file_is_a_document_on_its_line(genlabel, site, jobs):
    told = genlabel("verify", "public", "--format", "crjson", "--jobs", jobs)
    assert told.status == 2
    documents = [json.loads(line) for line in told.out.splitlines()]
    for each in documents:
        jsonschema.validate(each, SCHEMA, cls=jsonschema.Draft202012Validator)
    by_path = {Path(each["genlabel:path"]).name: each for each in documents}
    assert by_path.keys() == {each.name for each in site.rglob("*") if each.is_file()}
    assert by_path["bare.png"]["manifests"] == []
    assert "genlabel:reason" not in by_path["bare.png"]
    assert by_path["broken.png"]["genlabel:reason"] == "MalformedAsset"
    labelled = [each for each in documents if each["manifests"]]
    assert labelled
    for each in labelled:
        assert each["manifests"][0]["validationResults"]["failure"] == []


def test_it_is_written_into_a_file_beside_another_form(genlabel, site):
    told = genlabel("verify", "public/bare.png", "--report", "crjson=labels.crjson")
    assert told.status == 1
    document = json.loads((site.parent / "labels.crjson").read_text("utf-8"))
    assert document["jsonGenerator"]["name"] == "genlabel"


def test_what_was_lost_on_the_way_has_no_such_form(genlabel, site):
    for words in (("--format", "crjson"), ("--report", "crjson=labels.crjson")):
        told = genlabel("strip-check", "public", *words)
        assert told.status == 2
        assert "crjson" in told.err
