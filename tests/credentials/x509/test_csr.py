"""A request asks for what the certificate profile wants, and becomes a certificate that passes."""

import os
import shutil
import stat
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

import genlabel
import hand_made_chains as made
from genlabel.credentials.x509 import certificate_policy
from genlabel.model.errors import CredentialError
from genlabel.model.report import Severity
from hand_made_chains import CLAIM_SIGNING, EMAIL

ACME = {"country": "FR", "common_name": "Acme Renderer"}


@pytest.fixture
def request_for(tmp_path):
    def ask(**changes):
        return genlabel.new_request("Acme Studio", out=tmp_path / "k", **{**ACME, **changes})

    return ask


def read(written):
    return x509.load_pem_x509_csr(written.request.read_bytes())


def issued(csr, issuer):
    """What an authority makes of a request that it grants as it is."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(csr.subject)
        .issuer_name(issuer.certificate.subject)
        .public_key(csr.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(made.ALWAYS[0])
        .not_valid_after(made.ALWAYS[1])
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            critical=False,
        )
    )
    for each in csr.extensions:
        builder = builder.add_extension(each.value, critical=each.critical)
    return builder.sign(issuer.key, hashes.SHA256())


@pytest.mark.parametrize(
    "algorithm", ["es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519"]
)
def test_a_granted_request_is_a_credential_that_passes_the_check(request_for, algorithm):
    written = request_for(algorithm=algorithm)
    csr = read(written)
    assert csr.is_signature_valid
    issuer = made.intermediate(made.root())
    chain = written.request.with_name("signing.pem")
    chain.write_bytes(issued(csr, issuer).public_bytes(serialization.Encoding.PEM) + issuer.pem)
    result = genlabel.check_keys(chain, key=written.key, algorithm=algorithm)
    assert result.probed is True
    # the test's authority is none of C2PA's list, and the certificate says so
    assert {(each.source, each.severity) for each in result.problems} == {
        (certificate_policy.SOURCE, Severity.NOTE)
    }
    assert (result.organisation, result.common_name) == ("Acme Studio", "Acme Renderer")


def test_the_request_asks_for_the_extensions_of_a_claim_signer(request_for):
    found = read(request_for()).extensions
    usage = found.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert usage.value.content_commitment
    assert not usage.value.key_cert_sign
    constraints = found.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca) == (True, False)
    extended = found.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(extended) == [CLAIM_SIGNING, EMAIL]


def test_email_protection_can_be_left_out(request_for):
    found = read(request_for(email_protection=False)).extensions
    assert list(found.get_extension_for_class(x509.ExtendedKeyUsage).value) == [CLAIM_SIGNING]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_reads_the_request_and_finds_its_signature_good(request_for):
    done = subprocess.run(
        ["openssl", "req", "-in", str(request_for().request), "-noout", "-verify", "-text"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "OK" in done.stdout + done.stderr
    assert "1.3.6.1.4.1.62558.2.1" in done.stdout
    assert "Digital Signature, Non Repudiation" in done.stdout
    assert "CA:FALSE" in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_the_new_key_is_for_its_owner_only(request_for):
    assert stat.S_IMODE(request_for().key.stat().st_mode) == 0o600


def test_nothing_is_overwritten(request_for):
    key = request_for().key
    before = key.read_bytes()
    with pytest.raises(CredentialError, match="exists already"):
        request_for()
    assert key.read_bytes() == before


def test_a_given_key_is_asked_for_and_not_copied(request_for, tmp_path):
    (tmp_path / "own.key").write_bytes(made.leaf(None).key_pem)
    written = request_for(key=tmp_path / "own.key")
    assert written.key is None
    assert not (tmp_path / "k/signing.key").exists()
    own = serialization.load_pem_private_key((tmp_path / "own.key").read_bytes(), None)
    assert read(written).public_key() == own.public_key()


def test_a_new_key_is_encrypted_with_the_passphrase(request_for):
    assert b"ENCRYPTED" in request_for(passphrase="sesame").key.read_bytes()


@pytest.mark.parametrize(
    "changes",
    [
        {"country": "France"}, {"country": "fr"}, {"country": "F\n"}, {"common_name": ""},
        {"common_name": " x"}, {"common_name": "a\x00b"}, {"common_name": "x" * 65},
        {"algorithm": "rs256"},
    ],
)  # fmt: skip
def test_what_no_certificate_holds_is_refused_before_anything_is_written(
    request_for, tmp_path, changes
):
    with pytest.raises(CredentialError):
        request_for(**changes)
    assert not (tmp_path / "k").exists()


def test_an_algorithm_that_a_given_key_is_not_for_is_refused(request_for, tmp_path):
    (tmp_path / "own.key").write_bytes(made.leaf(None).key_pem)
    with pytest.raises(CredentialError, match="es384"):
        request_for(key=tmp_path / "own.key", algorithm="es384")
