"""Where each property of an XMP packet stands: spans in the bytes, values only where asked for.

XMP is a small part of RDF/XML (ISO 16684-1 §7). expat tells positions and we keep them, so that
`xmp` can cut and insert without touching a byte of what other people wrote. No tree of foreign
properties is built: their number and depth are an enemy's choice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from xml.parsers import expat

from genlabel.metadata.xmp import packet
from genlabel.metadata.xmp.graph import (
    ABOUT,
    DESCRIPTION,
    NAMESPACES,
    RDF,
    Bindings,
    Description,
    Graph,
    Name,
    Node,
    Property,
    name_of,
)
from genlabel.model.errors import MalformedMetadata

MAX_DEPTH = 64
MAX_ELEMENTS = 500_000
MAX_PROPERTIES = 20_000
MAX_NODES = 50_000
"""Most elements and attributes that are kept as values of the properties asked for."""

MAX_BINDINGS = 1_000_000
"""Most namespace bindings that are copied in all; each element with declarations copies those in
scope."""


def parse(payload: bytes, wanted: Collection[Name]) -> Graph | None:
    """The properties of a packet; the values of those in `wanted`. None for an empty packet.

    A packet that is not well formed is repaired once (see `packet.repaired`). Raises
    `MalformedMetadata` for what cannot be repaired, for a DOCTYPE or an entity declaration, and
    beyond our bounds.
    """
    if len(payload) > _REMEMBERED:
        return _parse(payload, frozenset(wanted))
    return _parse_again(payload, frozenset(wanted))


def _parse(payload: bytes, wanted: frozenset[Name]) -> Graph | None:
    body = packet.body_of(payload)
    if not body:
        return None
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


_REMEMBERED = 64 * 1024
"""Largest packet that is kept parsed: signing reads the same one several times over."""
_parse_again = lru_cache(maxsize=2)(_parse)


class _Reader:
    """expat's handlers, and what they remember from tag to tag."""

    def __init__(self, body: bytes, wanted: Collection[Name]) -> None:
        self.graph: Graph | None = None
        self._body = body
        self._wanted = wanted
        self._depth = self._elements = self._properties = self._nodes = 0
        self._rdf_depth = 0
        """Depth of the open RDF element; 0 outside."""
        # Readers such as exiftool go by well-known prefixes even where nothing declares them, so a
        # packet that forgot a declaration means what it seems to mean; rdf alone must be declared,
        # as we have to know whether we may use it.
        well_known = {prefix: uri for prefix, uri in NAMESPACES.items() if prefix != "rdf"}
        self._outer: list[Bindings] = [well_known]
        self._description: Description | None = None
        self._start = self._open_end = 0
        self._property: Name | None = None
        self._stack: list[Node] = []
        self._bindings = 0
        self._seen_root: Name | None = None
        parser = self._parser = expat.ParserCreate("utf-8")
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._finish
        parser.CharacterDataHandler = self._characters
        parser.Parse(body, True)
        if self.graph is None and self._seen_root != name_of("x:xmpmeta"):
            raise MalformedMetadata("xmp: no rdf:RDF inside", remedy="remove the XMP packet")

    def _refuse(self, *_: object) -> None:
        raise MalformedMetadata(
            "xmp: DOCTYPE or entity declaration",
            remedy="remove it: XMP allows neither (ISO 16684-1 §7.1)",
        )

    def _begin(self, tag: str, attributes: list[str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH:
            raise MalformedMetadata(f"xmp: nested deeper than {MAX_DEPTH} elements")
        if self._elements > MAX_ELEMENTS:
            raise MalformedMetadata(f"xmp: more than {MAX_ELEMENTS:,} elements")
        if self._stack:
            bindings = self._scope(self._stack[-1].bindings, attributes)
            self._open(_expand(tag, bindings), attributes, bindings)
        elif not self._rdf_depth:
            self._begin_outside(tag, attributes)
        elif self._depth - self._rdf_depth == 1 and self.graph is not None:
            self._begin_description(tag, attributes, self.graph)
        elif self._depth - self._rdf_depth == 2 and self._description is not None:
            self._begin_property(tag, attributes, self._description)

    def _begin_outside(self, tag: str, attributes: list[str]) -> None:
        bindings = self._scope(self._outer[-1], attributes)
        self._outer.append(bindings)
        name = _expand(tag, bindings)
        if self._seen_root is None:
            self._seen_root = name
        if name != RDF:
            return
        if self.graph is not None:
            raise MalformedMetadata("xmp: two rdf:RDF elements", remedy="remove one of them")
        start = self._parser.CurrentByteIndex
        self._rdf_depth = self._depth
        self.graph = Graph(
            body=self._body,
            start=start,
            open_end=_tag_end(self._body, start),
            tag=tag,
            bindings=bindings,
        )

    def _begin_description(self, tag: str, attributes: list[str], graph: Graph) -> None:
        bindings = self._scope(graph.bindings, attributes)
        if _expand(tag, bindings) != DESCRIPTION:
            return  # a typed node: RDF allows it, XMP does not, and it is left alone
        start = self._parser.CurrentByteIndex
        self._description = Description(
            start=start, open_end=_tag_end(self._body, start), bindings=bindings
        )
        graph.descriptions.append(self._description)
        for name, value, span, raw in _attributes(self._body, start, attributes, bindings):
            if name == ABOUT or name == ("", "about"):
                self._description.about = value
            elif name.namespace not in ("", NAMESPACES["rdf"], NAMESPACES["xml"]):
                self._add(Property(name=name, start=span[0], end=span[1], value=value, raw=raw))

    def _begin_property(self, tag: str, attributes: list[str], parent: Description) -> None:
        bindings = self._scope(parent.bindings, attributes)
        self._property = _expand(tag, bindings)
        self._start = self._parser.CurrentByteIndex
        if self._property in self._wanted:
            self._open(self._property, attributes, bindings)
        else:
            self._open_end = _tag_end(self._body, self._start)

    def _open(self, name: Name, attributes: list[str], bindings: Bindings) -> None:
        self._nodes += 1 + len(attributes) // 2
        if self._nodes > MAX_NODES:
            raise MalformedMetadata(f"xmp: more than {MAX_NODES:,} nodes in one label's fields")
        start = self._parser.CurrentByteIndex
        node = Node(
            name=name,
            attributes={},
            bindings=bindings,
            start=start,
            # without attributes there are no quotes that could hold a ``>``
            open_end=_tag_end(self._body, start)
            if attributes
            else self._body.index(b">", start) + 1,
        )
        if attributes:
            for tag, value in zip(attributes[::2], attributes[1::2], strict=True):
                if not _declares(tag):
                    node.attributes[_expand(tag, bindings, attribute=True)] = value
        self._stack.append(node)

    def _finish(self, tag: str) -> None:
        self._depth -= 1
        if self._stack:
            node = self._stack.pop()
            node.close_start, node.end = self._closing(node.open_end)
            if self._stack:
                self._stack[-1].children.append(node)
            elif self._property is not None:
                self._add(Property(name=self._property, start=node.start, end=node.end, value=node))
                self._property = None
            return
        if not self._rdf_depth or self.graph is None:
            self._outer.pop()
            return
        below = self._depth + 1 - self._rdf_depth
        if below == 2 and self._property is not None:
            _, end = self._closing(self._open_end)
            self._add(Property(name=self._property, start=self._start, end=end, value=None))
            self._property = None
        elif below == 1 and self._description is not None:
            closed = self._closing(self._description.open_end)
            self._description.close_start, self._description.end = closed
            self._description = None
        elif below == 0:
            self.graph.close_start, _ = self._closing(self.graph.open_end)
            self._rdf_depth = 0
            self._outer.pop()

    def _scope(self, outer: Bindings, attributes: list[str]) -> Bindings:
        if not attributes:
            return outer
        declared = {
            name[6:]: value
            for name, value in zip(attributes[::2], attributes[1::2], strict=True)
            if _declares(name)
        }
        if not declared:
            return outer
        self._bindings += len(outer) + len(declared)
        if self._bindings > MAX_BINDINGS:
            raise MalformedMetadata("xmp: too many namespace declarations")
        return {**outer, **declared}

    def _closing(self, open_end: int) -> tuple[int, int]:
        """Where the end tag of the element that just ended begins and ends."""
        if self._body[open_end - 2 : open_end] == b"/>":
            return open_end, open_end
        start = self._parser.CurrentByteIndex
        return start, self._body.index(b">", start) + 1

    def _characters(self, text: str) -> None:
        if self._stack:
            self._stack[-1].pieces.append(text)

    def _add(self, found: Property) -> None:
        self._properties += 1
        if self._properties > MAX_PROPERTIES:
            raise MalformedMetadata(f"xmp: more than {MAX_PROPERTIES:,} properties")
        if self._description is not None and self.graph is not None:
            self._description.properties.append(found)
            self.graph.occurrences.setdefault(found.name, []).append(found)


_TAG = re.compile(rb"<[^>\"']*+(?:\"[^\"]*+\"[^>\"']*+|'[^']*+'[^>\"']*+)*+>")
_ATTRIBUTE = re.compile(rb"\s+([^\s=>/]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_TAG_NAME = re.compile(rb"<[^\s/>]+")


def _declares(attribute: str) -> bool:
    return attribute == "xmlns" or attribute.startswith("xmlns:")


def _expand(tag: str, bindings: Bindings, *, attribute: bool = False) -> Name:
    prefix, colon, local = tag.rpartition(":")
    if attribute and not colon:
        return Name("", local)  # Namespaces in XML 1.0 §6.2: no default for attributes
    return Name(bindings.get(prefix, ""), local)


def _tag_end(body: bytes, start: int) -> int:
    """Offset behind the ``>`` of the tag at `start`, which expat found to be well formed."""
    tag = _TAG.match(body, start)
    if tag is None:
        raise MalformedMetadata("xmp: tag without end")
    return tag.end()


def _attributes(
    body: bytes, start: int, attributes: list[str], bindings: Bindings
) -> Iterator[tuple[Name, str, tuple[int, int], tuple[str, bytes]]]:
    """The attributes of the tag at `start`: expanded name, value, span, name and value raw."""
    opened = _TAG_NAME.match(body, start)
    at = opened.end() if opened else start
    for tag, value in zip(attributes[::2], attributes[1::2], strict=True):
        found = _ATTRIBUTE.match(body, at)
        if found is None or found[1] != tag.encode():
            raise MalformedMetadata(f"xmp: attribute {tag} is not where the parser saw it")
        at = found.end()
        if not _declares(tag):
            name = _expand(tag, bindings, attribute=True)
            yield name, value, found.span(), (tag, found[2][1:-1])
