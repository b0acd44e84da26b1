"""What is recorded of a parent that was judged here is what the engine would have recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import genlabel
from genlabel import Integrity, Lineage, Trust, testing
from genlabel.credentials.identity import Identity
from genlabel.manifests.engine import engine
from genlabel.manifests.store import ancestry, manifest_store
from genlabel.manifests.store.manifest_store import ManifestStore
from genlabel.manifests.validation import recorded_results
from genlabel.manifests.validation.reading import Reading
from genlabel.model.asset import Asset
from genlabel.model.label import Label
from genlabel.operations.signing import recording, rewriting
from genlabel.operations.signing.own_chain import with_own_chain
from genlabel.operations.verify import examine
from genlabel.testing import Authority, picture
from histories import ACME, FLUX

EDIT = Label.edited(producer=ACME, generator=FLUX)


@pytest.fixture(scope="module")
def other() -> Authority:
    return Authority.new("Other Studio")


def edited(times: int, signer, trust=None, format="png") -> bytes:
    """A picture that was edited so many times."""
    data = genlabel.sign(picture(format), Label.generated(producer=ACME), signer).data
    for number in range(times):
        label = Label.edited(producer=ACME, generator=FLUX, title=f"Edit {number}")
        data = genlabel.sign(data, label, signer, trust=trust).data
    return data


def told(results: dict[str, Any]) -> set[tuple[str, ...]]:
    """Every code: about what, of which kind, and where."""
    listed = [("", results["activeManifest"])]
    deltas = results.get("ingredientDeltas") or ()
    listed += [(each["ingredientAssertionURI"], each["validationDeltas"]) for each in deltas]
    return {
        (about, kind, each["code"], each["url"])
        for about, map_of_kinds in listed
        for kind, codes in map_of_kinds.items()
        for each in codes
    }


@pytest.mark.parametrize("format", ["png", "jpeg", "webp", "tiff", "gif", "avif"])
@pytest.mark.parametrize("times", [0, 1, 3])
@pytest.mark.parametrize("whom", ["nobody", "signer", "another"])
def test_our_codes_are_the_engines(format, times, whom, signer, authority, other):
    data = edited(times, signer, format=format)
    trust = {
        "nobody": Trust(),
        "signer": testing.trust(authority),
        "another": testing.trust(other),
    }[whom]
    reading = examine(Asset(data), trust=with_own_chain(trust, signer)).reading
    ours = recorded_results.of(reading, trust)
    mime = genlabel.formats.identify(data).media_type
    theirs = engine.read(data, mime, trust).document
    assert ours is not None
    assert theirs is not None
    assert ours["active_manifest"] == theirs["active_manifest"]
    results, expected = ours["validation_results"], theirs["validation_results"]
    assert told(results) == told(expected)
    for key in ("specVersion", "trustListUri"):
        assert results.get(key) == expected.get(key)


@pytest.mark.parametrize("format", ["png", "jpeg", "avif"])
def test_the_engine_does_not_look_at_such_a_parent_again(format, signer, trust, monkeypatch):
    asked = []
    seen = recorded_results.of

    def of(reading: Reading, trust: Trust) -> dict[str, Any] | None:
        asked.append(seen(reading, trust))
        return asked[-1]

    monkeypatch.setattr(recorded_results, "of", of)
    parent = edited(1, signer, trust, format)
    asked.clear()
    signed = genlabel.sign(parent, EDIT, signer, trust=trust)
    assert [each is not None for each in asked] == [True]
    assert signed.report.integrity is Integrity.INTACT
    assert signed.report.lineage is Lineage.INTACT
    with rewriting.by_engine():
        again = genlabel.sign(parent, EDIT, signer, trust=trust)
    assert len(asked) == 1
    assert recorded(signed.data) == recorded(again.data)


def recorded(data: bytes) -> set[tuple[str, str]]:
    store = examine(Asset(data), trust=Trust()).store
    assert store is not None
    link = ancestry.walk(manifest_store.read(store)).links[0]
    return {(each.code, each.where) for each in link.recorded()}


def test_one_that_does_not_hold_is_the_engines_to_record(signer, trust):
    data = bytearray(edited(0, signer))
    data[-20] ^= 1
    reading = examine(Asset(bytes(data)), trust=trust).reading
    assert reading.integrity is not Integrity.INTACT
    assert recorded_results.of(reading, trust) is None


def test_one_with_an_identity_is_the_engines_to_record(signer, trust):
    identity = Identity(Authority.new("Acme Studio", identity=True).signer())
    data = genlabel.sign(
        picture("png"), Label.generated(producer=ACME), signer, identity=identity
    ).data
    assert recorded_results.of(examine(Asset(data), trust=trust).reading, trust) is None


@pytest.mark.parametrize("format", ["jpeg", "png", "avif"])
def test_a_stranger_accepts_a_history_that_was_recorded_here(format, signer, authority, encypher):
    data = edited(3, signer, testing.trust(authority), format)
    mime = genlabel.formats.identify(data).media_type
    assert encypher.verify(data, mime, authority.anchors).accepted


@pytest.mark.parametrize("format", ["png", "avif"])
def test_the_engine_is_shown_the_parent_alone_and_records_the_same(
    format, signer, trust, monkeypatch
):
    parent = edited(3, signer, trust, format)
    shown: list[bytes] = []
    alone = recording._alone

    def told(reading: Reading, store: bytes) -> tuple[bytes, bytes]:
        shown.append(alone(reading, store)[0])
        return alone(reading, store)

    monkeypatch.setattr(recording, "_alone", told)
    ours = genlabel.sign(parent, EDIT, signer, trust=trust).data
    assert [len(manifest_store.read(each).manifests) for each in shown] == [1]
    monkeypatch.setattr(recording, "_alone", lambda reading, store: (store, b""))
    theirs = genlabel.sign(parent, EDIT, signer, trust=trust).data
    assert kept(ours) == kept(theirs)
    assert kept(ours)[0] == [bytes(each.box.body) for each in stored(parent).manifests.values()]


def kept(data: bytes) -> tuple[list[bytes], list[tuple[str, object]]]:
    """All manifests below the active one, and the ingredients that this records."""
    *others, active = stored(data).manifests.values()
    ingredients = [
        (label, {**active.assertion(label), "instanceID": ""})  # made up where there is no XMP
        for label in active.assertions
        if label.startswith("c2pa.ingredient")
    ]
    assert ingredients
    return [bytes(each.box.body) for each in others], ingredients


def stored(data: bytes) -> ManifestStore:
    store = examine(Asset(data), trust=Trust()).store
    assert store is not None
    return manifest_store.read(store)


def test_a_store_with_more_than_its_history_is_shown_whole(signer, trust):
    seen = examine(Asset(edited(2, signer, trust)), trust=trust)
    assert seen.store is not None
    assert recording._alone(seen.reading, seen.store)[1]
    less = replace(seen.reading, ingredients=seen.reading.ingredients[1:])
    assert recording._alone(less, seen.store) == (seen.store, b"")
