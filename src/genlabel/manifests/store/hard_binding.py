"""What the hash of a manifest leaves out of its file, as the manifest itself says it.

C2PA 2.4 §18.6 (data hash), §18.7 (hash of ISO media), §18.8 (box hash). The engine checks what is
hashed and takes the rest as it is, however much that is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from genlabel.manifests.store import cbor, jumbf
from genlabel.manifests.store.cbor import Item, Major, Unreadable

_BINDING = b"c2pa.hash."
_DATA = b"c2pa.hash.data"
_BMFF = (b"c2pa.hash.bmff.v3", b"c2pa.hash.bmff.v2", b"c2pa.hash.bmff")
_BOXES = b"c2pa.hash.boxes"
_ASSERTIONS = b"c2pa.assertions"
_MAX_ENTRIES = 2_000
"""Most exclusions, or boxes, of one binding that are looked through; a large PNG has some hundred
boxes."""
_MAX_KEYS = 32  # of one map; a hash of ISO media has eight
_C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")  # the user type of C2PA's box (A.5.1)
_USER_TYPE = 8  # where it stands in the box
_TRUE = 21  # CBOR's simple value, RFC 8949 §3.3


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What a hash does not cover."""

    spans: tuple[tuple[int, int], ...] = ()
    """(start, end) in the file, of a data hash."""
    boxes: tuple[str, ...] = ()
    """Paths of ISO boxes, such as ``/free``, or names of a box hash, such as ``APP1``.

    Not those of C2PA's own boxes, nor of those that a hash tree covers instead."""


def left_out(store: bytes, manifest_id: str) -> LeftOut:
    """What the binding of the manifest `manifest_id` leaves out; nothing where it has none.

    Raises `ValueError` for one that can be read in two ways, or is in a form that is not read here.
    """
    manifest = jumbf.manifest(store, manifest_id)
    listed = jumbf.labelled(store, jumbf.only(store, manifest, _ASSERTIONS))
    bindings = [(name, box) for name, box in listed if name.startswith(_BINDING)]
    if not bindings:  # an update manifest, whose parent has it (C2PA 2.4 §11.2)
        return LeftOut()
    ((name, box),) = bindings
    place = jumbf.cbor_in(store, box)
    data = store[place.start : place.end]
    fields = _fields(data, cbor.whole(data))
    try:
        if name == _DATA:
            return LeftOut(spans=tuple(_spans(data, fields.get(b"exclusions"))))
        if name in _BMFF:
            places = fields[b"exclusions"]
            inside = data[places.start : places.end]
            tree = _some(fields.get(b"merkle"))
            return LeftOut(boxes=_paths(places.major, places.argument, inside, tree))
        if name == _BOXES:
            return LeftOut(boxes=tuple(_names(data, fields.get(b"boxes"))))
    except KeyError as error:
        raise Unreadable(f"the key {error} is missing") from error
    raise Unreadable(f"a binding named {name!r}")


def _spans(data: bytes, listed: Item | None) -> Iterator[tuple[int, int]]:
    for each in _entries(data, listed):
        start, length = (_number(each, key) for key in (b"start", b"length"))
        yield start, start + length


@lru_cache(maxsize=16)  # signers leave out the same boxes of every film
def _paths(major: Major, count: int, data: bytes, covered_by_tree: bool) -> tuple[str, ...]:
    """The paths that are left out whole, or as far as a subset of them is, by the array's head and
    the bytes behind it.
    """
    paths: list[str] = []
    for each in _entries(data, Item(major, count, 0, 0, len(data))):
        path = _text(data, each[b"xpath"])
        matched = [
            cbor.content(data, one[b"value"])
            for one in _entries(data, each.get(b"data"))
            if _number(one, b"offset") == _USER_TYPE
        ]
        if path == "/uuid" and _C2PA in matched:
            continue
        if path == "/mdat" and covered_by_tree:
            continue
        paths.append(path)
    return tuple(paths)


def _names(data: bytes, listed: Item | None) -> Iterator[str]:
    for each in _entries(data, listed):
        excluded = each.get(b"excluded")
        if excluded is not None and excluded.argument == _TRUE:
            for name in cbor.children(data, each[b"names"], most=_MAX_ENTRIES):
                yield _text(data, name)


def _entries(data: bytes, listed: Item | None) -> list[dict[bytes, Item]]:
    """The maps of an array; none where there is no array."""
    if listed is None or listed.is_null():
        return []
    if listed.major is not Major.ARRAY:
        raise Unreadable("a list that is none")
    return [_fields(data, each) for each in cbor.children(data, listed, most=_MAX_ENTRIES)]


def _fields(data: bytes, mapping: Item) -> dict[bytes, Item]:
    """The values of a map by its keys, each of which is a text that is there once."""
    if mapping.major is not Major.MAP:
        raise Unreadable("a map that is none")
    listed = cbor.children(data, mapping, most=2 * _MAX_KEYS)
    keys, values = listed[::2], listed[1::2]
    fields = {cbor.content(data, key): value for key, value in zip(keys, values, strict=True)}
    if len(fields) < len(keys):
        raise Unreadable("a key twice")
    if (listed[-1].end if listed else mapping.start) != mapping.end:
        raise Unreadable("something follows a map")
    return fields


def _number(fields: dict[bytes, Item], key: bytes) -> int:
    value = fields.get(key)
    if value is None or value.major is not Major.UNSIGNED:
        raise Unreadable(f"{key!r} is no number")
    return value.argument


def _text(data: bytes, value: Item) -> str:
    return cbor.content(data, value).decode()


def _some(listed: Item | None) -> bool:
    return listed is not None and listed.major is Major.ARRAY and listed.argument > 0
