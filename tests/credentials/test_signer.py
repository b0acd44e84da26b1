"""Keys as people keep them become signers, and nothing of them shows."""

import logging
import os
import pickle
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

import raw_engine
from genlabel.credentials.signer import KeySigner, Signer
from genlabel.model.errors import CredentialError
from genlabel.testing import Authority, picture

JPEG = picture("jpeg", size=(32, 32))
SECRET = BestAvailableEncryption(b"sesame")


@pytest.fixture(scope="module")
def acme():
    return Authority.new("Acme Studio")


@pytest.fixture(scope="module")
def of_rsa(authority_with):
    return authority_with("ps256")


def stored(authority, encoding, form, encryption=None):
    key = load_pem_private_key(authority.key_pem(), None)
    return key.private_bytes(encoding, form, encryption or NoEncryption())


FORMS = {
    "PKCS#8": (Encoding.PEM, PrivateFormat.PKCS8, None),
    "PKCS#8 encrypted": (Encoding.PEM, PrivateFormat.PKCS8, SECRET),
    "SEC1 or PKCS#1": (Encoding.PEM, PrivateFormat.TraditionalOpenSSL, None),
    "SEC1 or PKCS#1 encrypted": (Encoding.PEM, PrivateFormat.TraditionalOpenSSL, SECRET),
    "DER PKCS#8": (Encoding.DER, PrivateFormat.PKCS8, None),
    "DER PKCS#8 encrypted": (Encoding.DER, PrivateFormat.PKCS8, SECRET),
    "DER SEC1 or PKCS#1": (Encoding.DER, PrivateFormat.TraditionalOpenSSL, None),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["acme", "of_rsa"])
def test_every_form_of_a_key_becomes_the_pkcs8_that_the_engine_takes(form, kind, request):
    authority = request.getfixturevalue(kind)
    data = stored(authority, *FORMS[form])
    signer = KeySigner.from_pem(data, authority.certificates, passphrase="sesame")
    assert signer.private_key_pem() == authority.key_pem()
    assert signer.private_key_pem().startswith(b"-----BEGIN PRIVATE KEY-----")


@pytest.mark.parametrize("passphrase", [b"sesame", "sesame", lambda: "sesame", lambda: b"sesame"])
def test_a_passphrase_may_be_bytes_text_or_a_question(acme, passphrase):
    data = acme.key_pem(passphrase="sesame")
    assert KeySigner.from_pem(data, acme.certificates, passphrase=passphrase).algorithm == "es256"


def test_the_question_is_asked_only_for_an_encrypted_key(acme):
    def ask():
        raise AssertionError("asked")

    KeySigner.from_pem(acme.key_pem(), acme.certificates, passphrase=ask)


@pytest.mark.parametrize("form", [form for form in FORMS if "encrypted" in form])
@pytest.mark.parametrize("kind", ["acme", "of_rsa"])
def test_a_wrong_passphrase_is_one_clear_sentence(form, kind, request):
    authority = request.getfixturevalue(kind)
    data = stored(authority, *FORMS[form])
    with pytest.raises(CredentialError) as refusal:
        KeySigner.from_pem(
            data, authority.certificates, passphrase="wrong", key_source="keys/signing.key"
        )
    assert str(refusal.value) == "keys/signing.key: the passphrase does not open the key"
    assert refusal.value.remedy


@pytest.mark.parametrize("form", [form for form in FORMS if "encrypted" in form])
@pytest.mark.parametrize("nothing", [None, "", b"", lambda: ""])
def test_an_encrypted_key_without_passphrase_says_what_is_missing(acme, form, nothing):
    with pytest.raises(CredentialError, match="encrypted and no passphrase was given"):
        KeySigner.from_pem(stored(acme, *FORMS[form]), acme.certificates, passphrase=nothing)


def test_a_key_is_found_among_other_text_and_blocks(acme):
    data = b"Bag Attributes\r\n  x\r\n" + acme.certificates + acme.key_pem() + acme.anchors
    signer = KeySigner.from_pem(data, data.replace(acme.anchors, b""))
    assert signer.organisation == "Acme Studio"
    windows = acme.key_pem().replace(b"\n", b"\r\n")
    assert KeySigner.from_pem(windows, acme.certificates.replace(b"\n", b"\r\n")) == signer


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (b"", "no private key in it"),
        (b"\x30\x03\x02\x01\x05", "cannot be read"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "cannot be read"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n", "its block has no end"),
        (b"-----BEGIN CERTIFICATE-----\n", "but a certificate"),
        (b"-----BEGIN PUBLIC KEY-----\n", "but a public key"),
        (b"x" * 70_000, "too many for a private key"),
        (
            b"-----BEGIN OPENSSH PRIVATE KEY-----\nAA\n-----END OPENSSH PRIVATE KEY-----\n",
            "an OpenSSH key",
        ),
    ],
)
def test_what_is_no_key_is_called_by_its_name(acme, key, sentence):
    with pytest.raises(CredentialError, match=sentence) as refusal:
        KeySigner.from_pem(key, acme.certificates)
    assert str(refusal.value).startswith("key: ")
    assert refusal.value.remedy


def test_two_keys_in_one_file_are_refused(acme):
    with pytest.raises(CredentialError, match="2 private keys"):
        KeySigner.from_pem(acme.key_pem() * 2, acme.certificates)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (ec.generate_private_key(ec.SECP256K1()), "secp256k1"),
        (rsa.generate_private_key(65537, 1024), "RSA key of 1024 bits"),
        (ed448.Ed448PrivateKey.generate(), "a key of this kind"),
        (dsa.generate_private_key(1024), "a key of this kind"),
    ],
    ids=["secp256k1", "RSA-1024", "Ed448", "DSA"],
)
def test_keys_that_sign_no_manifest_are_refused_with_the_rule(acme, key, words):
    data = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(CredentialError, match=words) as refusal:
        KeySigner.from_pem(data, acme.certificates)
    assert "signature algorithm" in refusal.value.rule


