"""`genlabel keys csr`, from the outside."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

ACME = (
    "keys", "csr", "--organisation", "Acme Studio", "--country", "FR",
    "--common-name", "Acme Renderer",
)  # fmt: skip


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def subject(path):
    csr = x509.load_pem_x509_csr(Path(path).read_bytes())
    return {each.oid: each.value for each in csr.subject}


def test_a_request_and_its_key_are_made_and_named(empty, genlabel):
    answer = genlabel(*ACME)
    assert answer.status == 0
    assert answer.out.splitlines() == [
        f"request       {Path('keys/signing.csr')}",
        f"key           {Path('keys/signing.key')} (keep it to yourself)",
    ]
    assert "never the key" in answer.err
    assert subject("keys/signing.csr") == {
        NameOID.COUNTRY_NAME: "FR",
        NameOID.ORGANIZATION_NAME: "Acme Studio",
        NameOID.COMMON_NAME: "Acme Renderer",
    }


def test_a_development_credential_is_never_overwritten(studio, genlabel):
    before = Path("keys/signing.key").read_bytes()
    answer = genlabel(*ACME)
    assert answer.status == 2
    assert "exists already" in answer.err
    assert Path("keys/signing.key").read_bytes() == before
    assert not Path("keys/signing.csr").exists()


def test_a_request_can_be_for_an_encrypted_key_that_is_there(empty, genlabel):
    Path("secret").write_text("sesame\n")
    assert genlabel(*ACME, "--out", "a", "--passphrase-file", "secret").status == 0
    assert b"ENCRYPTED" in Path("a/signing.key").read_bytes()
    words = ("--key", "a/signing.key", "--passphrase-file", "secret", "--out", "b", "-q")
    answer = genlabel(*ACME, *words)
    assert (answer.status, answer.out) == (0, "")
    assert [path.name for path in Path("b").iterdir()] == ["signing.csr"]


def test_a_country_that_is_none_is_exit_2(empty, genlabel):
    answer = genlabel(*ACME[:5], "France", *ACME[6:])
    assert answer.status == 2
    assert "two capital letters" in answer.err
