"""Several XMP packets as one: what a file says twice is read as ExifTool reads it.

A file has one main packet (ISO 16684-1 §7.3), but some programs put theirs beside another's, and
then readers find both. A label is written into one: the properties of the others move into it. Of
a property that stands in several packets the last one speaks.
"""

from __future__ import annotations

from collections.abc import Sequence

from genlabel.metadata.xmp import edit, packet, parse
from genlabel.metadata.xmp.graph import Description, Graph, Name, Property
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata

_MAX_SHOWN = 120
"""Most characters of a value that is given up, as it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """One packet in the place of several."""

    packet: bytes
    given_up: tuple[str, ...] = ()
    """What a later packet says otherwise, e.g. ``xmp City: 'First'``."""


def merged(packets: Sequence[bytes]) -> Merged:
    """The first packet with the properties of those behind it.

    Raises `MalformedMetadata` where one of them cannot be read, so that nothing is lost in silence.
    """
    first, *others = packets
    given_up: list[str] = []
    for each in others:
        first, lost = _united(first, each)
        given_up += lost
    return Merged(packet=first, given_up=tuple(given_up))


def _united(first: bytes, second: bytes) -> tuple[bytes, list[str]]:
    graph, other = parse.parse(first, ()), parse.parse(second, ())
    if other is None:
        return first, []
    if graph is None:
        return second, []
    here = _by_name(graph)
    out: list[Property] = []
    given_up: list[str] = []
    added: list[bytes] = []
    for name, coming in _by_name(other).items():
        mine = here.get(name, [])
        if [_written(*each) for each in mine] == [_written(*each) for each in coming]:
            continue
        out += [one for one, _ in mine]
        given_up += [f"xmp {name.local}: {_shown(*each)!r}" for each in mine]
        for one, parent in coming:
            if not edit.movable(parent):
                raise MalformedMetadata(
                    "xmp: a second packet writes RDF in a way of its own, and cannot be merged",
                    remedy="merge the packets with another program, or remove one",
                )
            added.append(edit.transplant(one, parent, into=graph))
    if not added:
        return first, []
    body = edit.edited(graph, edit.Edits(out=tuple(out), descriptions=tuple(added)))
    return packet.wrap(body), given_up


def _by_name(graph: Graph) -> dict[Name, list[tuple[Property, Description]]]:
    found: dict[Name, list[tuple[Property, Description]]] = {}
    for parent in graph.descriptions:
        for one in parent.properties:
            found.setdefault(one.name, []).append((one, parent))
    return found


def _written(one: Property, parent: Description) -> bytes:
    """What a property says, as it is written; an attribute's own quotes and prefix aside."""
    if one.raw is not None:
        return one.raw[1]
    element = parent.body[one.start : one.end]
    inner = element[element.find(b">") + 1 : element.rfind(b"</")] if b"</" in element else element
    return inner.strip()


def _shown(one: Property, parent: Description) -> str:
    text = _written(one, parent).decode("utf-8", "replace")
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…"
