"""What is PNG's own: text chunks and raw profiles, their budget, order and CRCs."""

from __future__ import annotations

import struct
import zlib

import pytest

from drawn_kinds import (
    EXIF_BYTES,
    IIM_BYTES,
    after_header,
    chunk,
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


def test_texts_are_unpacked_up_to_16_mib_of_all_together_and_not_of_each():
    bomb = b"\0\0" + zlib.compress(bytes(10 * 1024 * 1024))
    data = after_header(PNG, chunk(b"zTXt", b"one" + bomb), chunk(b"zTXt", b"two" + bomb))
    assert sum(map(len, look(data).payloads.values())) == 10 * 1024 * 1024
    (clause,) = look(data).anomalies
    assert clause.endswith("decompresses to more than 6,291,456 bytes, not read")


def test_after_a_text_that_is_too_long_the_next_may_have_half_as_much():
    texts = [b"\0\0" + zlib.compress(bytes(size << 20)) for size in (20, 10)]
    data = after_header(PNG, *(chunk(b"zTXt", b"key" + text) for text in texts))
    first, second = look(data).anomalies
    assert first.endswith("decompresses to more than 16,777,216 bytes, not read")
    assert second.endswith("decompresses to more than 8,388,608 bytes, not read")


def test_bytes_behind_the_end_are_kept():
    made = rewritten(PNG + b"behind", {XMP: packet("x")})
    assert made.endswith(b"behind")
    assert look(made).anomalies == ("6 bytes after the end of the picture",)
