"""The producer as ``Iptc4xmpExt:Contributor``: one item of an array that belongs to everybody.

IPTC 2025.1 "Contributor" (a bag of entities with role), CAWG Identity 1.3 named actor roles. The
producer is the last contributor whose role is CAWG's; writing it replaces only its own role.
"""

from __future__ import annotations

from collections.abc import Sequence

from genlabel.metadata.xmp import edit, values
from genlabel.metadata.xmp.graph import NAMESPACES, Graph, Name, Property, Value, name_of
from genlabel.model.report import Declaration

PREFIX = "cawg."

_NAME, _ROLE = name_of("Iptc4xmpExt:Name"), name_of("Iptc4xmpExt:Role")
_IDENTIFIER = name_of("xmp:Identifier")


def producer(occurrences: Sequence[Value]) -> dict[str, str]:
    """The producer's fields as the last contributor with a CAWG role gives them.

    `occurrences` are the values of the property, the preferred one first.
    """
    items = [item for value in reversed(occurrences) for item in values.items(value)]
    for item in reversed(items):
        role = next((role for role in _roles(item) if role.startswith(PREFIX)), None)
        name = _text(item)
        if role is None or not name:
            continue
        url, identifier = _addresses(item)
        fields = ("producer", "producer_role", "producer_url", "producer_identifier")
        read = zip(fields, (name, role, url, identifier), strict=True)
        return {field: value for field, value in read if value}
    return {}


def joined(
    graph: Graph | None, present: tuple[Property, ...], wanted: Declaration
) -> tuple[edit.Edits, list[str]]:
    """The producer of `wanted` appended to the contributors, in place of an earlier one of its
    role: what changes in `graph`, and the properties to write anew."""
    role = wanted.producer_role or ""
    arrays = [array for one in present if (array := values.array_of(one.value)) is not None]
    if graph is None or not arrays:
        return _rewritten(present, wanted)
    splices = [
        edit.out_of_array(graph, item)
        for array in arrays
        for item in array.children
        if role in _roles(item)
    ]
    prefixes = ["Iptc4xmpExt", "xmp"]
    if graph.bindings.get("rdf") != NAMESPACES["rdf"]:
        prefixes.insert(0, "rdf")
    item = _item(wanted, prefixes=tuple(prefixes))
    splices.append(edit.into_array(graph, arrays[-1], item))
    return edit.Edits(splices=tuple(splices)), []


def _rewritten(present: tuple[Property, ...], wanted: Declaration) -> tuple[edit.Edits, list[str]]:
    """The property anew. Contributors that somebody wrote without the array get one."""
    role = wanted.producer_role or ""
    others = [
        _structure(_text(one.value), _roles(one.value), _texts(one.value, _IDENTIFIER))
        for one in present
        if _text(one.value) and role not in _roles(one.value)
    ]
    bag = values.element("rdf:Bag", "".join([*others, _item(wanted)]))
    return edit.Edits(out=present), [values.element("Iptc4xmpExt:Contributor", bag)]


def _item(wanted: Declaration, *, prefixes: tuple[str, ...] = ()) -> str:
    url, identifier = wanted.producer_url or "", wanted.producer_identifier or ""
    identifiers = (url, identifier) if identifier else (url,) if url else ()
    if not url and identifier and not _is_address(identifier):
        identifiers = (identifier,)
    roles = (wanted.producer_role or "",)
    return _structure(wanted.producer or "", roles, identifiers, prefixes=prefixes)


def _structure(
    name: str, roles: tuple[str, ...], identifiers: tuple[str, ...], *, prefixes: Sequence[str] = ()
) -> str:
    members = [values.language("Iptc4xmpExt:Name", name)]
    if roles:
        members.append(values.array("Iptc4xmpExt:Role", "rdf:Bag", roles))
    if identifiers:
        members.append(values.array("xmp:Identifier", "rdf:Bag", identifiers))
    declared = "".join(f' xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in prefixes)
    return values.structure(*members, declarations=declared)


def _text(item: Value) -> str:
    name = values.member(item, _NAME)
    if name is not None:
        return values.text(name)
    return item.strip() if isinstance(item, str) else item.text


def _roles(item: Value) -> tuple[str, ...]:
    return tuple(filter(None, _texts(item, _ROLE)))


def _texts(item: Value, name: Name) -> tuple[str, ...]:
    array = values.member(item, name)
    return values.texts(array) if array is not None else ()


def _addresses(item: Value) -> tuple[str, str]:
    """Web page and register's identifier.

    The page comes first. An identifier that looks like a web page and has none before it follows
    a blank item: it would be taken for the page otherwise.
    """
    first, second, *_ = (*_texts(item, _IDENTIFIER), "", "")
    if first and not _is_address(first):
        return "", first
    return first, second


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))
