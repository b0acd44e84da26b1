"""M4A: sound in the boxes of MP4."""

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

NAME = "m4a"
MIME = "audio/mp4"
SUFFIXES = (".m4a", ".m4b")
XMP_LIMIT: int | None = None


def accepts(head: Buffer) -> bool:
    """Is the major brand that of a recording or an audio book?"""
    return boxes.brands(head)[0] in (b"M4A ", b"M4B ")


def survey(data: Buffer) -> Survey:
    """The boxes, payloads and anomalies; no sample is decoded.

    Raises `MalformedAsset` when a size or an offset lies, or there is nothing to play.
    """
    return movie.survey(data, NAME)
