"""What is GIF's own: versions, sub-blocks, the trailer that ends an XMP packet, odd writers."""

from __future__ import annotations

import struct
import time

import pytest
from hypothesis import given, strategies as st

from drawn_kinds import (
    MAGIC,
    after_screen,
    essence,
    gif_extension,
    kinds,
    look,
    packet,
    pixels,
    rewritten,
    store,
)
from genlabel.formats.format import MANIFEST, XMP, Slot, SlotKind
from genlabel.formats.gif import blocks
from genlabel.model.errors import MalformedAsset, MalformedMetadata

GIF, ANIMATED = kinds()["gif"], kinds()["gif animated"]
COMMENT = Slot(SlotKind.TEXT, "Comment")


def _names(data: bytes) -> list[str]:
    return [block.name for block in look(data).blocks]


def _sub_blocks(content: bytes) -> bytes:
    parts = (content[at : at + 255] for at in range(0, len(content), 255))
    return b"".join(bytes((len(part),)) + part for part in parts) + b"\0"


def test_extensions_come_before_the_first_image_and_what_controls_it():
    made = rewritten(ANIMATED, {XMP: packet(), MANIFEST: store()})
    assert _names(made) == [
        *("header", "global color table", "application C2PA_GIF", "application NETSCAPE2.0"),
        *("application XMP DataXMP", *("graphic control", "image") * 3, "trailer"),
    ]
    assert after_screen(ANIMATED)[:6] == b"GIF89a"


def test_a_gif_of_1987_becomes_one_of_1989_only_when_it_gets_an_extension():
    assert GIF[:6] == b"GIF87a"
    assert rewritten(GIF, {XMP: None, MANIFEST: None}) == GIF
    for changes in ({XMP: packet()}, {MANIFEST: store()}):
        made = rewritten(GIF, changes)
        assert made[:6] == b"GIF89a"
        assert essence(made) == essence(GIF)


def test_the_packet_stands_in_the_file_as_it_is_with_its_trailer():
    made = rewritten(GIF, {XMP: packet("猫")})
    assert b"\x21\xff\x0bXMP DataXMP" + packet("猫") + MAGIC in made
    assert len(MAGIC) == 258


@pytest.mark.parametrize(
    "ill_formed",
    [
        gif_extension(b"XMP DataXMP", _sub_blocks(packet("odd") * 3)[:-1] + b"\0"),
        gif_extension(b"XMP DataXMP", _sub_blocks(packet("odd"))),
        gif_extension(b"XMP DataXMP", packet("odd") + MAGIC[1:]),
    ],
    ids=["three packets in sub-blocks", "sub-blocks", "half a trailer"],
)
def test_xmp_that_careless_writers_left_is_read_and_replaced_by_a_sound_one(ill_formed):
    data = after_screen(ANIMATED, ill_formed)
    survey = look(data)
    assert survey.payloads[XMP].startswith(packet("odd"))
    assert "lacks the trailer" in survey.anomalies[0]
    made = rewritten(data, {XMP: packet("sound")})
    assert look(made).payloads[XMP] == packet("sound")
    assert look(made).anomalies == ()
    assert pixels(made) == pixels(ANIMATED)
    assert rewritten(made, {XMP: None}) == ANIMATED


def test_a_packet_with_a_null_byte_is_refused():
    with pytest.raises(MalformedMetadata, match="null byte"):
        rewritten(GIF, {XMP: packet().decode().encode("utf-16")})


def test_loops_comments_and_unknown_extensions_stay():
    loop = gif_extension(b"NETSCAPE2.0", b"\x03\x01\x07\0\0")
    unknown = gif_extension(b"ACMEDATA1.0", _sub_blocks(b"x" * 700))
    comment = b"\x21\xfe" + _sub_blocks(b"parameters\nSteps: 20")
    data = after_screen(GIF.replace(b"GIF87a", b"GIF89a"), loop, unknown, comment)
    assert look(data).payloads == {COMMENT: b"parameters\nSteps: 20"}
    made = rewritten(data, {XMP: packet(), MANIFEST: store()})
    for kept in (loop, unknown, comment):
        assert kept in made
    assert rewritten(made, {XMP: None, MANIFEST: None}) == data


def test_how_often_an_animation_runs_belongs_to_the_picture_and_a_comment_does_not():
    once = ANIMATED.replace(b"NETSCAPE2.0\x03\x01\0\0", b"NETSCAPE2.0\x03\x01\x02\0")
    assert once != ANIMATED
    assert essence(once) != essence(ANIMATED)
    commented = after_screen(ANIMATED, b"\x21\xfe" + _sub_blocks(b"hello"))
    assert essence(commented) == essence(ANIMATED)


def test_bytes_behind_the_trailer_are_kept():
    made = rewritten(GIF + b"behind", {XMP: packet()})
    assert made.endswith(b"behind")
    assert look(made).anomalies == ("6 bytes after the end of the picture",)


def test_two_manifests_are_an_anomaly_and_both_are_taken_out():
    one, two = (gif_extension(b"C2PA_GIF\1\0\0", _sub_blocks(store(seed=n))) for n in (1, 2))
    data = after_screen(ANIMATED, one, two)
    assert look(data).manifest == store(seed=1)
    assert look(data).anomalies == ("2 manifest blocks",)
    assert rewritten(data, {MANIFEST: None}) == ANIMATED


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"GIF89a\1\0", "ends at 8 in its header"),
        (GIF[:20], "within its global colour table"),
        (GIF[:-2], "block at [0-9,]+ runs past the end"),
        (GIF[:-30], "block at [0-9,]+ runs past the end"),
        (b"GIF89a\1\0\1\0\0\0\0;", "holds no image"),
        (b"GIF89a\1\0\1\0\0\0\0\x99", "byte 0x99 at 13 begins no block"),
        (b"GIF89a\1\0\1\0\0\0\0" + b"\x21\xf9\0" * 32_001, "more than 32,000 blocks"),
        (b"GIF89a\1\0\1\0\0\0\0\x2c" + bytes(8) + b"\xff", "block at 13 runs past the end"),
    ],
)
def test_a_structure_that_lies_is_malformed_in_a_clear_sentence(data, sentence):
    with pytest.raises(MalformedAsset, match=sentence):
        look(data)


def test_two_million_lengths_of_one_are_refused_in_time_and_long_images_are_not():
    def image(parts: bytes) -> bytes:
        descriptor = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0)
        return b"GIF89a\1\0\1\0\0\0\0" + descriptor + b"\2" + parts + b"\0;"

    started = time.perf_counter()
    with pytest.raises(MalformedAsset, match="more than 190,536 sub-blocks"):
        look(image(b"\1\7" * 2_000_000))
    assert look(image((b"\xff" + bytes(255)) * 100_000)).frames == 1
    assert time.perf_counter() - started < 30


@given(st.lists(st.sampled_from((1, 7, 254, 255, 255, 255)), max_size=600))
def test_sub_blocks_of_any_lengths_are_stepped_over(lengths):
    data = b"".join(bytes((each,)) + b"\xff" * each for each in lengths) + b"\0;"
    assert blocks._after(memoryview(data), 0) == (len(data) - 1, len(lengths))