@pytest.mark.parametrize(
    ("certificates", "sentence"),
    [
        (b"", "no certificate in it"),
        (b"-----BEGIN PRIVATE KEY-----\n", "but a private key"),
        (b"\x30\x03\x02\x01\x05", "cannot be read"),
        (
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "cannot be read",
        ),
        (b"x" * 2_000_000, "too many for a chain"),
    ],
)
def test_what_is_no_chain_is_called_by_its_name(acme, certificates, sentence):
    with pytest.raises(CredentialError, match=sentence):
        KeySigner.from_pem(acme.key_pem(), certificates)


def test_a_chain_that_was_cut_is_refused(acme):
    with pytest.raises(CredentialError, match="2 certificates begin in it and 1 can be read"):
        KeySigner.from_pem(acme.key_pem(), acme.certificates[:-40])


def test_an_rsa_key_signs_with_sha256_unless_told_otherwise(of_rsa):
    def algorithm(wanted):
        return KeySigner.from_pem(of_rsa.key_pem(), of_rsa.certificates, algorithm=wanted).algorithm

    assert [algorithm(wanted) for wanted in (None, "ps384", "PS512")] == ["ps256", "ps384", "ps512"]


@pytest.mark.parametrize(
    ("algorithm", "sentence"),
    [("es384", "needs an elliptic-curve key on P-384"), ("ps256", "needs an RSA key"),
     ("ed25519", "needs an Ed25519 key"), ("rs256", "not a signature algorithm")],
)  # fmt: skip
def test_an_algorithm_for_another_key_is_refused(acme, algorithm, sentence):
    with pytest.raises(CredentialError, match=sentence) as refusal:
        KeySigner.from_pem(acme.key_pem(), acme.certificates, algorithm=algorithm)
    assert "signature algorithm" in refusal.value.rule


def test_the_chain_is_checked_before_use(acme):
    stranger = Authority.new("Stranger")
    with pytest.raises(CredentialError) as refusal:
        KeySigner.from_pem(
            stranger.key_pem(), acme.certificates, certificates_source="keys/signing.pem"
        )
    assert str(refusal.value).startswith("keys/signing.pem: the private key does not belong")
    assert refusal.value.rule == "C2PA 2.4 §14.5.1: key"


def test_no_part_of_the_key_shows(acme, caplog):
    caplog.set_level(logging.DEBUG)
    signer = KeySigner.from_pem(acme.key_pem(passphrase="sesame"), acme.certificates,
                                passphrase="sesame")  # fmt: skip
    secret = "".join(acme.key_pem().decode().splitlines()[1:-1])
    shown = repr(signer) + str(signer) + repr(acme) + f"{acme}" + caplog.text
    for start in range(0, len(secret) - 16, 8):
        assert secret[start : start + 16] not in shown
    assert "PRIVATE" not in shown
    assert "sesame" not in shown


def test_a_signer_is_not_pickled(acme):
    with pytest.raises(TypeError):
        pickle.dumps(acme.signer())


def test_signers_with_one_certificate_are_equal_and_hashable(acme):
    one, other = acme.signer(), acme.signer()
    assert one == other
    assert hash(one) == hash(other)
    assert one != Authority.new("Acme Studio").signer()


def test_a_key_signer_is_a_signer(acme):
    def use(signer: Signer) -> str:
        return signer.fingerprint

    assert len(use(acme.signer())) == 64


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o640, True), (0o604, True)])
def test_a_key_that_others_can_read_is_warned_of(acme, tmp_path, caplog, mode, warned):
    files = acme.write(tmp_path / "keys")
    files.key.chmod(mode)
    caplog.set_level(logging.WARNING, "genlabel")
    KeySigner.from_files(files.key, files.certificates)
    assert ("chmod 600" in caplog.text) is warned


def test_a_file_that_is_not_there_is_named(acme, tmp_path):
    files = acme.write(tmp_path)
    with pytest.raises(CredentialError, match="No such file") as refusal:
        KeySigner.from_files(tmp_path / "none.key", files.certificates)
    assert "none.key" in str(refusal.value)
    assert "keys new" in refusal.value.remedy


def test_the_signer_module_does_not_load_cryptography():
    code = "import genlabel.credentials.signer, sys; print('cryptography' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


@pytest.mark.parametrize("algorithm", ["es256", "es384", "es512", "ps384", "ed25519"])
def test_a_signature_made_outside_of_the_engine_is_accepted_by_it(algorithm, authority_with):
    authority = authority_with(algorithm)
    signer = authority.signer()
    signed = raw_engine.sign_by(JPEG, algorithm, signer.chain_pem, signer.sign)
    assert raw_engine.read(signed, authority.anchors)[0] == "Trusted"


def test_a_key_with_parameters_before_it_is_read_as_openssl_writes_it(acme):
    data = stored(acme, *FORMS["SEC1 or PKCS#1"])
    parameters = b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    assert KeySigner.from_pem(parameters + data, acme.certificates) == acme.signer()


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_who_reads_a_certificate_that_was_named_for_a_key_is_nobodys_concern(
    authority, tmp_path, caplog
):
    keys = authority.write(tmp_path / "keys")
    keys.certificates.chmod(0o644)
    with pytest.raises(CredentialError, match="no private key in it, but a certificate"):
        KeySigner.from_files(keys.certificates, keys.key)
    assert "other users" not in caplog.text
    keys.key.chmod(0o644)
    KeySigner.from_files(keys.key, keys.certificates)
    assert "other users" in caplog.text
