"""Forgeries in the room of the manifest itself: without a key, and without a hash that breaks.

A hash of bytes leaves out the manifest by its place and length, and the padding in the header of
its signature is signed by nobody (C2PA 2.4 §10.4.2). Whoever takes the padding out has that many
bytes in which he may put whatever the container knows.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from drawn_kinds import chunk, kinds
from forgeries.case import Case, Made
from forgeries.forge import box, embedded, forger, generated, put, spans_of
from genlabel import formats
from genlabel.manifests.store import cose, manifest_store

FAMILY = "room"
PADDING = 3000
BROKEN = {"integrity": "broken", "state": "invalid", "attested": False}
UNCOVERED = {**BROKEN, "errors": ("genlabel.manifest.uncovered",)}
WORDY = {**UNCOVERED, "warnings": ("genlabel.manifest.exclusions",)}
MISMATCH = {**BROKEN, "errors": ("assertion.bmffHash.mismatch",)}
SEVERAL = {
    **{"integrity": "unknown", "form": "malformed", "state": "unknown", "attested": False},
    **dict.fromkeys(("trust", "validity", "time", "source_type")),
    "errors": ("genlabel.manifest.several",),
}
_WHY = {
    "c2pa-ts": "c2pa-ts does not ask whether what the hash leaves out is the manifest, and no more",
}


@cache
def roomy(kind: str) -> bytes:
    """A signed file whose signature is padded, as many signers pad it."""
    made = [
        embedded(kinds()[kind], generated(forger(), unprotected={"pad": bytes(size)}))
        for size in (PADDING, PADDING + 1)
    ]
    return next((each for each in made if is_even(each)), made[0])


def is_even(whole: bytes) -> bool:
    """Does its manifest end where its place does, without a byte that makes it even (RIFF)?"""
    return spans_of(whole)[-1][1] == formats.identify(whole).survey(whole).manifest_spans[-1][1]


def shortened(whole: bytes, size: int) -> bytes:
    """The same with so many bytes of padding less."""
    store = formats.identify(whole).survey(whole).manifest
    assert store is not None
    active = manifest_store.read(store).active
    assert active is not None
    start, end = cose.span(store, active.label)
    return put(whole, cose.shortened(store, active.label, end - start - size, signed=True))


def filled(kind: str, filler: bytes) -> bytes:
    """The file with `filler` behind its manifest, and every other byte where it was."""
    whole = roomy(kind)
    start, end = spans_of(whole)[-1]
    for size in range(len(filler), 0, -1):  # a store may take more room than it has bytes
        shorter = shortened(whole, size)
        if len(whole) - len(shorter) == len(filler) and is_even(shorter) == is_even(whole):
            first, last = spans_of(shorter)[-1]
            return whole[:start] + shorter[first:last] + filler + whole[end:]
    raise AssertionError("the room has another size")


def exif(orientation: int = 6) -> bytes:
    """An Exif structure that turns the picture."""
    entry = struct.pack("<HHIHH", 0x112, 3, 1, orientation, 0)
    return b"II*\0\x08\0\0\0\x01\0" + entry + bytes(4)


def segment(marker: int, content: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + (len(content) + 2).to_bytes(2, "big") + content


def riff(kind: bytes, content: bytes) -> bytes:
    return kind + len(content).to_bytes(4, "little") + content


def frame() -> bytes:
    """A frame of an animated PNG, over all of the picture."""
    control = struct.pack(">IIIIIHHBB", 0, 16, 12, 0, 0, 1, 10, 0, 0)
    data = struct.pack(">I", 1) + zlib.compress(bytes(600))
    return chunk(b"acTL", struct.pack(">II", 1, 0)) + chunk(b"fcTL", control) + chunk(b"fdAT", data)


def drawing(content: bytes) -> bytes:
    """A drawing between two elements that bear a manifest's name."""
    return (
        b"</c2pa:manifest></metadata>" + content + b"<metadata>"
        b'<c2pa:manifest xmlns:c2pa="urn:another">'
    )


