"""GIF, SVG and JPEG XL, labelled and read by others; the engine's bugs with them, avoided."""

from __future__ import annotations

import contextlib
import re

import pytest

import genlabel
from genlabel import formats
from genlabel.formats.format import MANIFEST, XMP
from genlabel.manifests.engine import engine
from genlabel.model.element import Element
from genlabel.model.errors import ExistingManifest, MalformedAsset, SigningError, UnsupportedFormat
from genlabel.model.label import Label
from genlabel.model.report import Integrity, Mark, Survival
from genlabel.model.results import Outcome
from genlabel.testing import Authority, picture
from histories import ACME, DESCRIBED, FLUX
from oracles import raw
from oracles.libjxl import CODESTREAM
from oracles.pictures import flipped

SVG = b'<svg xmlns="http://www.w3.org/2000/svg">%s<rect width="4" height="3"/></svg>'
TWO = SVG % b"<metadata><a/></metadata><metadata><b/></metadata>"
LABELS = {
    "generated": Label.generated(producer=ACME, generator=FLUX, prompt="hills", **DESCRIBED),
    "captured": Label.captured(producer=ACME, **DESCRIBED),
}
DRAWN = {
    "gif": picture("gif"),
    "gif animated": picture("gif", frames=3),
    "jxl naked": CODESTREAM,
    "svg": b'<?xml version="1.0"?>\n' + SVG % b"<title>t</title>",
}
each_drawn = pytest.mark.parametrize("data", DRAWN.values(), ids=list(DRAWN))


def _packet(data: bytes) -> bytes:
    container = formats.identify(data)
    return container.survey(data).payloads[XMP]


@each_drawn
@pytest.mark.parametrize("label", LABELS.values(), ids=list(LABELS))
def test_a_labelled_file_holds_says_the_label_and_is_left_alone_the_second_time(
    data, label, signer, trust, encypher, authority
):
    signed = genlabel.sign(data, label, signer, trust=trust)
    report = genlabel.verify(signed.data, trust=trust, policy=None)
    assert report.integrity is Integrity.INTACT
    assert report.findings == ()
    assert report.declared.source_type == label.source_type.uri
    assert report.marks[Mark.IPTC].title == report.marks[Mark.MANIFEST].title
    assert genlabel.sign(signed.data, label, signer, trust=trust).outcome is Outcome.UNCHANGED
    mime = formats.identify(data).media_type
    assert encypher.verify(signed.data, mime, authority.anchors).accepted
    behind = bytearray(signed.data)
    behind[-12] ^= 1
    assert not encypher.verify(bytes(behind), mime, authority.anchors).accepted


@each_drawn
def test_what_is_stripped_is_named(data, signer):
    signed = genlabel.sign(data, LABELS["generated"], signer).data
    container = formats.identify(data)
    for slot, lost in ((XMP, Mark.IPTC), (MANIFEST, Mark.MANIFEST)):
        published = b"".join(container.rewrite(container.survey(signed), {slot: None}))
        fates = genlabel.strip_check(published, against=signed)
        assert fates.marks[lost] is Survival.LOST
        assert fates.pixels is not None
        assert fates.pixels.change == "metadata-only"
        assert fates.lost_blocks


@each_drawn
def test_an_edit_has_the_labelled_file_for_its_parent(data, signer, trust):
    first = genlabel.sign(data, LABELS["generated"], signer, trust=trust)
    second = genlabel.sign(
        first.data, Label.edited(producer=ACME, generator=FLUX), signer, trust=trust
    )
    (parent,) = (each for each in second.report.ingredients if each.depth == 1)
    assert parent.manifest_id == first.manifest_id


def test_a_drawing_and_a_picture_are_not_compared_pixel_by_pixel(signer):
    signed = genlabel.sign(DRAWN["svg"], LABELS["generated"], signer).data
    fates = genlabel.strip_check(picture("png"), against=signed)
    assert fates.marks[Mark.MANIFEST] is Survival.LOST
    assert fates.pixels is not None
    assert fates.pixels.change == "undecodable"


def test_the_engine_given_a_url_destroys_the_xmp_of_a_gif_so_it_is_never_given_one(signer, chain):
    """B6: the engine writes dcterms:provenance into the XMP of a GIF and damages the packet."""
    label = LABELS["captured"]
    data = genlabel.sign(DRAWN["gif"], label, signer).data
    container = formats.identify(data)
    data = b"".join(container.rewrite(container.survey(data), {MANIFEST: None}))
    spoilt = raw.sign(data, "image/gif", chain, remote_url="https://example.com/m.c2pa")
    with pytest.raises(UnicodeDecodeError):  # bytes of lengths within its text
        _packet(spoilt).decode()
    assert _packet(raw.sign(data, "image/gif", chain)) == _packet(data)


def test_a_drawing_with_two_metadata_elements_gets_one_manifest(signer, trust, chain, exiftool):
    """B5: the engine writes its manifest once for each metadata element of the root, but for one
    that is there already in the last.
    """
    spoilt = raw.sign(TWO, "image/svg+xml", chain)
    assert len(re.findall(rb"<c2pa:manifest>", spoilt)) == 2
    assert raw.read(spoilt, "image/svg+xml").state == "error"
    signed = genlabel.sign(TWO, LABELS["generated"], signer, trust=trust)
    assert signed.report.integrity is Integrity.INTACT
    assert len(re.findall(rb"<c2pa:manifest>", signed.data)) == 1
    again = genlabel.sign(
        signed.data, Label.edited(producer=ACME, generator=FLUX), signer, trust=trust
    )
    assert len(re.findall(rb"<c2pa:manifest>", again.data)) == 1
    assert exiftool.read(again.data)["XMP-dc:Title"] == DESCRIBED["title"]
    container = formats.identify(TWO)
    survey = container.survey(again.data)
    assert b"".join(container.rewrite(survey, {XMP: None, MANIFEST: None})) == TWO


