"""Files that no container here reads: what they are, the nearest container, pieces of labels.

Nothing is known of such a file's structure, so a piece may be part of anything: it is shown, and
nothing is concluded from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from itertools import islice

from genlabel.formats.edits import Block
from genlabel.formats.slots import MANIFEST, MAX_METADATA, XMP, Slot
from genlabel.model.expression import expression
from genlabel.storage.buffers import Buffer

MAX_SCANNED = 64 * 1024 * 1024
"""Bytes that are looked through at the beginning of a file, and again at its end."""
_MAX_PIECES = 100
MAX_TEXT = 1 << 20
"""Longest text that is taken for a server's answer."""

# XMP part 1 §7.3.2: the packet wrapper
_PACKET = expression(rb"<\?xpacket begin=[^>]{1,100}\?>")
_PACKET_END = expression(rb"<\?xpacket end=[^>]{1,20}\?>")
# ISO/IEC 19566-5 §A.1 and C2PA 2.4 §11.1.4.2: a superbox whose description is that of a store
_SUPERBOX = rb"jumb.{4}jumdc2pa\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71"
_STORE = expression(_SUPERBOX, re.DOTALL)
# with the name of one in a PDF (C2PA 2.4 A.4), whose objects may be compressed
_CARRIED = expression(_SUPERBOX + rb"|C2PA_Manifest", re.DOTALL)

