"""Bytes as an enemy writes them: an anomaly or MalformedAsset, never a crash, hang or bomb."""

from __future__ import annotations

import contextlib
import random
import struct
import time
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings, strategies as st

from attacks import FULL, survive
from drawn_kinds import (
    after_header,
    after_jfif,
    chunk,
    exif_text,
    kinds,
    look,
    packet,
    rewritten,
    segment,
    store,
)
from genlabel.formats import CONTAINERS, identify
from genlabel.formats.format import (
    EXIF,
    EXTENDED_XMP,
    MANIFEST,
    MAX_METADATA,
    XMP,
    Container,
    Slot,
    SlotKind,
)
from genlabel.model.errors import MalformedAsset, MalformedMetadata

each_format = pytest.mark.parametrize("format", FULL)
ISO_MEDIA = ("mp4", "mp4 fragmented", "mov", "m4a")
STEPS = {
    **{"avif": 3, "mp3": 7, "flac": 3, "pdf updated": 3, "pdf attached": 9},
    **dict.fromkeys(ISO_MEDIA, 131),
}
"""Where a file is cut: every so many bytes; test_lying_structures.py cuts at every border."""


@each_format
def test_a_file_cut_anywhere_is_malformed_or_an_anomaly(format):
    data = FULL[format]
    for size in range(12, len(data), STEPS.get(format, 1)):
        survive(data[:size])
    container = identify(data)
    # a cut PDF ends with the revision before; the ends of recordings say nothing of a length
    if format not in ("jpeg", "pdf updated", "pdf attached", "mp3", "flac"):
        with pytest.raises(MalformedAsset):
            container.survey(data[:-40])


@each_format
def test_any_byte_may_be_changed(format):
    data = FULL[format]
    rng = random.Random(format)
    header, anywhere = list(range(min(len(data), 1500))), 500
    if identify(data).name == "tiff":  # three kinds, and nearly all of a small one is header
        header, anywhere = header[::3], 100
    elif format in ("avif", "mp3", "flac", "pdf updated"):
        header = header[::2]
    elif format == "pdf attached":
        header, anywhere = header[::5], 200
    elif format in ISO_MEDIA:
        header, anywhere = header[::5], 50
    for at in header + [rng.randrange(len(data)) for _ in range(anywhere)]:
        changed = bytearray(data)
        changed[at] = rng.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF, rng.randrange(256)))
        survive(bytes(changed))


@given(data=st.data(), format=st.sampled_from(sorted(FULL)))
@settings(max_examples=150)
def test_pieces_cut_repeated_and_overwritten_are_survived(data, format):
    file = bytearray(FULL[format])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(4, len(file) - 1))
        end = data.draw(st.integers(at, min(len(file), at + 64)))
        file[at:end] = data.draw(st.binary(max_size=24)) + bytes(
            file[at:end] * data.draw(st.integers(0, 3))
        )
    survive(bytes(file))


def test_a_length_that_nobody_can_have_meant_is_put_right_before_anything_is_added():
    """Found by many examples: the last chunk of a recording has a length out of nowhere."""
    file = bytearray(FULL["wav"])
    at = file.index(b"data") + 4
    del file[at : at + 18]
    assert identify(bytes(file)).survey(bytes(file)).repairs
    survive(bytes(file))


def _fits(container: Container, xmp: bytes) -> bool:
    """Is there room for such a packet? No other is refused."""
    if container.name == "svg":
        return False
    if container.name == "gif" and 0 in xmp:
        return False
    return len(xmp) <= (container.xmp_limit or len(xmp))


