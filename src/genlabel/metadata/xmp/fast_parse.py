"""Quick reading: the values of an ordinary packet, by the C parser, without places in the bytes.

Verifying a million pictures reads a million packets and changes none. Whatever is not ordinary
(too large, not well formed, entities, other shapes) is left to `rdf`, which decides; property tests
hold that the two never differ where this one answers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from xml.etree.ElementTree import Element, ParseError, XMLParser

from genlabel.metadata.xmp import packet
from genlabel.metadata.xmp.graph import DESCRIPTION, NAMESPACES, RDF, Name, Node, name_of
from genlabel.metadata.xmp.values import Value

ORDINARY = 64 * 1024
"""Bytes of a packet that fits into one JPEG segment."""
_DEPTH = 32
_XMPMETA = name_of("x:xmpmeta")
_NO_PROPERTIES = frozenset({"", NAMESPACES["rdf"], NAMESPACES["xml"]})


def values(payload: bytes, wanted: Collection[Name]) -> Mapping[Name, list[Value]] | None:
    """The occurrences of the properties in `wanted`, in order; None where `rdf` has to be asked.

    Raises `MalformedMetadata` for what no encoding explains.
    """
    if len(payload) > ORDINARY:
        return None
    body = packet.body_of(payload)
    if not body or b"<!" in body:  # DOCTYPE and entities; comments and CDATA go the long way too
        return None
    parser = XMLParser()  # noqa: S314  # no DOCTYPE comes here, so there is no entity to expand
    try:
        parser.feed(body)
        root = parser.close()
    except ParseError:
        return None
    graph = _graph(root)
    return None if graph is None else _properties(graph, wanted)


def _graph(root: Element) -> Element | None:
    name = _name(root.tag)
    if name == RDF:
        return root
    if name == _XMPMETA and len(root) == 1 and _name(root[0].tag) == RDF:
        return root[0]
    return None


def _properties(graph: Element, wanted: Collection[Name]) -> Mapping[Name, list[Value]] | None:
    found: dict[Name, list[Value]] = {}
    for description in graph:
        if _name(description.tag) != DESCRIPTION:
            continue
        for tag, text in description.attrib.items():
            name = _name(tag)
            if name in wanted and name.namespace not in _NO_PROPERTIES:
                found.setdefault(name, []).append(text)
        for element in description:
            name = _name(element.tag)
            if name not in wanted:
                continue
            node = _node(name, element, _DEPTH)
            if node is None:
                return None
            found.setdefault(name, []).append(node)
    return found


def _node(name: Name, element: Element, depth: int) -> Node | None:
    """The element as `forms` knows values, its places in the bytes unknown."""
    children: list[Node] = []
    pieces = [element.text or ""]
    for child in element:
        node = _node(_name(child.tag), child, depth - 1) if depth else None
        if node is None:
            return None
        children.append(node)
        pieces.append(child.tail or "")
    return Node(
        name=name,
        attributes={_name(tag): text for tag, text in element.attrib.items()},
        bindings={},
        start=0,
        open_end=0,
        children=children,
        pieces=pieces,
    )


@lru_cache(maxsize=512)
def _name(tag: str) -> Name:
    """The expanded name in ElementTree's notation, ``{namespace}local``."""
    namespace, brace, local = tag[1:].partition("}")
    return Name(namespace, local) if brace and tag[0] == "{" else Name("", tag)
