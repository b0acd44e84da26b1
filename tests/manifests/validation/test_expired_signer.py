"""A certificate that has ended: who signed is known all the same, and nobody else gets in by it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings, strategies as st

import genlabel
import jumbf
import resigning
from genlabel import formats
from genlabel.credentials.trust import Trust
from genlabel.credentials.x509 import key, profile
from genlabel.manifests.engine import engine
from genlabel.manifests.store import cbor as strings, cose as signature_box
from genlabel.manifests.store.cose import claim_signature
from genlabel.manifests.validation import expired_signer
from genlabel.model.report import (
    Integrity,
    Report,
    Severity,
    SigningTime,
    TrustLevel,
    Validity,
)
from genlabel.policies import LABELLED
from genlabel.rendering import phrases
from genlabel.testing import picture
from oracles import corpus, raw
from oracles.chain import CLAIM_SIGNING, Chain
from oracles.corpus import Specimen, each_specimen
from patience import within
from resigning import ES256, JPEG, X5CHAIN, Verbatim, cbor, ders, head, resigned

NOW = datetime.now(UTC)
OVER = {"not_before": NOW - timedelta(days=400), "not_after": NOW - timedelta(days=30)}
SOON = {"not_before": NOW + timedelta(days=30), "not_after": NOW + timedelta(days=60)}


@pytest.fixture(scope="module")
def base() -> bytes:
    """A signed picture, to be signed once more."""
    return resigning.signed(picture("jpeg", size=(64, 64)))


@pytest.fixture(scope="module")
def ended() -> Chain:
    """A chain whose leaf ended a month ago."""
    return Chain.new("Acme Studio", **OVER)


@pytest.fixture(scope="module")
def old(base, ended) -> bytes:
    """A picture that was signed with it."""
    return resigned(base, ended)


@pytest.fixture(scope="module")
def store(old) -> bytes:
    """That picture's manifest store."""
    return _store(old)


def _store(data: bytes) -> bytes:
    found = formats.identify(data).survey(data).manifest
    assert found is not None
    return found


def _active(store: bytes) -> str:
    return list(jumbf.manifests(store))[-1]


def _verify(data: bytes, chain: Chain) -> Report:
    return genlabel.verify(data, trust=Trust.of(signers=chain.anchor), policy=None)


def _unknown(report: Report) -> bool:
    assert report.signer is not None
    assert report.signer.trust_list is None
    assert not report.declared.attested
    return report.signer.trust is TrustLevel.UNKNOWN


def test_the_signer_is_known_and_the_certificate_has_ended(old, ended):
    report = _verify(old, ended)
    assert report.integrity is Integrity.INTACT
    assert report.signer.organisation == "Acme Studio"
    assert (report.signer.trust, report.signer.trust_list) == (
        TrustLevel.KNOWN,
        "given certificates",
    )
    assert (report.signer.validity, report.signer.time) == (Validity.EXPIRED, SigningTime.NONE)
    assert phrases.integrity(report) == (
        "unchanged since it was signed; whether the certificate was valid then cannot be shown "
        "with the lists given"
    )
    about = [each for each in LABELLED.judge(report) if each.code.startswith("signingCredential")]
    assert [(each.code, each.severity) for each in about] == [
        ("signingCredential.expired", Severity.WARNING)
    ]


def test_a_signer_on_a_published_list_is_listed(old, ended):
    trust = Trust.of(lists=[("signer", ended.anchor)])
    assert genlabel.verify(old, trust=trust, policy=None).signer.trust is TrustLevel.LISTED


def test_a_statement_stays_attested(old, ended):
    assert _verify(old, ended).declared.attested
    assert not genlabel.verify(old, policy=None).declared.attested


def test_the_tool_of_these_tests_signs_as_the_engine_does(base):
    """Else `unknown` would prove nothing below."""
    chain = Chain.new("Acme Studio")
    report = _verify(resigned(base, chain), chain)
    assert report.signer.trust is TrustLevel.KNOWN
    assert report.signer.validity is Validity.WITHIN


@pytest.mark.parametrize(
    ("label", "guarded"),
    [(X5CHAIN, True), ("x5chain", True), ("x5chain", False)],
    ids=["number", "name", "name, unprotected"],
)
def test_the_certificates_are_found_in_every_place_where_c2pa_had_them(base, ended, label, guarded):
    chain = {label: ders(ended)}
    data = resigned(
        base,
        ended,
        protected={1: ES256, **(chain if guarded else {})},
        unprotected={} if guarded else chain,
    )
    assert _verify(data, ended).signer.trust is TrustLevel.KNOWN