@given(
    name=st.sampled_from(sorted(kinds())),
    xmp=st.none() | st.binary(max_size=70_000),
    exif=st.none()
    | st.binary(min_size=8, max_size=300).map(lambda tail: b"II*\0" + tail)
    | st.binary(min_size=1, max_size=300).map(exif_text),
    manifest=st.none() | st.integers(60, 200_000).map(store),
)
@settings(max_examples=120)
def test_any_payload_is_read_back_and_set_twice_is_set_once(name, xmp, exif, manifest):
    data = kinds()[name]
    container = identify(data)
    wished = {XMP: xmp, EXIF: exif, MANIFEST: manifest}
    changes = {slot: wished[slot] for slot in wished if slot in container.slots}
    if xmp is not None and not _fits(container, xmp):
        with pytest.raises(MalformedMetadata):
            rewritten(data, changes)
        return
    if container.name == "tiff" and exif is not None and exif[:2] == b"II":
        with pytest.raises(MalformedMetadata):  # a TIFF file's directories take no such block
            rewritten(data, changes)
        return
    made = rewritten(data, changes)
    after = look(made)
    assert {slot: after.payloads.get(slot) for slot in changes} == changes
    assert rewritten(made, changes) == made
    assert b"".join(container.essence(after)) == b"".join(container.essence(container.survey(data)))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            kinds()["png"][:33] + struct.pack(">I4s", 2**31, b"iTXt") + bytes(65),
            "png: chunk iTXt at 33 runs 2,147,483,587 bytes past the end",
        ),
        (kinds()["png"][:-13], "chunk IDAT at [0-9,]+ runs 1 bytes past the end"),
        (kinds()["png"][:33] + kinds()["png"][-12:], "holds no IDAT chunk"),
        (kinds()["png"][:8] + kinds()["png"][33:], "begins with no IHDR chunk"),
        (after_header(kinds()["png"], b"\0\0\0\0\x1b[2J\0\0\0\0"), r"'\\x1b\[2J' is no chunk type"),
        (b"\xff\xd8\xff\xe1\xff\xffExif\0\0", "segment APP1 at 2 runs 65,527 bytes past the end"),
        (b"\xff\xd8\xff\xe1\0\1" + bytes(9), "impossible length 1"),
        (b"\xff\xd8\xff\xd9", "before the first scan"),
        (kinds()["jpeg"][:100], "past the end|before the first scan"),
        (kinds()["webp full"][:-9], "RIFF list at 0 runs"),
        (b"RIFF\x04\0\0\0WEBP", "so no picture"),
        (b"RIFF\x0f\0\0\0WEBPVP8 \x09\0\0\0abcde", "chunk VP8  at 12 runs|past the end"),
    ],
)
def test_a_structure_that_lies_is_malformed_in_a_clear_sentence(data, sentence):
    with pytest.raises(MalformedAsset, match=sentence):
        identify(data).survey(data)


def _within(seconds: float, megabytes: float, data: bytes) -> None:
    """Two rewrites and the surveys around them take no longer, one survey no more memory."""
    started = time.perf_counter()
    survive(data)
    assert time.perf_counter() - started < 6 * seconds  # a busy machine is no endless loop
    tracemalloc.start()
    try:
        with contextlib.suppress(MalformedAsset):
            identify(data).survey(data)
        assert tracemalloc.get_traced_memory()[1] < megabytes * 1e6
    finally:
        tracemalloc.stop()


def test_a_bomb_in_compressed_text_does_not_go_off():
    bomb = zlib.compress(bytes(200_000_000), 9)
    compressed = chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + bomb)
    many = [chunk(b"zTXt", b"key%d\0\0" % n + zlib.compress(bytes(9_000_000))) for n in range(9)]
    data = after_header(kinds()["png"], compressed, *many)
    _within(5, 150, data)
    survey = look(data)
    assert XMP not in survey.payloads
    assert "decompresses to more than 16,777,216 bytes, not read" in survey.anomalies[0]
    assert sum(map(len, survey.payloads.values())) <= MAX_METADATA
    assert look(rewritten(data, {XMP: packet()})).payloads[XMP] == packet()


def _chunks(count: int) -> bytes:
    webp, riff = kinds()["webp full"], b"ABCD\0\0\0\0" * count
    return webp[:4] + struct.pack("<I", len(webp) - 8 + len(riff)) + webp[8:] + riff


