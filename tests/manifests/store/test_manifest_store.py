"""Manifest stores are read whole; damaged ones are unreadable, and those of two minds ambiguous."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

import jumbf
from forgeries import forge
from forgeries.forge import Assertion, Draft
from genlabel.formats import identify
from genlabel.manifests.store import ancestry, cose, manifest_store
from genlabel.manifests.store.cbor import Ambiguous, Unreadable
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore, Missing
from oracles import corpus
from oracles.corpus import Specimen, each_specimen
from resigning import ES256, X5CHAIN, Verbatim, cbor, ders

OTHER = "urn:c2pa:aaaaaaaa-2222-4333-8444-555555555555"


def draft(**changes) -> Draft:
    return forge.generated(forge.forger(), **changes).with_(forge.data_hash(b"", ()))


@pytest.fixture(scope="module")
def store() -> bytes:
    parent = draft(label=OTHER)
    return forge.store(parent, forge.Draft(chain=forge.forger(), assertions=forge.opened(parent)))


def everything(read: ManifestStore) -> None:
    """Look at all that there is; only `Unreadable` may come."""
    for manifest in read.manifests.values():
        for look in (
            lambda m: m.claim,
            lambda m: m.claim_version,
            lambda m: cose.of_claim(m.signature, m.claim_box.content(b"cbor")),
            lambda m: m.references,
            lambda m: m.redacted,
            lambda m: [m.assertion(label) for label in m.assertions],
        ):
            try:
                look(manifest)
            except Unreadable:
                continue
    walk = ancestry.walk(read)
    for link in walk.links:
        for each in link.recorded():
            assert each.code
        assert link.version in range(100)
        assert link.title is None or link.title
    ancestry.redactions(read, walk.links)
    if read.active is not None:
        ancestry.binding_manifest(read, read.active)


def test_a_store_is_its_manifests_in_order(store):
    read = manifest_store.read(store)
    assert [*read.manifests] == [OTHER, Draft.__dataclass_fields__["label"].default]
    assert read.active is [*read.manifests.values()][-1]
    parent = read.manifests[OTHER]
    assert [*parent.assertions] == ["c2pa.actions.v2", "c2pa.hash.data"]
    assert [created for _, created in parent.references] == [True, True]
    assert parent.claim_version == 2
    (reference, _) = parent.references[0]
    box = read.resolve(reference["url"], parent)
    assert box is parent.assertions["c2pa.actions.v2"]
    assert read.digest(box, "sha256") == reference["hash"]
    assert read.digest(box, "sha384") == hashlib.sha384(box.body).digest()
    assert read.digest(box, "sha1") is None
    assert read.resolve(f"self#jumbf=/c2pa/{OTHER}/c2pa.signature", read.active) is (
        parent.signature_box
    )
    for nowhere in ("https://elsewhere.example", None, 3, "self#jumbf=/c2pa", "self#jumbf=/x/y"):
        assert read.resolve(nowhere, parent) is None


@each_specimen(lambda each: each.name.startswith("signed/"))
def test_every_foreign_store_is_read(specimen: Specimen):
    survey = identify(specimen.data).survey(specimen.data)
    if survey.manifest is None:
        return
    read = manifest_store.read(survey.manifest)
    assert read.active is not None
    if "prerelease" in specimen.name:
        return
    for manifest in read.manifests.values():
        assert manifest.claim
        assert all(manifest.assertion(each) for each in manifest.assertions if "hash" in each)
        found = cose.of_claim(manifest.signature, manifest.claim_box.content(b"cbor"))
        assert found.certificates


def test_every_readable_fault_has_a_signature_that_is_read():
    root = corpus.folder().parent / "faults" if corpus.folder() else None
    if root is None or not root.is_dir():
        pytest.skip("the faults are not here")
    for path in sorted([*root.glob("rules/*.png"), *root.glob("certificates/*.jpg")]):
        data = path.read_bytes()
        survey = identify(data).survey(data)
        if survey.manifest is None or "two_caBX" in path.name:
            continue
        manifest = manifest_store.read(survey.manifest).active
        if "extra_claim" in path.name:
            with pytest.raises(Ambiguous):
                assert manifest.claim
            continue
        assert cose.of_claim(manifest.signature, manifest.claim_box.content(b"cbor"))


def test_doubles_are_told_apart(store):
    one = draft()
    with pytest.raises(Ambiguous):
        manifest_store.read(forge.store(one, one))
    with pytest.raises(Ambiguous):
        manifest_store.read(store + b"\0")
    with pytest.raises(Ambiguous):
        manifest_store.read(store + store)
    twice = only(one.with_(extra=one.signature_box))
    with pytest.raises(Ambiguous):
        assert twice.signature
    content = forge.box(b"cbor", one.claim_bytes)
    claims = only(one.with_(extra=forge.superbox("c2pa.claim.v2", forge.CLAIM, content)))
    with pytest.raises(Ambiguous):
        assert claims.claim
    half = only(one.with_(extra=forge.superbox("c2pa.claim", forge.CBOR, content)))
    with pytest.raises(Ambiguous):
        assert half.claim
    same = replace(one, assertions=(*one.assertions, one.assertions[0]))
    with pytest.raises(Ambiguous):
        assert only(same).assertions
    key = Assertion(label="com.example.x", value=Verbatim(b"\xa2\x61a\x01\x61a\x02"))
    with pytest.raises(Ambiguous):
        only(one.with_(key)).assertion("com.example.x")


def only(one: Draft) -> Manifest:
    """The one manifest of a store."""
    (manifest,) = manifest_store.read(forge.store(one)).manifests.values()
    return manifest


def test_what_is_missing_is_that():
    empty = manifest_store.read(forge.store(forge.superbox(OTHER, forge.STANDARD))).active
    for look in (lambda: empty.claim, lambda: empty.signature, lambda: empty.assertions):
        with pytest.raises(Missing):
            look()
    assert manifest_store.read(forge.store()).active is None


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\0" * 7, b"\0\0\0\x08jumb", b"\0\0\0\x07jumb", b"\0\0\0\x08free",
        b"\0\0\0\1jumb" + b"\xff" * 8, forge.superbox("x", forge.CLAIM),
    ],
)  # fmt: skip
def test_what_is_no_store_is_unreadable(content):
    with pytest.raises(Unreadable):
        manifest_store.read(content)


def test_long_heads_and_padding_are_read():
    claim = forge.superbox("c2pa.claim.v2", forge.CLAIM, forge.box(b"cbor", cbor({"a": 1})))
    padded = forge.superbox(
        "c2pa.claim.v2", forge.CLAIM, forge.box(b"cbor", cbor({"a": 1})), forge.box(b"free", b"\0")
    )
    long = b"\0\0\0\1jumb" + (len(claim) + 8).to_bytes(8, "big") + claim[8:]
    for each in (claim, padded, long):
        read = manifest_store.read(forge.store(forge.superbox(OTHER, forge.STANDARD, each)))
        assert read.active.claim == {"a": 1}


def test_boxes_and_levels_are_bounded():
    deep = forge.superbox("x", forge.CBOR)
    for _ in range(300):
        deep = forge.superbox("x", forge.CBOR, deep)
    with pytest.raises(Unreadable, match="deep"):
        manifest_store.read(forge.store(forge.superbox(OTHER, forge.STANDARD, deep)))
    many = forge.box(b"free", b"") * (manifest_store.MAX_BOXES + 1)
    with pytest.raises(Unreadable):
        manifest_store.read(forge.store(forge.superbox(OTHER, forge.STANDARD, many)))


def sign1(*parts: bytes, tag: bytes = b"\xd2") -> bytes:
    return tag + b"\x84" + b"".join(parts)


GUARDED = {1: ES256, X5CHAIN: [b"certificate"]}
PLAIN = sign1(cbor(cbor(GUARDED)), b"\xa0", b"\xf6", b"\x41s")


@pytest.mark.parametrize(
    "signature",
    [
        PLAIN,
        PLAIN.replace(b"\x84", b"\x9f", 1) + b"\xff",
        sign1(cbor(cbor(GUARDED)), b"\xbf\xff", b"\xf6", b"\x5f\x41s\xff"),
        sign1(cbor(cbor(GUARDED)), b"\xa0", b"\x40", b"\x41s"),  # an empty payload
        sign1(cbor(cbor(GUARDED)), b"\xa0", cbor(b"claim"), b"\x41s"),  # the claim itself
        sign1(cbor(cbor({1: ES256})), cbor({X5CHAIN: b"certificate"}), b"\xf6", b"\x41s"),
        sign1(cbor(cbor({1: ES256})), cbor({"x5chain": [b"certificate"]}), b"\xf6", b"\x41s"),
        sign1(cbor(cbor(GUARDED)), cbor(dict.fromkeys(range(90, 900))), b"\xf6", b"\x41s"),
        sign1(
            cbor(b"\xbf" + cbor(GUARDED)[1:] + b"\x2a\xc1\x00\xff"), b"\xa0", b"\xf6", b"\x41s"
        ),
    ],
)  # fmt: skip
def test_signatures_of_every_form_are_read(signature):
    found = cose.of_claim(signature, b"claim")
    assert (found.algorithm, found.signature) == (ES256, b"s")
    assert found.certificates == (b"certificate",)


@pytest.mark.parametrize(
    "signature",
    [
        sign1(cbor(cbor(GUARDED)), cbor({"x5chain": b"other"}), b"\xf6", b"\x41s"),
        sign1(cbor(cbor(GUARDED)), cbor({1: ES256}), b"\xf6", b"\x41s"),
        sign1(cbor(cbor(GUARDED)), b"\xa0", cbor(b"another claim"), b"\x41s"),
        sign1(cbor(cbor(GUARDED)), b"\xa0", b"\xf6", b"\x41s") + b"\0",
        sign1(cbor(b"\xa2\x01\x26\x01\x27"), b"\xa0", b"\xf6", b"\x41s"),
    ],
)
def test_signatures_of_two_minds_are_told_apart(signature):
    with pytest.raises(Ambiguous):
        cose.of_claim(signature, b"claim")


@pytest.mark.parametrize(
    "signature",
    [
        sign1(cbor(cbor(GUARDED)), b"\xa0", b"\xf6", b"\x41s", tag=b""),  # the engine wants the tag
        sign1(cbor(cbor(GUARDED)), b"\xa0", b"\xf6", b"\x41s", tag=b"\xd1"),
        sign1(cbor(cbor({X5CHAIN: b"c"})), b"\xa0", b"\xf6", b"\x41s"),
        sign1(cbor(cbor({1: "ES256", X5CHAIN: b"c"})), b"\xa0", b"\xf6", b"\x41s"),
        sign1(cbor(cbor({1: ES256, X5CHAIN: []})), b"\xa0", b"\xf6", b"\x41s"),
        sign1(cbor(cbor({1: ES256, X5CHAIN: ["c"]})), b"\xa0", b"\xf6", b"\x41s"),
        sign1(cbor(cbor({1: ES256})), b"\xa0", b"\xf6", b"\x41s"),
        sign1(b"\x40", b"\xa0", b"\xf6", b"\x41s"),
        sign1(cbor(cbor(GUARDED)), b"\x80", b"\xf6", b"\x41s"),
        sign1(cbor(cbor(GUARDED)), b"\xa0", b"\x01", b"\x41s"),
        sign1(cbor(cbor(GUARDED)), b"\xa0", b"\xf6", b"\x61s"),
    ],
)
def test_other_signatures_are_unreadable(signature):
    with pytest.raises(Unreadable):
        cose.of_claim(signature, b"claim")


def test_a_real_chain_is_read_as_it_was_written():
    one = draft()
    found = cose.claim_signature(only(one))
    assert list(found.certificates) == ders(one.chain)


def test_a_store_cut_anywhere_is_unreadable(store):
    for at in range(len(store)):
        with pytest.raises(Unreadable):
            manifest_store.read(store[:at])


def test_a_byte_flipped_anywhere_raises_nothing_else(store):
    for at in range(len(store)):
        try:
            read = manifest_store.read(store[:at] + bytes([store[at] ^ 0xFF]) + store[at + 1 :])
        except Unreadable:
            continue
        everything(read)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_mutated_store_raises_nothing_else(store, data):
    mutated = bytearray(store)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(mutated) - 1))
        taken = data.draw(st.integers(0, 8))
        mutated[at : at + taken] = data.draw(st.binary(max_size=8))
        if not mutated:
            break
    try:
        read = manifest_store.read(bytes(mutated))
    except Unreadable:
        return
    everything(read)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_within_a_box_raise_nothing_else(content):
    inside = forge.superbox("c2pa.assertions", forge.ASSERTIONS, content)
    try:
        read = manifest_store.read(forge.store(forge.superbox(OTHER, forge.STANDARD, inside)))
    except Unreadable:
        return
    everything(read)


def test_another_walk_sees_the_same_manifests(store):
    theirs = jumbf.manifests(store)
    ours = manifest_store.read(store).manifests
    assert {label: bytes(each.box.body) for label, each in ours.items()} == {
        label: boxed[8:] for label, boxed in theirs.items()
    }