def test_one_certificate_may_stand_without_an_array(base, ended):
    data = resigned(base, ended, protected={1: ES256, X5CHAIN: ders(ended)[0]})
    intermediate = ended.certificates[ended.certificates.rindex(b"-----BEGIN") :]
    trust = Trust.of(signers=intermediate)
    assert genlabel.verify(data, trust=trust, policy=None).signer.trust is TrustLevel.KNOWN


def test_an_outlived_signer_of_another_authority_stays_unknown(old):
    assert _unknown(_verify(old, Chain.new("Acme Studio")))


def test_an_anchor_for_time_stamps_vouches_for_no_outlived_signer(old, ended):
    assert _unknown(genlabel.verify(old, trust=Trust.of(tsa=ended.anchor), policy=None))


def test_the_same_names_with_other_keys_stay_unknown(base, ended):
    serial = expired_signer.x509.load_der_x509_certificate(ders(ended)[0]).serial_number
    forged = Chain.new("Acme Studio", **OVER, serial=serial)
    report = _verify(resigned(base, forged), ended)
    assert report.signer.organisation == "Acme Studio"
    assert report.signer.serial == str(serial)
    assert _unknown(report)
    # A forged leaf above the true intermediate, which did not issue it.
    patched = [ders(forged)[0], ders(ended)[1]]
    data = resigned(base, forged, protected={1: ES256, X5CHAIN: patched})
    assert _unknown(_verify(data, ended))


BIGNUM = Verbatim(b"\xc2\x41\x21")  # 33 as a bignum, RFC 8949 §3.4.3
WIDE = Verbatim(b"\x19\x00\x21")  # 33 in two bytes
INDEFINITE = Verbatim(b"\x7f\x67x5chain\xff")
TAGGED = Verbatim(b"\xc6\x18\x21")


@pytest.mark.parametrize("mine", [X5CHAIN, "x5chain", BIGNUM, WIDE, INDEFINITE, TAGGED])
@pytest.mark.parametrize("theirs", [X5CHAIN, "x5chain", WIDE])
@pytest.mark.parametrize("swapped", [False, True])
def test_two_chains_in_one_signature_lend_no_name(base, ended, mine, theirs, swapped):
    """The engine may believe the one and we the other."""
    serial = expired_signer.x509.load_der_x509_certificate(ders(ended)[0]).serial_number
    forger = Chain.new("Acme Studio", **OVER, serial=serial)
    one, other = {mine: ders(forger)}, {theirs: ders(ended)}
    if swapped:
        one, other = other, one
    guarded, open_ = {1: ES256, **one}, other
    data = resigned(_roomy(base), forger, protected=guarded, unprotected=open_)
    report = _verify(data, ended)
    assert report.signer is None or report.signer.trust is TrustLevel.UNKNOWN
    assert not report.declared.attested


def _roomy(base: bytes) -> bytes:
    chain = Chain.new()
    twice = Chain(
        organisation=chain.organisation,
        key=chain.key,
        certificates=chain.certificates + chain.anchor * 4,
        anchor=chain.anchor,
    )
    return raw.sign(picture("jpeg", size=(64, 64)), JPEG, twice)


def test_a_certificate_for_something_else_signs_nothing_once_it_has_ended(base):
    """The engine looks at its dates first, and then no further."""
    server = Chain.new("Acme Studio", **OVER, ekus=(ExtendedKeyUsageOID.SERVER_AUTH,))
    data = resigned(base, server)
    failures = raw.read(data, JPEG, anchors=server.anchor).failures
    assert "signingCredential.expired" in failures
    assert "signingCredential.invalid" not in failures
    assert _unknown(_verify(data, server))
    claims = Chain.new("Acme Studio", **OVER, ekus=(CLAIM_SIGNING,))
    assert not _unknown_or_attested(_verify(resigned(base, claims), claims))


def _unknown_or_attested(report: Report) -> bool:
    return report.signer.trust is TrustLevel.UNKNOWN or not report.declared.attested


def test_a_certificate_from_the_future_is_never_within(base):
    chain = Chain.new("Acme Studio", **SOON)
    assert _verify(resigned(base, chain), chain).signer.validity is not Validity.WITHIN


def test_a_picture_changed_since_is_broken_whoever_signed(old, ended):
    changed = old[:-20] + bytes([old[-20] ^ 1]) + old[-19:]
    report = _verify(changed, ended)
    assert report.integrity is Integrity.BROKEN
    assert not report.declared.attested


