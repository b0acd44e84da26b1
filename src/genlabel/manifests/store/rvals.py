"""Revocation answers in a claim signature (``rVals``): those that are there, and putting some in.

C2PA 2.4 §14.5.2: OCSP responses stand in the unprotected header, so anybody can take them out or
put others in. Each says by its own signature whose it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from genlabel.manifests.store import cbor, cose
from genlabel.manifests.store.cbor import Unreadable

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
    start, end = cose.span(store, manifest_id)
    rvals = cose.sign1(store[start:end]).unprotected.get(_HEADER.decode())
    if rvals is None:
        return ()
    listed = rvals.get(_VALUES.decode(), []) if isinstance(rvals, dict) else None
    if not isinstance(listed, list) or any(type(each) is not bytes for each in listed):
        raise Unreadable("rVals in another form")
    if len(listed) > MAX_RESPONSES:
        raise Unreadable(f"{len(listed)} responses")
    return tuple(listed)


def stapled(store: bytes, manifest_id: str, answers: Sequence[bytes]) -> bytes:
    """`store`, as long as it was, with `answers` (OCSP responses, DER) in place of padding.

    Raises `cose.NoRoom`, or `ValueError` where there are some already.
    """
    value = cbor.mapping({_VALUES: cbor.array(*map(cbor.string, answers))})
    return cose.fill_padding(store, manifest_id, _HEADER, value)
