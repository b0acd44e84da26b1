"""The ``cawg.metadata`` assertion: a label as JSON-LD, and back.

CAWG Metadata 1.1 allows any property; ``c2pa.metadata`` allows no names of people or companies, so
it is read and never written. Property names are those of XMP (see the field table).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from genlabel.manifests.json_ld import NAMESPACES
from genlabel.model.carried import carried_by
from genlabel.model.fields import FIELDS, Value, field_of
from genlabel.model.parties import ORGANIZATION, PERSON
from genlabel.model.report import Mark

if TYPE_CHECKING:
    from genlabel.model.label import Label

_SOURCE_TYPE = "Iptc4xmpExt:DigitalSourceType"
INHERITED_FROM = "genlabel:inheritedFrom"
"""Where the source type was found, if the signer only takes it over."""
_TYPES = {
    f"{scheme}{name}": name
    for scheme in ("schema:", "http://schema.org/", "")
    for name in (PERSON, ORGANIZATION)
}
"""What a contributor is: schema.org's words, as we write them (first) and as others may."""
_BY_ACTION = frozenset({"source_type", "created", "generator_provider"})
"""Fields that the actions carry, not the metadata."""
_OF_AI_SYSTEMS = frozenset({"generator", "generator_version"})
"""Fields whose properties name AI systems: other software stands in the actions alone."""


def compose(label: Label, *, taken: Collection[str] = ()) -> dict[str, Any]:
    """The assertion's data for `label`: JSON-LD with its own ``@context``.

    Fallbacks leave the fields in `taken` alone.
    """
    from genlabel.model.label import SettledLabel

    data: dict[str, Any] = {}
    for name, value in carried_by(Mark.MANIFEST, label, taken=taken):
        place = _PLACES.get(name)
        if place is None or (name in _OF_AI_SYSTEMS and not label.source_type.generative):
            continue
        if place.item is None:
            data[place.where] = list(value) if isinstance(value, tuple) else value
        else:
            node = data.setdefault(place.where, [{}])[0]
            node[_member(name, place.item)] = _in_structure(name, value)
    if label.marked_source_type.ours_to_write_in_xmp:
        data[_SOURCE_TYPE] = label.marked_source_type.uri
    if isinstance(label, SettledLabel) and label.inherited_from:
        data[INHERITED_FROM] = label.inherited_from
    return {"@context": _context_of(data), **data}


def read(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a declaration that metadata states, leniently; see `json_ld.resolved`."""
    fields: dict[str, Any] = {}
    nodes: dict[str, Mapping[str, Any]] = {}
    for name, where, member, several in _ROWS:
        if where not in data:
            continue
        value = data[where]
        if value is not None and member is not None:
            if where not in nodes:
                ours = "cawg." if where.endswith("Contributor") else None
                nodes[where] = _node(value, ours=ours)
            value = nodes[where].get(member)
        if value is None:
            continue
        if name == "producer_type":
            types = (each for each in _listed(value) if isinstance(each, str))
            value = next((_TYPES[each] for each in types if each in _TYPES), None)
        if several:
            if texts := tuple(filter(None, map(_text, _listed(value)))):
                fields[name] = texts
        elif text := value if type(value) is str else _text(value):
            fields[name] = text
    if text := _text(data.get(_SOURCE_TYPE)):
        fields["source_type"] = text
    if "producer" not in fields and "supplier" in fields:
        fields["producer"] = fields["supplier"]
    return fields


_PLACES = {
    each.name: each.places[Mark.MANIFEST]
    for each in FIELDS
    if Mark.MANIFEST in each.places and each.name not in _BY_ACTION
}


def _member(name: str, item: str) -> str:
    """A node's own identifier is JSON-LD's ``@id``; ``xmp:Identifier`` holds its address."""
    return "@id" if name == "producer_identifier" else item


_ROWS = tuple(
    (name, place.where, _member(name, place.item) if place.item else None, field_of(name).several)
    for name, place in _PLACES.items()
)
"""Field, property, its member if it is a structure, and whether there are several."""


def _in_structure(name: str, value: Value) -> Value | list[Value]:
    """`value` in the form that its member of a structure has."""
    if name == "producer_type":
        return f"schema:{value}"
    return [value] if name == "producer_role" else value


def _context_of(data: Mapping[str, Any]) -> dict[str, str]:
    """The namespaces of the prefixes in use, structures included."""
    used: set[str] = set()
    _collect(data, used)
    return {prefix: uri for prefix, uri in NAMESPACES.items() if prefix in used}


def _collect(value: object, used: set[str]) -> None:
    """Adds to `used` what stands before the colons in `value`."""
    if isinstance(value, dict):
        for key, below in value.items():
            used.add((below if key == "@type" else key).partition(":")[0])
            if type(below) is not str:
                _collect(below, used)
    elif isinstance(value, list):
        for each in value:
            if type(each) is not str:
                _collect(each, used)


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _node(value: object, *, ours: str | None) -> Mapping[str, Any]:
    """The structure meant: the last whose role starts with `ours`, or the first of all."""
    nodes = [each for each in _listed(value) if isinstance(each, dict)]
    if ours is None:
        return nodes[0] if nodes else {}
    for node in reversed(nodes):
        if any(str(role).startswith(ours) for role in _listed(node.get("Iptc4xmpExt:Role"))):
            return node
    return {}


def _text(value: object) -> str | None:
    """The text in a plain value, a language alternative or the first of a list."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("x-default", value.get("@value", value.get("@id")))
    return value if isinstance(value, str) and value else None