def test_a_signature_of_another_key_makes_nobody_known(base, ended):
    thief = Chain.new("Acme Studio")
    data = resigned(base, thief, protected={1: ES256, X5CHAIN: ders(ended)})
    report = _verify(data, ended)
    assert report.integrity is Integrity.BROKEN
    assert report.signer is None or report.signer.trust is TrustLevel.UNKNOWN


def test_what_the_engine_did_not_read_vouches_for_nothing(old, store, ended):
    """A true signature of the house, found by us where the engine found another's."""
    trust = Trust.of(signers=ended.anchor)
    truly = engine.read(old, JPEG, trust).document
    assert expired_signer.voucher(truly, old, JPEG, trust, store=store) is not None
    other = resigning.signed(picture("jpeg", size=(64, 64), seed=7))
    assert expired_signer.voucher(truly, other, JPEG, trust, store=store) is None
    assert expired_signer.voucher(truly, old, JPEG, trust, store=_store(other)) is None


def test_every_certificate_counts_at_a_proven_moment(old, store, ended):
    trust = Trust.of(signers=ended.anchor)
    document = engine.read(old, JPEG, trust).document
    inside, outside = OVER["not_after"] - timedelta(days=1), NOW
    assert expired_signer.voucher(document, old, JPEG, trust, store=store, at=inside) is not None
    assert expired_signer.voucher(document, old, JPEG, trust, store=store, at=outside) is None


# --- the reading of the signature box


@each_specimen(
    lambda each: each.name.startswith("signed/") and each.format in ("jpeg", "png", "webp", "avif")
)
def test_our_reading_of_a_signature_and_the_engines_are_of_one_mind(specimen: Specimen):
    document = engine.read(specimen.data, specimen.mime, Trust()).document
    if document is None:
        return
    found = claim_signature(_store(specimen.data), document["active_manifest"])
    assert found is not None
    leaf = expired_signer.x509.load_der_x509_certificate(found.certificates[0])
    info = document["manifests"][document["active_manifest"]]["signature_info"]
    assert str(leaf.serial_number) == info["cert_serial_number"]
    successes = document["validation_results"]["activeManifest"]["success"]
    validated = "claimSignature.validated" in {each["code"] for each in successes}
    name = info["alg"].lower()
    assert key.verifies(leaf.public_key(), name, found.signature, found.signed) is validated


def test_other_peoples_authority_without_key_usage_vouches_for_nobody():
    """C2PA 2.4 §14.5.1.1 asks it of every certificate of a chain."""
    data = corpus.specimen("signed/cards_expired_without_timestamp.jpg").data
    before = genlabel.verify(data, policy=None)
    found = claim_signature(_store(data), before.manifest_id)
    chain = [expired_signer.x509.load_der_x509_certificate(each) for each in found.certificates]
    assert {each.name for each in profile.faults(chain)} == {"basic constraints", "key usage"}
    trust = Trust.of(signers=chain[1].public_bytes(Encoding.PEM))
    report = genlabel.verify(data, trust=trust, policy=None)
    assert report.signer.trust is TrustLevel.UNKNOWN
    assert report.signer.validity is before.signer.validity is Validity.EXPIRED
    assert report.integrity is Integrity.INTACT


def test_a_manifest_of_another_name_is_not_taken(store):
    assert claim_signature(store, _active(store)) is not None
    assert claim_signature(store, "urn:c2pa:0") is None
    assert claim_signature(store, "\ud800") is None
    assert claim_signature(b"", _active(store)) is None


def _grown(store: bytes, at: jumbf.Box, inserted: bytes) -> bytes:
    """`store` with bytes inserted behind a box, every superbox around grown with it."""
    boxes = list(jumbf.walk(store))
    grown = bytearray(store)
    for box in boxes:
        if box.type == "jumb" and box.start < at.start and box.end >= at.end:
            size = int.from_bytes(store[box.start : box.start + 4], "big") + len(inserted)
            grown[box.start : box.start + 4] = size.to_bytes(4, "big")
    return bytes(grown[: at.end]) + inserted + bytes(grown[at.end :])


@pytest.mark.parametrize("label", ["manifest", "c2pa.claim", "c2pa.signature"])
def test_anything_that_is_there_twice_is_not_read(store, label):
    name = _active(store) if label == "manifest" else label
    box = next(each for each in jumbf.walk(store) if each.label.startswith(name))
    twice = _grown(store, box, store[box.start : box.end])
    assert len(list(jumbf.walk(twice))) > len(list(jumbf.walk(store)))
    assert claim_signature(twice, _active(store)) is None


