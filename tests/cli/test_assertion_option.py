"""Assertions of one's own on the command line: from JSON files and from label files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import genlabel as face

SIGN = ("sign", "cat.png", "-o", "x.png", "--generated")
DATA = {"approved": True, "desk": {"name": "science", "of": ["a", 1]}}


def custom():
    return {
        name: json.loads(text) for name, text in face.inspect_file("x.png").manifest.custom.items()
    }


def test_json_from_files_goes_in_under_its_label(studio, genlabel):
    Path("review.json").write_text(json.dumps(DATA))
    Path("b.json").write_text("{}")
    words = ("--assertion", "com.acme.review=review.json", "--assertion", "com.acme.b=b.json")
    assert genlabel(*SIGN, *words).status == 0
    assert custom() == {"com.acme.review": DATA, "com.acme.b": {}}
    shown = genlabel("inspect", "x.png").out
    assert 'com.acme.review: {"approved": true' in shown


@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_a_label_file_holds_the_data_itself(studio, genlabel, suffix):
    (studio / "sub").mkdir()
    text = {
        "toml": "history = 'generated'\n[[assertions]]\nlabel = 'com.acme.review'\n"
        "[assertions.data]\napproved = true\n[assertions.data.desk]\nname = 'science'\n"
        "of = ['a', 1]\n",
        "json": json.dumps(
            {"history": "generated", "assertions": [{"label": "com.acme.review", "data": DATA}]}
        ),
    }[suffix]
    Path(f"sub/label.{suffix}").write_text(text)
    answer = genlabel("sign", "cat.png", "-o", "x.png", "--label", f"sub/label.{suffix}")
    assert answer.status == 0, answer.err
    assert custom() == {"com.acme.review": DATA}


@pytest.mark.parametrize(
    ("given", "content", "said"),
    [
        ("com.acme.review", "{}", "label.assertions"),
        ("=review.json", "{}", "is no label"),
        ("com.acme.review=", "{}", "label.assertions"),
        ("com.acme.review=none.json", "{}", "cannot be read"),
        ("com.acme.review=review.json", "[1]", "no JSON object"),
        ("com.acme.review=review.json", "{", "no JSON"),
        ("com.acme.review=review.json", "[" * 60_000, "review.json"),
        ("com.acme.review=review.json", "\x00\xff", "no JSON"),
        ("c2pa.actions=review.json", "{}", "no label in a reversed domain"),
        ("com.acme.review=review.json", '{"a": NaN}', "no value of JSON"),
        ("com.acme.review=review.json", json.dumps({"a": "x" * 70_000}), "more than"),
    ],
)
def test_what_is_none_is_refused_before_anything_is_written(studio, genlabel, given, content, said):
    Path("review.json").write_bytes(content.encode("latin-1"))
    answer = genlabel(*SIGN, "--assertion", given)
    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err
    assert "mistake in genlabel" not in answer.err
    assert not Path("x.png").exists()
