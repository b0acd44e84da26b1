"""WAV and AVI made chunk by chunk, without genlabel."""

from __future__ import annotations

import random
import struct
from collections.abc import Sequence


def chunk(kind: bytes, *parts: bytes) -> bytes:
    """A chunk with its padding."""
    content = b"".join(parts)
    return kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def listed(kind: bytes, *chunks: bytes) -> bytes:
    """A list of chunks."""
    return chunk(b"LIST", kind, *chunks)


def form(kind: bytes, *chunks: bytes) -> bytes:
    """A whole file."""
    return chunk(b"RIFF", kind, *chunks)


def sound(*, channels: int = 1, bits: int = 16, size: int = 900) -> tuple[bytes, bytes]:
    """Noise: how it is coded, and its samples."""
    frame = channels * bits // 8
    described = struct.pack("<HHIIHH", 1, channels, 8000, 8000 * frame, frame, bits)
    return chunk(b"fmt ", described), chunk(b"data", random.Random(size).randbytes(size))


INFO = listed(b"INFO", chunk(b"INAM", b"Waves\0"), chunk(b"IART", b"Ada\0\0\0\0"))


def waves(packet: bytes) -> dict[str, bytes]:
    """Every kind of WAV; `packet` is an XMP packet."""
    described, samples = sound()
    broadcast = chunk(b"bext", b"drawn".ljust(602, b"\0"))
    cues = chunk(b"cue ", struct.pack("<IIIIIII", 1, 1, 0, 0x61746164, 0, 0, 10))
    return {
        "wav": form(b"WAVE", described, samples),
        "wav odd": form(b"WAVE", *sound(bits=8, size=701)),
        "wav stereo": form(b"WAVE", *sound(channels=2)),
        "wav full": form(
            b"WAVE", broadcast, described, chunk(b"_PMX", packet), INFO, samples, cues,
            chunk(b"iXML", b"<BWFXML/>"),
        ),
    }  # fmt: skip


def film(frames: Sequence[bytes], *before: bytes, absolute: bool = False, size: int = 48) -> bytes:
    """Motion JPEG; chunks `before` the frames, whose index counts from the file's beginning if it
    is `absolute`.
    """
    height = size * 3 // 4
    longest = max(map(len, frames))
    main = struct.pack(
        "<14I", 100_000, 0, 0, 0x10, len(frames), 0, 1, longest, size, height, 0, 0, 0, 0
    )
    stream = struct.pack(
        "<4s4sIIIIIIIIII4H", b"vids", b"MJPG", 0, 0, 0, 1, 10, 0, len(frames), longest, 0, 0,
        *(0, 0, size, height),
    )  # fmt: skip
    picture = struct.pack("<IiiHH4sIiiII", 40, size, height, 1, 24, b"MJPG", longest, 0, 0, 0, 0)
    strl = listed(b"strl", chunk(b"strh", stream), chunk(b"strf", picture))
    front = b"".join((listed(b"hdrl", chunk(b"avih", main), strl), *before))
    start = 12 + len(front) + 8 if absolute else 0
    at, index = 4 + start, b""
    for each in frames:
        index += struct.pack("<4sIII", b"00dc", 0x10, at, len(each))
        at += 8 + len(each) + len(each) % 2
    coded = listed(b"movi", *(chunk(b"00dc", each) for each in frames))
    return form(b"AVI ", front, coded, chunk(b"idx1", index))


def films(packet: bytes, frames: Sequence[bytes]) -> dict[str, bytes]:
    """Every kind of AVI."""
    return {
        "avi": film(frames),
        "avi absolute": film(frames, chunk(b"JUNK", bytes(40)), absolute=True),
        "avi full": film(frames, INFO, chunk(b"_PMX", packet), absolute=True),
    }


def header(data: bytes) -> tuple[tuple[int, int], int]:
    """Width, height and number of frames, as the header of the first stream says."""
    stream, picture = data.index(b"strh") + 8, data.index(b"strf") + 8
    return struct.unpack_from("<ii", data, picture + 4), *struct.unpack_from(
        "<I", data, stream + 32
    )
