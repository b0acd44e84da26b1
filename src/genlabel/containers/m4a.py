"""M4A: sound in the boxes of MP4."""

from __future__ import annotations

from genlabel.containers.container import Buffer, Survey
from genlabel.containers.iso_boxes import boxes, film
from genlabel.containers.iso_boxes.film import SLOTS, essence, manifest_spans, rewrite

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
    return film.survey(data, NAME)
