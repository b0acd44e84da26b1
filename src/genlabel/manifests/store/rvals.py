"""Revocation answers in a claim signature (``rVals``): those that are there, and putting some in.

C2PA 2.4 §14.5.2: OCSP responses stand in the unprotected header, so anybody can take them out or
put others in, or in an assertion of a later manifest. Each says by its own signature whose it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from genlabel.manifests.store import cbor, cose
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.cose import ClaimSignature
from genlabel.manifests.store.manifest_store import ManifestStore

MAX_RESPONSES = 8
"""Most that are read: one for each certificate of a chain, and some to spare."""
MAX_ASSERTED = 32
"""Most that are read from assertions."""
_ASSERTION = "c2pa.certificate-status"
_HEADER = b"rVals"
_VALUES = b"ocspVals"


def holds_any(signature: ClaimSignature) -> bool:
    """Is there the header for them?"""
    return _HEADER.decode() in signature.unprotected


def responses(signature: ClaimSignature) -> tuple[bytes, ...]:
    """The OCSP responses (DER) in the header of a signature, as they stand, unchecked.

    Raises `Unreadable` for a header of another form and for too many of them.
    """
    if _HEADER.decode() not in signature.unprotected:
        return ()
    return _values(signature.unprotected[_HEADER.decode()])


def asserted(store: ManifestStore) -> tuple[bytes, ...]:
    """The OCSP responses in certificate status assertions of the store, about whomever.

    C2PA 2.4 §15.9: whoever put them there, a response says by its own signature whose it is.
    """
    return tuple(islice(_asserted(store), MAX_ASSERTED))


def _asserted(store: ManifestStore) -> Iterator[bytes]:
    for manifest in store.holding(_ASSERTION):
        try:
            yield from _values(manifest.assertion(_ASSERTION))
        except Unreadable:
            continue  # told where that manifest is judged


def _values(value: object) -> tuple[bytes, ...]:
    listed = value.get(_VALUES.decode(), []) if isinstance(value, dict) else None
    if not isinstance(listed, list) or not all(isinstance(each, bytes) for each in listed):
        raise Unreadable("revocation answers of another form")
    if len(listed) > MAX_RESPONSES:
        raise Unreadable(f"{len(listed)} revocation answers")
    return tuple(listed)


def stapled(store: bytes, manifest_id: str, answers: Sequence[bytes]) -> bytes:
    """`store`, as long as it was, with `answers` (OCSP responses, DER) in place of padding.

    Raises `cose.NoRoom`, or `ValueError` where there are some already.
    """
    value = cbor.mapping({_VALUES: cbor.array(*map(cbor.string, answers))})
    return cose.fill_padding(store, manifest_id, _HEADER, value)
