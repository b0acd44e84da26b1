"""Chains as authorities deliver them: PKCS#7, UTF-16, any order, with the root and with doubles."""

import itertools
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms, pem as armour
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

import genlabel
import hand_made_chains as made
from chain_cases import pem
from genlabel.credentials.x509 import chain, delivery
from genlabel.model.errors import CredentialError

ROOT = made.root()
UPPER = made.link("Upper", ROOT, **made.AUTHORITY, path_length=1)
LOWER = made.intermediate(UPPER)
LEAF = made.leaf(LOWER)
ALL = (LEAF, LOWER, UPPER, ROOT)
RIGHT = tuple(each.certificate for each in (LEAF, LOWER, UPPER))


def packed(links, encoding=Encoding.DER):
    return pkcs7.serialize_certificates([each.certificate for each in links], encoding)


def read(data, public=None):
    return delivery.read(data, source="chain", public=public)


@pytest.mark.parametrize("order", list(itertools.permutations(ALL)))
def test_any_order_is_put_right_and_the_root_left_out(order):
    delivered = read(pem(order))
    assert delivered.chain == RIGHT
    assert ("ordered" in delivered.steps) == (_without_root(order) != RIGHT)
    assert "root-left-out" in delivered.steps


def _without_root(order):
    return tuple(each.certificate for each in order if each is not ROOT)


def test_what_is_in_order_is_left_alone():
    assert read(pem(ALL[:3])) == delivery.Delivery(chain=RIGHT)
    alone = made.root()
    assert read(pem([alone])).chain == (alone.certificate,)


@pytest.mark.parametrize(
    ("data", "steps"),
    [
        (packed(ALL[:3]), {"pkcs7"}),
        (packed(ALL[:3], Encoding.PEM), {"pkcs7"}),
        (b"from our portal\r\n" + packed(ALL[:3], Encoding.PEM), {"pkcs7"}),
        (packed(ALL[:3], Encoding.PEM).replace(b"PKCS7", b"CMS"), {"pkcs7"}),
        (pem(ALL[:3]).decode().encode("utf-16"), {"utf-16"}),
        (pem(ALL[:3]).decode().encode("utf-16-le"), {"utf-16"}),
        (pem(ALL[:3]).decode().encode("utf-16-be"), {"utf-16"}),
        (packed(ALL[:3], Encoding.PEM).decode().encode("utf-16"), {"utf-16", "pkcs7"}),
        (b"\xef\xbb\xbf" + pem(ALL[:3]), set()),
        (pem(ALL[:3]).replace(b"\n", b"\r\n"), set()),
        (LEAF.certificate.public_bytes(Encoding.DER), set()),
    ],
)
def test_the_forms_in_which_chains_come(data, steps):
    delivered = read(data)
    assert delivered.chain in (RIGHT, RIGHT[:1])
    # a set of certificates in DER has an order of its own
    assert set(delivered.steps) - {"ordered"} == steps


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")
@pytest.mark.parametrize("form", ["DER", "PEM"])
def test_what_openssl_packs_is_taken(tmp_path, form):
    (tmp_path / "all.pem").write_bytes(pem(reversed(ALL)))
    subprocess.run(
        ["openssl", "crl2pkcs7", "-nocrl", "-certfile", "all.pem", "-outform", form, "-out", "p7b"],
        cwd=tmp_path,
        check=True,
    )
    assert read((tmp_path / "p7b").read_bytes()).chain == RIGHT


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_one_without_certificates_is_told_as_that(encoding):
    """Authorities also pack revocation lists alone; the empty one is of ``openssl crl2pkcs7``."""
    content = {
        "version": "v1",
        "digest_algorithms": [],
        "encap_content_info": {"content_type": "data"},
    }
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    builder = x509.CertificateRevocationListBuilder(
        LEAF.certificate.issuer, now, now + timedelta(9)
    )
    crl = cms.CertificateList.load(builder.sign(key, SHA256()).public_bytes(Encoding.DER))
    for more, told in (({}, "no certificate in it"), ({"crls": [crl]}, "but revocation lists")):
        signed = cms.SignedData({**content, **more, "signer_infos": []})
        data = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
        with pytest.raises(CredentialError, match=f"(?m){told}$"):
            read(armour.armor("PKCS7", data) if encoding is Encoding.PEM else data)
    with pytest.raises(CredentialError, match="cannot be read"):
        read(data[:40])


def test_doubles_and_other_ways_to_a_root_are_left_out():
    assert read(pem([LEAF, LOWER, LOWER, UPPER])).steps == ("others-left-out",)
    other = made.root()
    cross = made.link("Upper", other, key=UPPER.key, **made.AUTHORITY, path_length=1)
    delivered = read(pem([LEAF, LOWER, UPPER, cross]))
    assert (delivered.chain, delivered.steps) == (RIGHT, ("others-left-out",))


def test_the_key_says_which_certificate_signs():
    second = made.leaf(LOWER)
    public = second.certificate.public_key()
    assert read(pem([LEAF, LOWER, second]), public).chain == tuple(
        each.certificate
        for each in (LEAF, LOWER, second)  # two of them: which belongs is unclear
    )
    assert read(pem([UPPER, LOWER, LEAF]), LEAF.certificate.public_key()).chain == RIGHT


def test_what_makes_no_chain_stays_as_it_is_and_the_rules_speak(tmp_path):
    foreign = [LEAF, made.intermediate(made.root())]
    assert read(pem(foreign)).chain == tuple(each.certificate for each in foreign)
    (tmp_path / "chain.pem").write_bytes(pem(foreign))
    found = genlabel.check_keys(tmp_path / "chain.pem")
    assert [each.name for each in found.problems if each.severity == "error"] == ["chain"]
    assert found.prepared == ()


@pytest.mark.parametrize("cut", [5, 30, 400, -1])
@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_what_was_cut_is_refused(cut, encoding):
    with pytest.raises(CredentialError, match="chain: "):
        read(packed(ALL, encoding)[:cut].rstrip(b"\n-" if cut == -1 else b""))


def test_no_certificates_and_very_many():
    with pytest.raises(CredentialError, match="no certificate"):
        read(packed([LEAF]).replace(b"x", b"y")[:0] + b"\xff\xfe")
    many = [made.leaf(ROOT) for _ in range(delivery.MOST + 1)]
    assert read(pem(many)).steps == ()
    with pytest.raises(CredentialError, match="too many"):
        read(b"0" * (chain.MAX_CHAIN_BYTES + 1))


@pytest.mark.parametrize("name", ["chain.p7b", "chain.p7c", "chain.txt"])
def test_signers_take_them(tmp_path, name):
    data = {
        "chain.p7b": packed(reversed(ALL), Encoding.PEM),
        "chain.p7c": packed(reversed(ALL)),
        "chain.txt": pem(reversed(ALL)).decode().encode("utf-16"),
    }[name]
    (tmp_path / name).write_bytes(data)
    (tmp_path / "own.key").write_bytes(LEAF.key_pem)
    (tmp_path / "own.key").chmod(0o600)
    right = chain.pem(RIGHT)
    direct = genlabel.KeySigner.from_files(tmp_path / "own.key", tmp_path / name)
    by_uri = genlabel.signer(f"file:{tmp_path}/own.key", certificates=tmp_path / name)
    called = genlabel.CallbackSigner.asking(direct.sign, tmp_path / name)
    assert direct.chain_pem == by_uri.chain_pem == called.chain_pem == right
    checked = genlabel.check_keys(tmp_path / name, key=tmp_path / "own.key")
    assert (checked.ok, checked.probed) == (True, True)
    assert "root-left-out" in checked.prepared
