"""A small file of every family of formats, put together here and so without an encoder.

They hold one pixel, or a moment of silence: enough to put a manifest into, and to be hashed.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping

_PIXEL = '<path fill="#fff" d="M0 0h1v1H0z"/>'


def smallest(format: str) -> bytes | None:
    """The smallest file of a format, by its name, such as ``png``; None where there is none."""
    make = _MAKERS.get(format)
    return make() if make is not None else None


def _jpeg() -> bytes:
    """One black pixel in grey: baseline, with tables of one code each (ITU-T T.81 Annex B)."""
    code = b"\1" + bytes(15) + b"\0"  # one code of one bit, for the value 0
    segments = (
        (0xDB, b"\0" + b"\1" * 64),
        (0xC0, struct.pack(">BHHBBBB", 8, 1, 1, 1, 1, 0x11, 0)),
        (0xC4, b"\0" + code),
        (0xC4, b"\x10" + code),
        (0xDA, b"\1\1\0\0\x3f\0"),
    )
    parts = (b"\xff" + bytes([each]) + _length(content) for each, content in segments)
    return b"\xff\xd8" + b"".join(parts) + b"\x3f\xff\xd9"


def _length(content: bytes) -> bytes:
    return (len(content) + 2).to_bytes(2, "big") + content


def _png() -> bytes:
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    )
    packed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def _gif() -> bytes:
    return b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"


def _chunk(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _webp() -> bytes:
    # lossless, one pixel: five prefix codes of one symbol each (RFC 9649 §3)
    return _chunk(b"RIFF", b"WEBP", _chunk(b"VP8L", bytes.fromhex("2f00000000 8888 08")))


def _wav() -> bytes:
    described = struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)
    return _chunk(b"RIFF", b"WAVE", _chunk(b"fmt ", described), _chunk(b"data", b"\x80\x80"))


def _avi() -> bytes:
    """Motion JPEG of one frame."""
    frame = _jpeg()
    main = struct.pack("<14I", 100_000, 0, 0, 0, 1, 0, 1, len(frame), 1, 1, 0, 0, 0, 0)
    stream = b"vidsMJPG" + struct.pack("<10I8x", 0, 0, 0, 1, 10, 0, 1, len(frame), 0, 0)
    picture = struct.pack("<IiiHH4s5I", 40, 1, 1, 1, 24, b"MJPG", 3, 0, 0, 0, 0)
    header = _chunk(
        b"LIST", b"hdrl", _chunk(b"avih", main),
        _chunk(b"LIST", b"strl", _chunk(b"strh", stream), _chunk(b"strf", picture)),
    )  # fmt: skip
    return _chunk(b"RIFF", b"AVI ", header, _chunk(b"LIST", b"movi", _chunk(b"00dc", frame)))


def _tiff() -> bytes:
    """One page of one grey pixel, little-endian (TIFF 6.0)."""
    tags = (
        *((256, 1), (257, 1), (258, 8), (259, 1), (262, 1)),
        *((273, 8), (277, 1), (278, 1), (279, 1)),
    )
    entries = b"".join(struct.pack("<HHIHH", tag, 3, 1, value, 0) for tag, value in tags)
    return b"II*\0\x0a\0\0\0\0\0" + struct.pack("<H", len(tags)) + entries + bytes(4)


def _svg() -> bytes:
    size = 'viewBox="0 0 1 1"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{_PIXEL}</svg>'.encode()


def _box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I", len(content) + 8) + kind + content


def _jxl() -> bytes:
    """The container of JPEG XL (ISO/IEC 18181-2) with a codestream of one pixel."""
    stream = bytes.fromhex("ff0a0010101417020802010018004b188b158201")
    kind = _box(b"ftyp", b"jxl \0\0\0\0jxl ")
    return _box(b"JXL ", b"\r\n\x87\n") + kind + _box(b"jxlc", stream)


def _mp3() -> bytes:
    """Three silent frames: MPEG 1, layer III, 128 kbit/s, 44.1 kHz, one channel."""
    return (b"\xff\xfb\x90\xc4" + bytes(413)) * 3


def _flac() -> bytes:
    """Sixteen silent samples: STREAMINFO, then one frame of one constant (RFC 9639)."""
    rate = (44_100 << 12 | 15 << 4) << 32 | 16  # one channel of 16 bits
    info = struct.pack(">HH", 16, 16) + bytes(6) + rate.to_bytes(8, "big") + bytes(16)
    frame = bytes.fromhex("fff86908000f300000004680")
    return b"fLaC\x80" + len(info).to_bytes(3, "big") + info + frame


def _pdf() -> bytes:
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 1 1]>>",
    )
    file, places = b"%PDF-1.4\n", list[int]()
    for number, each in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    rows = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % each for each in places)
    trailer = b"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(file)
    return file + b"xref\n0 4\n" + rows + trailer


def _mp4() -> bytes:
    """A film without a track, and a byte of data (ISO/IEC 14496-12)."""
    header = struct.pack(">IIIIII", 0, 0, 0, 1000, 0, 0x10000) + b"\1" + bytes(11)
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    movie = _box(b"mvhd", header, matrix, bytes(24), struct.pack(">I", 1))
    kind = _box(b"ftyp", b"isom\0\0\0\0isommp41")
    return kind + _box(b"moov", movie) + _box(b"mdat", b"\0")


_MAKERS: Mapping[str, Callable[[], bytes]] = {
    "jpeg": _jpeg, "png": _png, "gif": _gif, "webp": _webp, "tiff": _tiff, "svg": _svg,
    "jxl": _jxl, "wav": _wav, "avi": _avi, "mp3": _mp3, "flac": _flac, "pdf": _pdf, "mp4": _mp4,
}  # fmt: skip
FAMILIES = tuple(_MAKERS)
"""The formats of which there is one."""
