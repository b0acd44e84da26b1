"""The reader of XMP packets: the values of the properties asked for, and where all of them stand.

XMP is a small part of RDF/XML (ISO 16684-1 §7). expat tells positions and we keep them, so that
`edit` can cut and insert without touching a byte of what other people wrote. No tree of foreign
properties is built: their number and depth are an enemy's choice.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache
from xml.parsers import expat

from genlabel.metadata.xmp import packet
from genlabel.metadata.xmp.graph import (
    DESCRIPTION,
    NAMESPACES,
    RDF,
    XMPMETA,
    Description,
    Graph,
    Name,
    Names,
    Node,
    name_of,
)
from genlabel.model.errors import MalformedMetadata

MAX_DEPTH = 64
MAX_ELEMENTS = 500_000
MAX_PROPERTIES = 20_000
MAX_ATTRIBUTES = 200_000
MAX_NODES = 50_000
"""Most elements and attributes that are kept as values of the properties asked for."""

MAX_BINDINGS = 1_000_000
"""Most namespace bindings that are copied in all; each element with declarations copies those in
scope."""

# Readers such as exiftool go by well-known prefixes even where nothing declares them, so a packet
# that forgot a declaration means what it seems to mean; rdf alone must be declared, as we have to
# know whether we may use it.
_WELL_KNOWN = {prefix: uri for prefix, uri in NAMESPACES.items() if prefix != "rdf"}
_ABOUT = frozenset({name_of("rdf:about"), Name("", "about")})


def parse(payload: bytes, wanted: Collection[Name]) -> Graph | None:
    """The properties of a packet; the values of those in `wanted`. None for an empty packet.

    What stands behind the outermost element is no part of it, and the graph's body ends before it.
    A packet that is not well formed is repaired once (see `packet.repaired`). Raises
    `MalformedMetadata` for what cannot be repaired, for a DOCTYPE, and beyond our bounds. Of a
    small packet that is asked for nothing unusual, the values of all `usual` properties are there.
    """
    names = frozenset(wanted)
    if len(payload) > _REMEMBERED:
        return _parse(payload, names)
    return _parse_again(payload, _usual if names <= _usual else names)


_usual: frozenset[Name] = frozenset()


def usual(names: Collection[Name]) -> frozenset[Name]:
    """The `names`, of which values are read whenever a small packet is parsed for any such names:
    so one parse answers all questions about a file."""
    global _usual
    _usual |= frozenset(names)
    return frozenset(names)


def _parse(payload: bytes, wanted: frozenset[Name]) -> Graph | None:
    body = packet.body_of(payload)
    if not body:
        return None
    return (_read if len(body) > _REMEMBERED else _read_again)(body, wanted)


def _read(body: bytes, wanted: frozenset[Name]) -> Graph | None:
    if body.count(b'="') + body.count(b"='") > MAX_ATTRIBUTES:
        # counted before expat hands over all of one element at once
        raise MalformedMetadata(
            f"xmp: more than {MAX_ATTRIBUTES:,} attributes", remedy="remove the XMP packet"
        )
    try:
        return _Reader(body, wanted).graph
    except expat.ExpatError as error:
        try:
            return _Reader(packet.repaired(body), wanted).graph
        except expat.ExpatError:
            raise MalformedMetadata(
                f"xmp: {expat.errors.messages.get(error.code, 'XML error')} "
                f"at line {error.lineno}, column {error.offset}",
                remedy="repair or remove the XMP packet",
            ) from error


def junk(payload: bytes) -> int:
    """How much text stands behind a packet that is neither its trailer nor padding.

    Raises as `parse`.
    """
    graph = parse(payload, ())
    inside = len(packet.body_of(payload)) - len(graph.body) if graph is not None else 0
    return inside + len(packet.behind(payload).encode())


_REMEMBERED = 64 * 1024
"""Largest packet that is kept parsed: signing reads the same one several times over. It has no room
for `MAX_NODES`, so none is refused for what else is read of it."""
_PACKETS = 8
"""How many: those of a file before and after, and of its parent."""
_parse_again = lru_cache(maxsize=_PACKETS)(_parse)
_read_again = lru_cache(maxsize=_PACKETS)(_read)  # one packet stands with its padding and without


@lru_cache(maxsize=_PACKETS)
def _local_names(wanted: frozenset[Name]) -> frozenset[str]:
    return frozenset({"about", *(name.local for name in wanted)})


class _Reader:
    """expat's handlers, and what they remember from tag to tag."""

    def __init__(self, body: bytes, wanted: Collection[Name]) -> None:
        self.graph: Graph | None = None
        self._body = body
        self._wanted = wanted
        self._local_names = _local_names(frozenset(wanted))
        """Of the attributes that are looked at."""
        self._depth = self._elements = self._properties = self._nodes = self._bindings = 0
        self._rdf_depth = 0
        """Depth of the open RDF element; 0 outside."""
        self._skipped = 0
        """Depth of the open element whose content is not kept; 0 without one."""
        # the document itself, then every open element with the names inside it
        self._open = [(Node(Name("", ""), 0), Names(_WELL_KNOWN))]
        self._root: Name | None = None
        self._end: int | None = None
        """Offset behind the outermost element, once it is closed."""
        parser = self._parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse  # without one there are no entities either
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._finish
        try:
            parser.Parse(body, True)
        except expat.ExpatError:
            if self._end is None:
                raise
            # junk behind the outermost element, which readers pass over
            if self.graph is not None:
                self.graph = replace(self.graph, body=body[: self._end])
        finally:
            del self._parser  # which refers to us
        if self.graph is None and self._root != XMPMETA:
            raise MalformedMetadata("xmp: no rdf:RDF inside", remedy="remove the XMP packet")

    def _refuse(self, *_: object) -> None:
        raise MalformedMetadata(
            "xmp: DOCTYPE or entity declaration",
            remedy="remove it: XMP allows neither (ISO 16684-1 §7.1)",
        )

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        depth = self._depth = self._depth + 1
        if depth > MAX_DEPTH:
            raise MalformedMetadata(f"xmp: nested deeper than {MAX_DEPTH} elements")
        if self._elements > MAX_ELEMENTS:
            raise MalformedMetadata(f"xmp: more than {MAX_ELEMENTS:,} elements")
        if self._skipped:
            return
        parent, names = self._open[-1]
        if attributes and (inner := names.inside(attributes)) is not names:
            self._count_bindings(len(inner.bindings))
            names = inner
        node = Node(names[tag], self._parser.CurrentByteIndex, {}, [], [])
        self._open.append((node, names))
        if self.graph is None or not self._rdf_depth:
            self._begin_outside(node, tag, names)
        elif depth == self._rdf_depth + 1:
            self._begin_description(node, attributes, names, self.graph)
        else:
            parent.children.append(node)
            if depth == self._rdf_depth + 2:
                self._count_properties(1)
                if node.name not in self._wanted:
                    self._skipped = depth
                    return
                self.graph.values.setdefault(node.name, []).append(node)
                self._parser.CharacterDataHandler = self._characters  # it is read from here on
            self._nodes += 1 + len(attributes) if attributes else 1
            if self._nodes > MAX_NODES:
                raise MalformedMetadata(f"xmp: more than {MAX_NODES:,} nodes in one label's fields")
            if attributes:
                for each, text in attributes.items():
                    if (name := names.of_attribute(each)) is not None:
                        node.attributes[name] = text

    def _begin_outside(self, node: Node, tag: str, names: Names) -> None:
        if self._depth == 1:
            self._root = node.name
        if node.name != RDF:
            return
        if self.graph is not None:
            raise MalformedMetadata("xmp: two rdf:RDF elements", remedy="remove one of them")
        self._rdf_depth = self._depth
        self.graph = Graph(body=self._body, node=node, tag=tag, bindings=names.bindings)

    def _begin_description(
        self, node: Node, attributes: dict[str, str], names: Names, graph: Graph
    ) -> None:
        if node.name != DESCRIPTION:
            self._skipped = self._depth
            return  # a typed node: RDF allows it, XMP does not, and it is left alone
        self._count_properties(len(attributes))
        description = Description(node=node, body=self._body, attributes=attributes, names=names)
        graph.descriptions.append(description)
        for tag, text in attributes.items():
            if tag.rpartition(":")[2] not in self._local_names:
                continue
            name = names.of_attribute(tag)
            if name in _ABOUT:
                description.about = text
            elif name is not None and name in self._wanted:
                graph.values.setdefault(name, []).append(text)

    def _finish(self, _: str) -> None:
        depth = self._depth
        self._depth -= 1
        if self._skipped:
            if depth > self._skipped:
                return
            self._skipped = 0
        node = self._open.pop()[0]
        node.close = self._parser.CurrentByteIndex
        if depth == 1:
            self._end = node.end(self._body)
        if depth == self._rdf_depth:
            self._rdf_depth = 0
        elif depth == self._rdf_depth + 2:
            self._parser.CharacterDataHandler = None

    def _characters(self, text: str) -> None:
        self._open[-1][0].pieces.append(text)

    def _count_bindings(self, more: int) -> None:
        self._bindings += more
        if self._bindings > MAX_BINDINGS:
            raise MalformedMetadata("xmp: too many namespace declarations")

    def _count_properties(self, more: int) -> None:
        self._properties += more
        if self._properties > MAX_PROPERTIES:
            raise MalformedMetadata(f"xmp: more than {MAX_PROPERTIES:,} properties")
