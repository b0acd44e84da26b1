"""What an XMP packet consists of: names, values, properties, and where each of them stands.

Reading asks for values alone. Places in the bytes are worked out when editing asks for them, from
the two offsets that expat gives of an element: those of its start tag and of its end tag.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from genlabel.model.cached_property import cached_property
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata
from genlabel.model.expression import expression
from genlabel.model.named_tuple import NamedTuple

NAMESPACES: Mapping[str, str] = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "x": "adobe:ns:meta/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "hdrgm": "http://ns.adobe.com/hdr-gain-map/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "xmpNote": "http://ns.adobe.com/xmp/note/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
"""The prefixes that we write, and what they stand for."""

Bindings = dict[str, str]
"""Prefix → namespace in scope."""


class Name(NamedTuple):
    """An expanded name."""

    namespace: str
    local: str


_OURS: dict[str, Name] = {}
"""All names that this program looks for, by the name with our prefix."""


def name_of(qualified: str) -> Name:
    """The expanded name of e.g. ``dc:creator``, with one of our `NAMESPACES`."""
    if qualified not in _OURS:
        prefix, _, local = qualified.partition(":")
        _OURS[qualified] = Name(NAMESPACES[prefix], local)
    return _OURS[qualified]


RDF, DESCRIPTION, XMPMETA = map(name_of, ("rdf:RDF", "rdf:Description", "x:xmpmeta"))
_NO_PROPERTIES = frozenset({"", NAMESPACES["rdf"], NAMESPACES["xml"]})
"""Namespaces of attributes that say something about RDF and nothing about the picture."""


class Names(dict[str, Name]):
    """Name with prefix → expanded name, by the bindings in scope."""

    def __init__(self, bindings: Bindings) -> None:
        # nearly all packets bind our prefixes as we do, and their names need no expanding
        super().__init__(_OURS if NAMESPACES.items() <= bindings.items() else ())
        self.bindings = bindings

    def __missing__(self, tag: str) -> Name:
        prefix, _, local = tag.rpartition(":")
        name = self[tag] = Name(self.bindings.get(prefix, ""), local)
        return name

    def of_attribute(self, tag: str) -> Name | None:
        """The expanded name of an attribute; None for the declaration of a namespace."""
        if ":" not in tag:  # Namespaces in XML 1.0 §6.2: no default for attributes
            return Name("", tag) if tag != "xmlns" else None
        return self[tag] if not tag.startswith("xmlns:") else None

    def inside(self, attributes: Mapping[str, str]) -> Names:
        """The names inside an element with these attributes; the same if they change no binding."""
        declared: Bindings = {}
        for tag, uri in attributes.items():
            if tag[:6] == "xmlns:" or tag == "xmlns":
                declared[tag[6:]] = uri
        if not declared or declared.items() <= self.bindings.items():
            return self
        return Names({**self.bindings, **declared})


@dataclass(slots=True)
class Node:
    """An element; below a property that was not asked for, nothing of it is kept.

    Built while parsing, not changed afterwards.
    """

    name: Name
    start: int
    """Offset of the start tag."""
    attributes: dict[Name, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    """The character data directly inside, as the parser delivered it."""
    close: int = 0
    """Offset of the end tag; of the element's end where it closes itself."""

    @property
    def text(self) -> str:
        """The character data directly inside, without the blanks around it."""
        return "".join(self.pieces).strip()

    def open_end(self, body: bytes) -> int:
        """Offset behind the start tag in `body`, which expat found to be well formed."""
        tag = _START_TAG.match(body, self.start)
        if tag is None:
            raise MalformedMetadata("xmp: tag without end")
        return tag.end()

    def self_closing(self, body: bytes) -> bool:
        """Is it written as ``<rdf:RDF/>``?"""
        end = self.open_end(body)
        return body[end - 2 : end] == b"/>"

    def end(self, body: bytes) -> int:
        """Offset behind the element in `body`."""
        return self.close if self.self_closing(body) else body.index(b">", self.close) + 1


Value = Node | str
"""A property's value: its element, or the text of its attribute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One top-level property: an attribute or an element of an ``rdf:Description``."""

    name: Name
    start: int
    """Offset of the attribute's leading blank or of the element's ``<``."""
    end: int
    value: Value
    raw: tuple[str, bytes] | None = None
    """An attribute's name with prefix and its value as it is written, between its quotes."""


@dataclass(kw_only=True)
class Description:
    """One top-level ``rdf:Description``."""

    node: Node
    """The element; its children are those of its properties that are elements."""
    body: bytes
    attributes: Mapping[str, str]
    """Name with prefix → text, the declarations of namespaces included."""
    names: Names
    about: str = ""

    @property
    def bindings(self) -> Bindings:
        """The prefixes in scope inside."""
        return self.names.bindings

    @cached_property
    def properties(self) -> tuple[Property, ...]:
        """All its properties with their places, attributes first."""
        elements = (
            Property(name=each.name, start=each.start, end=each.end(self.body), value=each)
            for each in self.node.children
        )
        return (*self._attributes(), *elements)

    def _attributes(self) -> Iterator[Property]:
        opened = _TAG_NAME.match(self.body, self.node.start)
        at = opened.end() if opened else self.node.start
        for tag, text in self.attributes.items():
            written = _ATTRIBUTE.match(self.body, at)
            if written is None or written[1] != tag.encode():
                raise MalformedMetadata(f"xmp: attribute {tag} is not where the parser saw it")
            at = written.end()
            name = self.names.of_attribute(tag)
            if name is not None and name.namespace not in _NO_PROPERTIES:
                raw = (tag, written[2][1:-1])
                yield Property(name=name, start=written.start(), end=at, value=text, raw=raw)


@dataclass(kw_only=True)
class Graph:
    """One parsed packet; built while parsing, not changed afterwards."""

    body: bytes
    """UTF-8, the text that all offsets count in."""
    node: Node
    """The RDF element."""
    tag: str
    """``rdf:RDF`` as it is written."""
    bindings: Bindings
    """The prefixes in scope inside the RDF element."""
    descriptions: list[Description] = field(default_factory=list)
    values: dict[Name, list[Value]] = field(default_factory=dict)
    """What the properties that were asked for say, in order, by name."""

    def properties(self, name: Name) -> tuple[Property, ...]:
        """All occurrences of a property with their places, in order."""
        return tuple(
            each for parent in self.descriptions for each in parent.properties if each.name == name
        )


_START_TAG = expression(rb"<[^>\"']*+(?:\"[^\"]*+\"[^>\"']*+|'[^']*+'[^>\"']*+)*+>")
_TAG_NAME = expression(rb"<[^\s/>]+")
_ATTRIBUTE = expression(rb"\s+([^\s=>/]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
