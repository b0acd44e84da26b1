"""What does not fit into one JPEG segment: the ExtendedXMP packet and the GUID that points to it.

XMP specification part 3 §1.1.3.1. Many readers see the main packet only, so a label's own
properties never leave it; the largest of the others go first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from genlabel.metadata.xmp import edit, packet, parse
from genlabel.metadata.xmp.graph import NAMESPACES, Description, Graph, Name, Property, name_of
from genlabel.metadata.xmp.values import simple
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata

POINTER = name_of("xmpNote:HasExtendedXMP")

_STAY = frozenset(NAMESPACES[prefix] for prefix in ("xmpNote", "xmpMM", "dcterms", "hdrgm"))
_STAY_BELOW = "http://ns.google.com/photos/"
"""Motion photos, gain maps and the C2PA engine look for these in the main packet only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packets:
    """The bodies of the main packet and of the extended one, where there is one."""

    main: bytes
    extended: bytes | None = None


def guid_of(extended: bytes) -> str:
    """The 32 upper-case hexadecimal digits that name an ExtendedXMP packet: its MD5."""
    return hashlib.md5(extended, usedforsecurity=False).hexdigest().upper()


def pointing(main: bytes, extended: bytes | None) -> bytes:
    """`main` with its pointer set to `extended`, or taken out where that is None."""
    graph = parse.parse(main, {POINTER})
    old = graph.properties(POINTER) if graph is not None else ()
    added: tuple[bytes, ...] = ()
    if extended is not None:
        pointer = simple("xmpNote:HasExtendedXMP", guid_of(extended))
        added = (edit.description([pointer], graph),)
    return edit.edited(graph, edit.Edits(out=old, descriptions=added))


def without(body: bytes, names: Collection[Name]) -> bytes | None:
    """An extended packet's body without these properties; None when nothing is left."""
    graph = parse.parse(body, ())
    if graph is None:
        return None
    out = tuple(one for name in names for one in graph.properties(name))
    rest = edit.edited(graph, edit.Edits(out=out))
    left = parse.parse(rest, ())
    return rest if left is not None and left.descriptions else None


def fitted(packets: Packets, limit: int, *, ours: Collection[Name]) -> Packets:
    """The same two packets with foreign properties moved until the main one keeps the limit.

    Raises `MalformedMetadata` when what has to stay is too large alone.
    """
    excess = len(packet.wrap(packets.main)) - limit
    if excess <= 0:
        return packets
    graph = parse.parse(packets.main, ())
    moved: list[tuple[Property, Description]] = []
    pointer = 256  # our description around the pointer, rounded up
    for one, parent in _candidates(graph, ours):
        if excess + pointer <= 0:
            break
        moved.append((one, parent))
        excess -= one.end - one.start
    if graph is None or not moved or excess + pointer > 0:
        raise MalformedMetadata(
            f"xmp: the packet would exceed the {limit:,} bytes that one segment holds",
            remedy="shorten the longest texts of the label, such as prompt or description",
        )
    target = parse.parse(packets.extended, ()) if packets.extended is not None else None
    added = tuple(edit.transplant(one, parent, into=target) for one, parent in moved)
    extended = edit.edited(target, edit.Edits(descriptions=added))
    main = edit.edited(graph, edit.Edits(out=tuple(one for one, _ in moved)))
    return fitted(Packets(main=pointing(main, extended), extended=extended), limit, ours=ours)


def _candidates(graph: Graph | None, ours: Collection[Name]) -> list[tuple[Property, Description]]:
    if graph is None:
        return []
    candidates = [
        (one, parent)
        for parent in graph.descriptions
        if edit.movable(parent)
        for one in parent.properties
        if one.name not in ours
        and one.name.namespace not in _STAY
        and not one.name.namespace.startswith(_STAY_BELOW)
    ]
    return sorted(candidates, key=lambda pair: pair[0].start - pair[0].end)