@pytest.mark.parametrize("length", [0, 1, 7, 8, 2**31, 2**32 - 1])
def test_a_length_that_lies_finds_nothing(store, length):
    for box in jumbf.walk(store):
        if box.type == "jumb" and box.label != "c2pa.assertions" and box.depth < 3:
            lying = store[: box.start] + length.to_bytes(4, "big") + store[box.start + 4 :]
            assert claim_signature(lying, _active(store)) is None


@pytest.mark.filterwarnings("error")
def test_a_store_cut_anywhere_or_flipped_anywhere_raises_nothing(store):
    active = _active(store)
    for at in range(len(store)):
        assert claim_signature(store[:at], active) is None
        flipped = store[:at] + bytes([store[at] ^ 0xFF]) + store[at + 1 :]
        found = claim_signature(flipped, active)
        if found is not None and (chain := expired_signer.certificates(found)) is not None:
            expired_signer._made(found, chain)


@pytest.mark.filterwarnings("error")
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_bytes_in_the_signature_box_raise_nothing(store, data):
    box = next(each for each in jumbf.walk(store) if each.label == "c2pa.signature")
    start, end = resigning._content(store, box)
    noise = data.draw(st.binary(max_size=64))
    at = data.draw(st.integers(start, end - len(noise)))
    found = claim_signature(store[:at] + noise + store[at + len(noise) :], _active(store))
    if found is not None and (chain := expired_signer.certificates(found)) is not None:
        expired_signer._made(found, chain)


BOMBS = {
    "nested arrays": b"\x81" * 200_000,
    "nested tags": b"\xc6" * 200_000,
    "an array without end": b"\x9f" * 1000,
    "2^64 items": b"\x9b" + b"\xff" * 8,
    "2^63 pairs": b"\xbb\x7f" + b"\xff" * 7,
    "2^40 bytes": b"\x5b" + (2**40).to_bytes(8, "big"),
    "a quarter of a million nulls": b"\x9a\x00\x03\xff\x00" + b"\xf6" * 0x3FF00,
    "nothing": b"",
    "reserved heads": bytes(range(0x1C, 0x20)),
}


@pytest.mark.parametrize("where", ["box", "protected", "unprotected", "payload", "value", "chain"])
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_stepped_over_or_refused_in_no_time(bomb, where):
    hostile = Verbatim(BOMBS[bomb])
    parts = [cbor({1: ES256, X5CHAIN: [b"0"]}), {}, None, b"s"]
    if where == "box":
        cose = bytes(hostile)
    else:
        if where == "protected":
            parts[0] = bytes(hostile)
        elif where == "chain":
            parts[1] = {X5CHAIN: hostile}
        else:
            parts[["", "unprotected", "payload", "value"].index(where)] = hostile
        cose = b"\xd2" + cbor(parts)
    with within(0.5), pytest.raises(ValueError):
        signature_box.of_claim(cose, b"claim")


def test_more_than_a_signature_box_ever_holds_is_not_looked_at():
    huge = b"\xd2" + cbor([cbor({1: ES256}), {"pad": bytes(300_000)}, None, b"s"])
    with pytest.raises(ValueError, match="bytes of signature"):
        signature_box.of_claim(huge, b"claim")


def test_heads_of_every_width_are_read():
    for size in (0, 23, 24, 255, 256, 65_535, 65_536):
        assert strings.string(bytes(size)) == head(2, size) + bytes(size)


_LOADED = """
import sys
from genlabel import Asset
from genlabel.operations import verify
verify.verify(Asset(open(sys.argv[1], "rb").read()))
seen = ("cryptography", "genlabel.manifests.validation.expired_signer")
print(*(name for name in seen if name in sys.modules))
"""


def test_without_anchors_no_cryptography_is_loaded(old, tmp_path):
    path = tmp_path / "old.jpg"
    path.write_bytes(old)
    run = subprocess.run(
        [sys.executable, "-c", _LOADED, path], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == ""


def test_a_signer_whose_certificate_holds_is_asked_about_no_further(base, monkeypatch):
    chain = Chain.new("Acme Studio")
    data = resigned(base, chain)
    monkeypatch.delitem(sys.modules, "genlabel.manifests.validation.expired_signer")
    assert _verify(data, chain).signer.trust is TrustLevel.KNOWN
    assert _unknown(_verify(data, Chain.new("Other")))
    assert "genlabel.manifests.validation.expired_signer" not in sys.modules
