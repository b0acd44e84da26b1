"""Old-style JPEG in TIFF (TIFF 6.0 §22), of which writers measured whatever they liked."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

import genlabel
from drawn_kinds import look, pixels
from genlabel.formats import identify
from genlabel.model.errors import MalformedAsset
from genlabel.model.label import Label
from genlabel.model.parties import Generator, Producer
from oracles import encypher
from oracles.small_files import small

LABEL = Label.generated(producer=Producer("Acme"), generator=Generator("Painter"))
JPEG = bytes(small("jpeg"))
SCAN = JPEG.index(b"\xff\xda") + 2
SCAN += int.from_bytes(JPEG[SCAN : SCAN + 2], "big")
"""Where the coded data begin."""
AT = 8 + 2 + 12 * 14 + 4
"""Where the JPEG file lies: behind the header and a directory of at most fourteen entries."""


def tiff(**entries: int) -> bytes:
    """A file whose directory leads to `JPEG`, by these entries beside those that describe it."""
    with Image.open(io.BytesIO(JPEG)) as opened:
        width, height = opened.size
    tags = {"proc": 512, "jpeg": 513, "length": 514, "strip": 273, "bytes": 279}
    rows = {256: width, 257: height, 258: 8, 259: 6, 262: 6, 277: 3, 284: 1, 278: height}
    rows |= {tags[name]: value for name, value in entries.items()}
    long = (513, 514, 273, 279)
    listed = b"".join(
        struct.pack("<HHI", tag, 4 if tag in long else 3, 1) + struct.pack("<I", value)
        for tag, value in sorted(rows.items())
    )
    head = b"II*\0" + struct.pack("<IH", 8, len(rows)) + listed + bytes(4)
    return head.ljust(AT, b"\0") + JPEG


WHOLE = {"proc": 1, "jpeg": AT}
STRIP = {"strip": AT + SCAN, "bytes": len(JPEG) - SCAN}
FORMS = {
    "a whole file": tiff(**WHOLE, length=len(JPEG)),
    "a whole file, strips within": tiff(**WHOLE, length=len(JPEG), **STRIP),
    "a whole file, the strip is all of it": tiff(
        **WHOLE, length=len(JPEG), strip=AT, bytes=len(JPEG)
    ),
    "a head, and strips": tiff(**WHOLE, length=SCAN, **STRIP),
    "no length": tiff(**WHOLE),
    "no length, strips": tiff(**WHOLE, **STRIP),
    "a length of nothing": tiff(**WHOLE, length=0),
    "a length of nothing, strips": tiff(**WHOLE, length=0, **STRIP),
    "a length past the end": tiff(**WHOLE, length=len(JPEG) + 3_000),
    "a length past the end, strips": tiff(**WHOLE, length=len(JPEG) + 3_000, **STRIP),
    "a length past all that comes": tiff(**WHOLE, length=0xFFFF_FFFF),
}


@pytest.mark.parametrize("name", FORMS)
def test_it_is_labelled_and_shows_the_same(name, signer, trust, authority):
    data = FORMS[name]
    signed = genlabel.sign(data, LABEL, signer)
    assert genlabel.verify(signed.data, trust=trust).state == "trusted"
    assert pixels(bytes(signed.data)) == pixels(data) == pixels(tiff(**WHOLE, length=len(JPEG)))
    assert encypher.verify(bytes(signed.data), "image/tiff", authority.anchors).accepted
    again = genlabel.sign(signed.data, LABEL, signer, trust=trust)
    assert again.data == signed.data
    altered = bytearray(signed.data)
    altered[AT + SCAN + 10] ^= 1
    assert genlabel.verify(bytes(altered), trust=trust).integrity == "broken"


@pytest.mark.parametrize("name", FORMS)
def test_its_coded_data_are_its_essence(name):
    container = identify(FORMS[name])
    altered = FORMS[name].replace(JPEG[SCAN:], bytes(len(JPEG) - SCAN - 2) + b"\xff\xd9")
    pictures = [b"".join(container.essence(look(each))) for each in (FORMS[name], altered)]
    assert JPEG[SCAN:] in pictures[0]
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize("entries", [{"jpeg": AT + len(JPEG)}, {"jpeg": 0xFFFF_FFF0}])
def test_an_offset_that_leads_to_no_picture_is_malformed(entries):
    with pytest.raises(MalformedAsset, match="no whole JPEG picture"):
        look(tiff(proc=1, **entries))


def test_another_compression_has_to_say_how_long_its_jpeg_is():
    data = tiff(**WHOLE).replace(
        struct.pack("<HHII", 259, 3, 1, 6), struct.pack("<HHII", 259, 3, 1, 7)
    )
    with pytest.raises(MalformedAsset, match="does not say how long"):
        look(data)
