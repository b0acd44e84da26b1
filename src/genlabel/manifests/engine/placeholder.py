"""Signing into a place that is not the engine's: it makes the store, somebody else puts it in.

The engine embeds well in most formats. Where it would leave an index stale or write a document
anew, our own rewriting puts the store in, and the engine binds it to the bytes around it
("embeddable").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlabel.credentials.signer import Signer
from genlabel.formats.format import Buffer
from genlabel.manifests.engine.c_api import Native, Spans
from genlabel.manifests.engine.cancel import Stop
from genlabel.manifests.store import cose
from genlabel.model.errors import SigningError

Put = Callable[[bytes], tuple[Buffer, Spans]]
"""Puts a store of any content into the picture: the whole file, and (start, end) of all that the
store takes there, which is what its hash leaves out (C2PA 2.4 §18.6, exclusions)."""

Most = tuple[str, int]
"""The label of the manifest, and the most bytes of its claim signature."""

_VALUES = {"es256": 64, "es384": 96, "es512": 132, "ed25519": 64}
"""Bytes of a signature's value; those of RSA go by the key (RFC 9053 §2)."""
_HEADERS = 128
"""Room for COSE's own headers and a rest of padding; the engine keeps 1,024 bytes for them."""
_ROUNDS = 6
"""The store names its own place, so its length can depend on where it comes to lie."""
_ZEROS = 1 << 20
"""Most bytes that are hashed for nothing."""


def most(definition: Mapping[str, Any], signer: Signer, *, room: bool) -> Most | None:
    """How long the claim signature may be at most; None where its padding is to stay."""
    label = definition.get("label")  # without one the engine makes it up, and nobody can find it
    size = None if room or label is None else _signature_size(signer)
    return None if size is None else (str(label), size)


def _signature_size(signer: Signer) -> int | None:
    """Most bytes that a claim signature needs without padding; None where nobody knows."""
    value = _VALUES.get(signer.algorithm)
    # as text the certificates are longer by a third, and by their headings
    return _HEADERS + value + len(signer.chain_pem) * 3 // 4 if value else None


def placed(
    native: Native,
    builder: int,
    put: Put,
    stop: Stop,
    *,
    most: Most | None = None,
) -> bytes:
    """The signed store of `builder`, bound to the file into which `put` puts it.

    The signer stands in the builder's context. What `put` makes of the returned store differs from
    what it was last asked for in the store alone: both are of the same length. With `most` the
    claim signature takes no more bytes than that: what more padding the engine gives it goes.
    Raises `Refused`, or `SigningError` when the store does not become as long as its place.
    """
    data, spans = put(_shortened(native.placeholder(builder), most))
    for _ in range(_ROUNDS):
        as_long = _as_long(spans)
        end = as_long[-1][1]
        # A hash of zeros is as long as the one to come.
        native.bind(builder, *((bytes(end), as_long) if end <= _ZEROS else (data, spans)), stop)
        store = _shortened(native.placeholder(builder), most)
        data, spans = put(store)
        if _as_long(spans) == as_long:
            break
    else:
        raise SigningError("the manifest finds no place whose address is as long as it should be")
    native.bind(builder, data, spans, stop)
    signed = _shortened(native.sign_embeddable(builder), most, signed=True)
    if len(signed) != len(store) or int.from_bytes(signed[:4], "big") != len(store):
        raise SigningError(
            f"the manifest is {len(signed):,} bytes long, and {len(store):,} were kept for it"
        )
    return signed


def _shortened(store: bytes, most: Most | None, *, signed: bool = False) -> bytes:
    if most is None:
        return store
    manifest_id, size = most
    return cose.shortened(store, manifest_id, size, signed=signed)


def _as_long(spans: Spans) -> list[tuple[int, int]]:
    """The smallest spans whose starts and lengths take as many bytes each as those of `spans`, in
    the engine's CBOR; one behind the other, as it wants them.
    """
    smallest: list[tuple[int, int]] = []
    for start, end in spans:
        first = max(_smallest(start), smallest[-1][1] if smallest else 0)
        smallest.append((first, first + _smallest(end - start)))
    return smallest


def _smallest(number: int) -> int:
    """The smallest number whose CBOR is as long (RFC 8949 §3)."""
    return max(least for least in (0, 24, 1 << 8, 1 << 16, 1 << 32) if least <= number)
