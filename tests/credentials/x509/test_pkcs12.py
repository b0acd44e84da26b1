"""One PKCS#12 file is a whole signer, in whatever order its certificates lie."""

import itertools
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

import genlabel
import hand_made_chains as made
from genlabel.credentials.x509 import chain
from genlabel.credentials.x509.pkcs12 import is_bundle
from genlabel.model.errors import CredentialError

ROOT = made.root()
UPPER = made.link("Upper", ROOT, **made.AUTHORITY, path_length=1)
LOWER = made.intermediate(UPPER)
LEAF = made.leaf(LOWER)


def bundle(link, others=(), *, passphrase=b"sesame", key=True):
    encryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return pkcs12.serialize_key_and_certificates(
        b"acme",
        link.key if key else None,
        link.certificate,
        [each.certificate for each in others],
        encryption,
    )


@pytest.fixture
def stored(tmp_path):
    def store(data, name="anything.bin"):
        (tmp_path / name).write_bytes(data)
        (tmp_path / name).chmod(0o600)
        return tmp_path / name

    return store


@pytest.mark.parametrize("others", list(itertools.permutations([ROOT, UPPER, LOWER])))
def test_the_chain_is_put_in_order_and_the_root_left_out(stored, others):
    signer = genlabel.KeySigner.from_pkcs12(stored(bundle(LEAF, others)), passphrase="sesame")
    found = chain.load(signer.chain_pem)
    assert found == tuple(each.certificate for each in (LEAF, LOWER, UPPER))


def test_certificates_that_do_not_belong_to_the_chain_stay_out(stored):
    stranger = made.leaf(made.root())
    file = stored(bundle(LEAF, [stranger, UPPER, LOWER]))
    signer = genlabel.KeySigner.from_pkcs12(file, passphrase=b"sesame")
    assert len(chain.load(signer.chain_pem)) == 3


@pytest.mark.parametrize("passphrase", ["sesame", b"sesame", lambda: "sesame"])
def test_a_passphrase_may_be_bytes_text_or_a_question(stored, passphrase):
    file = stored(bundle(LEAF, [LOWER, UPPER]))
    assert genlabel.KeySigner.from_pkcs12(file, passphrase=passphrase).algorithm == "es256"


def test_nobody_is_asked_for_the_passphrase_of_an_open_bundle(stored):
    def asked():
        raise AssertionError("asked in vain")

    file = stored(bundle(LEAF, [LOWER, UPPER], passphrase=None))
    assert genlabel.KeySigner.from_pkcs12(file, passphrase=asked).common_name == "Leaf"


@pytest.mark.parametrize(("given", "said"), [("wrong", "does not open"), (None, "no passphrase")])
def test_a_wrong_and_a_missing_passphrase_are_told_apart(stored, given, said):
    with pytest.raises(CredentialError, match=said):
        genlabel.KeySigner.from_pkcs12(stored(bundle(LEAF)), passphrase=given)


def test_a_bundle_without_its_key_is_refused(stored):
    with pytest.raises(CredentialError, match="no private key"):
        genlabel.KeySigner.from_pkcs12(stored(bundle(LEAF, key=False)), passphrase="sesame")


def test_a_bundle_without_the_certificate_of_its_key_is_refused(stored):
    data = pkcs12.serialize_key_and_certificates(
        b"acme", LEAF.key, None, [LOWER.certificate], NoEncryption()
    )
    with pytest.raises(CredentialError, match="is not in it"):
        genlabel.KeySigner.from_pkcs12(stored(data))


def test_the_rules_hold_for_bundles_too(stored):
    bad = made.leaf(LOWER, extended=None)
    file = stored(bundle(bad, [LOWER, UPPER]))
    with pytest.raises(CredentialError, match="no extended key usage"):
        genlabel.KeySigner.from_pkcs12(file, passphrase="sesame")


