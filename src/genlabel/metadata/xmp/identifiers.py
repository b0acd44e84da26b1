"""Identifiers of a file in its XMP: the version's (xmpMM:InstanceID) and the picture's GUID.

XMP specification part 2 §1.2 (media management), IPTC Photo Metadata 2025.1 (Digital Image GUID).
"""

from __future__ import annotations

from collections.abc import Mapping

from genlabel.formats.format import XMP, Slot
from genlabel.metadata.xmp import parse, values
from genlabel.metadata.xmp.graph import name_of
from genlabel.model.errors import MalformedMetadata

_NAMES = (name_of("xmpMM:InstanceID"), name_of("Iptc4xmpExt:DigImageGUID"))


def read(payloads: Mapping[Slot, bytes]) -> frozenset[str]:
    """The identifiers that the XMP names; none where there is no XMP, or none that can be read."""
    try:
        graph = parse.parse(payloads.get(XMP, b""), _NAMES)
    except MalformedMetadata:
        return frozenset()
    if graph is None:
        return frozenset()
    named = (values.text(value) for name in _NAMES for value in graph.values.get(name, ()))
    return frozenset(filter(None, named))