def test_a_second_metadata_element_is_never_made(signer):
    for inside in (b"<metadata/>", b"<metadata><a/></metadata>", b"<metadata/><metadata/>"):
        signed = genlabel.sign(SVG % inside, LABELS["generated"], signer)
        assert len(re.findall(rb"<metadata>", signed.data)) == 1
        assert signed.report.integrity is Integrity.INTACT


def test_a_root_without_an_end_tag_is_no_place_for_the_engine_and_is_opened(signer, chain):
    data = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    with pytest.raises(Exception, match="SVG root element not found"):
        raw.sign(data, "image/svg+xml", chain)
    assert genlabel.sign(data, LABELS["generated"], signer).report.integrity is Integrity.INTACT


def test_a_naked_codestream_that_the_engine_refuses_is_put_into_a_container(signer, chain):
    with pytest.raises(Exception, match="Not a valid JPEG XL container"):
        raw.sign(CODESTREAM, "image/jxl", chain)
    signed = genlabel.sign(CODESTREAM, LABELS["captured"], signer)
    assert signed.report.integrity is Integrity.INTACT
    assert signed.data.endswith(CODESTREAM)
    fates = genlabel.strip_check(CODESTREAM, against=signed.data)
    assert fates.marks[Mark.MANIFEST] is Survival.LOST
    assert fates.pixels is not None
    assert fates.pixels.change == "metadata-only"


@pytest.mark.parametrize(
    "data",
    [CODESTREAM, SVG[: SVG.index(b">")] + b"/>", SVG % b"<text>a & b</text>"],
    ids=["naked codestream", "root that closes itself", "bare ampersand"],
)
def test_where_the_engine_sees_no_place_for_a_manifest_there_is_none(data):
    assert genlabel.verify(data, policy=None).integrity is Integrity.ABSENT


@each_drawn
def test_no_byte_outside_the_manifest_changes_unnoticed(data):
    signer = Authority.new("A", algorithm="ed25519").signer()
    signed = genlabel.sign(data, Label.generated(producer=ACME), signer).data
    container = formats.identify(signed)
    spans = container.survey(signed).manifest_spans
    outside = [
        at for at in range(0, len(signed), 23) if not any(start <= at < end for start, end in spans)
    ]
    assert len(outside) > 50
    for at in outside:
        with contextlib.suppress(MalformedAsset, UnsupportedFormat):
            # a metadata element under another name holds no manifest any more
            integrity = genlabel.verify(flipped(signed, at), policy=None).integrity
            stripped = container.name == "svg" and spans[0][1] <= at < spans[1][0]
            assert integrity is Integrity.BROKEN or stripped


def _behind(first: bytes, second: bytes) -> tuple[bytes, int]:
    """Two documents one behind the other, and where the second one's manifest begins."""
    data = first + second
    return data, data.index(b"<c2pa:manifest>", len(first))


@pytest.mark.parametrize("first", ["signed", "plain", "closes itself"])
@pytest.mark.parametrize("how", ["wrap", "renew", "replace", "accepted", "parent", "element"])
def test_a_drawing_with_another_manifest_behind_its_end_is_refused(first, how, signer):
    """The engine refuses a file with two, or takes the one behind: not the one that we sign."""
    signed = genlabel.sign(TWO, LABELS["generated"], signer).data
    before = {"signed": signed, "plain": TWO, "closes itself": b"<svg/>"}[first]
    data, at = _behind(before, signed)
    edit = Label.edited(producer=ACME, generator=FLUX)
    composite = Label.composite(producer=ACME, of=[Element(data)], generator=FLUX)
    ways = {
        "wrap": (data, edit, {}),
        "renew": (data, edit, {"existing": "renew"}),
        "replace": (data, LABELS["generated"], {"existing": "replace"}),
        "accepted": (data, edit, {"accept_broken_parent": True}),
        "parent": (TWO, edit, {"parent": data, "accept_broken_parent": True}),
        "element": (TWO, composite, {"accept_broken_parent": True}),
    }
    picture, label, options = ways[how]
    with pytest.raises(ExistingManifest, match=f"another manifest begins at {at:,}, ") as refusal:
        genlabel.sign(picture, label, signer, **options)
    assert "cut off" in refusal.value.remedy


def test_verifying_tells_of_another_manifest_behind_the_end(signer):
    signed = genlabel.sign(TWO, LABELS["generated"], signer).data
    data, at = _behind(signed, signed)
    report = genlabel.verify(data)
    assert report.integrity is Integrity.BROKEN
    told = f"another manifest at {at:,}, behind the end of the drawing"
    assert told in [each.explanation for each in report.findings]
    assert engine.read(data, "image/svg+xml").refusal is not None


def test_a_drawing_that_the_engine_cannot_read_is_named_where_it_is_refused(signer, tmp_path):
    signed = genlabel.sign(TWO, LABELS["generated"], signer).data
    broken = tmp_path / "broken.svg"
    broken.write_bytes(signed[: -len(b"></svg>")] + signed + b"</svg>")  # a tag has no end
    edit = Label.edited(producer=ACME, generator=FLUX)
    with pytest.raises(SigningError, match=r"broken\.svg: the C2PA engine cannot read") as refusal:
        genlabel.sign(broken, edit, signer, accept_broken_parent=True)
    assert "--existing replace" in refusal.value.remedy
