"""What is JPEG XL's own: naked codestreams, parts, Brotli boxes, offsets to Exif, other JUMBF."""

from __future__ import annotations

import struct

import brotli
import pytest
from PIL import Image

from drawn_kinds import EXIF_BYTES, essence, kinds, look, packet, rewritten, save, store
from drawn_kinds_heif import box, split
from drawn_kinds_jxl import brob, container
from genlabel.formats import identify
from genlabel.formats.format import EXIF, MANIFEST, MAX_METADATA, XMP
from genlabel.model.errors import MalformedAsset, MalformedMetadata
from oracles.absence import program
from oracles.libjxl import CODESTREAM, encoded, unpacked

CODED = box(b"jxlc", CODESTREAM)


def _types(data: bytes) -> list[bytes]:
    return [kind for kind, _ in split(data)]


def test_a_naked_codestream_is_boxed_only_when_it_gets_a_mark():
    assert rewritten(CODESTREAM, {XMP: None, MANIFEST: None}) == CODESTREAM
    made = rewritten(CODESTREAM, {XMP: packet(), EXIF: EXIF_BYTES, MANIFEST: store()})
    assert _types(made) == [b"JXL ", b"ftyp", b"jumb", b"Exif", b"xml ", b"jxlc"]
    assert made.endswith(CODESTREAM)
    assert essence(made) == essence(CODESTREAM) == CODESTREAM
    assert rewritten(made, dict.fromkeys((XMP, EXIF, MANIFEST))) == container(CODED)


def test_new_boxes_come_behind_the_level_and_before_the_first_part():
    made = rewritten(kinds()["jxl in parts"], {XMP: packet(), EXIF: EXIF_BYTES})
    assert _types(made) == [b"JXL ", b"ftyp", b"jxll", b"Exif", b"xml ", b"jxlp", b"jxlp"]
    assert essence(made) == CODESTREAM


def test_exif_with_and_without_its_offset_is_read_and_written_with_it():
    for content in (
        EXIF_BYTES,
        bytes(4) + EXIF_BYTES,
        struct.pack(">I", 6) + bytes(6) + EXIF_BYTES,
    ):
        data = container(box(b"Exif", content), CODED)
        assert look(data).payloads[EXIF] == EXIF_BYTES
        made = rewritten(data, {EXIF: EXIF_BYTES + b"new"})
        assert box(b"Exif", bytes(4), EXIF_BYTES, b"new") in made
    lying = container(box(b"Exif", struct.pack(">I", 2**32 - 1), EXIF_BYTES), CODED)
    assert EXIF not in look(lying).payloads
    assert "begins at 4,294,967,299" in look(lying).anomalies[0]


def test_compressed_boxes_are_read_and_give_way_to_plain_ones():
    data = kinds()["jxl compressed"]
    assert look(data).payloads == {XMP: packet("old"), EXIF: EXIF_BYTES + b"\0"}
    assert [block.name for block in look(data).blocks][3:] == ["brob Exif", "brob xml"]
    made = rewritten(data, {XMP: packet("new"), EXIF: None})
    assert look(made).payloads == {XMP: packet("new")}
    assert b"brob" not in made


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (brotli.compress(bytes(300_000_000)), f"decompresses to more than {MAX_METADATA:,} bytes"),
        (brotli.compress(packet())[:-3], "ends early"),
        (b"no brotli at all", "is no Brotli stream"),
        (b"", "ends early"),
    ],
    ids=["bomb", "cut", "junk", "empty"],
)
def test_a_compressed_box_that_lies_is_an_anomaly_and_stays(content, said):
    data = container(box(b"brob", b"xml ", content) * 500, CODED)
    survey = look(data)
    assert XMP not in survey.payloads
    assert said in survey.anomalies[0]
    with pytest.raises(MalformedMetadata, match=said):
        rewritten(data, {XMP: packet()})


def test_only_c2pas_own_jumbf_is_the_manifest():
    data = kinds()["jxl full"]
    assert look(data).manifest is None
    made = rewritten(data, {MANIFEST: store()})
    assert look(made).manifest == store()
    assert [block.name for block in look(made).blocks].count("jumb") == 1
    with pytest.raises(MalformedMetadata, match="no C2PA manifest store"):
        rewritten(data, {MANIFEST: box(b"jumb", b"anything")})


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("size", [(1, 1), (8, 256), (1600, 900), (257, 31), (3000, 2), (5, 4)])
def test_the_size_is_read_as_djxl_decodes_it(mode, size):
    program("cjxl")
    data = encoded(save(Image.new(mode, size, 7), "PNG"), "png", "-d", "0", "-e", "1")
    assert (look(data).width, look(data).height) == size


def test_a_jpeg_comes_back_to_the_bit_unless_its_own_xmp_has_another_length():
    """libjxl rebuilds a JPEG's XMP and Exif from these boxes; the pixels decode all the same."""
    program("cjxl", "djxl")
    plain, full = kinds()["jpeg"], kinds()["jpeg full"]
    labelled = rewritten(encoded(plain, "jpg"), {XMP: packet("new"), MANIFEST: store()})
    back, said = unpacked(labelled, "jpg")
    assert back == plain
    assert "Reconstructed to JPEG" in said
    changed = rewritten(encoded(full, "jpg"), {XMP: packet("a longer one")})
    assert "could not decode losslessly to JPEG" in unpacked(changed, "jpg")[1]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (container(CODED)[:-5], "box jxlc at 32 runs 5 bytes past the end"),
        (container(CODED)[:12], "has no file type box"),
        (container(), "holds no jxlc or jxlp box"),
        (container(box(b"jxlp", b"\0")), "box jxlp at 32 is too small"),
        (container(box(b"jxlc", b"nothing")), "does not begin with FF 0A"),
        (container(box(b"free", b"") * 1_000, CODED), "more than 1,000 boxes"),
        (container(struct.pack(">I4sQ", 1, b"jxlc", 2**63), CODED), "past the end|smaller"),
    ],
)
def test_a_structure_that_lies_is_malformed_in_a_clear_sentence(data, sentence):
    with pytest.raises(MalformedAsset, match=sentence):
        identify(data).survey(data)


@pytest.mark.parametrize("packed", [False, True])
def test_xml_of_others_is_no_xmp_and_stays(packed):
    xml = b'<note xmlns="urn:other">RSVP</note>'
    theirs = brob(b"xml ", xml) if packed else box(b"xml ", xml)
    mine = box(b"xml ", packet("old"))
    for boxes in ((theirs, CODED), (theirs, mine, CODED), (mine, CODED, theirs)):
        data = container(b"".join(boxes))
        assert look(data).payloads.get(XMP) == (packet("old") if mine in boxes else None)
        made = rewritten(data, {XMP: packet("new")})
        assert theirs in made
        assert look(made).payloads[XMP] == packet("new")
        assert theirs in rewritten(made, {XMP: None})


def test_a_brob_box_of_another_type_is_left_alone():
    other = brob(b"abcd", b"content")
    data = container(other, CODED)
    assert look(data).payloads == {}
    assert other in rewritten(data, {XMP: packet(), EXIF: EXIF_BYTES})
