"""`genlabel keys check`, from the outside."""

import json
from pathlib import Path

import jsonschema
import pytest

from genlabel.model.errors import CredentialError, SigningError
from genlabel.operations import doctor
from genlabel.testing import Authority

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs/schema/keys-check-1.json").read_text("utf-8")
)


def test_the_configured_signer_is_checked_and_its_name_shown(studio, genlabel):
    answer = genlabel("keys", "check")
    assert answer.status == 0
    lines = [line.split(None, 1) for line in answer.out.splitlines()[1:]]
    assert ["algorithm", "es256"] in lines
    assert ["probe", "a picture was signed and read back"] in lines
    assert any(name == "verifies" and words.startswith("until ") for name, words in lines)
    assert "Acme Studio" in answer.out


def test_certificates_alone_are_checked_without_the_configured_key(studio, genlabel):
    Authority.new("Somebody Else").write("other")
    answer = genlabel("keys", "check", "--certificates", "other/signing.pem")
    assert answer.status == 0
    assert "probe" not in answer.out
    assert "Somebody Else" in answer.out


def test_an_error_is_exit_1_and_all_rows_have_source_and_hint(studio, genlabel):
    answer = genlabel(
        "keys", "check", "--key", "keys/signing.key", "--certificates", "keys/anchors.pem"
    )
    assert answer.status == 1
    errors = [line for line in answer.out.splitlines() if line.startswith("  error")]
    assert len(errors) > 3
    assert all("[C2PA 2.4 §" in line for line in errors)
    # one hint may stand for several, and then stands once
    hints = [line for line in answer.out.splitlines() if line.startswith("  hint")]
    assert hints
    assert len(hints) == len(set(hints))


@pytest.mark.parametrize("words", [("--key", "no.key"), ("--certificates", "no.pem")])
def test_what_cannot_be_read_is_exit_2(studio, genlabel, words):
    answer = genlabel("keys", "check", *words)
    assert (answer.status, answer.out) == (2, "")
    assert "cannot be read" in answer.err


def test_nothing_to_check_is_exit_2(studio, genlabel):
    answer = genlabel("keys", "check", "--no-config")
    assert answer.status == 2
    assert "--certificates" in answer.err


@pytest.mark.parametrize(
    ("words", "status", "probe"),
    [
        ((), 0, "passed"),
        (("--certificates", "keys/signing.pem"), 0, "not-tried"),
        (("--key", "keys/signing.key", "--certificates", "keys/anchors.pem"), 1, "not-tried"),
    ],
)
def test_json_is_what_its_schema_says(studio, genlabel, words, status, probe):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    answer = genlabel("keys", "check", "--format", "json", *words)
    found = json.loads(answer.out)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert answer.status == status
    assert (found["ok"], found["probe"]) == (status == 0, probe)


def test_quiet_says_nothing_about_a_good_credential(studio, genlabel):
    assert genlabel("keys", "check", "-q").out == ""


def test_a_passphrase_file_opens_the_key(studio, genlabel):
    Authority.new("Acme Studio").write("locked", passphrase="sesame")
    Path("secret").write_text("sesame\n")
    words = ("--key", "locked/signing.key", "--certificates", "locked/signing.pem")
    assert genlabel("keys", "check", *words, "--passphrase-file", "secret").status == 0
    Path("secret").write_text("wrong\n")
    assert genlabel("keys", "check", *words, "--passphrase-file", "secret").status == 2


@pytest.mark.parametrize("kind", [SigningError, CredentialError])
def test_a_probe_that_is_refused_is_a_failed_rule(studio, genlabel, monkeypatch, kind):
    def refused(*_: object, **__: object) -> None:
        raise kind("the reason")

    monkeypatch.setattr(doctor.sign, "sign", refused)
    answer = genlabel("keys", "check")
    assert answer.status == 1
    assert "a picture signed as a probe was refused: the reason" in answer.out
