"""The alternative text of a picture, for who does not see it: a property of XMP, added to."""

from __future__ import annotations

from collections.abc import Mapping

from genlabel.formats.format import XMP, Slot
from genlabel.metadata.xmp import edit, packet, parse, values
from genlabel.metadata.xmp.graph import name_of

_PROPERTY = "Iptc4xmpCore:AltTextAccessibility"  # IPTC Photo Metadata 2025.1


def with_alt_text(
    payloads: Mapping[Slot, bytes], text: str, *, add: bool, limit: int | None
) -> Mapping[Slot, bytes | None]:
    """The change that gives a file this alternative text where it has none.

    With `add` the text is put behind one that is there. `limit` is the most bytes of a packet.
    Raises `MalformedMetadata`.
    """
    name = name_of(_PROPERTY)
    graph = parse.parse(payloads.get(XMP, b""), {name})
    there = graph.properties(name) if graph is not None else ()
    before = " ".join(filter(None, (values.text(each.value) for each in there)))
    if before and (not add or text in before):
        return {}
    whole = f"{before} {text}" if before else text
    added = edit.description([values.language(_PROPERTY, whole)], graph)
    body = edit.edited(graph, edit.Edits(out=tuple(there), descriptions=(added,)))
    payload = packet.wrap(body)
    if limit is not None and len(payload) > limit:
        return {}  # something else would have to move, for words that the picture itself shows
    return {XMP: payload}
