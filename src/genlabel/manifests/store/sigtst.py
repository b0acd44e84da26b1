"""The time-stamps of a claim signature: where they are, what they must be over, putting one in.

C2PA 2.4 §10.3.2.5: a token of RFC 3161 over the finished signature ("v2", the CTT mode of RFC
9921), kept in the unprotected header, or in an assertion of a later manifest (§18.17 of 2.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from genlabel.manifests.store import cbor, cose
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.cose import ClaimSignature
from genlabel.manifests.store.manifest_store import ManifestStore
from genlabel.model.named_tuple import NamedTuple

_HEADER = b"sigTst2"
_DEPRECATED = b"sigTst"
"""Up to C2PA 2.0, over the claim instead of the signature."""
_ASSERTION = "c2pa.time-stamp"
MAX_ASSERTED = 16
"""Most tokens of later manifests that are tried for one signature."""


class Stamp(NamedTuple):
    """One time-stamp of a signature, nothing of it checked."""

    token: bytes | None
    """A ``TimeStampToken`` or ``TimeStampResp``, DER; None for a header that holds not just one."""
    message: bytes
    """What it must be over."""
    over_claim: bool = False
    """Is that the claim alone, as up to C2PA 2.0?"""


def stamps(signature: ClaimSignature) -> Iterator[Stamp]:
    """The time-stamps in the header of a signature, of either version (C2PA 2.4 §15.8.1.1)."""
    if _HEADER.decode() in signature.unprotected:
        yield Stamp(_token(signature.unprotected[_HEADER.decode()]), over(signature))
    if _DEPRECATED.decode() in signature.unprotected:
        message = signature.structure(b"CounterSignature", signature.claim)
        yield Stamp(_token(signature.unprotected[_DEPRECATED.decode()]), message, over_claim=True)


def over(signature: ClaimSignature) -> bytes:
    """What a time-stamp of today is over: a countersignature's ``Sig_structure`` (RFC 9052 §4.4)
    whose payload is the signature, itself a byte string of CBOR."""
    return signature.structure(b"CounterSignature", cbor.string(signature.signature))


def asserted(store: ManifestStore, manifest_id: str) -> tuple[bytes, ...]:
    """The tokens about the signature of `manifest_id` in time-stamp assertions of the store.

    Whoever put them there, a token says by its own signature whose it is.
    """
    return tuple(islice(_asserted(store, manifest_id), MAX_ASSERTED))


def _asserted(store: ManifestStore, manifest_id: str) -> Iterator[bytes]:
    for manifest in store.holding(_ASSERTION):
        try:
            tokens = manifest.assertion(_ASSERTION)
        except Unreadable:
            continue  # told where that manifest is judged
        token = tokens.get(manifest_id) if isinstance(tokens, dict) else None
        if isinstance(token, bytes):
            yield token


def _token(container: object) -> bytes | None:
    """The one token of a ``tstContainer``."""
    tokens = container.get("tstTokens") if isinstance(container, dict) else None
    if not isinstance(tokens, list) or len(tokens) != 1 or not isinstance(tokens[0], dict):
        return None
    token = tokens[0].get("val")
    return token if isinstance(token, bytes) else None


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
