"""Edit XMP packets: remove, insert and move properties.

What other people wrote stays byte for byte, prefixes included: the engine and many readers look
for literal prefixes, and comments and forms are nobody's to tidy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from genlabel.metadata.xmp.graph import NAMESPACES, Description, Graph, Node, Property
from genlabel.metadata.xmp.values import element, escape
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata
from genlabel.model.expression import expression

_PREFIX = expression(r"[<\s/]([^\W\d][\w.-]*):[^\W\d]")
_DEFAULT = expression(r"<[^\W\d][\w.-]*[\s/>]")
_BLANKS = b" \t"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """What shall change in a graph."""

    out: tuple[Property, ...] = ()
    """Properties to take out."""
    splices: tuple[tuple[int, int, bytes], ...] = ()
    """Spans inside properties that stay, and what stands there instead."""
    descriptions: tuple[bytes, ...] = ()
    """Whole ``rdf:Description`` elements to put in."""


def edited(graph: Graph | None, edits: Edits) -> bytes:
    """The body after the edits; a new one where `graph` is None."""
    if graph is None:
        return fresh(edits.descriptions)
    replacements = list(edits.splices)
    removed = {(each.start, each.end) for each in edits.out}
    for description in graph.descriptions:
        spans = [
            (each.start, each.end)
            for each in description.properties
            if (each.start, each.end) in removed
        ]
        if spans and _empty_without(graph.body, description, set(spans)):
            spans = [(description.node.start, description.node.end(graph.body))]
        replacements += [(_with_indent(graph.body, start), end, b"") for start, end in spans]
    added = b"".join(b"\n" + each for each in edits.descriptions)
    if added:
        replacements.append(_insertion(graph, added))
    return _spliced(graph.body, replacements)


def fresh(descriptions: Iterable[bytes]) -> bytes:
    """A body with nothing but these descriptions."""
    inner = b"".join(each + b"\n" for each in descriptions)
    rdf = f'<rdf:RDF xmlns:rdf="{NAMESPACES["rdf"]}">\n'.encode() + inner + b"</rdf:RDF>"
    return f'<x:xmpmeta xmlns:x="{NAMESPACES["x"]}">\n'.encode() + rdf + b"\n</x:xmpmeta>"


def description(contents: Iterable[str], graph: Graph | None) -> bytes:
    """One ``rdf:Description`` for `graph` around properties that are XML already.

    It declares each prefix that it uses, and is about what the file's own descriptions are about.
    """
    about = graph.descriptions[0].about if graph is not None and graph.descriptions else ""
    inner = "\n".join(contents)
    return _described(about, _declarations(inner, NAMESPACES, graph), inner)


def _described(about: str, declared: str, inner: str) -> bytes:
    opened = f'<rdf:Description rdf:about="{_quoted(about)}"{declared}>'
    return f"{opened}\n{inner}\n</rdf:Description>".encode()


def _declarations(xml: str, known: Mapping[str, str], graph: Graph | None) -> str:
    """The namespace declarations that `xml` needs, taken from `known`.

    ``rdf`` is left out where `graph` binds it already, or a new graph around will.
    """
    used = {*_PREFIX.findall(xml), "rdf"}
    if graph is None or graph.bindings.get("rdf") == NAMESPACES["rdf"]:
        used.discard("rdf")
    used = used.intersection(known) - {"xml", "xmlns"}
    return "".join([f' xmlns:{prefix}="{_quoted(known[prefix])}"' for prefix in sorted(used)])


def movable(parent: Description) -> bool:
    """Can properties of `parent` be carried into another packet with their prefixes?"""
    return parent.bindings.get("rdf", NAMESPACES["rdf"]) == NAMESPACES["rdf"]


def transplant(one: Property, parent: Description, *, into: Graph | None) -> bytes:
    """A description for `into` that carries `one` of `parent` as written, with its prefixes."""
    if one.raw is None:
        inner = parent.body[one.start : one.end].decode()
    else:
        # Attribute to element: what is written between quotes is character data already, but
        # for line ends, which an attribute reads as blanks, and the end of a CDATA section.
        tag, value = one.raw[0], one.raw[1].decode()
        inner = element(tag, re.sub(r"[\t\n\r]", " ", value).replace(">", "&gt;"))
    declared = _declarations(inner, {**NAMESPACES, **parent.bindings}, into)
    if "" in parent.bindings and _DEFAULT.search(inner):
        declared += f' xmlns="{_quoted(parent.bindings[""])}"'
    return _described(parent.about, declared, inner)


def into_array(graph: Graph, array: Node, item: str) -> tuple[int, int, bytes]:
    """The splice that puts `item` behind the last item of `array`."""
    if not array.self_closing(graph.body):
        return array.close, array.close, item.encode()
    tag = re.split(rb"[\s/>]", graph.body[array.start + 1 : array.close], maxsplit=1)[0]
    return array.close - 2, array.close, b">" + item.encode() + b"</" + tag + b">"


def out_of_array(graph: Graph, item: Node) -> tuple[int, int, bytes]:
    """The splice that takes `item` out of its array."""
    return _with_indent(graph.body, item.start), item.end(graph.body), b""


def _insertion(graph: Graph, added: bytes) -> tuple[int, int, bytes]:
    at = graph.node.close
    if graph.node.self_closing(graph.body):
        end = f"\n</{graph.tag}>".encode()
        return at - 2, at, b">" + added + end
    return at, at, added.lstrip(b"\n") + b"\n"


def _empty_without(body: bytes, description: Description, spans: set[tuple[int, int]]) -> bool:
    """Is nothing left in the description once `spans` are gone?"""
    if any((each.start, each.end) not in spans for each in description.properties):
        return False
    behind_tag = description.node.open_end(body)
    inner = [
        (start - behind_tag, end - behind_tag, b"") for start, end in spans if start >= behind_tag
    ]
    return not _spliced(body[behind_tag : description.node.close], inner).strip()


def _with_indent(body: bytes, start: int) -> int:
    """`start`, moved back over the blanks and the line end before it."""
    at = start
    while at > 0 and body[at - 1] in _BLANKS:
        at -= 1
    if at > 0 and body[at - 1] == 0x0A:
        at -= 1
        return at - 1 if at > 0 and body[at - 1] == 0x0D else at
    return start


def _spliced(body: bytes, replacements: list[tuple[int, int, bytes]]) -> bytes:
    parts: list[bytes] = []
    at = 0
    for start, end, new in sorted(replacements, key=lambda each: each[:2]):
        if start < at:
            raise MalformedMetadata("xmp: properties overlap", remedy="remove the XMP packet")
        parts += (body[at:start], new)
        at = end
    parts.append(body[at:])
    return b"".join(parts)


_MARKUP = expression('[&<>"\t\n\r]')


def _quoted(value: str) -> str:
    # Line ends and tabs as references, or the next reader sees blanks (XML 1.0 §3.3.3).
    if _MARKUP.search(value) is None:
        return value
    quoted = escape(value).replace('"', "&quot;")
    return quoted.replace("\t", "&#9;").replace("\n", "&#10;").replace("\r", "&#13;")
