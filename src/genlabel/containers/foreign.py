"""What a file is that no container here reads: names for the error's sentence, nothing more."""

from __future__ import annotations

from genlabel.containers.container import Buffer

_BEGINNINGS = (
    (b"GIF87a", "GIF picture"),
    (b"GIF89a", "GIF picture"),
    (b"II+\0", "BigTIFF picture"),
    (b"MM\0+", "BigTIFF picture"),
    (b"II*\0", "TIFF, DNG or raw picture"),
    (b"MM\0*", "TIFF, DNG or raw picture"),
    (b"BM", "BMP picture"),
    (b"\xff\x0a", "JPEG XL picture"),
    (b"\0\0\0\x0cJXL ", "JPEG XL picture"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000 picture"),
    (b"8BPS", "Photoshop document"),
    (b"\x8aMNG", "MNG animation"),
    (b"\x8bJNG", "JNG picture"),
    (b"ID3", "MP3 recording"),
    (b"OggS", "Ogg recording"),
    (b"fLaC", "FLAC recording"),
    (b"\x1aE\xdf\xa3", "Matroska or WebM film"),
    (b"PK\x03\x04", "ZIP archive or office document"),
)
# ISO/IEC 14496-12 §4.3: the major brand of the ftyp box
_BRANDS = {
    b"avif": "AVIF picture",
    b"avis": "AVIF sequence",
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis"), "HEIC picture"),
    **dict.fromkeys((b"hevc", b"hevx"), "HEIC sequence"),
    **dict.fromkeys((b"mif1", b"msf1"), "HEIF picture"),
    b"crx ": "Canon raw picture",
    b"qt  ": "QuickTime film",
    b"M4A ": "M4A recording",
}
_FORMS = {b"WAVE": "WAV recording", b"AVI ": "AVI film"}


def describe(head: Buffer) -> str | None:
    """What a file looks like by its first bytes, e.g. ``GIF picture``; None when unknown."""
    start = bytes(head[:256])
    if start[4:8] == b"ftyp":
        return _BRANDS.get(start[8:12], "MP4 film")
    if start[:4] == b"RIFF":
        return _FORMS.get(start[8:12], "RIFF file")
    for beginning, name in _BEGINNINGS:
        if start.startswith(beginning):
            return name
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<svg") or (text.startswith((b"<?xml", b"<!--")) and b"<svg" in text):
        return "SVG drawing"
    if text.startswith((b"<!doctype html", b"<html")):
        return "web page"
    return None
