"""One drawn TIFF file of every kind that matters, made by Pillow and tifffile."""

from __future__ import annotations

import io
import struct

import numpy
import tifffile
from PIL import Image

from oracles.pictures import dng


def _ramp(height: int = 36, width: int = 48, shade: int = 0) -> numpy.ndarray:
    ramp = numpy.zeros((height, width, 3), "uint8")
    ramp[..., 0] = numpy.arange(width) * 5
    ramp[..., 1] = numpy.arange(height)[:, None] * 7
    ramp[..., 2] = shade
    return ramp


def written(*pages: numpy.ndarray, order: str = "<", big: bool = False, **options: object) -> bytes:
    """Pages as tifffile writes them."""
    out = io.BytesIO()
    with tifffile.TiffWriter(out, byteorder=order, bigtiff=big) as file:
        for page in pages:
            file.write(page, metadata=None, photometric="rgb", **options)
    return out.getvalue()


def pages(count: int, *, order: str = "<", big: bool = False, **options: object) -> bytes:
    """A file of so many pages of different sizes."""
    drawn = (_ramp(6 + number, 8, 60 * number % 256) for number in range(count))
    return written(*drawn, order=order, big=big, **options)


def with_entries(data: bytes, *entries: tuple[int, int, int, bytes]) -> bytes:
    """A classic little-endian file whose first directory also has these entries, values behind.

    Each entry is tag, type, count and the value's bytes. Made without genlabel.
    """
    assert data[:4] == b"II*\0"
    (first,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, first)
    rows = [data[first + 2 + 12 * n : first + 14 + 12 * n] for n in range(count)]
    out = bytearray(data + bytes(len(data) % 2))
    for tag, kind, number, value in entries:
        field = value.ljust(4, b"\0")
        if len(value) > 4:
            field = struct.pack("<I", len(out))
            out += value + bytes(len(value) % 2)
        rows.append(struct.pack("<HHI", tag, kind, number) + field)
    rows.sort(key=lambda row: struct.unpack_from("<H", row))
    struct.pack_into("<I", out, 4, len(out))
    end = data[first + 2 + 12 * count : first + 6 + 12 * count]
    return bytes(out) + struct.pack("<H", len(rows)) + b"".join(rows) + end


def with_exif() -> bytes:
    """A file with a description, an Exif directory of a text and a number, and half a place."""
    data = written(_ramp())
    comment = b"ASCII\0\0\0a comment"
    at = len(data)
    data += struct.pack("<II", 1, 4) + comment + bytes(len(comment) % 2)
    exif = len(data)
    data += struct.pack("<HHHIIHHIII", 2, 0x829A, 5, 1, at, 0x9286, 7, len(comment), at + 8, 0)
    gps = len(data)
    data += struct.pack("<HHHI4sI", 1, 1, 2, 2, b"N", 0)
    pointers = ((34665, 4, 1, struct.pack("<I", exif)), (34853, 4, 1, struct.pack("<I", gps)))
    return with_entries(data, (270, 2, 6, b"drawn\0"), *pointers)


def tiffs(everything: dict[str, bytes]) -> dict[str, bytes]:
    """Name and file of every kind; `everything` has ``exif``, ``xmp`` and ``icc_profile``."""
    full = io.BytesIO()
    picture = Image.fromarray(_ramp())
    info = {700: everything["xmp"], 315: "Ada", 33723: b"\x1c\x02\x50\x00\x03Ada"}
    picture.save(full, "TIFF", tiffinfo=info, icc_profile=everything["icc_profile"])
    return {
        "tiff": written(_ramp()),
        "tiff big endian": written(_ramp(), order=">"),
        "tiff lzw": _saved("tiff_lzw"),
        "tiff jpeg": _saved("jpeg"),
        "tiff tiled": written(_ramp(64, 80), tile=(16, 16)),
        "tiff full": full.getvalue(),
        "tiff with exif": with_exif(),
        "tiff pages": pages(3),
        "tiff pages big endian": pages(4, order=">"),
        "tiff two pages": pages(2),
        "bigtiff": written(_ramp(), big=True),
        "bigtiff pages": pages(2, big=True),
        "dng": dng(),
        "dng big endian": dng(">"),
    }


def _saved(compression: str) -> bytes:
    out = io.BytesIO()
    Image.fromarray(_ramp()).save(out, "TIFF", compression=compression)
    return out.getvalue()