_GIF_FRAME = b"\x21\xf9\x04\0\xff\xff\0\0\x2c\0\0\0\0\x10\0\x10\0\0\x02\x02\x44\x01\0"
FILLERS: dict[str, dict[str, tuple[Callable[[], bytes], Mapping[str, Any]]]] = {
    "png full": {
        "a rotation": (lambda: chunk(b"eXIf", exif()), WORDY),
        "a gamma": (lambda: chunk(b"gAMA", (9).to_bytes(4, "big")), UNCOVERED),
        "a frame": (frame, UNCOVERED),
        "another picture": (lambda: chunk(b"IDAT", zlib.compress(bytes(99_999))), UNCOVERED),
        "words": (lambda: chunk(b"tEXt", b"Comment\0a photograph"), WORDY),
    },
    "jpeg full": {
        "a rotation": (lambda: segment(0xE1, b"Exif\0\0" + exif()), UNCOVERED),
        "a table of quantisation": (lambda: segment(0xDB, b"\0" + b"\xff" * 64), UNCOVERED),
        "another colour space": (
            lambda: segment(0xEE, b"Adobe\0\x64\0\0\0\0\0"),
            UNCOVERED,
        ),
        "words": (lambda: segment(0xFE, b"a photograph"), WORDY),
    },
    "gif animated": {
        "a frame": (lambda: _GIF_FRAME, UNCOVERED),
        "words": (lambda: b"\x21\xfe\x0ca photograph\0", WORDY),
    },
    "webp full": {
        "a rotation": (lambda: riff(b"EXIF", exif()), UNCOVERED),
        "another picture": (lambda: riff(b"VP8 ", bytes(64)), UNCOVERED),
        "a frame": (lambda: riff(b"ANMF", bytes(64)), UNCOVERED),
    },
    "jxl": {
        "another picture": (lambda: box(b"jxlc", b"\xff\x0a" + bytes(40)), UNCOVERED),
        "a part of a picture": (lambda: box(b"jxlp", bytes(4) + b"\xff\x0a"), UNCOVERED),
        "how a JPEG is put together": (lambda: box(b"jbrd", bytes(24)), UNCOVERED),
        "Exif": (lambda: box(b"Exif", bytes(4) + exif()), WORDY),
    },
    "svg": {
        "a drawing": (lambda: drawing(b'<rect width="99" height="99"/> '), SEVERAL),
    },
    "wav": {
        "another sound": (lambda: riff(b"data", bytes(40)), UNCOVERED),
        "another format": (lambda: riff(b"fmt ", bytes(40)), UNCOVERED),
        "a list of what is played": (lambda: riff(b"plst", bytes(16)), UNCOVERED),
    },
    "avi": {
        "another index": (lambda: riff(b"idx1", bytes(16)), UNCOVERED),
        "other frames": (lambda: riff(b"LIST", b"movi" + bytes(12)), UNCOVERED),
    },
    "mp4": {"free space": (lambda: box(b"free", bytes(40)), MISMATCH)},
    "avif": {"free space": (lambda: box(b"free", bytes(40)), MISMATCH)},
    "heic": {"free space": (lambda: box(b"free", bytes(40)), MISMATCH)},
}
"""By kind of file what is put there."""


def _cases() -> Iterator[Case]:
    for kind, fillers in FILLERS.items():
        if kind not in kinds():
            continue
        honest = f"{kind}, a padded signature, honest"
        yield Case(
            family=FAMILY,
            name=honest,
            make=lambda kind=kind: Made(data=roomy(kind)),
            differs={},
        )
        for name, (filler, differs) in fillers.items():
            yield Case(
                family=FAMILY,
                name=f"{kind}, {name} in place of the padding",
                make=lambda kind=kind, filler=filler: Made(data=filled(kind, filler())),
                differs=differs,
                control=honest,
                why=_WHY,
            )


CASES: tuple[Case, ...] = tuple(_cases())
