"""What we seal: strangers accept it in every kind of file, and the hash covers each byte."""

from __future__ import annotations

import pytest

import genlabel
from genlabel.formats import identify
from genlabel.manifests.validation import hard_binding
from genlabel.model.errors import GenlabelError
from genlabel.model.label import Label
from genlabel.model.report import Integrity
from genlabel.pixels.smallest import FAMILIES, smallest
from genlabel.testing import Authority
from histories import ACME, FLUX
from oracles import c2pats as ts
from oracles.small_files import NAMES, small

LABEL = Label.generated(producer=ACME, generator=FLUX, title="Hills")
ISO_LEFT_OUT = (b"ftyp", b"mfra", b"uuid")
"""Root boxes that a hash of ISO media leaves out (C2PA 2.4 §18.7.3); of ``uuid``, C2PA's own."""
CASES = [*FAMILIES, "png sidecar", "mp4 sidecar", "tiff own directory"]
SOME = 97
"""Of so many bytes one is changed for the whole of verifying, too, which takes long."""


def _tampered(data: bytes) -> bytes:
    """One bit of the largest coded part changed."""
    container = identify(data)
    coded = bytes(max(container.essence(container.survey(data)), key=len))
    middle = coded[len(coded) // 2 :][:8]
    changed = bytearray(data)
    changed[data.index(middle)] ^= 1
    return bytes(changed)


@pytest.mark.parametrize("name", NAMES)
def test_strangers_accept_every_kind_of_file_and_no_changed_one(name, encypher, c2pats, c2paweb):
    authority = Authority.new("Acme Studio")
    signed = genlabel.sign(small(name), LABEL, authority.signer()).data
    mime, changed = identify(signed).media_type, _tampered(signed)
    assert encypher.verify(signed, mime, authority.anchors).accepted
    assert not encypher.verify(changed, mime, authority.anchors).accepted
    result = c2paweb.validate(signed, mime)
    assert (result.state, result.codes) == ("Valid", frozenset())
    assert c2paweb.validate(changed, mime).state == "Invalid"
    if mime in ts.MIMES:
        assert c2pats.validate(signed).accepted
        assert not c2pats.validate(changed).accepted


@pytest.mark.parametrize("case", CASES)
def test_a_bit_of_any_byte_outside_of_the_exclusions_breaks_it(case, signer):
    name, _, place = case.partition(" ")
    data, options = smallest(name), {}
    if place == "sidecar":
        options = {"sidecar": True}
    elif place == "own directory":
        data, options = small("tiff pages"), {"tiff_manifest": "own-directory"}
    signed = genlabel.sign(data, LABEL, signer, **options)
    beside = signed.sidecar
    assert _holds(signed.data, beside)
    assert _reads_intact(signed.data, beside)
    for start, end in _bound(signed.data):
        for at in range(start, end):
            changed = bytearray(signed.data)
            changed[at] ^= 1 << at % 8
            assert not _holds(bytes(changed), beside), at
            if at % SOME == 0:
                assert not _reads_intact(bytes(changed), beside), at


def _holds(data: bytes, beside: bytes | None) -> bool:
    """Does the file hold to the binding of its manifest? Of the signature nothing is said."""
    try:
        container = identify(data)
        survey = container.survey(data)
    except GenlabelError:
        return False
    store = beside or survey.manifest
    return store is not None and hard_binding.fits(store, container, survey, data=data)


def _reads_intact(data: bytes, beside: bytes | None) -> bool:
    try:
        return genlabel.verify(data, sidecar=beside, policy=None).integrity is Integrity.INTACT
    except GenlabelError:
        return False


def _bound(data: bytes):
    """(start, end) of all that the hash is over, by what lies where in the file itself."""
    container = identify(data)
    survey = container.survey(data)
    if container.iso_media:
        gone = [each for each in _root_boxes(data) if data[each[0] + 4 :][:4] in ISO_LEFT_OUT]
    else:
        gone = [survey.store_span] if survey.store_span else survey.manifest_spans
    at = 0
    for start, end in (*gone, (len(data), len(data))):
        yield at, start
        at = end


def _root_boxes(data: bytes):
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        yield at, at + size
        at += size
