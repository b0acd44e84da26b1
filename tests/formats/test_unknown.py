"""Files in formats that genlabel does not read: inspect shows what can be seen of them."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image

import genlabel
from genlabel.formats import identify, unknown
from genlabel.model.errors import UnsupportedFormat
from genlabel.model.report import Integrity, Mark
from genlabel.operations.labeller import Labeller
from genlabel.testing import picture
from oracles import raw

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="ModelX" '
    f'ext:DigitalSourceType="{SOURCE}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
).encode()


def _encoded(format: str) -> bytes:
    encoded = io.BytesIO()
    drawn = Image.open(io.BytesIO(picture("png"))).convert("RGB")
    drawn.resize((32, 32)).save(encoded, format)
    return encoded.getvalue()


@pytest.mark.parametrize(
    ("format", "name"),
    [
        ("BMP", "BMP picture"),
        ("ICO", "icon"),
        ("TGA", "TGA picture"),
        ("JPEG2000", "JPEG 2000 picture"),
        ("PPM", "netpbm picture"),
        ("DDS", "DDS texture"),
        ("QOI", "QOI picture"),
    ],
)
def test_a_picture_in_another_format_is_named_and_measured(format, name):
    data = _encoded(format)
    seen = genlabel.inspect(data)
    assert seen.report.format_name == name
    assert (seen.width, seen.height) == (32, 32)
    assert seen.report.size == len(data)
    assert seen.report.error is None
    assert seen.report.integrity is Integrity.UNKNOWN
    assert "neither labels nor verifies this format: convert it to " in (seen.foreign or "")
    with pytest.raises(UnsupportedFormat, match=f"^{name}: genlabel reads "):
        Labeller().verify(data)


@pytest.mark.parametrize("beginning", [b"8BPS\0\1", b"\x1aE\xdf\xa3", b"OggS\0\2"])
def test_labels_in_it_are_found_by_what_they_begin_with(beginning, chain):
    store = inspect_store(chain)
    data = beginning.ljust(500) + PACKET + bytes(77) + store + bytes(9)
    seen = genlabel.inspect(data)
    assert [(block.name, block.start, block.length) for block in seen.blocks] == [
        ("XMP packet", 500, len(PACKET)),
        ("C2PA manifest store", 577 + len(PACKET), len(store)),
    ]
    assert seen.slots == {"xmp": len(PACKET), "manifest": len(store)}
    assert seen.report.marks[Mark.IPTC].source_type == SOURCE
    assert [trace.value for trace in seen.traces] == ["ModelX"]
    assert not seen.report.declared.attested
    assert seen.report.integrity is Integrity.UNKNOWN


def inspect_store(chain) -> bytes:
    """A manifest store that the engine made."""
    signed = raw.sign(picture("png"), "image/png", chain)
    manifest = identify(signed).survey(signed).manifest
    assert manifest is not None
    return manifest


@pytest.mark.parametrize("data", [b"", b"hello, world", bytes(100), b"\0\0\0\x20jumb" + bytes(60)])
def test_what_looks_like_nothing_known_is_refused_as_ever(data):
    with pytest.raises(UnsupportedFormat):
        genlabel.inspect(data)


def test_a_hundred_pieces_are_enough_and_a_long_file_takes_no_long_time():
    opening = b'<?xpacket begin="x"?>'
    packet = opening + b'<?xpacket end="w"?>'
    assert len(list(unknown.pieces(b"BM" + packet * 200_000))) == 100
    started = time.perf_counter()
    assert list(unknown.pieces(b"BM" + opening * 300_000)) == []
    assert list(unknown.pieces(b"BM" + b"\xff\xff\xff\xffjumb" * 1_000_000)) == []
    assert time.perf_counter() - started < 30


def test_a_length_that_lies_is_no_piece(chain):
    store = inspect_store(chain)
    assert len(list(unknown.pieces(b"BM" + store))) == 1
    assert list(unknown.pieces(b"BM" + store[:-1])) == []
    assert list(unknown.pieces(b"BM\0\0\0\7" + store[4:])) == []
