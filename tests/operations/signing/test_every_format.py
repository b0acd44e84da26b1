"""The stories of a label, told shortly of every kind of file that there is."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

import jumbf
from genlabel import Existing, Signed, sign, testing, verify
from genlabel.credentials.identity import Identity
from genlabel.formats import CONTAINERS, identify
from genlabel.manifests.engine import signing
from genlabel.model.element import Element
from genlabel.model.errors import ExistingManifest, GenlabelError
from genlabel.model.label import Label
from genlabel.model.parties import Producer
from genlabel.model.report import Integrity, Lineage, TrustLevel
from genlabel.model.results import Outcome
from genlabel.operations.labeller import Labeller
from genlabel.testing import Authority, picture
from histories import ACME, FLUX
from oracles import raw
from oracles.pictures import flipped
from oracles.small_files import NAMES, small

LABEL = Label.generated(producer=ACME, generator=FLUX, title="Hills")
OTHER = Label.generated(producer=Producer("Other Studio"), generator=FLUX)
EVERY = pytest.mark.parametrize("name", NAMES)
SIGNED_BY_OTHERS = sorted({*NAMES} - {"heic", "bigtiff", "jxl naked"})
"""What the engine alone signs well: the first it damages, of the second it leaves bytes open, and
the third it does not know."""


@pytest.fixture(scope="module")
def labeller(signer, trust) -> Labeller:
    return Labeller(signer=signer, trust=trust)


def _has_no_place(data: bytes) -> bool:
    return identify(data).survey(data).unsignable is not None


def _signed(labeller: Labeller, data: bytes, label: Label, **more: Any) -> Signed:
    """Labelled, the manifest within where it has a place there, else beside."""
    return labeller.sign(data, label, sidecar=_has_no_place(data), **more)


def _store(signed: Signed) -> bytes:
    store = signed.sidecar or identify(signed.data).survey(signed.data).manifest
    assert store is not None
    return store


def test_there_is_a_small_file_of_every_container():
    made = {identify(small(name)).name for name in NAMES}
    assert made == {container.name for container in CONTAINERS}


@EVERY
def test_another_label_is_put_on_top_of_the_first(name, labeller):
    once = _signed(labeller, small(name), LABEL)
    assert once.outcome is Outcome.SIGNED
    third = _signed(labeller, once.data, OTHER, existing_sidecar=once.sidecar)
    report = labeller.verify(third.data, sidecar=third.sidecar)
    assert (report.integrity, report.lineage) == (Integrity.INTACT, Lineage.INTACT)
    assert [each.manifest_id for each in report.ingredients] == [once.manifest_id]
    assert report.declared.producer == "Other Studio"
    manifests = jumbf.manifests(_store(third))
    assert list(manifests) == [once.manifest_id, third.manifest_id]
    assert manifests[once.manifest_id] == jumbf.manifests(_store(once))[once.manifest_id]


@EVERY
def test_an_edit_and_a_collage_tell_what_they_were_made_from(name, labeller):
    once = _signed(labeller, small(name), LABEL)
    edited = labeller.sign(
        picture("png"),
        Label.edited(producer=ACME),
        parent=once.data if not once.sidecar else small(name),
    )
    (parent,) = [each for each in edited.report.ingredients if each.depth == 1]
    assert parent.relationship == "parentOf"
    whole = labeller.sign(picture("png"), Label.composite(producer=ACME, of=[Element(once.data)]))
    (element,) = [each for each in whole.report.ingredients if each.depth == 1]
    assert element.relationship == "componentOf"
    if not once.sidecar:
        for each in (parent, element):
            assert (each.manifest_id, each.integrity) == (once.manifest_id, Integrity.INTACT)
        assert edited.report.lineage is Lineage.INTACT


@EVERY
def test_a_tampered_file_is_no_parent(name, labeller):
    if _has_no_place(small(name)):
        return
    once = labeller.sign(small(name), LABEL)
    tampered = _with_another_picture(once.data)
    assert labeller.verify(tampered).integrity is Integrity.BROKEN
    with pytest.raises(ExistingManifest, match="does not hold"):
        labeller.sign(tampered, OTHER)


@pytest.mark.parametrize("name", SIGNED_BY_OTHERS)
def test_keep_replace_and_refuse_do_what_they_say(name, signer, chain):
    theirs = raw.sign(small(name), identify(small(name)).media_type, chain)
    kept = sign(theirs, LABEL, signer, existing=Existing.KEEP)
    assert (kept.outcome, kept.data) == (Outcome.KEPT, theirs)
    with pytest.raises(ExistingManifest, match="carries a manifest already"):
        sign(theirs, LABEL, signer, existing=Existing.REFUSE)
    if _has_no_place(theirs):
        return
    replaced = sign(theirs, LABEL, signer, existing=Existing.REPLACE)
    assert [each.code for each in replaced.findings] == ["genlabel.manifest.replaced"]
    assert list(jumbf.manifests(_store(replaced))) == [replaced.manifest_id]
    if identify(theirs).name != "pdf":  # an update leaves earlier revisions where they are
        assert chain.organisation.encode() not in replaced.data


@EVERY
def test_the_manifest_beside_it_holds_and_knows_another_file(name, labeller):
    data = small(name)
    beside = labeller.sign(data, LABEL, sidecar=True)
    assert beside.data == data
    assert labeller.verify(data, sidecar=beside.sidecar).integrity is Integrity.INTACT
    assert labeller.verify(data).integrity is Integrity.ABSENT
    changed, other = _with_another_picture(data), small("png" if name != "png" else "gif")
    assert labeller.verify(changed, sidecar=beside.sidecar).integrity is Integrity.BROKEN
    assert labeller.verify(other, sidecar=beside.sidecar).integrity is not Integrity.INTACT


@EVERY
def test_the_address_of_a_served_manifest_is_read_by_exiftool(name, labeller, exiftool):
    address = "https://example.com/manifests/1.c2pa?v=1&w=2"
    served = labeller.sign(small(name), LABEL, remote_url=address)
    assert exiftool.read(served.data)["XMP-dcterms:Provenance"] == address
    alone = labeller.verify(served.data)
    assert (alone.integrity, alone.reason) == (Integrity.UNKNOWN, "remote-only")
    assert labeller.verify(served.data, sidecar=served.sidecar).integrity is Integrity.INTACT


@EVERY
def test_whoever_attests_beside_the_signer_is_named(name, signer):
    if _has_no_place(small(name)):
        return
    holder = Authority.new("Acme Studio", identity=True)
    signed = sign(small(name), LABEL, signer, identity=Identity(holder.signer()))
    (actor,) = verify(signed.data, trust=testing.trust(holder), policy=None).identities
    assert (actor.organisation, actor.trust, actor.holds) == ("Acme Studio", TrustLevel.KNOWN, True)


def _changes_the_picture(honest, given, *rest, **more):
    if not callable(given):
        return honest([_with_another_picture(_whole(given))], *rest, **more)

    def put(store):
        whole, spans = given(store)
        return _with_another_picture(_whole(whole)), spans

    return honest(put, *rest, **more)


def _whole(given):
    """A file, whether it comes in one piece or in several."""
    return bytes(given) if isinstance(given, bytes | memoryview) else b"".join(given)


def _changes_it_afterwards(honest, given, *rest, **more):
    made = honest(given, *rest, **more)
    return flipped(made, -40) if callable(given) else _with_another_picture(bytes(made))


def _signs_nothing(honest, given, *rest, **more):
    return bytes(5000) if callable(given) else _whole(given)


def _cuts_the_end_off(honest, given, *rest, **more):
    return honest(given, *rest, **more)[:-8]


LIES = (_changes_the_picture, _changes_it_afterwards, _signs_nothing, _cuts_the_end_off)


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__.strip("_"))
@EVERY
def test_no_lie_of_the_engine_becomes_a_file(name, lie, labeller, tmp_path, monkeypatch):
    if _has_no_place(small(name)):
        return
    path = tmp_path / "original"
    path.write_bytes(small(name))
    for asked in ("sign", "sign_into"):  # the engine puts the manifest in, or our own rewriting
        monkeypatch.setattr(signing, asked, partial(lie, getattr(signing, asked)))
    with pytest.raises(GenlabelError):
        labeller.sign_file(path, LABEL, in_place=True)
    assert path.read_bytes() == small(name)
    assert [each.name for each in tmp_path.iterdir()] == ["original"]


def _with_another_picture(data: bytes) -> bytes:
    """One bit of what is decoded changed, wherever in the file that stands."""
    container = identify(data)
    if container.name == "svg":
        return flipped(data, data.index(b"#468") + 2)
    coded = bytes(max(container.essence(container.survey(data)), key=len))
    for at in range(len(coded) // 2, len(coded) - 8):
        if data.count(coded[at : at + 8]) == 1:
            return flipped(data, data.index(coded[at : at + 8]) + 4)
    raise AssertionError("nothing of the picture stands in the file as it is")
