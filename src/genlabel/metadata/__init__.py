"""Metadata marks: XMP, IIM and Exif, one module each."""

from __future__ import annotations

from genlabel.metadata import exif, iim, iptc
from genlabel.metadata.mark import MetadataMark

METADATA_MARKS: tuple[MetadataMark, ...] = (iptc, iim, exif)
"""All of them, in the order in which they are preferred when they disagree."""
