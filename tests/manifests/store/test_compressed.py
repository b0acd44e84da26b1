"""Compressed manifests are manifests; bombs and damage are refused within bounds."""

from __future__ import annotations

import tracemalloc
from contextlib import suppress

import brotli
import pytest
from hypothesis import given, settings, strategies as st

from forgeries import forge
from genlabel.manifests.store import ancestry, compressed, manifest_store
from genlabel.manifests.store.cbor import Ambiguous, Unreadable
from genlabel.manifests.validation.ancestors import Ancestors
from genlabel.manifests.validation.ingredients import lineage_of
from genlabel.model.report import Lineage

COMPRESSED = b"c2cm" + forge.STORE[4:]
LABEL = "urn:c2pa:aaaaaaaa-2222-4333-8444-555555555555"


def packed(boxed: bytes, label: str = LABEL) -> bytes:
    """The superbox of a compressed manifest (C2PA 2.4 §11.2.4)."""
    return forge.superbox(label, COMPRESSED, forge.box(b"brob", brotli.compress(boxed)))


@pytest.fixture(scope="module")
def plain() -> bytes:
    return forge.generated(forge.forger(), label=LABEL).boxed


def test_a_compressed_manifest_is_the_same_manifest(plain):
    read = manifest_store.read(forge.store(packed(plain))).active
    assert read.compressed
    assert bytes(read.box.body) == plain[8:]
    assert bytes(read.packed.body) == packed(plain)[8:]
    assert not manifest_store.read(forge.store(plain)).active.compressed


@pytest.mark.parametrize("over", ["compressed", "plain", "neither"])
def test_an_ingredients_hash_is_over_either(over):
    """The standard says the one, and the engine does the other."""
    parent = forge.generated(forge.forger(), label=LABEL).with_(forge.data_hash(b"", ()))
    boxed = parent.boxed
    hashes = {"compressed": forge.sha256(packed(boxed)), "plain": forge.sha256(boxed)}
    reference = {
        "url": f"self#jumbf=/c2pa/{LABEL}", "alg": "sha256", "hash": hashes.get(over, bytes(32)),
    }  # fmt: skip
    history = forge.opened(parent, activeManifest=reference)
    child = forge.Draft(chain=forge.forger(), assertions=history)
    store = manifest_store.read(forge.store(packed(boxed), child))
    assert [link.manifest.compressed for link in ancestry.walk(store).links] == [True]
    lineage = lineage_of({}, Ancestors(store, signer_of=lambda _: None)).lineage
    assert lineage is (Lineage.BROKEN if over == "neither" else Lineage.INTACT)


def test_a_bomb_is_refused_in_bounded_memory():
    bomb = brotli.compress(bytes(400_000_000), quality=1)
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable, match="come to more"):
            compressed.decompressed(bomb)
        assert tracemalloc.get_traced_memory()[1] < 4 * compressed.MAX_DECOMPRESSED
    finally:
        tracemalloc.stop()


def test_the_bound_is_over_all_manifests_of_a_store():
    size = compressed.MAX_DECOMPRESSED // 3
    labels = [f"urn:c2pa:{number:08x}-2222-4333-8444-555555555555" for number in range(3)]
    boxes = [
        packed(forge.superbox(each, forge.STANDARD, forge.box(b"free", bytes(size))), each)
        for each in labels
    ]
    assert len(manifest_store.read(forge.store(*boxes[:2])).manifests) == 2
    with pytest.raises(Unreadable, match="come to more"):
        manifest_store.read(forge.store(*boxes))


@pytest.mark.parametrize(
    "stream", [b"", b"no brotli", brotli.compress(b"text")[:-2], brotli.compress(b"text") + b"more"]
)
def test_what_is_no_stream_is_unreadable(stream):
    with pytest.raises(Unreadable):
        compressed.decompressed(stream)


def test_what_it_holds_is_one_manifest_of_its_label(plain):
    for content in (plain + plain, plain + b"\0"):
        with pytest.raises(Ambiguous):
            manifest_store.read(forge.store(packed(content)))
    with pytest.raises(Ambiguous):
        manifest_store.read(forge.store(packed(plain, "urn:c2pa:other")))
    with pytest.raises(Ambiguous):
        manifest_store.read(forge.store(packed(plain), plain))
    for content in (b"", forge.store(plain), packed(plain), b"\0\0\0\x08jumb"):
        with pytest.raises(Unreadable):
            manifest_store.read(forge.store(packed(content)))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_mutated_stream_raises_nothing_else(plain, data):
    mutated = bytearray(packed(plain))
    at = data.draw(st.integers(0, len(mutated) - 1))
    mutated[at] = data.draw(st.integers(0, 255))
    with suppress(Unreadable):
        manifest_store.read(forge.store(bytes(mutated)))
