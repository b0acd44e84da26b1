"""What a file is that no container here reads: names for the error's sentence, nothing more."""

from __future__ import annotations

from genlabel.containers.container import Buffer

_BEGINNINGS = (
    (b"II*\0\x10\0\0\0CR", "Canon raw picture"),
    (b"IIRO", "Olympus raw picture"),
    (b"IIU\0", "Panasonic raw picture"),
    (b"BM", "BMP picture"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000 picture"),
    (b"8BPS", "Photoshop document"),
    (b"%PDF", "PDF document"),
    (b"\x8aMNG", "MNG animation"),
    (b"\x8bJNG", "JNG picture"),
    (b"ID3", "MP3 recording"),
    (b"RF64", "RF64 recording"),
    (b"BW64", "BW64 recording"),
    (b"RIFF", "RIFF file"),
    (b"OggS", "Ogg recording"),
    (b"fLaC", "FLAC recording"),
    (b"\x1aE\xdf\xa3", "Matroska or WebM film"),
    (b"PK\x03\x04", "ZIP archive or office document"),
)
# ISO/IEC 14496-12 §4.3: the major brand of the ftyp box
_BRANDS = {
    b"crx ": "Canon raw picture",
    b"qt  ": "QuickTime film",
    b"M4A ": "M4A recording",
}


def describe(head: Buffer) -> str | None:
    """What a file looks like by its first bytes, e.g. ``GIF picture``; None when unknown."""
    start = bytes(head[:256])
    if start[4:8] == b"ftyp":
        return _BRANDS.get(start[8:12], "MP4 film")
    for beginning, name in _BEGINNINGS:
        if start.startswith(beginning):
            return name
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") and b"<\0s\0v\0g" in start:
        return "SVG drawing in UTF-16"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "web page"
    return None
