"""Padding that nothing will ever take the place of goes, where we put the manifest in ourselves."""

from __future__ import annotations

import io

import c2pa
import pytest

import genlabel
from genlabel import formats, testing
from genlabel.manifests.store import cbor, cose
from genlabel.model.label import Label
from genlabel.operations.signing import rewriting
from histories import ACME
from oracles.small_files import small

LABEL = Label.generated(producer=ACME)
MIMES = {"svg": "image/svg+xml", "tiff": "image/tiff", "mp3": "audio/mpeg"}


def store_of(signed: genlabel.Signed) -> bytes:
    store = formats.identify(signed.data).survey(signed.data).manifest
    assert store is not None
    return store


def test_padding_goes_and_every_box_around_it_is_shorter_by_that(signer):
    with rewriting.by_engine():
        signed = genlabel.sign(testing.picture("png"), LABEL, signer)
    store, name = store_of(signed), signed.manifest_id
    start, end = cose.span(store, name)
    size = end - start - 700
    shorter = cose.shortened(store, name, size, signed=True)
    assert len(shorter) == len(store) - 700
    first, last = cose.span(shorter, name)
    assert last - first == size
    before, after = store[start:end], shorter[first:last]
    one, other = cose.parts(before), cose.parts(after)
    for number in (0, 2):  # protected header and signature
        assert cbor.content(before, one[number]) == cbor.content(after, other[number])
    assert cose.shortened(shorter, name, size, signed=True) == shorter
    with pytest.raises(cose.NoRoom):
        cose.shortened(store, name, 200, signed=True)


@pytest.mark.parametrize("name", MIMES)
@pytest.mark.parametrize("algorithm", ["es256", "es384", "es512", "ps256", "ed25519"])
def test_a_label_that_we_put_in_has_no_idle_padding(name, algorithm):
    authority = testing.Authority.new("Acme Studio", algorithm=algorithm)
    signed = genlabel.sign(small(name), LABEL, authority.signer())
    store = store_of(signed)
    start, end = cose.span(store, signed.manifest_id)
    _, unprotected, _ = cose.parts(store[start:end])
    assert (unprotected.end - unprotected.head < 300) == (algorithm != "ps256")
    assert signed.report.integrity is genlabel.Integrity.INTACT
    with c2pa.Reader(MIMES[name], io.BytesIO(signed.data)) as reader:
        assert reader.get_validation_state() in ("Valid", "Trusted")


@pytest.mark.parametrize(
    "name", ["jpeg", "png", "webp", "gif", "tiff", "heic", "mp4", "svg", "wav"]
)
@pytest.mark.parametrize("kept", [True, False])
def test_a_manifest_beside_its_picture_has_no_idle_padding(name, kept, signer):
    one = signer if kept else genlabel.CallbackSigner.asking(signer.sign, signer.chain_pem)
    signed = genlabel.sign(small(name), LABEL, one, sidecar=True)
    start, end = cose.span(signed.sidecar, signed.manifest_id)
    _, unprotected, _ = cose.parts(signed.sidecar[start:end])
    assert unprotected.end - unprotected.head < 300
    assert signed.report.integrity is genlabel.Integrity.INTACT
    form = formats.identify(signed.data)
    assert genlabel.verify(signed.data, sidecar=signed.sidecar).integrity.value == "intact", form


def test_room_for_a_time_stamp_stays_where_it_is_asked_for(signer):
    signed = genlabel.sign(small("svg"), LABEL, signer, stamp="later")
    assert signed.needs_stamp
    start, end = cose.span(store_of(signed), signed.manifest_id)
    assert end - start > 9_000


def test_a_signer_that_is_asked_costs_no_more_than_a_key(signer):
    called = genlabel.CallbackSigner.asking(signer.sign, signer.chain_pem)
    sizes = [len(store_of(genlabel.sign(small("tiff"), LABEL, one))) for one in (signer, called)]
    assert abs(sizes[0] - sizes[1]) < 8