def test_what_is_cut_short_or_no_bundle_is_refused(stored):
    data = bundle(LEAF)
    for cut in (0, 1, 2, 4, 8, len(data) // 2):
        with pytest.raises(CredentialError):
            genlabel.KeySigner.from_pkcs12(stored(data[:cut]), passphrase="sesame")
    with pytest.raises(CredentialError, match="no PKCS#12"):
        genlabel.KeySigner.from_pkcs12(stored(LEAF.key_pem))


def test_a_file_of_any_size_is_read_within_bounds(stored):
    data = b"\x30\x83\x20\x00\x00\x02\x01\x03" + b"\0" * 2_000_000
    with pytest.raises(CredentialError, match="too many"):
        genlabel.KeySigner.from_pkcs12(stored(data))


def test_endlessly_many_certificates_are_refused(stored):
    many = [made.leaf(LOWER, key=LEAF.key) for _ in range(40)]
    with pytest.raises(CredentialError, match="too many for one chain"):
        genlabel.KeySigner.from_pkcs12(stored(bundle(LEAF, many)), passphrase="sesame")


@pytest.mark.parametrize("algorithm", ["es256", "es512", "ps256", "ed25519"])
@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_private_keys_in_der_are_never_taken_for_bundles(algorithm, form, authority_with):
    if algorithm == "ed25519" and form is PrivateFormat.TraditionalOpenSSL:
        pytest.skip("Ed25519 has no traditional form")
    key = load_pem_private_key(authority_with(algorithm).key_pem(), None)
    assert not is_bundle(key.private_bytes(Encoding.DER, form, NoEncryption()))
    assert not is_bundle(LEAF.certificate.public_bytes(Encoding.DER))


@pytest.mark.parametrize("data", [b"", b"\x30", b"\x30\xff", b"\x30\x80", b"\x30\x03\x02\x01"])
def test_a_few_bytes_are_no_bundle(data):
    assert not is_bundle(data)


def test_a_bundle_is_checked_as_a_whole(stored):
    result = genlabel.check_keys(
        key=stored(bundle(LEAF, [ROOT, UPPER, LOWER])), passphrase="sesame"
    )
    assert (result.ok, result.probed, result.organisation) == (True, True, "Acme Ltd")


def test_a_bundles_key_goes_with_certificates_from_another_file(stored):
    own = stored(bundle(LEAF), "own.p12")
    pem = stored(LEAF.pem + LOWER.pem + UPPER.pem, "chain.pem")
    signer = genlabel.KeySigner.from_files(own, pem, passphrase="sesame")
    assert signer.common_name == "Leaf"
    assert genlabel.check_keys(pem, key=own, passphrase="sesame").probed


def test_nothing_to_check_is_an_error(stored):
    with pytest.raises(CredentialError, match="none given"):
        genlabel.check_keys()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
@pytest.mark.parametrize("legacy", [(), ("-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES")])
def test_what_openssl_exports_is_read(stored, tmp_path, legacy):
    key = stored(LEAF.key_pem, "own.key")
    pem = stored(LEAF.pem, "leaf.pem")
    above = stored(ROOT.pem + UPPER.pem + LOWER.pem, "above.pem")
    subprocess.run(
        ["openssl", "pkcs12", "-export", "-inkey", str(key), "-in", str(pem), "-certfile",
         str(above), "-out", str(tmp_path / "out.p12"), "-passout", "pass:sesame", *legacy],
        check=True, capture_output=True,
    )  # fmt: skip
    signer = genlabel.KeySigner.from_pkcs12(tmp_path / "out.p12", passphrase="sesame")
    assert len(chain.load(signer.chain_pem)) == 3


def test_a_key_for_which_there_is_no_algorithm_is_refused(stored):
    koblitz = made.leaf(LOWER, key=ec.generate_private_key(ec.SECP256K1()))
    with pytest.raises(CredentialError, match="signs no C2PA manifest"):
        genlabel.KeySigner.from_pkcs12(stored(bundle(koblitz)), passphrase="sesame")