_BEGINNINGS = (
    (b"II*\0\x10\0\0\0CR", "Canon raw picture"),
    (b"IIRO", "Olympus raw picture"),
    (b"IIU\0", "Panasonic raw picture"),
    (b"BM", "BMP picture"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000 picture"),
    (b"8BPS", "Photoshop document"),
    (b"\x8aMNG", "MNG animation"),
    (b"\x8bJNG", "JNG picture"),
    (b"RIFF", "RIFF file"),
    (b"OggS", "Ogg recording"),
    (b"\x1aE\xdf\xa3", "Matroska or WebM film"),
    (b"PK\x03\x04", "ZIP archive or office document"),
    (b"\xff\x4f\xff\x51", "JPEG 2000 picture"),
    (b"v/1\1", "OpenEXR picture"),
    (b"#?RADIANCE", "Radiance picture"),
    (b"qoif", "QOI picture"),
    (b"DDS ", "DDS texture"),
    *((b"P%d%c" % (kind, end), "netpbm picture") for kind in range(1, 8) for end in b"\n\r\t #"),
    (b"%!PS", "PostScript document"),
    (b"\xc5\xd0\xd3\xc6", "PostScript document"),
    (b"FLV\1", "Flash film"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media film or recording"),
    (b"FORM", "AIFF recording or IFF file"),
    (b"#!AMR", "AMR recording"),
)
_ICONS = {b"\0\0\1\0": "icon", b"\0\0\2\0": "cursor"}  # and then how many pictures there are
_TARGA = b"TRUEVISION-XFILE.\0"  # Truevision TGA 2.0, footer: all that tells a TGA file
# ISO/IEC 14496-12 §4.3: the major brand of the ftyp box
_BRANDS = {
    b"crx ": "Canon raw picture",
    b"qt  ": "QuickTime film",
    b"M4A ": "M4A recording",
    b"M4P ": "M4A recording under copy protection",
    b"mjp2": "Motion JPEG 2000 film",
}
_PICTURES = frozenset((b"mif1", b"mif2", b"mif3", b"msf1", b"miaf"))  # ISO/IEC 23008-12 §10
# What QuickTime films begin with that are older than the ftyp box (QTFF, "Movie atoms")
_ATOMS = frozenset((b"moov", b"mdat", b"wide", b"pnot", b"free", b"skip"))
OLD_FILM = "QuickTime film without a file type"


# Names of containers, the best first: which of them there are is asked when it matters.
_STILL = ("png", "tiff", "jpeg")
_RAW = ("Canon raw picture", "Olympus raw picture", "Panasonic raw picture")
_NEAREST = {
    **dict.fromkeys(("BMP picture", "icon", "cursor", "TGA picture", "QOI picture"), _STILL),
    **dict.fromkeys(("netpbm picture", "DDS texture", "JNG picture"), _STILL),
    **dict.fromkeys(("Photoshop document", "OpenEXR picture"), ("tiff", "png")),
    "Radiance picture": ("tiff", "png"),
    **dict.fromkeys(_RAW, ("tiff", "jpeg")),
    "JPEG 2000 picture": ("jpeg", "jxl", "png"),
    "MNG animation": ("png", "webp"),
    **dict.fromkeys(("Matroska or WebM film", "Flash film", "Motion JPEG 2000 film"), ("mp4",)),
    **dict.fromkeys(("Windows Media film or recording", "QuickTime film"), ("mp4",)),
    "HEIF picture": ("avif", "heic", "png"),
    "Ogg recording": ("flac", "m4a", "mp3", "wav"),
    **dict.fromkeys(("AIFF recording or IFF file", "FLAC recording"), ("flac", "wav", "m4a")),
    **dict.fromkeys(("AMR recording", "MP3 recording", "M4A recording"), ("m4a", "mp3", "wav")),
    **dict.fromkeys(("PostScript document", "ZIP archive or office document"), ("pdf",)),
}


def nearest(kind: str, known: Collection[str]) -> str | None:
    """The container among the `known` ones that a file of a `kind` goes into best."""
    return next((name for name in _NEAREST.get(kind, ()) if name in known), None)


def describe(data: Buffer) -> str | None:
    """What a file looks like by its first bytes, e.g. ``GIF picture``; None when unknown.

    A TGA file is known by its last bytes, so the whole file is wanted.
    """
    start = bytes(data[:256])
    if start[4:8] == b"ftyp":
        return _of_brands(start)
    if start[4:8] in _ATOMS and start[:4] != b"\0\0\0\0":
        return OLD_FILM
    if bytes(data[-len(_TARGA) :]) == _TARGA:
        return "TGA picture"
    if start[:4] in _ICONS and 0 < int.from_bytes(start[4:6], "little") < 256:
        return _ICONS[start[:4]]
    if known := next((name for first, name in _BEGINNINGS if start.startswith(first)), None):
        return known
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") and b"<\0s\0v\0g" in start:
        return "SVG drawing in UTF-16"
    cause = no_picture(data)
    return cause[0] if cause else None


def no_picture(data: Buffer) -> tuple[str, str] | None:
    """What often lies in a picture's place, as a kind and the remedy; None for anything else."""
    start = bytes(data[:256])
    if start.startswith(b"version https://git-lfs.github.com/spec/"):
        return "Git LFS pointer", "fetch what it points to: git lfs pull"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "web page", "it may be a server's error page: download the picture again"
    if text.startswith((b"{", b"[")) and _is_json(data):
        return "JSON text", "it may be a server's error: download the picture again"
    if text.startswith(b"<?xml") and b"<error>" in text:
        return "server's error in XML", "download the picture again"
    return None


def _is_json(data: Buffer) -> bool:
    """Does it read as JSON from end to end, as far as that is short?"""
    if len(data) > MAX_TEXT:
        return False
    try:
        json.loads(bytes(data))
    except (ValueError, RecursionError):
        return False
    return True


def _of_brands(start: bytes) -> str:
    """What an ISO file is by its brands, which are none that a container here reads."""
    major, end = start[8:12], min(len(start), int.from_bytes(start[:4], "big"))
    if major in _BRANDS:
        return _BRANDS[major]
    brands = {major, *(start[at : at + 4] for at in range(16, end - 3, 4))}
    return "HEIF picture" if brands & _PICTURES else "ISO media file"


def pieces(data: Buffer) -> Iterator[tuple[Slot, Block, bytes]]:
    """XMP packets and C2PA manifest stores, at most a hundred, each with where it lies."""
    view = memoryview(data).cast("B")
    left = _MAX_PIECES
    for start, end in _scanned(view):
        for slot, (first, stop) in islice(_pieces_in(view, start, end), left):
            left -= 1
            name = "XMP packet" if slot == XMP else "C2PA manifest store"
            yield slot, Block(name, first, stop - first), bytes(view[first:stop])


def carries_manifest(data: Buffer) -> bool:
    """Is there a manifest store, or the name of one, somewhere in a file that cannot be read?

    Not in what is a manifest store itself.
    """
    view = memoryview(data).cast("B")
    if bytes(view[4:8]) == b"jumb":
        return False
    return any(_CARRIED.search(view, start, end) for start, end in _scanned(view))


def _scanned(view: memoryview) -> list[tuple[int, int]]:
    """The parts of a file that are looked through."""
    begun = min(len(view), MAX_SCANNED)
    spans = [(0, begun)]
    if len(view) > begun:
        spans.append((max(begun, len(view) - MAX_SCANNED), len(view)))
    return spans


def _pieces_in(view: memoryview, start: int, end: int) -> Iterator[tuple[Slot, tuple[int, int]]]:
    at = start
    while begun := _PACKET.search(view, at, end):
        closed = _PACKET_END.search(view, begun.end(), min(end, begun.end() + MAX_METADATA))
        if closed is None:
            break
        yield XMP, (begun.start(), closed.end())
        at = closed.end()
    at = start
    while begun := _STORE.search(view, at, end):
        first = begun.start() - 4
        length = int.from_bytes(view[max(0, first) : begun.start()], "big")
        at = begun.end()
        if first >= start and 8 <= length <= len(view) - first:
            yield MANIFEST, (first, first + length)
            at = first + length
