"""What an XMP packet consists of: expanded names, properties, and where each of them stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

NAMESPACES: Mapping[str, str] = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "x": "adobe:ns:meta/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "hdrgm": "http://ns.adobe.com/hdr-gain-map/1.0/",
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

Bindings = Mapping[str, str]
"""Prefix → namespace in scope."""


class Name(NamedTuple):
    """An expanded name."""

    namespace: str
    local: str


@cache
@cache
def name_of(qualified: str) -> Name:
    """The expanded name of e.g. ``dc:creator``, with one of our `NAMESPACES`."""
    prefix, _, local = qualified.partition(":")
    return Name(NAMESPACES[prefix], local)


RDF, DESCRIPTION = name_of("rdf:RDF"), name_of("rdf:Description")
ABOUT = name_of("rdf:about")


@dataclass(slots=True, kw_only=True)
class Node:
    """An element below a property that was asked for, with its value and its place.

    Built while parsing, not changed afterwards.
    """

    name: Name
    attributes: dict[Name, str]
    bindings: Bindings
    start: int
    open_end: int
    """Offset behind the start tag."""
    close_start: int = 0
    """Offset of the end tag; equals `end` when the element closes itself."""
    end: int = 0
    children: list[Node] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    """The character data directly inside, as the parser delivered it."""

    @property
    def text(self) -> str:
        """The character data directly inside, without the blanks around it."""
        return "".join(self.pieces).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One top-level property: an attribute or an element of an ``rdf:Description``."""

    name: Name
    start: int
    """Offset of the attribute's leading blank or of the element's ``<``."""
    end: int
    value: Node | str | None
    """The element, the attribute's text, or None for elements that were not asked for."""
    raw: tuple[str, bytes] | None = None
    """An attribute's name with prefix and its value as it is written, between its quotes."""


@dataclass(slots=True, kw_only=True)
class Description:
    """One top-level ``rdf:Description``; built while parsing, not changed afterwards."""

    start: int
    open_end: int
    bindings: Bindings
    about: str = ""
    end: int = 0
    close_start: int = 0
    properties: list[Property] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Graph:
    """One parsed packet; built while parsing, not changed afterwards."""

    body: bytes
    """UTF-8, the text that all offsets count in."""
    start: int = 0
    open_end: int = 0
    close_start: int = 0
    """Offset of ``</rdf:RDF>``; equals `open_end` when the element closes itself."""
    tag: str = ""
    """``rdf:RDF`` as it is written."""
    bindings: Bindings = field(default_factory=dict)
    descriptions: list[Description] = field(default_factory=list)
    occurrences: dict[Name, list[Property]] = field(default_factory=dict)
    """The properties of all descriptions by name."""

    @property
    def self_closing(self) -> bool:
        """Is the RDF element written as ``<rdf:RDF/>``?"""
        return self.body[self.open_end - 2 : self.open_end] == b"/>"

    def properties(self, name: Name) -> Iterator[Property]:
        """All occurrences of a property, in order."""
        return iter(self.occurrences.get(name, ()))
