"""Trust is a value: anchors by kind and level, each findable by what the engine says."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from genlabel.credentials.trust import AnchorKind, Trust
from genlabel.model.errors import TrustError
from genlabel.model.report import TrustLevel
from genlabel.testing import Authority, trust
from oracles import corpus

LISTS = corpus.beside("trust-lists")


@pytest.fixture(scope="module")
def other():
    return Authority.new("Other Ltd")


def count(pem):
    return pem.count(b"BEGIN CERTIFICATE")


def test_no_trust_is_false_and_empty():
    assert not Trust()
    assert Trust() == Trust.of()
    assert Trust().entry("genlabel:signer:known:0") is None


def test_a_file_of_ones_own_is_known_and_called_by_its_name(authority, tmp_path):
    files = authority.write(tmp_path)
    (entry,) = Trust.of(signers=[files.anchors]).entries
    assert (entry.kind, entry.level) == (AnchorKind.SIGNER, TrustLevel.KNOWN)
    assert entry.name == "anchors.pem"
    assert entry.pem == authority.anchors
    assert Trust.of(signers=str(files.anchors)).entries == (entry,)


@pytest.mark.parametrize("form", [bytes, bytes.decode])
def test_pem_itself_will_do_in_place_of_a_file(authority, form):
    (entry,) = Trust.of(signers=[form(authority.anchors)]).entries
    assert entry.pem == authority.anchors
    assert entry.name == "given certificates"


def test_kinds_are_kept_apart_and_the_uri_leads_back(authority, other):
    mixed = Trust.of(
        signers=[authority.anchors],
        tsa=[other.anchors, authority.anchors],
        lists=[("tsa", other.anchors)],
    )
    assert [entry.uri for entry in mixed.entries] == [
        "genlabel:signer:known:0",
        "genlabel:tsa:known:1",
        "genlabel:tsa:known:2",
    ]  # the list repeats what is known already
    for entry in mixed.entries:
        assert mixed.entry(entry.uri) is entry
    assert mixed.entry("genlabel:signer:known:1") is None
    assert mixed.entry(None) is None
    assert len(mixed.of_kind(AnchorKind.TSA)) == 2
    assert [entry.pem for entry in mixed.of_kind(AnchorKind.SIGNER)] == [authority.anchors]


def test_a_certificate_given_twice_counts_once_and_as_ones_own(authority, other):
    both = Trust.of(
        signers=[authority.anchors + authority.anchors],
        lists=[("signer", authority.anchors + other.anchors)],
    )
    assert [(entry.level, entry.count) for entry in both.entries] == [
        (TrustLevel.KNOWN, 1),
        (TrustLevel.LISTED, 1),
    ]
    assert both.entries[1].pem == other.anchors


def test_trust_is_a_key_for_caches(authority, other):
    cache = {Trust.of(signers=[authority.anchors]): 1}
    assert cache[trust(authority)] == 1
    assert trust(other) not in cache
    assert trust(authority, other).entries[1].pem == other.anchors


def test_text_between_certificates_is_skipped(authority, other):
    text = (
        b"Subject\tCN=\xc3\xbc\n" + authority.anchors + b"\n# -- next --\n" + other.anchors + b"end"
    )
    (entry,) = Trust.of(signers=[text]).entries
    assert entry.pem == authority.anchors + other.anchors
    assert entry.count == 2


def test_a_signers_own_certificates_are_passed_over(authority, caplog):
    (entry,) = Trust.of(signers=[authority.certificates]).entries
    assert entry.count == 1  # the intermediate vouches, the leaf does not
    assert "1 of 2 certificates vouch for nobody" in caplog.text


def der(pem):
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


def leaf(authority):
    return authority.certificates.split(b"-----END CERTIFICATE-----\n")[0] + (
        b"-----END CERTIFICATE-----\n"
    )


@pytest.mark.parametrize(
    ("content", "sentence", "remedy"),
    [
        (lambda a: b"", "no certificate in it", "PEM file"),
        (lambda a: b"hello", "no certificate in it", "PEM file"),
        (lambda a: a.key_pem(), "no certificate in it", "PEM file"),
        (lambda a: der(a.anchors), "in DER, and PEM is wanted", "openssl x509 -inform DER"),
        (lambda a: a.anchors[:-60], "cannot be read", "PEM file"),
        (lambda a: (a.anchors * 2)[:-60], "2 certificates begin in it and 1 can be read", "cut"),
        (lambda a: a.anchors.replace(b"MII", b"AAA"), "cannot be read", "PEM file"),
        (lambda a: leaf(a), "vouch for nobody", "anchors.pem"),
        (lambda a: b"-----BEGIN CERTIFICATE-----\n" * 3000, "too many", "PEM file"),
        (lambda a: b"x" * (9 * 1024 * 1024), "more than", "PEM file"),
    ],
)
def test_a_file_without_usable_anchors_is_refused_with_its_name(
    authority, tmp_path, content, sentence, remedy
):
    path = tmp_path / "roots.pem"
    path.write_bytes(content(authority))
    with pytest.raises(TrustError, match=sentence) as refusal:
        Trust.of(signers=[path])
    assert str(refusal.value).startswith("roots.pem: ")
    assert remedy in refusal.value.remedy


def test_a_missing_file_and_an_unknown_kind_are_refused(authority, tmp_path):
    with pytest.raises(TrustError, match="No such file"):
        Trust.of(tsa=[tmp_path / "none.pem"])
    with pytest.raises(TrustError, match="camera: no kind") as refusal:
        Trust.of(lists=[("camera", authority.anchors)])
    assert "signer or tsa" in refusal.value.remedy


@pytest.mark.skipif(LISTS is None, reason="the official trust lists are not here")
def test_the_official_lists_are_read_whole():
    assert LISTS is not None
    official = Trust.of(
        lists=[
            ("signer", LISTS / "C2PA-TRUST-LIST.pem"),
            ("tsa", LISTS / "C2PA-TSA-TRUST-LIST.pem"),
        ]
    )
    for entry in official.entries:
        assert entry.level is TrustLevel.LISTED
        assert entry.count == count(entry.pem) == count((LISTS / entry.name).read_bytes())
