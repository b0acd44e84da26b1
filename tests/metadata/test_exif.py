"""Exif: nothing moves, nothing is lost, nothing hostile is followed."""

from __future__ import annotations

import io
import struct

import piexif
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from genlabel.formats.format import EXIF
from genlabel.formats.tiff import directories
from genlabel.metadata import exif
from genlabel.model.errors import MalformedMetadata
from genlabel.model.label import Label
from genlabel.model.parties import Generator, Producer, Rights
from payloads_drawn import EXIF_BLOCKS, exif_block

UUID = "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e"
NAMED = Label.edited(
    producer=Producer("Acme"),
    description="語 caption",
    identifier=UUID,
    rights=Rights(creator=("Ann", "Bo"), copyright="© Acme"),
)
SILENT = Label.generated(producer=Producer("Acme"), generator=Generator("Model", version="2"))


def after(block, label=NAMED):
    return exif.compose({EXIF: block}, label)[EXIF]


def test_no_block_is_made_for_a_label_that_sets_none_of_its_fields():
    assert exif.compose({}, SILENT) == {}


@pytest.mark.parametrize("block", EXIF_BLOCKS.values(), ids=EXIF_BLOCKS.keys())
def test_no_existing_byte_moves(block):
    result = after(block)
    assert result[:4] == block[:4]
    assert result[8 : len(block)] == block[8:]


@pytest.mark.parametrize("block", EXIF_BLOCKS.values(), ids=EXIF_BLOCKS.keys())
def test_piexif_finds_every_other_tag_as_it_was(block):
    ours = {0x010E, 0x013B, 0x8298, 0x8769, 0x9000, 0xA420}
    before, now = (piexif.load(b"Exif\0\0" + each) for each in (block, after(block)))
    for directory in ("0th", "Exif", "1st"):
        foreign = {tag: value for tag, value in before[directory].items() if tag not in ours}
        assert {tag: now[directory].get(tag) for tag in foreign} == foreign
    assert now["Exif"][0xA420] == b"0f8fad5bd9cb469fa16570867728950e"
    assert now["0th"][0x013B] == b"Ann; Bo"


def test_directories_stay_sorted():
    structure = directories.opened(after(EXIF_BLOCKS["big endian"]))
    main = structure.directory(structure.first)
    tags = [each.tag for each in main.entries]
    assert tags == sorted(tags)
    assert structure.first % 2 == 0


def test_the_software_that_is_named_stays_and_an_empty_one_is_filled():
    assert exif.compose({EXIF: EXIF_BLOCKS["big endian"]}, SILENT) == {}
    assert exif.read({EXIF: after(EXIF_BLOCKS["no software"], SILENT)}).software == "Model 2"


def test_capture_dates_are_never_touched():
    before, now = (
        piexif.load(b"Exif\0\0" + each)["Exif"][0x9003]
        for each in (EXIF_BLOCKS["big endian"], after(EXIF_BLOCKS["big endian"]))
    )
    assert before == now
    fresh = piexif.load(b"Exif\0\0" + exif.compose({}, NAMED)[EXIF])
    assert not {0x9003, 0x9004, 0x0132} & {*fresh["0th"], *fresh["Exif"]}


def test_an_identifier_that_exif_cannot_hold_takes_the_old_one_away():
    block = after(EXIF_BLOCKS["big endian"])
    result = after(block, Label.edited(producer=Producer("A"), identifier="doi:1"))
    assert exif.read({EXIF: result}).identifier is None


def test_old_texts_in_latin_are_read():
    assert exif.read({EXIF: EXIF_BLOCKS["little endian"]}).creator == ("Zoë Photographers",)


def test_a_block_that_would_outgrow_its_segment_is_left_alone():
    block = exif_block()
    with pytest.raises(MalformedMetadata, match="exceed"):
        exif.compose({EXIF: block}, NAMED, limit=len(block) + 10)


def test_a_block_that_was_too_large_before_is_still_extended():
    block = exif_block()
    result = exif.compose({EXIF: block}, NAMED, limit=len(block) - 1)
    assert exif.read(result).copyright == "© Acme"


