"""The time-stamp of a claim signature: what it must be over, whether it is there, putting it in.

C2PA 2.4 §10.3.2.5: a token of RFC 3161 over the finished signature ("v2", the CTT mode of RFC
9921), kept in the unprotected header.
"""

from __future__ import annotations

from genlabel.manifests.store import cbor, cose
from genlabel.manifests.store.cbor import Unreadable

_HEADER = b"sigTst2"
_DEPRECATED = b"sigTst"
"""Up to C2PA 2.0, over the claim instead of the signature."""


def message(store: bytes, manifest_id: str) -> bytes:
    """The bytes that a time-stamp of this manifest's signature is over.

    A countersignature's ``Sig_structure`` (RFC 9052 §4.4) whose payload is the signature, itself a
    byte string of CBOR. Raises `ValueError` for a signature box that can be read in two ways.
    """
    start, end = cose.span(store, manifest_id)
    signature = store[start:end]
    protected, _, value = cose.parts(signature)
    return cbor.array(
        cbor.text(b"CounterSignature"),
        cbor.string(cbor.content(signature, protected)),
        cbor.string(b""),  # nothing external
        cbor.string(cbor.string(cbor.content(signature, value))),
    )


def is_stamped(store: bytes, manifest_id: str) -> bool:
    """Is there a time-stamp of whatever kind? Raises `ValueError` like `message`."""
    found = (cose.get(store, manifest_id, name) for name in (_HEADER, _DEPRECATED))
    return any(each is not None for each in found)


def holds(store: bytes, manifest_id: str, token: bytes) -> bool:
    """Is `token` the time-stamp, alone and whole? Raises `ValueError` like `message`."""
    return cose.get(store, manifest_id, _HEADER) == _container(token)


def stamped(store: bytes, manifest_id: str, token: bytes) -> bytes:
    """`store`, as long as it was, with `token` (a ``TimeStampToken``, DER) in place of padding.

    Raises `cose.NoRoom`, or `ValueError` like `message` and where a time-stamp is already.
    """
    if is_stamped(store, manifest_id):
        raise Unreadable("the signature has a time-stamp")
    return cose.fill_padding(store, manifest_id, _HEADER, _container(token))


def _container(token: bytes) -> bytes:
    """``tstContainer``: ``{"tstTokens": [{"val": token}]}``."""
    return cbor.mapping({b"tstTokens": cbor.array(cbor.mapping({b"val": cbor.string(token)}))})
