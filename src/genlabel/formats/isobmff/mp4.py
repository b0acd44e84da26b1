"""MP4: films in the ISO base media file format, fragmented ones too."""

from __future__ import annotations

from genlabel.formats.format import Buffer, Survey
from genlabel.formats.isobmff import boxes, movie
from genlabel.formats.isobmff.movie import SLOTS, essence, manifest_spans, rewrite

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

NAME = "mp4"
MIME = "video/mp4"
SUFFIXES = (".mp4", ".m4v", ".f4v", ".3gp", ".3g2")
XMP_LIMIT: int | None = None

# The brands under which films are registered (mp4ra.org), 3GPP's in all their versions.
_BRANDS = frozenset(
    (b"isom", b"avc1", b"hvc1", b"M4V ", b"M4VH", b"M4VP", b"f4v ", b"dash", b"MSNV", b"mmp4")
)
_FAMILIES = (b"iso", b"mp4", b"3gp", b"3g2", b"cmf", b"msd")
_OTHERS = frozenset((b"qt  ", b"M4A ", b"M4B ", b"M4P ", b"crx ", b"jxl ", b"jp2 ", b"mjp2"))
_PICTURES = frozenset(
    (
        *(b"avif", b"avis", b"mif1", b"mif2", b"mif3", b"msf1", b"miaf", b"heic", b"heix"),
        *(b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"),
    )
)


def accepts(head: Buffer) -> bool:
    """Is it an ISO file under a film's brand, and not first of all something else?"""
    major, brands = boxes.brands(head)
    if not major or major in _OTHERS or major in _PICTURES:
        return False
    if major in _BRANDS or major.startswith(_FAMILIES):
        return True
    known = not brands.isdisjoint(_BRANDS) or any(each.startswith(_FAMILIES) for each in brands)
    return known and brands.isdisjoint(_PICTURES)


def survey(data: Buffer) -> Survey:
    """The boxes, payloads and anomalies; no sample is decoded.

    Raises `MalformedAsset` when a size or an offset lies, or there is nothing to play.
    """
    return movie.survey(data, NAME)
