"""`genlabel verify`, from the outside."""

import json
from pathlib import Path

import jsonschema
import pytest

import genlabel as face
from genlabel import testing

SCHEMA = Path(__file__).parents[2] / "docs/schema/verify-1.json"


@pytest.fixture
def labelled(studio, genlabel):
    assert genlabel("sign", "site", "-o", "out", "--generated", "-q").status == 0
    return studio / "out"


def test_what_holds_is_exit_0(labelled, genlabel):
    answer = genlabel("verify", "out")
    assert answer.status == 0
    assert answer.out.count("unchanged since it was signed") == 3
    assert "3 files, nothing to object to" in answer.err


def test_what_says_nothing_is_exit_1(labelled, genlabel):
    answer = genlabel("verify", "out", "cat.png")
    assert answer.status == 1
    assert "[genlabel.label.absent]" in answer.out


def test_an_altered_picture_is_broken_and_exit_1(labelled, genlabel):
    path = labelled / "b.png"
    data = bytearray(path.read_bytes())
    at = data.index(b"IDAT") + 30
    data[at] ^= 1
    path.write_bytes(data)
    answer = genlabel("verify", "out/b.png", "--format", "json")
    assert answer.status == 1
    assert json.loads(answer.out)["reports"][0]["integrity"] == "broken"


def test_not_knowing_is_exit_2_and_outranks_findings(labelled, genlabel):
    answer = genlabel("verify", "out", "cat.png", "site/notes.txt", "missing.png")
    assert answer.status == 2
    assert answer.out.count("unjudged") == 2
    assert answer.out.count("unchanged since it was signed") == 3


def test_an_unknown_signer_is_a_warning_alone_and_an_error_where_trust_is_given(labelled, genlabel):
    words = ("verify", "out/a.jpg", "--no-config")
    assert genlabel(*words).status == 0
    assert "warning" in genlabel(*words).out
    assert genlabel(*words, "--fail-on", "warning").status == 1
    assert genlabel(*words, "--trust", "keys/anchors.pem").status == 0
    assert genlabel("keys", "new", "--organisation", "Other", "--out", "other").status == 0
    assert genlabel(*words, "--trust", "other/anchors.pem").status == 1


def test_an_anchor_for_time_stamps_vouches_for_no_signer(labelled, genlabel):
    answer = genlabel(
        "verify", "out/a.jpg", "--no-config", "--trust-tsa", "keys/anchors.pem", "--format", "json"
    )
    (report,) = json.loads(answer.out)["reports"]
    assert report["signer"]["trust"] == "unknown"


def test_a_published_list_is_named_as_one(labelled, genlabel):
    answer = genlabel(
        "verify", "out/a.jpg", "--no-config", "--trust-list", "signer=keys/anchors.pem",
        "--format", "json",
    )  # fmt: skip
    document = json.loads(answer.out)
    assert document["reports"][0]["signer"]["trust"] == "listed"
    assert document["trust_lists"] == ["anchors.pem"]
    named = genlabel(
        "verify", "out/a.jpg", "--no-config", "--trust-list", "c2pa=keys/anchors.pem",
        "--format", "json",
    )  # fmt: skip
    assert json.loads(named.out)["reports"][0]["signer"]["trust"] == "listed"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--trust", "no.pem"), "no.pem"),
        (("--trust-list", "keys/anchors.pem"), "given as signer=FILE"),
        (("--trust-list", "nobody"), "nobody: no trust list of this name is kept"),
        (("--trust-list", "official"), "fetch it with `genlabel trust update`"),
        (("--max-list-age", "soon"), "trust.max_age"),
        (("--trust-list", "root=keys/anchors.pem"), "no kind of trust list"),
        (("--policy", "no-such-book"), "no rule book"),
        (("--config", "no.toml"), "no.toml"),
        (("--format", "xml"), "--format"),
    ],
)
def test_wrong_usage_is_exit_2_with_a_sentence(labelled, genlabel, words, sentence):
    answer = genlabel("verify", "out", *words)
    assert (answer.status, answer.out) == (2, "")
    assert sentence in answer.err


def test_json_over_mixed_files_is_what_the_schema_says(labelled, genlabel):
    answer = genlabel("verify", "out", "cat.png", "missing.png", "--format", "json")
    document = json.loads(answer.out)
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    assert document["summary"] == {
        "files": 5,
        "errors": 1,
        "warnings": 0,
        "unjudged": 1,
        "passed_over": 0,
        "judgements": {
            "labelled": {
                "passed": 18,
                "failed": 2,
                "undecided": 0,
                "not_applicable": 8,
                "declared": 0,
            }
        },
        "signing": None,
    }
    assert document["policy"] == "labelled"
    assert set(document["engine"]) == {"c2pa-python", "c2pa-rs"}


def test_quiet_shows_only_what_is_wrong(labelled, genlabel):
    answer = genlabel("verify", "out", "cat.png", "-q")
    assert (answer.status, answer.err) == (1, "")
    assert "cat.png" in answer.out
    assert "a.jpg" not in answer.out


def test_a_file_with_a_hostile_name_commands_no_terminal(labelled, genlabel):
    hostile = labelled / "\x1b[31m::error::x.png"
    hostile.write_bytes((labelled / "b.png").read_bytes())
    for format in ("text", "json", "jsonl", "html"):
        answer = genlabel("verify", "out", "--format", format)
        assert "\x1b" not in answer.out
        assert "::error" not in answer.out


def _unsigned(signed: bytes) -> bytes:
    return testing.picture("png", seed=3)


def _broken(signed: bytes) -> bytes:
    at = signed.index(b"IDAT") + 30
    return signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]


@pytest.mark.parametrize("trust", [(), ("keys/anchors.pem",)], ids=["nobody-known", "signer-known"])
@pytest.mark.parametrize("make", [_unsigned, bytes, _broken], ids=["unsigned", "signed", "broken"])
def test_the_function_applies_the_rule_book_of_the_command(labelled, genlabel, make, trust):
    data = make((labelled / "b.png").read_bytes())
    Path("asked.png").write_bytes(data)
    words = [word for path in trust for word in ("--trust", path)]
    answer = genlabel("verify", "asked.png", "--format", "json", "--no-config", *words)
    (report,) = json.loads(answer.out)["reports"]
    expected = [(finding["code"], finding["severity"]) for finding in report["findings"]]
    reports = [
        face.verify(data, trust=trust),
        face.verify_file("asked.png", trust=trust),
        *face.verify_files(["asked.png"], trust=trust),
    ]
    for found in reports:
        assert [(each.code, each.severity.value) for each in found.findings] == expected
    assert (answer.status == 1) == any(severity == "error" for _, severity in expected)
