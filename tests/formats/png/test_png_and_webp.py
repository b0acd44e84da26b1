"""What is PNG's or WebP's own: text chunks and raw profiles, VP8X, flags, order and padding."""

from __future__ import annotations

import struct
import zlib

import pytest

from drawn_kinds import (
    EXIF_BYTES,
    IIM_BYTES,
    after_header,
    chunk,
    essence,
    kinds,
    look,
    packet,
    pixels,
    rewritten,
    store,
)
from genlabel.formats.format import EXIF, IIM, MANIFEST, XMP, Slot, SlotKind

PNG = kinds()["png"]
RAW_IIM = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(IIM_BYTES)) + IIM_BYTES


def _names(data: bytes) -> list[str]:
    return [block.name for block in look(data).blocks]


def _raw_profile(name: str, data: bytes, kind: bytes = b"zTXt") -> bytes:
    text = f"\n{name}\n{len(data):8}\n".encode() + data.hex().encode() + b"\n"
    body = b"\0" + zlib.compress(text) if kind == b"zTXt" else text
    return chunk(kind, b"Raw profile type " + name.encode() + b"\0" + body)


def test_text_chunks_are_read_by_keyword_as_utf8():
    payloads = look(kinds()["png full"]).payloads
    text = {slot.key: payload for slot, payload in payloads.items() if slot.kind is SlotKind.TEXT}
    assert text == {
        "parameters": b"a cat\nSteps: 20",
        "workflow": b"{}" * 500,
        "Titel": "Grüße 猫".encode(),
    }


@pytest.mark.parametrize(("raw", "said"), [(b"caf\xe9", "café"), ("猫".encode(), "猫")])
def test_text_in_latin_1_and_in_utf8_is_understood(raw, said):
    payloads = look(after_header(PNG, chunk(b"tEXt", b"AIGC\0" + raw))).payloads
    assert payloads[Slot(SlotKind.TEXT, "AIGC")].decode() == said


def test_a_run_of_image_chunks_is_one_block():
    idat = next(block for block in look(PNG).blocks if block.name == "IDAT")
    coded = PNG[idat.start + 8 : idat.start + idat.length - 4]
    pieces = b"".join(chunk(b"IDAT", coded[at : at + 7]) for at in range(0, len(coded), 7))
    data = PNG[: idat.start] + pieces + PNG[idat.start + idat.length :]
    assert _names(data) == ["signature", "IHDR", "IDAT", "IEND"]
    assert pixels(data) == pixels(PNG)


def test_new_chunks_come_before_the_image_and_the_manifest_first():
    made = rewritten(kinds()["png palette"], {EXIF: EXIF_BYTES, XMP: packet(), MANIFEST: store()})
    assert _names(made) == [
        *("signature", "IHDR", "caBX", "iTXt XML:com.adobe.xmp", "eXIf", "PLTE", "tRNS"),
        *("IDAT", "IEND"),
    ]


@pytest.mark.parametrize("late", [False, True])
def test_every_xmp_chunk_gives_way_to_one_that_is_not_compressed_and_raw_profiles_stay(late):
    compressed = b"XML:com.adobe.xmp\0\1\0en\0\0" + zlib.compress(packet("first"))
    old = (
        chunk(b"iTXt", compressed),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet("second")),
        _raw_profile("xmp", packet("third")),
        _raw_profile("APP1", b"http://ns.adobe.com/xap/1.0/\0" + packet("fourth"), b"tEXt"),
    )
    data = PNG[:-12] + b"".join(old) + PNG[-12:] if late else after_header(PNG, *old)
    assert look(data).payloads[XMP] == packet("first")
    assert look(data).anomalies == ("4 xmp blocks",)
    made = rewritten(data, {XMP: packet("new")})
    new = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet("new"))
    left = b"".join(old[2:])
    behind, before = (left, b"") if late else (b"", left)
    assert made == after_header(PNG[:-12] + behind + PNG[-12:], new + before)
    assert rewritten(data, {XMP: None}) == PNG


def test_raw_profiles_are_read_and_left():
    exif, iptc = _raw_profile("exif", b"Exif\0\0" + EXIF_BYTES), _raw_profile("iptc", RAW_IIM)
    data = after_header(PNG, exif, iptc)
    assert look(data).payloads == {EXIF: EXIF_BYTES, IIM: IIM_BYTES}
    made = rewritten(data, {EXIF: EXIF_BYTES + b"new"})
    assert exif in made
    assert look(made).payloads[EXIF] == EXIF_BYTES + b"new"
    assert rewritten(data, {EXIF: None, IIM: None}) == PNG


def test_a_wrong_crc_of_metadata_is_an_anomaly_and_image_data_is_left_to_decoders():
    text = bytearray(chunk(b"tEXt", b"key\0text"))
    text[-1] ^= 1
    data = after_header(PNG, bytes(text))
    assert look(data).anomalies == ("chunk tEXt key at 33: its CRC does not match",)
    assert look(PNG[:-13] + bytes((PNG[-13] ^ 1,)) + PNG[-12:]).anomalies == ()


def test_bytes_behind_the_end_are_kept():
    for data in (PNG, kinds()["webp full"]):
        made = rewritten(data + b"behind", {XMP: packet("x")})
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
