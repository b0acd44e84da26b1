"""A hash may leave out more than the manifest: the engine says Trusted, and we look at what it is.

Signed with the engine's own functions for callers who embed themselves, as a careless or a lying
signer would.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

import genlabel
from genlabel import Integrity, formats
from genlabel.formats.format import MANIFEST, XMP
from genlabel.manifests.engine import engine
from genlabel.manifests.store import hard_binding
from genlabel.manifests.validation import exclusions as covering
from genlabel.model.report import Severity, ValidationState
from genlabel.operations import verify
from genlabel.testing import picture
from oracles import raw
from oracles.pictures import flipped

DEFINITION = raw.generated()


def signed(data: bytes, signer, more: Sequence[str], *, within: int = 0) -> bytes:
    """`data` with a manifest whose hash leaves out the blocks named `more`, too.

    Not the first bytes `within` each, in which its length stands.
    """
    container = formats.identify(data)
    survey = container.survey(data)

    def put(store: bytes):
        whole = b"".join(container.rewrite(survey, {MANIFEST: store}))
        seen = container.survey(whole)
        extra = [(b.start + within, b.start + b.length) for b in seen.blocks if b.name in more]
        return whole, tuple(sorted([*seen.manifest_spans, *extra]))

    return put(engine.sign_into(put, DEFINITION, signer))[0]


def labelled(data: bytes) -> bytes:
    container = formats.identify(data)
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'
    return b"".join(container.rewrite(container.survey(data), {XMP: packet}))


@pytest.mark.parametrize(
    ("format", "more"),
    [("jpeg", ["scan data"]), ("png", ["IDAT"]), ("jpeg", ["DQT", "APP1 XMP"])],
)
def test_a_hash_that_leaves_out_the_picture_protects_nothing(format, more, signer, trust):
    data = signed(labelled(picture(format)), signer, more)
    container = formats.identify(data)
    block = next(b for b in container.survey(data).blocks if b.name == more[0])
    other = flipped(data, block.start + block.length - 3)
    for each in (data, other):
        seen = engine.read(each, container.media_type, trust).document
        assert seen is not None
        assert seen["validation_state"] == "Trusted"
        report = genlabel.verify(each, trust=trust)
        assert (report.integrity, report.reason) == (Integrity.BROKEN, "uncovered")
        (finding,) = [f for f in report.findings if f.code == "genlabel.manifest.uncovered"]
        assert more[0] in finding.explanation


def test_a_hash_that_leaves_out_metadata_is_a_warning(signer, trust):
    data = signed(labelled(picture("jpeg")), signer, ["APP1 XMP"], within=40)
    report = genlabel.verify(data, trust=trust)
    assert report.integrity is Integrity.INTACT
    assert report.state is ValidationState.TRUSTED
    other = flipped(data, data.index(b"adobe:ns:meta"))
    assert genlabel.verify(other, trust=trust).state is ValidationState.TRUSTED
    (finding,) = [f for f in report.findings if f.code == "genlabel.manifest.exclusions"]
    assert finding.severity is Severity.WARNING
    assert "APP1 XMP" in finding.explanation


def test_of_a_large_file_no_copy_is_made_to_find_out(signer, trust, monkeypatch):
    monkeypatch.setattr(covering, "LARGE", 1_000)
    data = signed(labelled(picture("jpeg")), signer, ["APP1 XMP"], within=40)
    assert genlabel.verify(data, trust=trust).reason == "uncovered"


def test_what_a_good_signer_leaves_out_is_nothing(signer, trust):
    data = signed(labelled(picture("jpeg")), signer, [])
    report = genlabel.verify(data, trust=trust)
    assert report.integrity is Integrity.INTACT
    assert not [f for f in report.findings if "exclusions" in f.code]


# By hand: what no function of the engine makes


def head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    return bytes([major << 5 | 25]) + struct.pack(">H", number)


def cbor(value: object) -> bytes:
    match value:
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return head(0, value)
        case bytes():
            return head(2, len(value)) + value
        case str():
            return head(3, len(value)) + value.encode()
        case list():
            return head(4, len(value)) + b"".join(map(cbor, value))
        case dict():
            pairs = (cbor(k) + cbor(v) for k, v in value.items())
            return head(5, len(value)) + b"".join(pairs)
    raise TypeError(value)


def box(kind: bytes, *content: bytes) -> bytes:
    whole = b"".join(content)
    return struct.pack(">I", 8 + len(whole)) + kind + whole


def superbox(label: str, *inside: bytes) -> bytes:
    return box(b"jumb", box(b"jumd", bytes(16), b"\3", label.encode(), b"\0"), *inside)


def store(*assertions: tuple[str, bytes]) -> bytes:
    listed = [superbox(label, box(b"cbor", data)) for label, data in assertions]
    return superbox("c2pa", superbox("urn:x", superbox("c2pa.assertions", *listed)))


C2PA_BOX = {
    "xpath": "/uuid",
    "data": [{"offset": 8, "value": bytes.fromhex("d8fec3d61b0e483c92975828877ec481")}],
}


def bmff(*exclusions: object, **more: object) -> bytes:
    return store(("c2pa.hash.bmff.v3", cbor({"exclusions": list(exclusions), **more})))


def test_spans_are_read_where_the_binding_is_and_nowhere_else():
    """What only looks like a binding, in another assertion or another manifest, is none."""
    spans = [{"start": 20, "length": 4400}, {"start": 7_000, "length": 2}]
    fields = {"exclusions": spans, "name": "jumbf manifest", "alg": "sha256", "hash": bytes(32)}
    likeness = superbox("c2pa.hash.data", box(b"cbor", cbor({**fields, "exclusions": spans[:1]})))
    made = store(("org.example", cbor(likeness)), ("c2pa.hash.data", cbor(fields)))
    assert hard_binding.left_out(made, "urn:x").spans == ((20, 4420), (7_000, 7_002))
    assert hard_binding.left_out(store(("org.example", cbor(likeness))), "urn:x").spans == ()


def test_paths_and_names_are_read_as_they_are():
    made = bmff(C2PA_BOX, {"xpath": "/mdat"}, {"xpath": "/uuid"}, {"xpath": "/free"})
    assert hard_binding.left_out(made, "urn:x").boxes == ("/mdat", "/uuid", "/free")
    tree = bmff(C2PA_BOX, {"xpath": "/mdat"}, merkle=[{"count": 1}])
    assert hard_binding.left_out(tree, "urn:x").boxes == ()
    names = [{"names": ["SOI"], "hash": b""}, {"names": ["APP2", "SOS"], "excluded": True}]
    boxes = store(("c2pa.hash.boxes", cbor({"boxes": names})))
    assert hard_binding.left_out(boxes, "urn:x").boxes == ("APP2", "SOS")
    assert hard_binding.left_out(store(("c2pa.actions.v2", cbor({}))), "urn:x").boxes == ()


@pytest.mark.parametrize(
    "made",
    [
        store(("c2pa.hash.data", b"\xbf\xff")),  # an indefinite length
        store(("c2pa.hash.data", cbor({}) + b"\0")),
        store(("c2pa.hash.data", cbor({})), ("c2pa.hash.data__1", cbor({}))),
        store(("c2pa.hash.data", cbor({"exclusions": [{"start": 1}]}))),
        store(("c2pa.hash.data", cbor({"exclusions": {"start": 1}}))),
        store(("c2pa.hash.data", b"\xa2" + 2 * (cbor("exclusions") + cbor([])))),  # a key twice
        store(("c2pa.hash.collection.data", cbor({}))),
        bmff({"path": "/mdat"}),
        b"",
    ],
)
def test_what_can_be_read_in_two_ways_is_not_read(made):
    with pytest.raises(ValueError, match=r".*"):
        hard_binding.left_out(made, "urn:x")


def test_every_cut_of_a_store_is_refused_and_never_crashes():
    made = bmff(C2PA_BOX, {"xpath": "/mdat", "length": 12})
    for end in range(len(made)):
        with pytest.raises(ValueError, match=r".*"):
            hard_binding.left_out(made[:end], "urn:x")


@pytest.mark.parametrize(
    ("exclusion", "integrity", "code"),
    [
        ({"xpath": "/mdat"}, Integrity.BROKEN, "genlabel.manifest.uncovered"),
        ({"xpath": "/moov/trak"}, Integrity.BROKEN, "genlabel.manifest.uncovered"),
        ({"xpath": "/uuid"}, Integrity.INTACT, "genlabel.manifest.exclusions"),
        ({"xpath": "/free"}, Integrity.INTACT, None),
    ],
)
def test_iso_boxes_that_are_shown_may_not_be_left_out(exclusion, integrity, code, signer, trust):
    data = signed(picture("png"), signer, [])
    seen = verify.examine(genlabel.Asset(data), trust=trust)
    reading = replace(seen.reading, manifest_id="urn:x", findings=())
    judged = covering.judged(reading, seen.container, seen.survey, bmff(C2PA_BOX, exclusion))
    assert judged.integrity is integrity
    assert [finding.code for finding in judged.findings] == ([code] if code else [])


def test_spans_are_cut_where_they_may_be():
    outside = list(covering._outside([(0, 10), (20, 30)], [(2, 4), (6, 22), (25, 26)]))
    assert outside == [(0, 2), (4, 6), (22, 25), (26, 30)]
    assert all(one[1] <= other[0] for one, other in pairwise(outside))
