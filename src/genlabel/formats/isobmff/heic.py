"""HEIC and HEIF: pictures of phones, mostly coded in HEVC, in the boxes of HEIF."""

from __future__ import annotations

from genlabel.formats.format import Buffer, Survey
from genlabel.formats.isobmff import boxes, brands, heif
from genlabel.formats.isobmff.heif import SLOTS, essence, manifest_spans, rewrite

__all__ = [
    "MIME",
    "NAME",
    "SLOTS",
    "SUFFIXES",
    "XMP_LIMIT",
    "accepts",
    "essence",
    "manifest_spans",
    "rewrite",
    "survey",
]

NAME = "heic"
MIME = "image/heic"
SUFFIXES = (".heic", ".heif", ".hif", ".heics", ".heifs")
XMP_LIMIT: int | None = None

# ISO/IEC 23008-12 §10 and its annexes: HEVC, then AVC, JPEG and JPEG 2000, then any coding
_OURS = (
    *(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"),
    *(b"avci", b"avcs", b"jpeg", b"jpgs", b"j2ki", b"j2is"),
    *(b"mif1", b"mif2", b"mif3", b"msf1", b"miaf"),
)


def accepts(head: Buffer) -> bool:
    """Is it an ISO file of a brand of HEIF, and not of AVIF?"""
    return boxes.brands(head)[0] in _OURS and not brands.accepts(head)


def survey(data: Buffer) -> Survey:
    """The boxes, payloads and anomalies; no picture is decoded.

    Raises `MalformedAsset` when a size or an offset lies, or there is no picture.
    """
    return heif.survey(data, NAME)
