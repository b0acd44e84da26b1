"""The IPTC mark: properties of the label in XMP, beside what other people wrote there.

IPTC Photo Metadata 2025.1 and PLUS LDF 2.0; the field table says which property carries which
field, this module which form each property has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from genlabel.formats.format import EXTENDED_XMP, XMP, Slot
from genlabel.metadata import iptc_contributor
from genlabel.metadata.xmp import edit, extended, packet, parse, remote_manifest, values, versions
from genlabel.metadata.xmp.graph import Graph, Name, Property, Value, name_of
from genlabel.metadata.xmp.versions import Version
from genlabel.model.carried import carried_by, set_by
from genlabel.model.errors import MalformedMetadata
from genlabel.model.fields import FIELDS
from genlabel.model.report import NOTHING, Declaration, Mark
from genlabel.model.vocabulary import strongest

if TYPE_CHECKING:
    from genlabel.model.label import Label

MARK = Mark.IPTC
SLOTS = (XMP, EXTENDED_XMP)

_PLACES: Mapping[str, str] = {
    each.name: each.places[MARK].where for each in FIELDS if MARK in each.places
}
"""Field → qualified name of the property."""
_FIELDS_OF: dict[str, list[tuple[str, str | None]]] = {}
"""Qualified name of the property → its fields, with the member of a structure that each is."""
for _each in FIELDS:
    if MARK in _each.places:
        _place = _each.places[MARK]
        _FIELDS_OF.setdefault(_place.where, []).append((_each.name, _place.item))
_OURS = frozenset(name_of(where) for where in _PLACES.values())
_WANTED = _OURS | versions.NAMES | {extended.POINTER}
_LANGUAGES = frozenset(
    {
        *("dc:title", "dc:description", "dc:rights", "xmpRights:UsageTerms"),
        *("plus:OtherConstraints", "Iptc4xmpCore:AltTextAccessibility"),
    }
)
_ARRAYS = {
    "dc:creator": "rdf:Seq",
    "dc:subject": "rdf:Bag",
    "plus:ModelReleaseID": "rdf:Bag",
    "plus:PropertyReleaseID": "rdf:Bag",
}
"""Properties that are arrays of texts, and of which kind."""
_STRUCTURES = {
    "plus:ImageSupplier": "rdf:Seq",
    "plus:Licensor": "rdf:Seq",
    "Iptc4xmpExt:EmbdEncRightsExpr": "rdf:Bag",
    "Iptc4xmpExt:LinkedEncRightsExpr": "rdf:Bag",
}
"""Properties that are arrays of structures, and of which kind."""
_CONTRIBUTOR = "Iptc4xmpExt:Contributor"
_SUPPLIER = name_of("plus:ImageSupplier")
_SOURCE_TYPE = name_of("Iptc4xmpExt:DigitalSourceType")
_SAYS = frozenset({_SOURCE_TYPE, remote_manifest.PROVENANCE})
_READ = parse.usual(_WANTED | _SAYS)
_MEMBERS = tuple(
    (each, name_of(place.where), name_of(place.item) if place.item else None)
    for each in FIELDS
    if (place := each.places.get(MARK)) is not None and place.where != _CONTRIBUTOR
)
"""Field, property and member of those that have a property of their own."""


def compose(
    existing: Mapping[Slot, bytes],
    label: Label,
    *,
    limit: int | None = None,
    taken: Collection[str] = (),
    version: Version | None = None,
) -> Mapping[Slot, bytes | None]:
    """The XMP packets that say `label` beside what they said; nothing when they say it already.

    With `limit` (JPEG) foreign properties move from the main packet to ExtendedXMP where there is
    no room for them. With `version` they say which one of the document the file becomes, and
    always change. Raises `MalformedMetadata`.
    """
    main, more = _graphs(existing)
    before = _declaration(main, more)
    wanted = carried_by(MARK, label, beside=before, taken=taken)
    stale = _stale(label, before, wanted, main, more)
    own = version.properties((main, more), wanted.created) if version is not None else {}
    if not stale and not own:
        return {}
    packets = extended.Packets(
        main=main.body if main is not None else b"",
        extended=more.body if more is not None else None,
    )
    if main is not None and more is not None:
        packets = _gathered(main, more, (*stale, *own))
        main = parse.parse(packets.main, _WANTED)
    body = edit.edited(main, _edits(main, stale, wanted, own))
    packets = extended.Packets(main=body, extended=packets.extended)
    if limit is not None:
        packets = extended.fitted(packets, limit, ours=_WANTED)
    changes: dict[Slot, bytes | None] = {XMP: packet.wrap(packets.main)}
    if packets.extended != (more.body if more is not None else None):
        changes[EXTENDED_XMP] = packets.extended
    return changes


def read(payloads: Mapping[Slot, bytes]) -> Declaration:
    """What the XMP says; of two packets the main one wins. Raises `MalformedMetadata`."""
    if payloads.keys().isdisjoint(SLOTS):
        return NOTHING
    return _declaration(*_graphs(payloads))


def words(payloads: Mapping[Slot, bytes]) -> Iterator[tuple[str, str]]:
    """Every text of our properties, with its place; times left out. Raises `MalformedMetadata`."""
    for graph in _graphs(payloads) if payloads.get(XMP) else ():
        for name, occurrences in graph.values.items() if graph is not None else ():
            if name in _OURS and name != name_of(_PLACES["created"]):
                for value in occurrences:
                    yield from values.leaves(f"xmp {name.local}", value)


def packet_says(data: bytes) -> tuple[tuple[str, ...], str | None]:
    """Every source type in one packet of any place, and the address of a manifest.

    Raises `MalformedMetadata`.
    """
    graph = parse.parse(data, _SAYS)
    if graph is None:
        return (), None
    stated = tuple(_source_types(graph.values.get(_SOURCE_TYPE, ())))
    return stated, remote_manifest.address_in(graph)


def _source_types(occurrences: Iterable[Value]) -> Iterator[str]:
    """All of them: of several properties, and of the items of an array that one was made."""
    for value in occurrences:
        yield from filter(None, values.texts(value))


def _graphs(payloads: Mapping[Slot, bytes]) -> tuple[Graph | None, Graph | None]:
    main = parse.parse(payloads.get(XMP, b""), _READ)
    if main is None or EXTENDED_XMP not in payloads or extended.POINTER not in main.values:
        return main, None
    try:
        return main, parse.parse(payloads[EXTENDED_XMP], _READ)
    except MalformedMetadata:
        # The main packet speaks for itself; a damaged second one is left as it is, unread.
        return main, None


def _occurrences(graph: Graph | None, where: str) -> tuple[Property, ...]:
    return graph.properties(name_of(where)) if graph is not None else ()


def _count(graph: Graph | None, where: str) -> int:
    return len(graph.values.get(name_of(where), ())) if graph is not None else 0


def _stale(
    label: Label,
    before: Declaration,
    wanted: Declaration,
    main: Graph | None,
    more: Graph | None,
) -> tuple[str, ...]:
    """The properties that have to be written anew, in the table's order.

    Those that say something else than wanted, and of the label's own also those that are not
    exactly once in the main packet: readers differ in which of two occurrences they believe.
    """
    if main is None and more is None:  # and nothing is said twice
        return tuple(dict.fromkeys([_PLACES[name] for name, _ in wanted if name in _PLACES]))
    own = set(set_by(MARK, label))
    stale: dict[str, None] = {}
    for field, where in _PLACES.items():
        value = getattr(wanted, field)
        misplaced = field in own and (_count(main, where) != 1 or _count(more, where) > 0)
        if value != getattr(before, field) or misplaced:
            stale[where] = None
    return tuple(stale)


def _gathered(main: Graph, more: Graph, stale: Collection[str]) -> extended.Packets:
    """The packets once our properties are out of the extended one; its contributors go along."""
    names = {name_of(where) for where in stale if _count(more, where)}
    if not names:
        return extended.Packets(main=main.body, extended=more.body)
    moved = tuple(
        edit.transplant(one, parent, into=main)
        for parent in more.descriptions
        for one in parent.properties
        if one.name in names and one.name == name_of(_CONTRIBUTOR) and edit.movable(parent)
    )
    rest = extended.without(more.body, names)
    body = edit.edited(main, edit.Edits(descriptions=moved))
    return extended.Packets(main=extended.pointing(body, rest), extended=rest)


def _edits(
    main: Graph | None, stale: Iterable[str], wanted: Declaration, own: Mapping[str, str]
) -> edit.Edits:
    """The edits that write the `stale` properties anew, and the file's `own` with these texts."""
    out: list[Property] = []
    splices: list[tuple[int, int, bytes]] = []
    contents: list[str] = []
    for where in stale:
        if where == _CONTRIBUTOR:
            edits, anew = iptc_contributor.joined(main, _occurrences(main, where), wanted)
            out += edits.out
            splices += edits.splices
        else:
            out += _occurrences(main, where)
            anew = _written(where, wanted)
        contents += anew
    for where, text in own.items():
        out += _occurrences(main, where)
        contents.append(values.simple(where, text))
    added = (edit.description(contents, main),) if contents else ()
    return edit.Edits(out=tuple(out), splices=tuple(splices), descriptions=added)


