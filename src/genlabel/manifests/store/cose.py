"""The claim signature of one manifest (COSE_Sign1): who signed what and how, and its headers.

The engine keeps the certificates to itself. What it reads is read here, whatever the form; wherever
two readers could see different things (doubles, bytes behind), nothing is found. Headers are put in
place of padding in the plain form alone, which is how everybody writes them.
"""

from __future__ import annotations

from dataclasses import field, fields
from functools import lru_cache

from genlabel.manifests.store import cbor, cose_sign1, jumbf
from genlabel.manifests.store.cbor import Ambiguous, Item, Major, Unreadable
from genlabel.manifests.store.cose_sign1 import MAX_SIGNATURE, Sign1
from genlabel.manifests.store.manifest_store import Manifest
from genlabel.model.dataclass import dataclass
from genlabel.model.escape import quoted

_MAX_HEADERS = 64
"""Most keys and values of a header map into which something is put; C2PA knows half a dozen."""

_SIGNATURE = bytes.fromhex("63326373 0011 0010 8000 00AA00389B71")  # c2cs, C2PA 2.4 §11.1.4

ALGORITHMS = {  # RFC 9053 §2.1 and §2.2, RFC 8230 §2: those that C2PA allows (2.4 §13.2.1)
    -7: "es256",
    -35: "es384",
    -36: "es512",
    -37: "ps256",
    -38: "ps384",
    -39: "ps512",
    -8: "ed25519",
}
"""Names of the signature algorithms by COSE's numbers."""
_SIGNED = "\0signed"
_COSE_SIGN1 = 18  # the tag of COSE_Sign1, RFC 9052 §4.2
_PADDING = (b"pad", b"pad2")  # C2PA 2.4 §10.4.2: zeros, in two pieces where one cannot fit
_MAX_PADDING = 0xFFFF
"""Most bytes of one piece: its length takes two bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSignature(Sign1):
    """What a signature box holds, and the claim that it is over; nothing of it checked."""

    claim: bytes = field(repr=False)
    """The claim's CBOR, which is the payload."""

    @property
    def signed(self) -> bytes:
        """The bytes that the signature is over."""
        return self.over(self.claim)


def claim_signature(manifest: Manifest) -> ClaimSignature:
    """The claim signature of a manifest. Raises `Unreadable`, as `of_claim`."""
    claim = manifest.claim_box.content(b"cbor")
    return manifest.once(_SIGNED, lambda: of_claim(manifest.signature, claim))


@lru_cache(maxsize=16)  # several rooms look at the signature of one manifest
def of_claim(signature: bytes, claim: bytes) -> ClaimSignature:
    """The claim signature in the bytes of a signature box, over those of a claim.

    Raises `Unreadable`, and `Ambiguous` for what can be read in two ways.
    """
    read = cose_sign1.read(signature)
    if read.payload not in (None, claim):  # C2PA 2.4 §13.2: it is the claim box
        raise Ambiguous("a payload of its own")
    headers = {each.name: getattr(read, each.name) for each in fields(Sign1)}
    return ClaimSignature(**headers, claim=claim)


def span(store: bytes, manifest_id: str) -> tuple[int, int]:
    """Where the COSE structure of the claim signature of `manifest_id` begins and ends.

    Raises `ValueError` when there is not exactly one.
    """
    manifest = jumbf.manifest(store, manifest_id)
    box = jumbf.cbor_in(store, jumbf.only(store, manifest, b"c2pa.signature", _SIGNATURE))
    return box.start, box.end


def parts(signature: bytes) -> tuple[Item, Item, Item]:
    """Protected header, unprotected header and signature of a COSE_Sign1 (RFC 9052 §4.2).

    Raises `Unreadable`.
    """
    if len(signature) > MAX_SIGNATURE:
        raise Unreadable(f"{len(signature):,} bytes of signature")
    tagged = cbor.opening(signature)
    if tagged.major is not Major.TAG or tagged.argument != _COSE_SIGN1:
        raise Unreadable("no COSE_Sign1")
    array = cbor.opening(signature, tagged.end)
    protected, unprotected, payload, value = cbor.children(signature, array, most=4)
    if value.end != len(signature):
        raise Unreadable("something follows the signature")
    if not payload.is_null():  # C2PA 2.4 §13.2: the payload is the claim box
        raise Unreadable("a payload of its own")
    if protected.major is not Major.BYTES or value.major is not Major.BYTES:
        raise Unreadable("a header or signature that is no bytes")
    return protected, unprotected, value


