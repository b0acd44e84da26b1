"""Exclusions: which bytes a data hash leaves out, as the manifest itself says, and why it may.

C2PA 2.4 §9.2 and §18.6: the manifest cannot be part of its own hash. The engine checks that what
is left out fits the file, and is content with whatever else is left out beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from genlabel.manifests import cbor, signature_box
from genlabel.manifests.cbor import Item, Major, Unreadable

Span = tuple[int, int]
"""(start, end) in the file, end exclusive."""

_DATA_HASH = b"c2pa.hash.data"
_MAX_EXCLUSIONS = 256
"""Most that are read; a file of JPEG or TIFF has one or two."""


def left_out(store: bytes, manifest_id: str) -> tuple[Span, ...]:
    """The spans that the data hash of `manifest_id` leaves out; none where it has no such hash.

    Films and box hashes name what they leave out in other ways. None, too, for an assertion in a
    form that is not read here: what an honest signer signed nobody can make unreadable afterwards.
    """
    if _DATA_HASH not in store:
        return ()
    try:
        assertion = signature_box.assertion(store, manifest_id, _DATA_HASH)
        return () if assertion is None else tuple(_spans(assertion))
    except ValueError:
        return ()


def beyond(spans: Iterable[Span], allowed: Iterable[Span]) -> Iterator[Span]:
    """What of `spans` lies outside all of `allowed`."""
    ordered = sorted(allowed)
    for begin, end in spans:
        start = begin
        for low, high in ordered:
            if high > start and low < end:
                if low > start:
                    yield start, low
                start = max(start, high)
        if start < end:
            yield start, end


def _spans(assertion: bytes) -> Iterator[Span]:
    listed = _entries(assertion, cbor.item(assertion)).get(b"exclusions")
    if listed is not None and listed.major is Major.ARRAY:
        for each in cbor.children(assertion, listed, most=_MAX_EXCLUSIONS):
            yield _span(assertion, each)


def _span(data: bytes, entry: Item) -> Span:
    fields = _entries(data, entry)
    start, length = (fields[name].integer for name in (b"start", b"length") if name in fields)
    if start is None or length is None:
        raise Unreadable("an exclusion that counts in no integers")
    return start, start + length


def _entries(data: bytes, mapping: Item) -> dict[bytes, Item]:
    """The values of a map by their names, each of which is there once."""
    if mapping.major is not Major.MAP:
        raise Unreadable("an assertion that is no map")
    listed = cbor.children(data, mapping, most=64)
    names = [cbor.content(data, key) for key in listed[::2]]
    if len(set(names)) < len(names):
        raise Unreadable("a name twice in an assertion")
    return dict(zip(names, listed[1::2], strict=True))