def _written(where: str, wanted: Declaration) -> list[str]:
    """The property as XML, or nothing where `wanted` has no value for it."""
    if where in _STRUCTURES:
        members = [
            values.simple(item, value)
            for field, item in _FIELDS_OF[where]
            if item and (value := getattr(wanted, field))
        ]
        inner = values.element(_STRUCTURES[where], values.structure(*members))
        return [values.element(where, inner)] if members else []
    value = getattr(wanted, _FIELDS_OF[where][0][0])
    if not value:
        return []
    if where in _ARRAYS:
        return [values.array(where, _ARRAYS[where], value)]
    return [values.language(where, value) if where in _LANGUAGES else values.simple(where, value)]


def _declaration(main: Graph | None, more: Graph | None) -> Declaration:
    """What the properties say, the first occurrence of each that says anything.

    Of several source types a generative one, wherever it stands.
    """
    if main is None and more is None:
        return NOTHING
    properties: dict[Name, list[Value]] = main.values if main is not None else {}
    if more is not None:
        properties = {name: [*occurrences] for name, occurrences in properties.items()}
        for name, occurrences in more.values.items():
            properties.setdefault(name, []).extend(occurrences)
    fields: dict[str, str | tuple[str, ...]] = {}
    for field, name, item in _MEMBERS:
        for value in properties.get(name, ()):
            if item is not None:
                content: str | tuple[str, ...] = _member(value, item)
            elif field.several:
                content = tuple(filter(None, values.texts(value)))
            else:
                content = values.text(value)
            if content and field.adds and field.name in fields:
                fields[field.name] = (*fields[field.name], *content)
            elif content:
                fields.setdefault(field.name, content)
    if stated := strongest(_source_types(properties.get(_SOURCE_TYPE, ()))):
        fields["source_type"] = stated
    fields.update(iptc_contributor.producer(properties.get(name_of(_CONTRIBUTOR), ())))
    if "producer" not in fields and "supplier" in fields:
        fields["producer"] = fields["supplier"]
    if "supplier" not in fields:  # one who is named by an identifier alone is one, too
        named = (values.leaves("", each) for each in properties.get(_SUPPLIER, ()))
        if said := next(chain.from_iterable(named), None):
            fields["supplier"] = said[1]
    return Declaration(**fields)  # type: ignore[arg-type]  # values follow the table's types


def _member(value: Value, name: Name) -> str:
    """The member of an array's first structure; its text where somebody left the structure out."""
    for item in values.items(value):
        inner = values.member(item, name)
        if inner is not None:
            return values.text(inner)
        if name.local.endswith("Name") and isinstance(item, str):
            return item.strip()
    return ""
