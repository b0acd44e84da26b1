"""A PKCS#12 file alone is enough for the command line, whatever it is called."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    load_pem_private_key,
    pkcs12,
)

from genlabel.credentials.x509 import chain
from genlabel.testing import Authority

SIGN = ("sign", "cat.png", "--generated", "--by", "Somebody Else", "-o", "out")


@pytest.fixture
def bundled(studio):
    """`store.key`, which its name does not give away, and its passphrase in `secret`."""
    authority = Authority.new("Somebody Else")
    leaf, *above = chain.load(authority.certificates + authority.anchors)
    Path("store.key").write_bytes(
        pkcs12.serialize_key_and_certificates(
            None,
            load_pem_private_key(authority.key_pem(), None),
            leaf,
            above[::-1],
            BestAvailableEncryption(b"sesame"),
        )
    )
    Path("store.key").chmod(0o600)
    Path("secret").write_text("sesame\n")
    Path("anchors.pem").write_bytes(authority.anchors)
    return studio


def test_a_bundle_signs_without_certificates_even_where_others_are_configured(bundled, genlabel):
    answer = genlabel(*SIGN, "--key", "store.key", "--passphrase-file", "secret")
    assert answer.status == 0
    assert genlabel("verify", "out/cat.png", "--trust", "anchors.pem").status == 0


def test_a_bundle_can_be_configured(bundled, genlabel):
    Path("genlabel.toml").write_text('[signer]\nkey = "store.key"\npassphrase_file = "secret"\n')
    assert genlabel(*SIGN).status == 0
    answer = genlabel("keys", "check")
    assert answer.status == 0
    assert "Somebody Else" in answer.out


def test_a_bundle_is_checked(bundled, genlabel):
    words = ("--key", "store.key", "--passphrase-file", "secret", "--no-config")
    answer = genlabel("keys", "check", *words)
    assert answer.status == 0
    assert "a picture was signed and read back" in answer.out


def test_certificates_named_with_a_bundle_are_taken_instead_of_its_own(bundled, genlabel):
    words = ("--key", "store.key", "--passphrase-file", "secret")
    answer = genlabel("keys", "check", *words, "--certificates", "keys/signing.pem")
    assert answer.status == 1
    assert "does not belong" in answer.out


def test_a_plain_key_without_certificates_is_still_refused(bundled, genlabel):
    answer = genlabel(*SIGN, "--key", "keys/signing.key", "--no-config")
    assert answer.status == 2
    assert "no certificates given" in answer.err