MANY = {
    "text chunks": lambda count: after_header(kinds()["png"], chunk(b"tEXt", b"k\0") * count),
    "empty image chunks": lambda count: after_header(kinds()["png"], chunk(b"IDAT", b"") * count),
    "comments": lambda count: after_jfif(kinds()["jpeg"], b"\xff\xfe\0\2" * count),
    "restarts": lambda count: after_jfif(kinds()["jpeg"], b"\xff\xd0" * count),
    "junk": lambda count: after_jfif(kinds()["jpeg"], b"\xff\0" * count),
    "fill": lambda count: after_jfif(kinds()["jpeg"], b"\xff" * count),
    "scans": lambda count: kinds()["jpeg"][:-2] + b"\xff\xda\0\2" * count + b"\0",
    "app0": lambda count: after_jfif(kinds()["jpeg"], b"\xff\xe0\0\2" * count),
    "image resources": lambda count: after_jfif(
        kinds()["jpeg"], segment(0xED, b"Photoshop 3.0\0") * (count // 5)
    ),
    "exif": lambda count: after_jfif(kinds()["jpeg"], segment(0xE1, b"Exif\0\0") * (count // 10)),
    "riff chunks": _chunks,
}


@pytest.mark.parametrize("what", ["empty image chunks", "junk", "fill", "scans"])
def test_very_many_of_anything_neither_hang_nor_fill_the_memory(what):
    _within(10, 40, MANY[what](250_000))


@pytest.mark.parametrize("what", MANY)
def test_as_many_as_are_allowed_are_rewritten_in_time(what):
    _within(10, 40, MANY[what](16_000))


@pytest.mark.parametrize("what", ["text chunks", "comments", "riff chunks"])
def test_more_blocks_than_any_picture_has_are_malformed(what):
    data = MANY[what](32_001)
    with pytest.raises(MalformedAsset, match="more than 32,000"):
        identify(data).survey(data)


def test_many_bombs_are_no_worse_than_one():
    bomb = zlib.compress(bytes(MAX_METADATA + 2), 9)
    for key in (b"key", b"Raw profile type xmp", b"Raw profile type APP1"):
        _within(5, 100, after_header(kinds()["png"], chunk(b"zTXt", key + b"\0\0" + bomb) * 300))


def test_extended_xmp_in_thousands_of_names_is_not_looked_for():
    head = b"http://ns.adobe.com/xmp/extension/\0"
    names = [b"%032d" % n + struct.pack(">II", 1, 0) + b"x" for n in range(10_000)]
    data = rewritten(kinds()["jpeg"], {XMP: packet(size=65_000)})
    _within(5, 100, after_jfif(data, *(segment(0xE1, head + name) for name in names)))


def test_extended_xmp_that_promises_gigabytes_allocates_nothing():
    head = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32
    lies = [segment(0xE1, head + struct.pack(">II", 0xFFFFFFFF, n * 7) + b"x") for n in range(99)]
    data = after_jfif(kinds()["jpeg"], *lies)
    _within(1, 5, data)
    assert EXTENDED_XMP not in look(data).payloads


def test_an_index_of_pictures_that_lies_is_left_alone():
    data = kinds()["mpo"]
    at = data.index(b"MPF\0II*\0") + 4
    for field in range(8, 98, 2):
        for value in (0, 1, 0xFFFF, 0xFFFFFFFF, 0x7FFFFFFF):
            changed = bytearray(data)
            struct.pack_into("<I", changed, at + field, value)
            survive(bytes(changed))


def test_names_of_blocks_hold_no_control_characters():
    evil = b"\x1b]0;x\x07\n\x9b::warning::"
    png = after_header(kinds()["png"], chunk(b"tEXt", evil + b"\0x"))
    jpeg = after_jfif(kinds()["jpeg"], segment(0xE5, evil[:8] + b"\0"))
    for data in (png, jpeg):
        assert all(block.name.isprintable() for block in look(data).blocks)
        assert all(anomaly.isprintable() for anomaly in look(data).anomalies)


def test_any_buffer_may_be_surveyed():
    for name in ("jpeg full", "png full", "webp full", "avif full", "heif"):
        data = kinds()[name]
        for buffer in (data, bytearray(data), memoryview(data)):
            assert identify(buffer).survey(buffer).payloads == look(data).payloads


def test_text_slots_are_read_only():
    for container in CONTAINERS:
        assert all(slot.kind is not SlotKind.TEXT for slot in container.slots)
    with pytest.raises(MalformedMetadata, match="key text: a png file has no place for it"):
        rewritten(kinds()["png"], {Slot(SlotKind.TEXT, "key"): b"text"})
