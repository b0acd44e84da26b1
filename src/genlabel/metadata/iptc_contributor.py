"""The producer as ``Iptc4xmpExt:Contributor``: one item of an array that belongs to everybody.

IPTC 2025.1 "Contributor" (a bag of entities with role), CAWG Identity 1.3 named actor roles. The
producer is the last contributor whose role is CAWG's; writing it replaces only its own role.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from genlabel.metadata.xmp import edit, values as forms
from genlabel.metadata.xmp.graph import NAMESPACES, Graph, Property, Value, name_of
from genlabel.model.report import Declaration

PREFIX = "cawg."

_NAME, _ROLE = name_of("Iptc4xmpExt:Name"), name_of("Iptc4xmpExt:Role")
_IDENTIFIER = name_of("xmp:Identifier")


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """How a producer joins the contributors that are there."""

    out: tuple[Property, ...] = ()
    splices: tuple[tuple[int, int, bytes], ...] = ()
    contents: tuple[str, ...] = ()
    """Properties to write anew."""


def producer(values: Iterable[Value]) -> dict[str, str]:
    """The producer's fields as the last contributor with a CAWG role gives them.

    `values` are the occurrences of the property, the preferred one first.
    """
    items = [item for value in reversed(list(values)) for item in forms.items(value)]
    for item in reversed(items):
        role = next((role for role in _roles(item) if role.startswith(PREFIX)), None)
        name = _text(item)
        if role is None or not name:
            continue
        url, identifier = _addresses(item)
        said = {
            "producer": name,
            "producer_role": role,
            "producer_url": url,
            "producer_identifier": identifier,
        }
        return {field: value for field, value in said.items() if value}
    return {}


def joined(graph: Graph | None, present: tuple[Property, ...], wanted: Declaration) -> Joining:
    """The producer of `wanted` appended to the contributors, in place of an earlier one of its
    role."""
    role = wanted.producer_role or ""
    arrays = [array for one in present if (array := forms.array_of(one.value)) is not None]
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
    return Joining(splices=tuple(splices))


def _rewritten(present: tuple[Property, ...], wanted: Declaration) -> Joining:
    """The property anew. Contributors that somebody wrote without the array get one."""
    role = wanted.producer_role or ""
    others = [
        _structure(name=_text(one.value), roles=_roles(one.value), identifiers=_texts(one.value))
        for one in present
        if _text(one.value) and role not in _roles(one.value)
    ]
    bag = forms.element("rdf:Bag", "".join([*others, _item(wanted)]))
    return Joining(out=present, contents=(forms.element("Iptc4xmpExt:Contributor", bag),))


def _item(wanted: Declaration, *, prefixes: tuple[str, ...] = ()) -> str:
    url, identifier = wanted.producer_url or "", wanted.producer_identifier or ""
    identifiers = (url, identifier) if identifier else (url,) if url else ()
    if not url and identifier and not _is_address(identifier):
        identifiers = (identifier,)
    return _structure(
        name=wanted.producer or "",
        roles=(wanted.producer_role or "",),
        identifiers=identifiers,
        prefixes=prefixes,
    )


def _structure(
    *,
    name: str,
    roles: tuple[str, ...],
    identifiers: tuple[str, ...],
    prefixes: tuple[str, ...] = (),
) -> str:
    members = [forms.language("Iptc4xmpExt:Name", name)]
    if roles:
        members.append(forms.array("Iptc4xmpExt:Role", "rdf:Bag", roles))
    if identifiers:
        members.append(forms.array("xmp:Identifier", "rdf:Bag", identifiers))
    declared = "".join(f' xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in prefixes)
    return forms.structure(*members, declarations=declared)


def _text(item: Value) -> str:
    name = forms.member(item, _NAME)
    if name is not None:
        return forms.text(name)
    return item.strip() if isinstance(item, str) else item.text


def _roles(item: Value) -> tuple[str, ...]:
    roles = forms.member(item, _ROLE)
    return tuple(filter(None, forms.texts(roles))) if roles is not None else ()


def _texts(item: Value) -> tuple[str, ...]:
    identifiers = forms.member(item, _IDENTIFIER)
    return forms.texts(identifiers) if identifiers is not None else ()


def _addresses(item: Value) -> tuple[str, str]:
    """Web page and register's identifier.

    The page comes first. An identifier that looks like a web page and has none before it follows
    a blank item: it would be taken for the page otherwise.
    """
    first, second, *_ = (*_texts(item), "", "")
    if first and not _is_address(first):
        return "", first
    return first, second


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))
