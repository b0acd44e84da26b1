"""`genlabel sources`: what a picture is made of, by what right, and who vouches for it."""

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest

from genlabel import testing

SCHEMA = Path(__file__).parents[2] / "docs/schema/source-lines-1.json"
LABEL = """\
history = "composite"

[[elements]]
source = "a.png"
title = "Harbour"
identifier = "https://agency.example/1"
[elements.rights]
basis = "licence"
licence = "RM"
until = 2026-01-01
reference = "order-77"

[[elements]]
title = "=cmd()"
identifier = "AG-2"
[elements.rights]
basis = "unknown"
"""


@pytest.fixture
def montage(studio, genlabel):
    Path("a.png").write_bytes(testing.picture("png", seed=7))
    Path("label.toml").write_text(LABEL)
    answer = genlabel("sign", "cat.png", "-o", "out/", "--label", "label.toml", "-q")
    assert answer.status == 0, answer.err
    return "out/cat.png"


def test_a_line_a_source_says_the_right_and_who_vouches(montage, genlabel):
    answer = genlabel("sources", montage, "--trust", "keys/anchors.pem")
    assert answer.status == 0
    assert "'Harbour', 'https://agency.example/1', basis 'licence', licence 'RM'" in answer.out
    assert answer.out.count("attested") == 2
    assert "its licence ended on 2026-01-01" in answer.out
    assert "without bytes" in answer.out
    claimed = genlabel("sources", montage, "--no-config")
    assert claimed.out.count("claimed") == 2
    assert b"order-77" not in Path(montage).read_bytes()


def test_json_is_of_the_published_schema(montage, genlabel):
    answer = genlabel("sources", montage, "cat.png", "missing.png", "--format", "json")
    assert answer.status == 2
    document = json.loads(answer.out)
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    first, plain, missing = document["files"]
    assert {each["title"] for each in first["sources"]} == {"Harbour", "=cmd()"}
    assert [each["code"] for each in first["findings"]] == ["genlabel.source.licence-ended"]
    assert (plain["sources"], missing["error"]["kind"]) == ([], "FileNotFoundError")


def test_csv_is_a_line_a_source_and_no_formula(montage, genlabel):
    answer = genlabel("sources", montage, "--format", "csv", "--trust", "keys/anchors.pem")
    rows = {each["title"]: each for each in csv.DictReader(io.StringIO(answer.out))}
    assert set(rows) == {"Harbour", "'=cmd()"}
    assert (rows["Harbour"]["basis"], rows["Harbour"]["vouched"]) == ("licence", "attested")


def test_a_picture_that_says_nothing_is_told_so(studio, genlabel):
    answer = genlabel("sources", "cat.png")
    assert (answer.status, "nothing in the file says what it is made of" in answer.out) == (0, True)


REFUSING = """\
history = "generated"

[[inputs]]
kind = "reference"
source = "refusing/a.png"
rights.basis = "licence"
"""


def test_an_input_that_refuses_its_use_is_recorded_and_the_run_fails(studio, genlabel):
    Path("a.png").write_bytes(testing.picture("png", seed=7))
    refusing = ("--created-by-human", "--data-mining", "DMI-PROHIBITED")
    assert genlabel("sign", "a.png", "-o", "refusing/", *refusing).status == 0
    Path("label.toml").write_text(REFUSING)
    words = ("sign", "cat.png", "--label", "label.toml")
    answer = genlabel(*words, "-o", "out/")
    assert answer.status == 1
    assert "[genlabel.source.ai-use-refused]" in answer.out
    assert Path("out/cat.png").exists()
    assert genlabel(*words, "-o", "asked/", "--policy", "labelled").status == 1
    assert not Path("asked/cat.png").exists()
