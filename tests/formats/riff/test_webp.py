"""What is WebP's own: VP8X and its flags, the order of chunks and their padding."""

from __future__ import annotations

import struct

import pytest

from drawn_kinds import EXIF_BYTES, essence, kinds, look, packet, pixels, rewritten, store
from genlabel.formats.format import EXIF, MANIFEST, XMP


def _names(data: bytes) -> list[str]:
    return [block.name for block in look(data).blocks]


def test_bytes_behind_the_end_are_kept():
    made = rewritten(kinds()["webp full"] + b"behind", {XMP: packet("x")})
    assert made.endswith(b"behind")
    assert look(made).anomalies == ("6 bytes after the end of the picture",)


@pytest.mark.parametrize("name", ["webp lossy", "webp lossless", "webp lossless alpha"])
def test_a_simple_webp_becomes_an_extended_one(name):
    data = kinds()[name]
    made = rewritten(data, {XMP: packet(), EXIF: EXIF_BYTES})
    assert _names(made)[1] == "VP8X"
    assert _names(made)[-2:] == ["EXIF", "XMP"]
    assert made[20] == (0x1C if name == "webp lossless alpha" else 0x0C)
    assert struct.unpack("<I", made[4:8])[0] == len(made) - 8
    assert essence(made) == essence(data)


def test_webp_flags_follow_what_is_there():
    data = kinds()["webp full"]
    assert data[20] & 0x0C == 0x0C
    assert rewritten(data, {XMP: None})[20] & 0x0C == 0x08
    assert rewritten(data, {XMP: None, EXIF: None})[20] & 0x0C == 0
    lying = data[:20] + bytes((data[20] & ~0x04,)) + data[21:]
    assert look(lying).anomalies == ("the flag for xmp in VP8X does not tell the truth",)


def test_the_exif_header_that_some_writers_leave_in_webp_is_kept():
    bare = rewritten(kinds()["webp full"], {EXIF: None})
    assert EXIF not in look(bare).payloads
    with_header = rewritten(bare, {EXIF: b"Exif\0\0" + EXIF_BYTES})
    assert look(with_header).payloads[EXIF] == EXIF_BYTES
    made = rewritten(with_header, {EXIF: EXIF_BYTES + b"new!"})
    assert b"Exif\0\0" + EXIF_BYTES + b"new!" in made
    assert look(made).payloads[EXIF] == EXIF_BYTES + b"new!"


def test_missing_padding_at_the_end_of_webp_is_forgiven_and_mended():
    whole = rewritten(kinds()["webp full"], {XMP: b"odd"})
    assert whole[-1] == 0
    for size in (len(whole) - 8, len(whole) - 9):
        cut = whole[:4] + struct.pack("<I", size) + whole[8:-1]
        assert look(cut).payloads[XMP] == b"odd"
        assert "lacks its padding" in look(cut).anomalies[0]
        made = rewritten(cut, {MANIFEST: store()})
        assert look(made).payloads[XMP] == b"odd"
        assert look(made).manifest == store()
        assert look(made).anomalies == ()
        assert pixels(made) == pixels(whole)


def test_unknown_chunks_of_webp_stay_where_they_are():
    data = kinds()["webp full"]
    unknown = b"ABCD\x03\0\0\0xyz\0"
    data = data[:4] + struct.pack("<I", len(data) - 8 + len(unknown)) + data[8:] + unknown
    made = rewritten(data, {XMP: packet("a longer packet"), MANIFEST: store()})
    assert _names(made)[-4:] == ["EXIF", "XMP", "ABCD", "C2PA"]
    assert unknown in made
