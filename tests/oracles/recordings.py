"""Short recordings made byte by byte, MP3 and FLAC with their tags, and how ffmpeg plays them."""

from __future__ import annotations

import io
import random
import shutil
import struct
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from PIL import Image

_SYNC = b"\xff\xfb\x90\xc4"  # MPEG 1, layer III, 128 kbit/s, 44.1 kHz, one channel
SILENCE = (_SYNC + bytes(413)) * 12
Frame = tuple[bytes, bytes]


def cover() -> bytes:
    """A small PNG."""
    encoded = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(encoded, "PNG")
    return encoded.getvalue()


def frame(id: bytes, content: bytes, *, version: int = 4, flags: bytes = b"\0\0") -> bytes:
    """An ID3 frame, made without genlabel."""
    if version == 2:
        return id + len(content).to_bytes(3, "big") + content
    size = syncsafe(len(content)) if version == 4 else struct.pack(">I", len(content))
    return id + size + flags + content


def tag(*frames: bytes, version: int = 4, flags: int = 0, padding: int = 32) -> bytes:
    """An ID3 tag of whole frames."""
    body = b"".join(frames) + bytes(padding)
    return b"ID3" + bytes((version, 0, flags)) + syncsafe(len(body)) + body


def syncsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def frames(data: bytes) -> list[Frame]:
    """Id and content of the frames of a file's ID3v2.3 or 2.4 tag, read without genlabel."""
    assert data[:3] == b"ID3"
    version, at, found = data[3], 10, []
    end = 10 + _plain(data[6:10])
    while at < end and data[at]:
        size = data[at + 4 : at + 8]
        length = _plain(size) if version == 4 else int.from_bytes(size, "big")
        found.append((data[at : at + 4], data[at + 10 : at + 10 + length]))
        at += 10 + length
    return found


def _plain(raw: bytes) -> int:
    return sum(byte << shift for byte, shift in zip(raw, (21, 14, 7, 0), strict=True))


def _crc(data: bytes, polynomial: int, bits: int) -> bytes:
    """The check sum of a FLAC frame, RFC 9639 §9.1.8 and §9.3."""
    value, top = 0, 1 << (bits - 1)
    for byte in data:
        value ^= byte << (bits - 8)
        for _ in range(8):
            value = (value << 1) ^ (polynomial if value & top else 0)
    return (value & ((1 << bits) - 1)).to_bytes(bits // 8, "big")


def metadata(kind: int, content: bytes, *, last: bool = False) -> bytes:
    """A metadata block of a FLAC file, made without genlabel."""
    return bytes((kind | 0x80 * last,)) + len(content).to_bytes(3, "big") + content


def comments(*texts: str) -> bytes:
    """The content of a VORBIS_COMMENT block."""
    coded = [text.encode() for text in texts]
    parts = [struct.pack("<I", len(each)) + each for each in (b"drawn", *coded)]
    return parts[0] + struct.pack("<I", len(coded)) + b"".join(parts[1:])


@cache
def flac(*blocks: bytes) -> bytes:
    """Noise in verbatim FLAC frames of 192 samples, behind STREAMINFO and `blocks`."""
    size, count = 192, 6
    info = struct.pack(">HH", size, size) + bytes(6)
    info += (44_100 << 44 | 15 << 36 | size * count).to_bytes(8, "big") + bytes(16)
    coded = []
    for number in range(count):
        head = b"\xff\xf8\x69\x08" + bytes((number, size - 1))
        head += _crc(head, 0x07, 8)
        body = head + b"\x02" + random.Random(number).randbytes(2 * size)
        coded.append(body + _crc(body, 0x8005, 16))
    ending = metadata(1, bytes(64), last=True)
    return b"".join((b"fLaC", metadata(0, info), *blocks, ending, *coded))


def sounds(packet: bytes) -> dict[str, bytes]:
    """Name and file of every kind; `packet` is an XMP packet."""
    title = frame(b"TIT2", b"\0Caf\xe9", version=3)
    band = frame(b"TPE1", b"\0AC/DC", version=3)
    front = frame(b"APIC", b"\0image/png\0\3cover\0" + cover())
    others = (frame(b"PRIV", b"WM/Provider\0A"), frame(b"TXXX", b"\3key\0value"))
    xmp = frame(b"PRIV", b"XMP\0" + packet)
    ape = b"APETAGEX" + struct.pack("<IIII", 2000, 32, 0, 0) + bytes(8)
    first = b"TAG" + b"Title".ljust(125, b"\0")
    return {
        "mp3": tag(title, band, version=3) + SILENCE,
        "mp3 bare": SILENCE,
        "mp3 after zeros": bytes(7) + SILENCE,
        "mp3 full": tag(front, xmp, *others) + SILENCE + ape + first,
        "flac": flac(),
        "flac full": flac(metadata(4, comments("TITLE=Noise")), metadata(2, b"abcd" + bytes(9))),
        "flac tagged": tag(frame(b"TIT2", b"\3T"), padding=0) + flac(),
    }


@cache
def heard(data: bytes) -> bytes:
    """The MD5 of everything that ffmpeg decodes; empty where it is not installed."""
    if shutil.which("ffmpeg") is None:
        return b""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "recording")
        source.write_bytes(data)
        command = ["ffmpeg", "-v", "error", "-i", str(source), "-map", "0", "-f", "framemd5", "-"]
        done = subprocess.run(command, check=True, capture_output=True)
        assert not done.stderr, done.stderr
        return done.stdout
