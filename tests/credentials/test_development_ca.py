"""A development authority: credentials that the engine accepts, files that stay private."""

import os
import stat
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

import raw_engine
from genlabel.credentials.signer import KeySigner
from genlabel.model.errors import CredentialError
from genlabel.testing import Authority, picture
from patience import wait_for_its_end, while_it_lasts

JPEG = picture("jpeg", size=(32, 32))
ALGORITHMS = ["es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519"]


@pytest.fixture(scope="module")
def acme():
    return Authority.new("Acme Studio")


def chain(authority):
    return x509.load_pem_x509_certificates(authority.certificates + authority.anchors)


def extension(certificate, kind):
    return certificate.extensions.get_extension_for_class(kind)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_algorithm_signs_and_is_trusted_by_its_root_alone(algorithm, authority_with):
    authority = authority_with(algorithm)
    signer = authority.signer()
    assert signer.algorithm == algorithm
    signed = raw_engine.sign(JPEG, algorithm, signer.chain_pem, signer.private_key_pem())
    state, said = raw_engine.read(signed, authority.anchors)
    assert state == "Trusted"
    assert said["issuer"] == signer.organisation == "Acme Studio"
    assert said["common_name"] == signer.common_name
    assert said["cert_serial_number"] == signer.serial
    assert said["alg"].lower() == algorithm
    assert raw_engine.read(signed)[0] == "Valid"
    other = Authority.new("Acme Studio", algorithm=algorithm)
    assert raw_engine.read(signed, other.anchors)[0] == "Valid"


def test_the_leaf_meets_the_profile(acme):
    leaf, middle, root = chain(acme)
    usage = extension(leaf, x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert usage.value.content_commitment
    assert not usage.value.key_cert_sign
    constraints = extension(leaf, x509.BasicConstraints)
    assert constraints.critical
    assert not constraints.value.ca
    assert {oid.dotted_string for oid in extension(leaf, x509.ExtendedKeyUsage).value} == {
        "1.3.6.1.4.1.62558.2.1",
        "1.3.6.1.5.5.7.3.4",
    }
    key = extension(middle, x509.SubjectKeyIdentifier).value.digest
    assert extension(leaf, x509.AuthorityKeyIdentifier).value.key_identifier == key
    assert extension(leaf, x509.SubjectKeyIdentifier)
    assert leaf.version is x509.Version.v3
    assert extension(middle, x509.BasicConstraints).value == x509.BasicConstraints(True, 0)
    assert extension(root, x509.BasicConstraints).value == x509.BasicConstraints(True, 1)
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=366)
    assert len({each.serial_number for each in (leaf, middle, root)}) == 3


def test_development_stands_in_every_name_and_not_in_the_organisation(acme):
    leaf, *authorities = chain(acme)
    for certificate in (leaf, *authorities):
        names = {each.rfc4514_attribute_name: each.value for each in certificate.subject}
        assert names["O"] == "Acme Studio"
        assert names["OU"] == "Development"
        assert "Development" in names["CN"]


@pytest.mark.parametrize(
    "name", ["Ünïcode 株式会社 🖼", 'A, "quoted" + <name>; O=Evil', "x" * 64, "A"]
)
def test_the_organisation_is_the_name_exactly(name):
    authority = Authority.new(name)
    assert authority.signer().organisation == name
    signed = raw_engine.sign(JPEG, "es256", authority.certificates, authority.key_pem())
    state, said = raw_engine.read(signed, authority.anchors)
    assert (state, said["issuer"]) == ("Trusted", name)
    assert len(said["common_name"]) <= 64


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("", "empty"), ("  ", "empty"), (" Acme", "blank"), ("Ac\nme", "unprintable"),
     ("\u202eemcA", "unprintable"), ("x" * 65, "65 characters, and a certificate holds 64")],
)  # fmt: skip
def test_a_name_that_no_certificate_can_hold_is_refused(name, sentence):
    with pytest.raises(CredentialError, match=sentence) as refusal:
        Authority.new(name)
    assert refusal.value.remedy


def test_an_unknown_algorithm_is_refused():
    with pytest.raises(CredentialError, match="rs256: not a signature algorithm"):
        Authority.new("Acme Studio", algorithm="rs256")