def test_a_block_of_texts_alone_gathers_no_dead_bytes():
    block, sizes = b"", set()
    for turn in range(4):
        block = exif.compose(
            {EXIF: block}, Label.edited(producer=Producer("A"), description=f"d{turn}")
        )[EXIF]
        sizes.add(len(block))
    assert len(sizes) == 1


def test_a_real_camera_block_survives(tmp_path):
    picture = Image.new("RGB", (8, 8))
    tags = Image.Exif()
    tags[0x0112] = 6
    tags.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 0.0)})
    stream = io.BytesIO()
    picture.save(stream, "JPEG", exif=tags)
    block = Image.open(stream).info["exif"].removeprefix(b"Exif\0\0")
    read = Image.Exif()
    read.load(b"Exif\0\0" + after(block))
    assert read[0x0112] == 6
    assert read.get_ifd(0x8825)[2] == (52.0, 31.0, 0.0)


def directory(*entries, following=0, order="<"):
    packed = b"".join(struct.pack(order + "HHII", *entry) for entry in entries)
    return struct.pack(order + "H", len(entries)) + packed + struct.pack(order + "I", following)


HEAD = b"II*\0\x08\0\0\0"
HOSTILE = {
    "short": b"II*\0",
    "other": b"\x89PNG\r\n\x1a\n",
    "bigtiff": b"II+\0\x08\0\0\0" + b"\0" * 20,
    "outside": b"II*\0\xff\xff\xff\xff" + b"\0" * 20,
    "inside the header": b"II*\0\x02\0\0\0" + b"\0" * 20,
    "too many entries": HEAD + b"\xff\xff" + b"\0" * 40,
    "duplicates": HEAD + directory((0x10E, 2, 4, 0x41414141), (0x10E, 2, 4, 0x42424242)),
    "circle": HEAD + directory((0x112, 3, 1, 6), following=8),
    "circle of two": HEAD
    + directory((0x112, 3, 1, 6), following=26)
    + directory((0x112, 3, 1, 6), following=8),
    "pointer astray": HEAD + directory((0x8769, 4, 1, 0xFFFFFF)),
    "pointer of text": HEAD + directory((0x8769, 2, 9, 8)),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_structures_are_refused(name):
    with pytest.raises(MalformedMetadata, match="tiff: "):
        exif.compose({EXIF: HOSTILE[name]}, NAMED)


def test_values_that_lie_outside_are_not_followed():
    block = HEAD + directory((0x10E, 2, 0xFFFFFFFF, 0xFFFFFFF0), (0x13B, 2, 9, 0x7FFFFFFF))
    assert exif.read({EXIF: block}).creator == ()
    assert exif.read({EXIF: after(block)}).creator == ("Ann; Bo",)


@settings(max_examples=200)
@given(
    block=st.sampled_from(sorted(EXIF_BLOCKS.values())),
    cuts=st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=4)), max_size=4),
    length=st.integers(0, 400),
)
def test_damaged_blocks_are_extended_or_refused_but_never_crash(block, cuts, length):
    damaged = bytearray(block[: max(length, 1)])
    for at, new in cuts:
        at %= len(damaged) + 1
        damaged[at : at + len(new)] = new
    try:
        result = {EXIF: bytes(damaged)} | dict(exif.compose({EXIF: bytes(damaged)}, NAMED))
    except MalformedMetadata:
        return
    assert exif.read(result).copyright == "© Acme"
    assert exif.compose(result, NAMED) == {}


def test_a_value_beyond_the_end_does_not_come_to_hold_what_is_appended():
    """Found by fuzzing: the software's 44 bytes begin 30 before the end of the block."""
    block = bytes.fromhex(
        "4d4d002a0000001a0000000000007469666666696c652e7079000001013100020000002c0000000e7860e0f6"
    )
    label = Label.generated(producer=Producer("Acme"))
    assert exif.read({EXIF: block}).software is None
    with pytest.raises(MalformedMetadata, match="beyond the end"):
        exif.compose({EXIF: block}, label)
