"""The unprotected header of a claim signature: what stands in it, and the room that padding leaves.

No signature covers it (RFC 9052 §3), and the hard binding leaves out exactly the bytes of the
manifest. So what is put where padding was changes neither a length nor a hash.
"""

from __future__ import annotations

from genlabel.manifests.store import cbor, cose
from genlabel.manifests.store.cbor import Major, Unreadable

_PADDING = (b"pad", b"pad2")  # C2PA 2.4 §10.4.2: zeros, in two pieces where one cannot fit
_MAX_PADDING = 0xFFFF
"""Most bytes of one piece: its length takes two bytes."""


def read(store: bytes, manifest_id: str, label: bytes) -> bytes | None:
    """The value of the header `label` as CBOR; None when it is not there.

    Raises `ValueError` for a signature box that can be read in two ways.
    """
    start, end = cose.span(store, manifest_id)
    return _entries(store[start:end]).get(label)


def put(store: bytes, manifest_id: str, label: bytes, value: bytes) -> bytes:
    """`store` with the header `label`, whose `value` is CBOR, in the place of padding.

    The result is as long as `store`. Raises `NoRoom`, or `ValueError` for what cannot be read.
    """
    start, end = cose.span(store, manifest_id)
    signature = store[start:end]
    _, unprotected, _ = cose.parts(signature)
    entries = _entries(signature)
    if label in entries:
        raise Unreadable(f"the header {label!r} is there already")
    opening = cbor.head(Major.MAP, len(entries))
    before = unprotected.start - len(opening)
    if signature[before : unprotected.start] != opening:
        raise Unreadable("a header map with an odd head")
    kept = [_name(key) + whole for key, whole in entries.items() if key not in _PADDING]
    changed = _map([*kept, _name(label) + value], unprotected.end - before)
    return store[: start + before] + changed + store[start + unprotected.end :]


class NoRoom(ValueError):
    """The padding is shorter than what should take its place; `missing` bytes."""

    def __init__(self, missing: int) -> None:
        super().__init__(f"{missing} bytes are missing")
        self.missing = missing


def _entries(signature: bytes) -> dict[int | bytes, bytes]:
    """Labels and values of the unprotected header, the values as they are encoded."""
    _, unprotected, _ = cose.parts(signature)
    found = cose.headers(signature, unprotected)
    items = cbor.children(signature, unprotected, most=2 * len(found))
    values = (
        signature[key.end : value.end] for key, value in zip(items[::2], items[1::2], strict=True)
    )
    return dict(zip(found, values, strict=True))


def _name(key: int | bytes) -> bytes:
    if isinstance(key, bytes):
        return cbor.head(Major.TEXT, len(key)) + key
    return cbor.head(Major.UNSIGNED, key) if key >= 0 else cbor.head(Major.NEGATIVE, -1 - key)


def _map(entries: list[bytes], size: int) -> bytes:
    """A map of the entries and padding that is `size` bytes long."""
    for pieces in (0, 1, 2):
        opening = cbor.head(Major.MAP, len(entries) + pieces)
        gap = size - len(opening) - sum(map(len, entries))
        padding = _padding(gap, pieces)
        if padding is not None:
            return opening + b"".join(entries) + padding
    raise NoRoom(max(1, -gap))


def _padding(gap: int, pieces: int) -> bytes | None:
    """Padding of exactly `gap` bytes in so many pieces; None where there is none."""
    if pieces == 0:
        return b"" if gap == 0 else None
    if pieces == 2:  # no single head makes 25 or 258 bytes: a small second piece shifts the sum
        second = _name(_PADDING[1]) + cbor.string(bytes(2))
        first = _padding(gap - len(second), 1)
        return None if first is None else first + second
    name = _name(_PADDING[0])
    for width in (1, 2, 3):
        length = gap - len(name) - width
        if 0 <= length <= _MAX_PADDING and len(cbor.head(Major.BYTES, length)) == width:
            return name + cbor.string(bytes(length))
    return None
