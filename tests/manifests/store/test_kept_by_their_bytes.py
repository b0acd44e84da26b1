"""Within one signing the same bytes are decoded once, and other bytes are never taken for them."""

from __future__ import annotations

import pytest

import genlabel
from genlabel import formats
from genlabel.manifests.engine import signing
from genlabel.manifests.store import cbor_value, kept, manifest_store
from genlabel.manifests.store.kept import MAX_KEPT, kept_by_their_bytes
from genlabel.model.errors import SigningError
from genlabel.model.label import Label
from genlabel.testing import picture
from histories import ACME, FLUX

EDIT = Label.edited(producer=ACME, generator=FLUX)


@pytest.fixture
def decoded(monkeypatch) -> list[bytes]:
    """Whatever CBOR is decoded."""
    seen, value = [], cbor_value.value

    def read(data: bytes) -> object:
        seen.append(bytes(data))
        return value(data)

    monkeypatch.setattr(cbor_value, "value", read)
    return seen


def store_of(data: bytes) -> bytes:
    found = formats.identify(data).survey(data).manifest
    assert found is not None
    return bytes(found)


def claims(store: bytes) -> list[object]:
    return [each.claim for each in manifest_store.read(store).manifests.values()]


@pytest.fixture
def store(signer) -> bytes:
    return store_of(genlabel.sign(picture("png"), Label.generated(producer=ACME), signer).data)


def test_the_same_bytes_are_decoded_once(store, decoded):
    with kept_by_their_bytes():
        assert claims(store) == claims(bytes(bytearray(store)))
        assert len(decoded) == 1
    assert claims(store) == claims(store)
    assert len(decoded) == 3


def test_one_other_byte_is_another_manifest(store, decoded):
    place = store.index(b"claim_generator_info")
    other = store[:place] + b"C" + store[place + 1 :]
    with kept_by_their_bytes():
        assert claims(store) != claims(other)
    assert len(decoded) == 2


def test_a_large_manifest_is_not_kept(store, decoded, monkeypatch):
    assert len(store) < MAX_KEPT
    monkeypatch.setattr(kept, "MAX_KEPT", 100)
    with kept_by_their_bytes():
        claims(store), claims(store)
    assert len(decoded) == 2


def test_what_cannot_be_read_is_not_kept_as_read(store):
    damaged = store.replace(b"claim_generator_info", b"\xff" * 20)
    with kept_by_their_bytes():
        for _ in range(2):
            with pytest.raises(ValueError, match="UTF-8"):
                claims(damaged)


@pytest.mark.parametrize("what", [b"softwareAgent", b"signature", b"trainedAlgorithmicMedia"])
def test_an_ancestor_that_changes_while_it_is_signed_over_is_seen(what, signer, trust, monkeypatch):
    parent = genlabel.sign(
        picture("png"), Label.generated(producer=ACME, generator=FLUX), signer
    ).data
    assert genlabel.sign(parent, EDIT, signer, trust=trust).report.lineage == "intact"
    whole, sign_into = store_of(parent), signing.sign_into
    place = whole.find(what)
    cut = whole[place - 8 : place + len(what)]

    def changed(*given: object, **named: object) -> bytes:
        signed = sign_into(*given, **named)
        at = signed.index(cut) + 8
        return signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]

    monkeypatch.setattr(signing, "sign_into", changed)
    with pytest.raises(SigningError, match="does not read back"):
        genlabel.sign(parent, EDIT, signer, trust=trust)
