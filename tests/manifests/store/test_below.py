"""The manifests below the active one, out of a store and into another."""

from __future__ import annotations

import pytest

from forgeries import forge
from genlabel.manifests.store import below, manifest_store
from genlabel.manifests.store.cbor import Unreadable


def drafted(count: int) -> bytes:
    made = (forge.created("print"),)
    labels = [f"urn:c2pa:{number:08}-2222-4333-8444-555555555555" for number in range(count)]
    return forge.store(
        *(forge.Draft(chain=forge.forger(), label=each, assertions=made) for each in labels)
    )


@pytest.mark.parametrize("count", [1, 2, 5])
def test_what_is_taken_out_comes_back_as_it_was(count):
    store = drafted(count)
    alone, boxes = below.apart(store)
    read, whole = manifest_store.read(alone), manifest_store.read(store)
    assert list(read.manifests) == list(whole.manifests)[-1:]
    assert (boxes == b"") is (count == 1)
    assert below.beneath(alone, boxes) == store


def test_a_store_with_another_box_stays_whole():
    store = drafted(2)
    odd = store + (12).to_bytes(4, "big") + b"free" + bytes(4)
    with pytest.raises(Unreadable, match="other boxes"):
        below.apart(len(odd).to_bytes(4, "big") + odd[4:])


def test_what_follows_the_store_is_no_part_of_it():
    with pytest.raises(Unreadable, match="follow"):
        below.apart(drafted(1) + b"\0")
