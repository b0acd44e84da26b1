"""Signing into a place that is not the engine's: it makes the store, somebody else puts it in.

Our own rewriting puts the store in and our own code hashes the bytes around it, once; the engine
gets that hash, builds the claim and signs it ("embeddable"). It never sees the file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from genlabel.credentials.signer import Signer
from genlabel.formats.format import Buffer
from genlabel.manifests.engine.c_api import Native, Spans
from genlabel.manifests.engine.cancel import carried_out
from genlabel.manifests.store import cose
from genlabel.manifests.store.below import beneath
from genlabel.model.errors import SigningError
from genlabel.model.expression import expression
from genlabel.storage import buffers

LABEL = "c2pa.hash.data"
_NAME = "jumbf manifest"  # by which the engine knows its own placeholder again
ALGORITHM = "sha256"

Put = Callable[[bytes], tuple[Buffer, Spans]]
"""Puts a store of any content into the picture: the whole file, and (start, end) of all that the
store takes there, which is what its hash leaves out (C2PA 2.4 §18.6, exclusions). Of ISO media the
spans are those of all root boxes, and the hash knows itself which of them it leaves out."""

Binding = tuple[str, Mapping[str, Any]]
"""The label of a hard binding, and its fields as the engine takes them."""

Most = tuple[str, int]
"""The label of the manifest, and the most bytes of its claim signature."""

_VALUES = {"es256": 64, "es384": 96, "es512": 132, "ed25519": 64}
"""Bytes of a signature's value; those of RSA go by the key (RFC 9053 §2)."""
_HEADERS = 128
"""Room for COSE's own headers and a rest of padding; the engine keeps 1,024 bytes for them."""
_ROUNDS = 6
"""The store names its own place, so its length can depend on where it comes to lie."""
_ZEROS = 1 << 20
"""Bytes of a file that is hashed for its length alone, at a time."""
_IDENTIFIER = expression(r':[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"')
_MOMENT = expression(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"')
_MOST_KEPT = 16
_kept: dict[Hashable, bytes] = {}
"""The unsigned stores of the last shapes. A batch has one label, and its stores are as long."""


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


def assertion(spans: Spans, digest: bytes = bytes(32)) -> dict[str, Any]:
    """The fields of a data hash that leaves out `spans` (C2PA 2.4 §18.5); bytes as numbers, which
    is how the engine takes them in JSON.
    """
    return {
        "exclusions": [{"start": start, "length": end - start} for start, end in spans],
        "name": _NAME,
        "alg": ALGORITHM,
        "hash": list(digest),
        "pad": [],
    }


def whole(data: Buffer) -> Binding:
    """The binding to a file whose manifest stays beside it: every byte is hashed (§11.4)."""
    fields = assertion((), _digest(data, ()))
    del fields["exclusions"]
    return LABEL, fields


def placed(
    native: Native,
    builder: int,
    put: Put,
    sign: Callable[[dict[str, Any]], bytes],
    *,
    most: Most | None = None,
    below: bytes = b"",
    likely: Spans = (),
    shape: Hashable = None,
) -> bytes:
    """The signed store of `builder`, bound to the file into which `put` puts it.

    What `put` makes of the returned store differs from what it was last asked for in the store
    alone: both are of the same length. `sign` gives the store with a data hash of these fields.
    Where the definition has a data hash already, it is for the spans `likely`: if the real ones are
    as long, the file is put together once. With `most` the claim signature takes
    no more bytes than that: what more padding the engine gives it goes. The boxes of the manifests
    `below` come into the store. For a `shape` that was there before, the engine is not asked how
    long its store becomes. Raises `Refused`, or `SigningError` when the store does not become as
    long as its place.
    """
    store = unsigned(native, builder, most, below, shape)
    data, spans = put(store)
    lengths = list(likely)
    for _ in range(_ROUNDS):
        if as_long(spans) == lengths:
            break
        lengths = as_long(spans)
        if shape is not None:  # the engine binds nothing before it was asked for a store
            native.placeholder(builder)
            shape = None
        # a hash of zeros is as long as the one to come
        with carried_out() as stop:
            native.bind(builder, _zeros(lengths[-1][1]), lengths, stop)
        store = shortened(native.placeholder(builder), most, below)
        data = memoryview(b"")  # two of a file need not be in memory
        data, spans = put(store)
    else:
        raise SigningError("the manifest finds no place whose address is as long as it should be")
    binding = assertion(spans, _digest(data, spans))
    return fitting(shortened(sign(binding), most, below, signed=True), store)


def shape_of(bound: str, signer: Signer) -> Hashable:
    """What of a definition (JSON) decides how long its store becomes, if nothing else goes in.

    UUIDs and times in UTC are new in every label, and always as long. No line ends in JSON's texts.
    Of the signer it is what the signature's room depends on, and not the signer, who has a key.
    """
    return signer.algorithm, signer.chain_pem, _MOMENT.sub('"\n"', _IDENTIFIER.sub(':\n"', bound))


def unsigned(
    native: Native, builder: int, most: Most | None, below: bytes, shape: Hashable
) -> bytes:
    """A store as long as the signed one: the engine's, or that of another label of this `shape`."""
    store = _kept.get(shape) if shape is not None else None
    if store is None:
        store = shortened(native.placeholder(builder), most, below)
        if shape is not None:
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[shape] = store
    return store


def fitting(signed: bytes, store: bytes) -> bytes:
    """The store `signed`, which is as long as its placeholder `store`; else `SigningError`."""
    if len(signed) != len(store) or int.from_bytes(signed[:4], "big") != len(store):
        raise SigningError(
            f"the manifest is {len(signed):,} bytes long, and {len(store):,} were kept for it"
        )
    return signed


def _digest(data: Buffer, spans: Spans) -> bytes:
    """The hash of all of `data` but `spans`, which the signature is over."""
    state, at, view = hashlib.new(ALGORITHM), 0, memoryview(data)
    if spans and spans[-1][1] > len(view):
        raise SigningError("the manifest's place lies behind the end of the file")
    for start, end in (*spans, (len(view), len(view))):
        update(state, view, at, start)
        at = end
    return state.digest()


def update(state: Any, view: memoryview, start: int, end: int) -> None:
    """Hash what lies from `start` to `end`, the pages of a mapped file let go of on the way."""
    for at in range(start, end, buffers.STRIDE):
        behind = min(end, at + buffers.STRIDE)
        state.update(view[at:behind])
        buffers.passed(view, behind)


def _zeros(size: int) -> list[bytes]:
    part = bytes(min(size, _ZEROS))
    return [part] * (size // len(part)) + [bytes(size % len(part))]


def shortened(
    store: bytes, most: Most | None, below: bytes = b"", *, signed: bool = False
) -> bytes:
    """The store without the padding of its claim signature beyond `most`, and with the boxes of the
    manifests `below` its own.
    """
    if most is not None:
        manifest_id, size = most
        store = cose.shortened(store, manifest_id, size, signed=signed)
    return beneath(store, below)


def as_long(spans: Spans) -> list[tuple[int, int]]:
    """The smallest spans whose starts and lengths take as many bytes each as those of `spans`, in
    the engine's CBOR; one behind the other, as it wants them.
    """
    smallest: list[tuple[int, int]] = []
    for start, end in spans:
        first = max(_smallest(start), smallest[-1][1] if smallest else 0)
        smallest.append((first, first + _smallest(end - start)))
    return smallest


_LEAST = (1 << 32, 1 << 16, 1 << 8, 24, 0)
"""The smallest numbers of each length in CBOR, the longest first."""


def _smallest(number: int) -> int:
    """The smallest number whose CBOR is as long (RFC 8949 §3)."""
    return next(filter(number.__ge__, _LEAST))


def bound(definition: Mapping[str, Any], spans: Spans) -> str:
    """The definition (JSON), with a hash of zeros that leaves out `spans` if there are any."""
    return json.dumps(with_binding(definition, assertion(spans)) if spans else definition)


def with_binding(
    definition: Mapping[str, Any], binding: Mapping[str, Any], label: str = LABEL
) -> dict[str, Any]:
    """The definition with the assertion of a hard binding."""
    bound = {"label": label, "data": binding}
    return {**definition, "assertions": [*definition["assertions"], bound]}
