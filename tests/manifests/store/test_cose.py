"""The reading of a signature box: whatever the engine reads, and nothing that has two meanings."""

from __future__ import annotations

import pytest
from cryptography import x509
from hypothesis import given, settings, strategies as st

import jumbf
import resigning
from genlabel import formats
from genlabel.credentials.trust import Trust
from genlabel.credentials.x509 import key
from genlabel.manifests.engine import engine
from genlabel.manifests.store import cbor as strings, manifest_store
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.cose import ClaimSignature, claim_signature
from genlabel.manifests.store.manifest_store import CLAIM, SIGNATURE, Manifest, Superbox
from genlabel.testing import picture
from oracles.corpus import Specimen, each_specimen
from patience import within
from resigning import ES256, X5CHAIN, Verbatim, cbor, head


@pytest.fixture(scope="module")
def store() -> bytes:
    """A signed picture's manifest store."""
    return _store(resigning.signed(picture("jpeg", size=(64, 64))))


def _store(data: bytes) -> bytes:
    found = formats.identify(data).survey(data).manifest
    assert found is not None
    return found


def _active(store: bytes) -> str:
    return list(jumbf.manifests(store))[-1]


def _read(store: bytes, name: str) -> ClaimSignature | None:
    """The claim signature of the manifest of that name; None where it is refused."""
    try:
        manifest = manifest_store.read(store).manifests.get(name)
        return claim_signature(manifest) if manifest is not None else None
    except Unreadable:
        return None


def _of(signature: bytes, claim: bytes = b"\xa0") -> ClaimSignature:
    """The reading of a signature box that holds these bytes."""
    boxes = [
        Superbox(
            label=label,
            content_type=kind,
            source=b"",
            start=0,
            end=0,
            contents=((b"cbor", content),),
        )
        for label, kind, content in (
            ("c2pa.claim.v2", CLAIM, claim),
            ("c2pa.signature", SIGNATURE, signature),
        )
    ]
    whole = Superbox(
        label="urn:c2pa:0",
        content_type=b"",
        source=b"",
        start=0,
        end=0,
        superboxes=tuple(boxes),
    )
    return claim_signature(Manifest(whole))


@each_specimen(
    lambda each: each.name.startswith("signed/") and each.format in ("jpeg", "png", "webp", "avif")
)
def test_our_reading_of_a_signature_and_the_engines_are_of_one_mind(specimen: Specimen):
    document = engine.read(specimen.data, specimen.mime, Trust()).document
    if document is None:
        return
    found = _read(_store(specimen.data), document["active_manifest"])
    assert found is not None
    leaf = x509.load_der_x509_certificate(found.certificates[0])
    info = document["manifests"][document["active_manifest"]]["signature_info"]
    assert str(leaf.serial_number) == info["cert_serial_number"]
    successes = document["validation_results"]["activeManifest"]["success"]
    validated = "claimSignature.validated" in {each["code"] for each in successes}
    name = info["alg"].lower()
    assert key.verifies(leaf.public_key(), name, found.signature, found.signed) is validated


def test_a_manifest_of_another_name_is_not_taken(store):
    assert _read(store, _active(store)) is not None
    assert _read(store, "urn:c2pa:0") is None
    assert _read(store, "\ud800") is None
    assert _read(b"", _active(store)) is None


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
    assert _read(twice, _active(store)) is None


@pytest.mark.parametrize("length", [0, 1, 7, 8, 2**31, 2**32 - 1])
def test_a_length_that_lies_finds_nothing(store, length):
    for box in jumbf.walk(store):
        if box.type == "jumb" and box.label != "c2pa.assertions" and box.depth < 3:
            lying = store[: box.start] + length.to_bytes(4, "big") + store[box.start + 4 :]
            assert _read(lying, _active(store)) is None


@pytest.mark.filterwarnings("error")
def test_a_store_cut_anywhere_or_flipped_anywhere_raises_nothing(store):
    active = _active(store)
    for at in range(len(store)):
        assert _read(store[:at], active) is None
        flipped = store[:at] + bytes([store[at] ^ 0xFF]) + store[at + 1 :]
        _read(flipped, active)


@pytest.mark.filterwarnings("error")
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_bytes_in_the_signature_box_raise_nothing(store, data):
    box = next(each for each in jumbf.walk(store) if each.label == "c2pa.signature")
    start, end = resigning._content(store, box)
    noise = data.draw(st.binary(max_size=64))
    at = data.draw(st.integers(start, end - len(noise)))
    _read(store[:at] + noise + store[at + len(noise) :], _active(store))


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
        _of(cose)


def test_what_is_allowed_is_read():
    for unprotected in ({}, {"pad": bytes(300_000)}, {"x": Verbatim(b"\x9f\x01\xff")}):
        read = _of(b"\xd2" + cbor([cbor({1: ES256, X5CHAIN: [b"0"]}), unprotected, None, b"s"]))
        assert (read.certificates, read.algorithm, read.signature) == ((b"0",), ES256, b"s")
        assert read.signed == cbor(["Signature1", cbor({1: ES256, X5CHAIN: [b"0"]}), b"", b"\xa0"])


DOUBLES = {
    "in both headers": ({1: ES256, X5CHAIN: [b"0"]}, {X5CHAIN: [b"0"]}),
    "under both names": ({1: ES256, X5CHAIN: [b"0"], "x5chain": [b"0"]}, {}),
    "under both names, apart": ({1: ES256, X5CHAIN: [b"0"]}, {"x5chain": [b"0"]}),
    "none": ({1: ES256}, {}),
    "the algorithm in both": ({1: ES256, X5CHAIN: [b"0"]}, {1: ES256}),
    "no algorithm": ({X5CHAIN: [b"0"]}, {1: ES256}),
}


@pytest.mark.parametrize("kind", DOUBLES)
def test_two_credentials_or_none_are_refused(kind):
    """C2PA 2.4 §14.2; the algorithm counts where it is signed, and once (RFC 9052 §3)."""
    protected, unprotected = DOUBLES[kind]
    with pytest.raises(Unreadable):
        _of(b"\xd2" + cbor([cbor(protected), unprotected, None, b"s"]))


def test_heads_of_every_width_are_read():
    for size in (0, 23, 24, 255, 256, 65_535, 65_536):
        assert strings.string(bytes(size)) == head(2, size) + bytes(size)
