"""Revocation answers in a claim signature (``rVals``): those that are there, and putting some in.

C2PA 2.4 §14.5.2: OCSP responses stand in the unprotected header, so anybody can take them out or
put others in. Each says by its own signature whose it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from genlabel.manifests.store import cbor, cose
from genlabel.manifests.store.cbor import Major, Unreadable

MAX_RESPONSES = 8
"""Most that are read: one for each certificate of a chain, and some to spare."""
_HEADER = b"rVals"
_VALUES = b"ocspVals"


def holds_any(store: bytes) -> bool:
    """Might there be some in this manifest store? No look at where; for most stores enough."""
    return _HEADER in store


def responses(store: bytes, manifest_id: str) -> tuple[bytes, ...]:
    """The OCSP responses (DER) in the claim signature of `manifest_id`, as they stand, unchecked.

    Raises `ValueError` for a signature box that can be read in two ways and for too many of them.
    """
    value = cose.get(store, manifest_id, _HEADER)
    if value is None:
        return ()
    mapping = cbor.item(value)
    if mapping.major is not Major.MAP:
        raise Unreadable("rVals that are no map")
    pairs = cbor.children(value, mapping, most=2 * MAX_RESPONSES)
    lists = [
        each
        for key, each in zip(pairs[::2], pairs[1::2], strict=True)
        if key.major is Major.TEXT and cbor.content(value, key) == _VALUES
    ]
    if len(lists) > 1 or any(each.major is not Major.ARRAY for each in lists):
        raise Unreadable("ocspVals that are not one array")
    return tuple(
        cbor.content(value, each)
        for array in lists
        for each in cbor.children(value, array, most=MAX_RESPONSES)
    )


def stapled(store: bytes, manifest_id: str, answers: Sequence[bytes]) -> bytes:
    """`store`, as long as it was, with `answers` (OCSP responses, DER) in place of padding.

    Raises `cose.NoRoom`, or `ValueError` where there are some already.
    """
    value = cbor.mapping({_VALUES: cbor.array(*map(cbor.string, answers))})
    return cose.fill_padding(store, manifest_id, _HEADER, value)
