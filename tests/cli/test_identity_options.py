"""An identity from the command line: made, configured, signed along, verified by anchors."""

import json
import stat
import tomllib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    load_pem_private_key,
    pkcs12,
)

from genlabel.credentials.x509 import chain
from genlabel.testing import Authority

SIGN = ("sign", "cat.png", "-o", "out.png", "--overwrite", "--generated")
NEW = ("keys", "new", "--organisation", "Acme Holding", "--identity")
OPTIONS = ("--identity-key", "keys/identity.key", "--identity-certificates", "keys/identity.pem")


@pytest.fixture
def identified(studio, genlabel):
    """The studio with an identity, not configured."""
    assert genlabel(*NEW, "-q").status == 0
    return studio


def actors(genlabel, *words):
    found = json.loads(genlabel("verify", "out.png", "--format", "json", *words).out)
    return found["reports"][0]["identities"]


def test_a_configured_identity_attests_every_label(studio, genlabel):
    answer = genlabel(*NEW, "--write-config")
    assert answer.status == 0
    assert sorted(path.name for path in Path("keys").iterdir()) == [
        "anchors.pem", "identity-anchors.pem", "identity.key", "identity.pem", "signing.key",
        "signing.pem",
    ]  # fmt: skip
    settings = tomllib.loads(Path("genlabel.toml").read_text())
    assert settings["trust"] == {
        "signers": ["keys/anchors.pem"],
        "identity": ["keys/identity-anchors.pem"],
    }
    assert genlabel(*SIGN).status == 0
    (actor,) = actors(genlabel)
    assert (actor["organisation"], actor["trust"], actor["list"]) == (
        "Acme Holding", "known", "this folder's keys/identity-anchors.pem",
    )  # fmt: skip
    shown = genlabel("verify", "out.png").out
    whose = "known by this folder's keys/identity-anchors.pem"
    assert f"identity    'Acme Holding' as producer, {whose}" in shown
    assert (
        "'Acme Studio' (certificate), 'Acme Holding' (identity), 'Acme Studio' (metadata)" in shown
    )
    assert "[genlabel.identity.differs]" in shown


def test_an_identity_is_taken_from_options_and_only_when_asked(identified, genlabel):
    assert genlabel(*SIGN).status == 0
    assert actors(genlabel) == []
    assert genlabel(*SIGN, *OPTIONS, "--identity-role", "publisher").status == 0
    (actor,) = actors(genlabel)
    assert (actor["roles"], actor["trust"], actor["holds"]) == (
        ["cawg.publisher"], "unknown", True,
    )  # fmt: skip
    (actor,) = actors(genlabel, "--trust-identity", "keys/identity-anchors.pem")
    assert actor["trust"] == "known"
    (actor,) = actors(genlabel, "--trust-list", "identity=keys/identity-anchors.pem")
    assert actor["trust"] == "listed"
    (actor,) = actors(genlabel, "--trust", "keys/identity-anchors.pem")
    assert actor["trust"] == "unknown"


def test_half_an_identity_is_refused_and_nothing_is_signed(identified, genlabel):
    answer = genlabel(*SIGN, *OPTIONS[:2])
    assert answer.status == 2
    assert "identity: no certificates given" in answer.err
    assert not Path("out.png").exists()


def test_an_encrypted_bundle_serves_as_an_identity(studio, genlabel):
    holder = Authority.new("Acme Holding", identity=True)
    leaf, *above = chain.load(holder.certificates)
    bundle = pkcs12.serialize_key_and_certificates(
        None,
        load_pem_private_key(holder.key_pem(), None),
        leaf,
        above,
        BestAvailableEncryption(b"sesame"),
    )
    Path("identity.p12").write_bytes(bundle)
    Path("identity.p12").chmod(0o600)
    Path("secret").write_text("sesame\n")
    words = ("--identity-key", "identity.p12", "--identity-passphrase-file", "secret")
    assert genlabel(*SIGN, *words).status == 0
    assert actors(genlabel)[0]["organisation"] == "Acme Holding"


def test_show_public_names_the_identity_too(identified, genlabel):
    answer = genlabel(*SIGN, *OPTIONS, "--show-public", "--dry-run")
    assert "'Acme Holding'" in answer.out


def test_an_identity_is_checked_as_one(identified, genlabel):
    words = ("keys", "check", "--identity", "--no-config")
    mine = ("--key", "keys/identity.key", "--certificates", "keys/identity.pem")
    answer = genlabel(*words, *mine, "--format", "json")
    found = json.loads(answer.out)
    assert (answer.status, found["probe"], found["problems"]) == (0, "passed", [])
    claims = genlabel(*words, "--certificates", "keys/signing.pem", "--format", "json")
    (problem,) = json.loads(claims.out)["problems"]
    assert (problem["rule"], problem["severity"]) == ("certificate policy", "warning")
    assert problem["source"].startswith("CAWG Identity 1.3")


def test_an_identity_may_show_an_address_and_a_signer_may_not(studio, genlabel):
    assert genlabel(*NEW, "--email", "desk@acme.example").status == 0
    assert stat.S_IMODE(Path("keys/identity.key").stat().st_mode) & 0o077 == 0
    answer = genlabel("keys", "new", "--organisation", "A", "--out", "k", "--email", "a@b.example")
    assert answer.status == 2
    assert not Path("k").exists()