def test_a_certificate_may_live_for_seconds():
    short = Authority.new("Acme Studio", lifetime=timedelta(seconds=2)).signer()
    assert short.not_valid_after <= datetime.now(UTC) + timedelta(seconds=2)

    def trusted(authority, signer):
        made = raw_engine.sign(JPEG, "es256", signer.chain_pem, signer.private_key_pem())
        assert raw_engine.read(made, authority.anchors)[0] == "Trusted"
        return made

    authority, signer, signed = while_it_lasts(trusted)
    wait_for_its_end(signer)
    assert raw_engine.read(signed, authority.anchors)[0] != "Trusted"
    with pytest.raises(CredentialError, match="expired on"):
        authority.signer()


def test_a_certificate_may_begin_whenever_one_likes():
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    past = Authority.new("Acme Studio", not_before=begin, lifetime=timedelta(days=1))
    leaf, middle, root = chain(past)
    assert (leaf.not_valid_before_utc, leaf.not_valid_after_utc) == (
        begin,
        begin + timedelta(days=1),
    )
    for authority in (middle, root):
        assert authority.not_valid_before_utc < begin
        assert authority.not_valid_after_utc > datetime.now(UTC)
    with pytest.raises(CredentialError, match="expired on 2020-01-02"):
        past.signer()
    with pytest.raises(CredentialError, match="not valid before"):
        Authority.new("Acme", not_before=datetime.now(UTC) + timedelta(days=2)).signer()


@pytest.mark.parametrize(
    "wrong", [{"lifetime": timedelta(0)}, {"not_before": datetime(2030, 1, 1)}]
)
def test_a_senseless_validity_is_refused(wrong):
    with pytest.raises(CredentialError):
        Authority.new("Acme Studio", **wrong)


def test_written_files_load_as_a_signer(acme, tmp_path):
    files = acme.write(tmp_path / "new" / "keys")
    assert sorted(each.name for each in (tmp_path / "new" / "keys").iterdir()) == [
        "anchors.pem",
        "signing.key",
        "signing.pem",
    ]
    assert files.authority_key is None
    assert KeySigner.from_files(files.key, files.certificates) == acme.signer()
    assert files.certificates.read_bytes().count(b"BEGIN CERTIFICATE") == 2
    assert files.anchors.read_bytes() == acme.anchors


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_the_key_is_for_its_owner_only_whatever_the_umask(acme, tmp_path):
    before = os.umask(0)
    try:
        files = acme.write(tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(files.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(files.anchors.stat().st_mode) == 0o644


def test_a_written_key_may_be_encrypted(acme, tmp_path):
    files = acme.write(tmp_path, passphrase="sesame")
    assert b"ENCRYPTED" in files.key.read_bytes()
    signer = KeySigner.from_files(files.key, files.certificates, passphrase="sesame")
    assert signer == acme.signer()


@pytest.mark.parametrize("taken", ["signing.key", "signing.pem", "anchors.pem"])
def test_nothing_is_overwritten_and_nothing_half_written(acme, tmp_path, taken):
    (tmp_path / taken).write_text("mine")
    with pytest.raises(CredentialError, match=f"{taken}: exists already") as refusal:
        acme.write(tmp_path)
    assert refusal.value.remedy
    assert [each.name for each in tmp_path.iterdir()] == [taken]
    assert (tmp_path / taken).read_text() == "mine"


@pytest.mark.skipif(os.name != "posix", reason="symbolic links need rights elsewhere")
def test_a_dangling_link_is_not_written_through(acme, tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "signing.key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CredentialError, match="exists already"):
        acme.write(tmp_path / "keys")
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_a_file_is_an_error_in_words(acme, tmp_path):
    (tmp_path / "keys").write_text("mine")
    with pytest.raises(CredentialError, match="cannot be written there"):
        acme.write(tmp_path / "keys")


def test_the_authoritys_key_is_forgotten_unless_asked_for(acme, tmp_path):
    with pytest.raises(CredentialError, match="was not kept"):
        acme.renewed()
    keeping = Authority.new("Acme Studio", keep_authority=True)
    files = keeping.write(tmp_path)
    assert files.authority_key == tmp_path / "authority.key"
    assert b"PRIVATE KEY" in files.authority_key.read_bytes()
    assert (tmp_path / "authority.pem").read_bytes().count(b"BEGIN CERTIFICATE") == 2


def test_a_renewed_certificate_is_trusted_by_the_same_root():
    first = Authority.new("Acme Studio", keep_authority=True)
    second = first.renewed()
    assert second.anchors == first.anchors
    assert second.signer().serial != first.signer().serial
    assert second.signer().organisation == "Acme Studio"
    signed = raw_engine.sign(JPEG, "es256", second.certificates, second.key_pem())
    assert raw_engine.read(signed, first.anchors)[0] == "Trusted"