def headers(data: bytes, where: Item | None = None) -> dict[int | bytes, Item]:
    """The values of a header map by their labels, each of which is there once."""
    values: dict[int | bytes, Item] = {}
    mapping = where or cbor.item(data)
    if mapping.major is not Major.MAP or (where is None and mapping.end != len(data)):
        raise Unreadable("a header that is no map")
    listed = cbor.children(data, mapping, most=_MAX_HEADERS)
    for key, value in zip(listed[::2], listed[1::2], strict=True):
        label = key.integer
        if label is None and key.major is not Major.TEXT:
            raise Unreadable("a header whose label is neither integer nor text")
        name = cbor.content(data, key) if label is None else label
        if name in values:
            raise Unreadable(f"the header {quoted(name)} twice")
        values[name] = value
    return values


def get(store: bytes, manifest_id: str, label: bytes) -> bytes | None:
    """The value of the unprotected header `label` as CBOR; None when it is not there.

    Raises `ValueError` for a signature box that can be read in two ways.
    """
    start, end = span(store, manifest_id)
    signature = store[start:end]
    _, unprotected, _ = parts(signature)
    value = headers(signature, unprotected).get(label)
    return None if value is None else signature[value.head : value.end]


def fill_padding(store: bytes, manifest_id: str, label: bytes, value: bytes) -> bytes:
    """`store` with the unprotected header `label`, whose `value` is CBOR, in place of padding.

    No signature covers that header (RFC 9052 §3), and the hard binding leaves out exactly the bytes
    of the manifest: the result is as long as `store`, and every hash stays. Raises `NoRoom`, or
    `ValueError` for what cannot be read.
    """
    start, end = span(store, manifest_id)
    signature = store[start:end]
    _, unprotected, _ = parts(signature)
    entries = headers(signature, unprotected)
    if label in entries:
        raise Unreadable(f"the header {quoted(label)} is there already")
    kept, at = [], unprotected.start
    for name, each in entries.items():
        if name not in _PADDING:
            kept.append(signature[at : each.end])
        at = each.end
    kept.append(cbor.text(label) + value)
    changed = _map(kept, unprotected.end - unprotected.head)
    return store[: start + unprotected.head] + changed + store[start + unprotected.end :]


def shortened(store: bytes, manifest_id: str, size: int, *, signed: bool) -> bytes:
    """`store` with a claim signature of no more than `size` bytes where padding can go for that.

    Of a store that is not `signed` yet only the length counts. Raises `NoRoom`, or `ValueError` for
    what cannot be read.
    """
    manifest = jumbf.manifest(store, manifest_id)
    superbox = jumbf.only(store, manifest, b"c2pa.signature", _SIGNATURE)
    box = jumbf.cbor_in(store, superbox)
    signature = store[box.start : box.end]
    fewer = len(signature) - size
    if fewer <= 0:
        return store
    changed = _tightened(signature, fewer) if signed else bytes(size)
    result = bytearray(store[: box.start] + changed + store[box.end :])
    (whole,) = jumbf.boxes(store, 0, len(store))
    for each in (whole, manifest, superbox, box):
        at = each.start - jumbf.HEADER
        result[at : at + 4] = (each.end - at - fewer).to_bytes(4, "big")
    return bytes(result)


def _tightened(signature: bytes, fewer: int) -> bytes:
    """A signature with so many bytes of padding less."""
    _, unprotected, _ = parts(signature)
    kept, at = [], unprotected.start
    for name, each in headers(signature, unprotected).items():
        if name not in _PADDING:
            kept.append(signature[at : each.end])
        at = each.end
    changed = _map(kept, unprotected.end - unprotected.head - fewer)
    return signature[: unprotected.head] + changed + signature[unprotected.end :]


class NoRoom(ValueError):
    """The padding is shorter than what should take its place; `missing` bytes."""

    def __init__(self, missing: int) -> None:
        super().__init__(f"{missing} bytes are missing")
        self.missing = missing


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
        second = cbor.text(_PADDING[1]) + cbor.string(bytes(2))
        first = _padding(gap - len(second), 1)
        return None if first is None else first + second
    name = cbor.text(_PADDING[0])
    for width in (1, 2, 3):
        length = gap - len(name) - width
        if 0 <= length <= _MAX_PADDING and len(cbor.head(Major.BYTES, length)) == width:
            return name + cbor.string(bytes(length))
    return None
