"""The ``cawg.metadata`` assertion: a label as JSON-LD, and back.

CAWG Metadata 1.1 allows any property; ``c2pa.metadata`` allows no names of people or companies, so
it is read and never written. Property names are those of XMP (see the field table).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from genlabel.manifests.json_ld import NAMESPACES
from genlabel.model.fields import FIELDS, carried_by
from genlabel.model.label import Label, SettledLabel
from genlabel.model.report import Mark

_SOURCE_TYPE = "Iptc4xmpExt:DigitalSourceType"
INHERITED_FROM = "genlabel:inheritedFrom"
"""Where the source type was found, if the signer only takes it over."""
_SUPPLIER = "plus:ImageSupplier"
_BY_ACTION = frozenset({"source_type", "created", "generator_provider"})
"""Fields that the actions carry, not the metadata."""
_OF_AI_SYSTEMS = frozenset({"generator", "generator_version"})
"""Fields whose properties name AI systems: other software stands in the actions alone."""


def compose(label: Label, *, taken: Collection[str] = ()) -> dict[str, Any]:
    """The assertion's data for `label`: JSON-LD with its own ``@context``.

    Fallbacks leave the fields in `taken` alone.
    """
    data: dict[str, Any] = {}
    for name, value in carried_by(Mark.MANIFEST, label, taken=taken):
        place = _PLACES.get(name)
        if place is None or (name in _OF_AI_SYSTEMS and not label.source_type.generative):
            continue
        if place.item is None:
            data[place.where] = list(value) if isinstance(value, tuple) else value
        else:
            node = data.setdefault(place.where, [{}])[0]
            node[_member(name, place.item)] = [value] if name == "producer_role" else value
    if label.marked_source_type.ours_to_write_in_xmp:
        data[_SOURCE_TYPE] = label.marked_source_type.uri
    if isinstance(label, SettledLabel) and label.inherited_from:
        data[INHERITED_FROM] = label.inherited_from
    data[_SUPPLIER] = [{"plus:ImageSupplierName": label.producer.name}]
    return {"@context": _context_of(data), **data}


def read(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a declaration that metadata states, leniently; see `json_ld.resolved`."""
    fields: dict[str, Any] = {}
    for name, place in _PLACES.items():
        value = data.get(place.where)
        if place.item is not None:
            node = _node(value, ours="cawg." if place.where.endswith("Contributor") else None)
            value = node.get(_member(name, place.item)) if node else None
        if name == "creator":
            texts = tuple(_text(each) for each in _listed(value))
            if any(texts):
                fields[name] = tuple(text for text in texts if text)
        elif text := _text(value):
            fields[name] = text
    if text := _text(data.get(_SOURCE_TYPE)):
        fields["source_type"] = text
    if "producer" not in fields:
        supplier = _node(data.get(_SUPPLIER), ours=None)
        if text := _text(supplier.get("plus:ImageSupplierName")):
            fields["producer"] = text
    return fields


_PLACES = {
    each.name: each.places[Mark.MANIFEST]
    for each in FIELDS
    if Mark.MANIFEST in each.places and each.name not in _BY_ACTION
}


def _member(name: str, item: str) -> str:
    """A node's own identifier is JSON-LD's ``@id``; ``xmp:Identifier`` holds its address."""
    return "@id" if name == "producer_identifier" else item


def _context_of(data: Mapping[str, Any]) -> dict[str, str]:
    """The namespaces of the prefixes in use, structures included."""
    used: set[str] = set()

    def collect(value: object) -> None:
        if isinstance(value, dict):
            for key, below in value.items():
                if not key.startswith("@"):
                    used.add(key.partition(":")[0])
                collect(below)
        elif isinstance(value, list):
            for each in value:
                collect(each)

    collect(data)
    return {prefix: uri for prefix, uri in NAMESPACES.items() if prefix in used}


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
