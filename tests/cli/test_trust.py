"""`trust update`, `add`, `show` and `remove`, as one types them; and `sign --ocsp`."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from genlabel import network
from genlabel.model.errors import NetworkError
from genlabel.testing import Authority

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/trust-1.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """The user's data directory."""
    monkeypatch.setenv("GENLABEL_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def published(monkeypatch):
    """What the publishers have, by the last part of their addresses."""
    lists = {}

    def get(address, *, most, seconds):
        try:
            return network.Fetched(address=address, content=lists[address.rsplit("/", 1)[1]])
        except KeyError:
            raise NetworkError(f"{address}: answered with status 404") from None

    monkeypatch.setattr(network, "get", get)
    return lists


@pytest.fixture
def labelled(studio, genlabel):
    assert genlabel("sign", "cat.png", "-o", "out.png", "--generated").status == 0
    return studio


def test_from_nothing_to_a_verdict_that_names_the_list(labelled, genlabel, published):
    shown = genlabel("trust", "show")
    assert (shown.status, shown.out) == (0, "")
    assert "no trust list is kept" in shown.err
    anchors = Path("keys/anchors.pem").read_bytes()
    names = ("C2PA-TRUST-LIST.pem", "C2PA-TSA-TRUST-LIST.pem", "anchors.pem")
    published.update(dict.fromkeys(names, anchors))
    update = genlabel("trust", "update")
    assert update.status == 0
    assert "the C2PA trust list: 1 anchors" in update.out
    assert "frozen since 2026-01-01" in update.out
    verdict = genlabel("verify", "out.png", "--no-config", "--trust-list", "official")
    assert verdict.status == 0
    assert "on the published list c2pa (fetched 20" in verdict.out
    again = genlabel("trust", "update", "official")
    assert again.out.count("changes     none") == 2


def test_one_list_that_fails_is_exit_2_and_the_others_are_kept(studio, genlabel, published):
    published["C2PA-TSA-TRUST-LIST.pem"] = Path("keys/anchors.pem").read_bytes()
    update = genlabel("trust", "update", "official", "-q")
    assert update.status == 2
    assert "failed" in update.out
    assert "c2pa-tsa" not in update.out
    assert "c2pa-tsa" in genlabel("trust", "show").out
    wrong = genlabel("trust", "update", "acme")
    assert wrong.status == 2
    assert "acme: no published list" in wrong.err


def test_a_partner_is_added_shown_used_and_removed(labelled, genlabel):
    added = genlabel("trust", "add", "acme", "keys/anchors.pem")
    assert added.status == 0
    assert "your own" in added.out
    assert "sha256" in added.out
    assert "--trust-list acme" in added.err
    assert "fingerprint" not in genlabel("trust", "show").out
    assert "CN=Acme Studio" in genlabel("trust", "show", "acme").out
    verdict = genlabel("verify", "out.png", "--no-config", "--trust-list", "acme")
    assert "known to you by acme" in verdict.out
    Path("own.toml").write_text('[trust]\nlists = ["acme"]\n')
    assert "known to you by acme" in genlabel("verify", "out.png", "--config", "own.toml").out
    assert genlabel("trust", "remove", "acme").status == 0
    gone = genlabel("verify", "out.png", "--no-config", "--trust-list", "acme")
    assert gone.status == 2
    assert "acme: no trust list of this name is kept" in gone.err
    assert genlabel("trust", "remove", "acme").status == 2


def test_json_is_what_its_schema_says(studio, genlabel, published):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    genlabel("trust", "add", "acme", "keys/anchors.pem", "--kind", "tsa")
    published["anchors.pem"] = Authority.new("Old").anchors
    genlabel("trust", "update", "interim")
    document = json.loads(genlabel("trust", "show", "--format", "json").out)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    acme, interim = document["lists"]
    assert (acme["kind"], acme["published"], acme["frozen"]) == ("tsa", False, None)
    assert (interim["kind"], interim["published"]) == ("signer", True)
    assert interim["frozen"] == "2026-01-01"
    assert len(interim["anchors"][0]["sha256"]) == 64


def test_a_damaged_list_is_one_sentence(studio, genlabel, data):
    genlabel("trust", "add", "acme", "keys/anchors.pem", "-q")
    (data / "trust/acme.pem").write_bytes(b"\x1b[2Jjunk")
    answer = genlabel("trust", "show", "-q")
    assert answer.status == 2
    assert answer.err.count("\n") == 2  # the sentence and its hint
    assert "genlabel trust remove acme" in answer.err


def test_what_a_list_says_cannot_command_a_terminal(studio, genlabel, tmp_path):
    path = tmp_path / "odd.pem"
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Evil\u202egnp\x1b[2J")])
    now = datetime.now(UTC)
    evil = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(evil.public_bytes(Encoding.PEM))
    shown = genlabel("trust", "add", "odd", str(path)).out
    assert "Evil" in shown
    assert not {"\u202e", "\x1b"} & {*shown}


def test_an_old_list_is_a_warning_in_the_report(labelled, genlabel, published):
    published["C2PA-TRUST-LIST.pem"] = Path("keys/anchors.pem").read_bytes()
    genlabel("trust", "update", "c2pa")
    words = ("verify", "out.png", "--no-config", "--trust-list", "c2pa", "--max-list-age", "0d")
    answer = genlabel(*words)
    assert answer.status == 0
    assert "[genlabel.trust-list.old]" in answer.out
    assert genlabel(*words, "--fail-on", "warning").status == 1


def test_doctor_tells_the_age_of_a_kept_list(studio, genlabel, published):
    published["C2PA-TRUST-LIST.pem"] = Path("keys/anchors.pem").read_bytes()
    genlabel("trust", "update", "c2pa")
    Path("own.toml").write_text('[trust]\nlists = ["c2pa"]\n')
    assert "fetched 0 days ago" in genlabel("doctor", "--config", "own.toml").out
    Path("own.toml").write_text('[trust]\nlists = ["c2pa"]\nmax_age = "0d"\n')
    assert "genlabel trust update" in genlabel("doctor", "--config", "own.toml").out


def test_a_certificate_without_an_authority_to_ask_is_a_sentence(studio, genlabel):
    answer = genlabel(
        "sign", "cat.png", "-o", "out.png", "--generated", "--ocsp", "--stamp", "later"
    )
    assert answer.status == 2
    assert "names no address at which to ask" in answer.out
    assert not Path("out.png").exists()
