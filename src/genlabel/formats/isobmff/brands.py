"""AVIF: still, animated and gain-map pictures coded in AV1, in the boxes of HEIF."""

from __future__ import annotations

from genlabel.formats.format import Buffer, Survey
from genlabel.formats.isobmff import boxes, heif
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

NAME = "avif"
MIME = "image/avif"
SUFFIXES = (".avif", ".avifs")
XMP_LIMIT: int | None = None

_OURS = frozenset((b"avif", b"avis"))  # AVIF 1.1 §6
_ANYBODYS = frozenset((b"mif1", b"mif2", b"mif3", b"msf1", b"miaf"))


def accepts(head: Buffer) -> bool:
    """Is it an ISO file of the brand avif or avis, first of all or under a general one?"""
    major, brands = boxes.brands(head)
    return major in _OURS or (
        major in _ANYBODYS and (not brands.isdisjoint(_OURS) or bytes(head[12:16]) in _OURS)
    )


def survey(data: Buffer) -> Survey:
    """The boxes, payloads and anomalies; no picture is decoded.

    Raises `MalformedAsset` when a size or an offset lies, or there is no picture.
    """
    return heif.survey(data, NAME)
