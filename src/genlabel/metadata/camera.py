"""What a camera wrote about how it took a picture: evidence against a label without camera."""

from __future__ import annotations

from collections.abc import Mapping

from genlabel.formats.format import EXIF, XMP, Slot
from genlabel.formats.tiff import directories
from genlabel.formats.tiff.directories import EXIF_POINTER
from genlabel.metadata.exif import below
from genlabel.metadata.xmp import parse, values
from genlabel.metadata.xmp.graph import Name
from genlabel.model.errors import MalformedMetadata

_MAKE, _MODEL = 0x010F, 0x0110  # Exif 3.0 §4.6.5.4
_SETTINGS = frozenset({0x829A, 0x829D, 0x8827, 0x920A})
"""Exposure time, f-number, sensitivity, focal length (Exif 3.0 §4.6.6.7): a generator has none."""
_ENOUGH = 2
_TIFF, _EXIF = "http://ns.adobe.com/tiff/1.0/", "http://ns.adobe.com/exif/1.0/"
_MADE_BY = (Name(_TIFF, "Make"), Name(_TIFF, "Model"))
_TAKEN_WITH = frozenset(
    Name(_EXIF, local) for local in ("ExposureTime", "FNumber", "ISOSpeedRatings", "FocalLength")
)
parse.usual((*_MADE_BY, *_TAKEN_WITH))


def seen(payloads: Mapping[Slot, bytes]) -> str | None:
    """The make and model of a camera that states its settings; None where none does."""
    return _in_exif(payloads.get(EXIF, b"")) or _in_xmp(payloads.get(XMP, b""))


def _in_exif(block: bytes) -> str | None:
    try:
        structure = directories.opened(block)
        main = structure.directory(structure.first)
    except MalformedMetadata:
        return None
    names = [structure.value(each) for tag in (_MAKE, _MODEL) if (each := main.get(tag))]
    inner = below(structure, main, EXIF_POINTER)
    stated = {each.tag for each in inner.entries} & _SETTINGS if inner is not None else set()
    words = [(each or b"").decode("utf-8", "replace").strip("\0 ") for each in names]
    return _camera(words, len(stated))


def _in_xmp(packet: bytes) -> str | None:
    if b"ExposureTime" not in packet and b"FNumber" not in packet:
        return None
    try:
        graph = parse.parse(packet, {*_MADE_BY, *_TAKEN_WITH})
    except MalformedMetadata:
        return None
    if graph is None:
        return None
    words = [values.text(each) for name in _MADE_BY for each in graph.values.get(name, ())]
    return _camera(words, len(_TAKEN_WITH & graph.values.keys()))


def _camera(words: list[str], settings: int) -> str | None:
    named = " ".join(filter(None, words))
    return named if named and settings >= _ENOUGH else None
