"""Items may have numbers of 32 bits, and every table has a form of its own for them."""

from __future__ import annotations

import struct

import pytest

import genlabel
from drawn_kinds import EXIF_BYTES, look, packet, pixels, rewritten
from drawn_kinds_heif import box, entries, split
from genlabel.formats import identify
from genlabel.formats.format import EXIF, XMP
from genlabel.formats.isobmff import boxes, items
from genlabel.model.label import Label
from genlabel.model.parties import Generator, Producer
from oracles.small_files import small

WIDE = 0x0001_0000
LABEL = Label.generated(producer=Producer("Acme"), generator=Generator("Painter"))


def avif(number: int, references: int | None, *, alone: bool = True) -> bytes:
    """Pillow's picture with its item called `number`, and with an iref of that version, if any.

    Not `alone` it has a reference to itself, which stands for what others would say there.
    """
    data = small("avif")
    parts = dict(split(data))
    inner = dict(split(parts[b"meta"][12:]))
    wide, word = (1, ">I") if number >= WIDE else (0, ">H")
    named = struct.pack(word, number)
    inner[b"pitm"] = box(b"pitm", bytes((wide, 0, 0, 0)), named)
    infe = box(b"infe", bytes((2 + wide, 0, 0, 0)), named, bytes(2), b"av01Color\0")
    inner[b"iinf"] = box(b"iinf", bytes(4), struct.pack(">H", 1), infe)
    ipco, ipma = split(inner[b"iprp"][8:])
    associated = ipma[1][16 + 2 :]
    counted = struct.pack(">I", 1)
    inner[b"iprp"] = box(
        b"iprp", ipco[1], box(b"ipma", bytes((wide, 0, 0, 0)), counted, named, associated)
    )
    if references is not None:
        each = b"" if alone else struct.pack(">I" if references else ">H", number)
        own = b"" if alone else box(b"prem", each, struct.pack(">H", 1), each)
        inner[b"iref"] = box(b"iref", bytes((references, 0, 0, 0)), own)
    ((_, _, length),) = entries(inner[b"iloc"])
    place = struct.pack(word, 1) + named + bytes(2 * wide + 2)

    def meta(start: int) -> bytes:
        extent = struct.pack(">HII", 1, start, length)
        inner[b"iloc"] = box(b"iloc", bytes((2 * wide, 0, 0, 0, 0x44, 0)), place, extent)
        return box(b"meta", bytes(4), *inner.values())

    start = len(parts[b"ftyp"]) + len(meta(0)) + 8
    return b"".join((parts[b"ftyp"], meta(start), parts[b"mdat"]))


CASES = {
    "narrow, the control": (1, None, True),
    "narrow with references": (7, 0, False),
    "the last narrow number": (WIDE - 1, 0, True),
    "wide without references": (WIDE + 5, None, True),
    "wide with wide references": (WIDE + 5, 1, False),
    "wide beside an empty narrow table": (WIDE + 5, 0, True),
    "the greatest number": (2**32 - 1, 1, False),
}


def own(data: bytes) -> items.Items:
    (meta,) = (each for each in boxes.walk(memoryview(data), "avif") if each.type == b"meta")
    return items.read(meta)


@pytest.mark.parametrize("name", CASES)
def test_metadata_describe_a_picture_of_any_number(name):
    number, references, alone = CASES[name]
    data = avif(number, references, alone=alone)
    assert pixels(data) == pixels(small("avif"))
    made = rewritten(data, {XMP: packet("one"), EXIF: EXIF_BYTES})
    survey = look(made)
    assert (survey.payloads[XMP], survey.payloads[EXIF]) == (packet("one"), EXIF_BYTES)
    assert survey.anomalies == ()
    after = own(made)
    described = {each.item: each.targets for each in after.references if each.type == b"cdsc"}
    assert set(described.values()) == {(number,)}
    assert len(described) == 2
    assert [each.targets for each in after.references if each.type == b"prem"] == (
        [] if alone else [(number,)]
    )
    assert pixels(made) == pixels(data)
    container = identify(data)
    pictures = (container.essence(look(each)) for each in (data, made))
    assert len({b"".join(map(bytes, each)) for each in pictures}) == 1
    bare = rewritten(made, {XMP: None, EXIF: None})
    assert look(bare).payloads == {}
    assert pixels(bare) == pixels(data)


@pytest.mark.parametrize("name", CASES)
def test_it_is_labelled_and_others_read_it(name, signer, trust, exiftool):
    number, references, alone = CASES[name]
    signed = genlabel.sign(avif(number, references, alone=alone), LABEL, signer)
    assert genlabel.verify(signed.data, trust=trust).state == "trusted"
    assert pixels(bytes(signed.data)) == pixels(small("avif"))
    tags = exiftool.read(bytes(signed.data))
    assert tags["XMP-iptcExt:AISystemUsed"] == "Painter"
