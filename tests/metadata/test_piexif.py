"""Why piexif 1.1.3 neither writes nor reads our blocks: measured, so that a mended one is noticed.

Decision 056. Each test states what piexif does and what our own code does with the same values.
"""

from __future__ import annotations

import struct

import piexif
import pytest

from genlabel.formats.format import EXIF
from genlabel.formats.tiff import directories
from genlabel.metadata import exif, generator_traces
from genlabel.model.label import Label
from genlabel.model.parties import Producer, Rights
from splices import jpeg_with

UUID = "0f8fad5bd9cb469fa16570867728950e"
LABEL = Label.edited(producer=Producer("A"), identifier=UUID, rights=Rights(creator=("Anna",)))


def theirs(creator=b"Anna", **inner):
    main = {0x010E: b"even", 0x013B: creator, 0x8298: b"Acme!!"}
    return piexif.dump({"0th": main, **inner})[6:]


def ours():
    return exif.compose({}, LABEL)[EXIF]


def inner_of(block):
    structure = directories.opened(block)
    return structure.pointed(structure.directory(structure.first).get(0x8769))


@pytest.fixture
def validated(exiftool, tmp_path):
    def validate(block):
        file = tmp_path / "picture.jpg"
        file.write_bytes(jpeg_with({EXIF: block}))
        printed = exiftool.run("-validate", "-warning", "-a", "-s3", file)
        return [line for line in printed.splitlines() if "overlaps" in line or "Odd" in line]

    return validate


def test_its_exif_directory_has_no_pointer_to_the_next_one(validated):
    block = theirs(Exif={0x9000: b"0232", 0xA420: UUID.encode()})
    assert inner_of(block).next == int.from_bytes(UUID[:4].encode(), "big")
    assert "Value for ExifIFD tag 0xa420 ImageUniqueID overlaps IFD" in validated(block)
    assert inner_of(ours()).next == 0
    assert validated(ours()) == []


def test_its_values_stand_at_odd_offsets(validated):
    assert validated(theirs(creator=b"Anna")) == ["[minor] Odd offset for IFD0 tag 0x013b Artist"]


def entry(tag, kind, value):
    """A block with one text in its Exif directory."""
    pointer = struct.pack("<HHHII", 1, 0x8769, 4, 1, 26) + bytes(4)
    row = struct.pack("<HHHII", 1, tag, kind, len(value), 44) + bytes(4)
    return b"II*\0\x08\0\0\0" + pointer + row + value


def traces(block):
    return [each.value for each in generator_traces.personal({EXIF: block})]


def test_it_does_not_know_the_people_of_exif_3():
    block = entry(0xA437, directories.ASCII, b"Ann Photographer\0")
    assert piexif.load(b"Exif\0\0" + block)["Exif"] == {}
    assert traces(block) == ["Ann Photographer"]


def test_one_text_of_exif_3_makes_the_whole_block_unreadable():
    block = entry(0xA430, directories.UTF8, "Zoë Owner\0".encode())
    with pytest.raises(ValueError, match="incorrect value type"):
        piexif.load(b"Exif\0\0" + block)
    assert traces(block) == ["Zoë Owner"]


def test_it_cuts_texts_that_lack_their_nul():
    block = entry(0xA430, directories.ASCII, b"Ann Owner")
    assert piexif.load(b"Exif\0\0" + block)["Exif"] == {0xA430: b"Ann Owne"}
    assert traces(block) == ["Ann Owner"]
