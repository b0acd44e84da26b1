"""The forms in which XMP writes a value, both ways: text, arrays, languages, structures.

ISO 16684-1 §7.5 to §7.9. Reading takes every form that RDF/XML allows for a value; writing uses
one: elements, never attributes.
"""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.metadata.xmp.graph import Name, Node, Value, name_of
from genlabel.model.expression import expression

_ARRAYS = frozenset({name_of("rdf:Seq"), name_of("rdf:Bag"), name_of("rdf:Alt")})
_DESCRIPTION, _VALUE = name_of("rdf:Description"), name_of("rdf:value")
_RESOURCE, _LANG = name_of("rdf:resource"), name_of("xml:lang")


def items(value: Value) -> tuple[Value, ...]:
    """The items of an array, in order; a value that is no array is its own only item."""
    array = array_of(value)
    return tuple(array.children) if array is not None else (value,)


def array_of(value: Value) -> Node | None:
    """The ``rdf:Seq``, ``rdf:Bag`` or ``rdf:Alt`` inside a property; None where it is no array."""
    for child in () if isinstance(value, str) else value.children:
        if child.name in _ARRAYS:
            return child
    return None


def texts(value: Value) -> tuple[str, ...]:
    """The texts of all items, blank ones included."""
    return tuple([_simple(item) for item in items(value)])


def text(value: Value) -> str:
    """One text: of an array its ``x-default`` item, else its first that is not blank."""
    if isinstance(value, str) or not value.children:
        return _simple(value)
    array = array_of(value)
    if array is None:
        return _simple(value)
    first = ""
    for item in array.children:
        plain = _simple(item)
        if plain and item.attributes.get(_LANG, "").lower() == "x-default":
            return plain
        first = first or plain
    return first


def member(value: Value, name: Name) -> Value | None:
    """A structure's field, in any form: nested element, Description, attribute."""
    if isinstance(value, str):
        return None
    for child in value.children:
        if child.name == name:
            return child
    if name in value.attributes:
        return value.attributes[name]
    for child in value.children:
        if child.name == _DESCRIPTION and (inner := member(child, name)) is not None:
            return inner
    return None


def leaves(place: str, value: Value) -> Iterator[tuple[str, str]]:
    """Every text inside a value, with its language or the structure's field behind `place`."""
    pending = [(place, value)]
    while pending:
        place, each = pending.pop()
        if isinstance(each, str):
            if text := each.strip():
                yield place, text
            continue
        attributes, text = each.attributes, each.text
        if not attributes and not each.children:  # as most are
            if text:
                yield place, text
            continue
        language = attributes.get(_LANG)
        if language is not None and language.lower() != "x-default":
            place = f"{place} {language}"
        inner: list[tuple[str, Value]] = [
            (place, one) for one in (text, attributes.get(_RESOURCE)) if one
        ]
        inner += [
            (f"{place} {n.local}", one)
            for n, one in attributes.items()
            if n.namespace not in _NO_FIELDS
        ]
        for child in each.children:
            structure = child.name.namespace not in _NO_FIELDS
            inner.append((f"{place} {child.name.local}" if structure else place, child))
        pending += reversed(inner)


_NO_FIELDS = frozenset({_VALUE.namespace, _LANG.namespace})
"""Namespaces of what says something about RDF, and nothing about the picture."""


def _simple(value: Value) -> str:
    if isinstance(value, str):
        return value.strip()
    if not value.children and not value.attributes:
        return value.text
    qualified = member(value, _VALUE)
    if qualified is not None:
        return _simple(qualified)
    if array_of(value) is not None:
        return text(value)
    return value.text or value.attributes.get(_RESOURCE, "").strip()


def escape(plain: str) -> str:
    """`plain` as character data; ``>`` too, for the sake of ``]]>``."""
    if _MARKUP.search(plain) is None:
        return plain
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_MARKUP = expression("[&<>]")


def element(tag: str, content: str) -> str:
    """`content`, which is XML already, between the tags."""
    return f"<{tag}>{content}</{tag}>"


def simple(tag: str, plain: str) -> str:
    """A property with one text or address."""
    return element(tag, escape(plain))


def array(tag: str, kind: str, contents: tuple[str, ...]) -> str:
    """A property with an ``rdf:Seq`` or ``rdf:Bag`` of texts."""
    return element(tag, element(kind, "".join(simple("rdf:li", each) for each in contents)))


def language(tag: str, plain: str) -> str:
    """A language alternative with its default only."""
    only = f'<rdf:li xml:lang="x-default">{escape(plain)}</rdf:li>'
    return element(tag, element("rdf:Alt", only))


def structure(*members: str, declarations: str = "") -> str:
    """An array's item that is a structure of `members`."""
    return f'<rdf:li rdf:parseType="Resource"{declarations}>{"".join(members)}</rdf:li>'
