"""Property names of JSON-LD by what they mean, whatever prefixes a file gives them.

JSON-LD 1.1 §3.1, §4.1, as far as a file can say it in itself: a context at an address is not
fetched, and says nothing. A prefix that the context does not bind is the usual one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import lru_cache
from typing import Any

from genlabel.model.dataclass import dataclass
from genlabel.model.escape import quoted

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "schema": "https://schema.org/",
    "genlabel": "urn:genlabel:ns:1.0:",
}
MAX_DEPTH = 12
"""Deepest structure that is looked into: a label's are three deep."""
_MAX_STEPS = 8
_LONGEST_FIRST = sorted(NAMESPACES.items(), key=lambda each: -len(each[1]))


class SaidTwice(ValueError):
    """One property has two names in one node, and two values."""


def resolved(data: Mapping[Any, Any]) -> dict[str, Any]:
    """`data` with our own names of its properties (``dc:title``) wherever it means them.

    Properties of other namespaces are named by their whole IRI. Raises `SaidTwice`.
    """
    return _node(data, _Context(), 0)


@dataclass(frozen=True, slots=True)
class _Context:
    """What a context says: terms and prefixes, None for one that is taken back."""

    terms: Mapping[str, str | None] = field(default_factory=dict)
    vocabulary: str | None = None
    is_usual: bool = True
    """Does it bind nothing but prefixes, each to what it usually means?"""

    def below(self, said: object) -> _Context:
        """This context with what a ``@context`` adds."""
        context = self
        for each in _listed(said):
            if each is None:
                context = _Context()
            elif isinstance(each, dict):
                usual = each.items() <= NAMESPACES.items()
                terms = each if usual else dict(_terms(each))
                vocabulary = each.get("@vocab", context.vocabulary)
                context = _Context(
                    {**context.terms, **terms},
                    vocabulary if isinstance(vocabulary, str) else None,
                    context.is_usual and terms.items() <= NAMESPACES.items(),
                )
        return context

    def name(self, written: str) -> str | None:
        """A property as the field table names it; None for what means nothing."""
        if self.is_usual and _is_usual(written):
            return written
        return _ours(self.iri(written))

    def iri(self, name: str) -> str | None:
        """What a property's name means; None for nothing."""
        for _ in range(_MAX_STEPS):
            if name in self.terms:
                meant = self.terms[name]
                if meant is None or meant == name:
                    return meant
                name = meant
                continue
            prefix, colon, rest = name.partition(":")
            if name.startswith("@") or not colon:
                return (
                    name
                    if name.startswith("@") or self.vocabulary is None
                    else (self.vocabulary + name)
                )
            if rest.startswith("//"):
                return name
            if prefix in self.terms:
                namespace = self.terms[prefix]
                if namespace is None:
                    return None
                name = namespace + rest
                continue
            return NAMESPACES.get(prefix, f"{prefix}:") + rest
        return None


def _is_usual(name: str) -> bool:
    """Has it one of the usual prefixes, and is all else a plain word?"""
    prefix, _, rest = name.partition(":")
    return prefix in NAMESPACES and rest.isalnum()


def _terms(context: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    for term, meant in context.items():
        if isinstance(meant, dict):
            meant = meant.get("@id", term)
        if not term.startswith("@") and (meant is None or isinstance(meant, str)):
            yield term, meant


def _node(node: Mapping[Any, Any], context: _Context, depth: int) -> dict[str, Any]:
    if "@context" in node:
        context = context.below(node["@context"])
    result: dict[str, Any] = {}
    for key, value in node.items():
        if not isinstance(key, str) or key == "@context":
            continue
        name = key if key == "x-default" else context.name(key)
        if name is None:
            continue
        if name == "@id" and isinstance(value, str) and value.partition(":")[0] in context.terms:
            value = context.iri(value)
        if name == "@type":
            value = _types(value, context)
        plain = type(value) is str and depth < MAX_DEPTH
        inner = value if plain else _value(value, context, depth + 1)
        if name in result and result[name] != inner:
            raise SaidTwice(f"{quoted(name)} under two names")
        result[name] = inner
    return result


def _types(value: Any, context: _Context) -> list[str]:
    """The types of a node (JSON-LD 1.1 §3.5), by our own names."""
    texts = (each for each in _listed(value) if isinstance(each, str))
    return [name for text in texts if (name := context.name(text)) is not None]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _value(value: Any, context: _Context, depth: int) -> Any:
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, dict):
        inner = _node(value, context, depth)
        if inner.keys() <= {"@list", "@set"} and len(inner) == 1:
            return next(iter(inner.values()))
        return inner
    if isinstance(value, list):
        return [_value(each, context, depth + 1) for each in value]
    return value


def _ours(iri: str | None) -> str | None:
    """An IRI as the field table names it."""
    if iri is None or len(iri) > _LONG:
        return iri if iri is None else _named(iri)
    return _known(iri)


def _named(iri: str) -> str:
    for prefix, namespace in _LONGEST_FIRST:
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


_LONG = 128
"""Characters of an IRI from which on its name is not kept."""
_known = lru_cache(maxsize=512)(_named)
