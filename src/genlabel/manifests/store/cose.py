"""The claim signature of one manifest (COSE_Sign1): who signed what and how, and its headers.

The engine keeps the certificates to itself. What it reads is read here, whatever the form; wherever
two readers could see different things (doubles, bytes behind), nothing is found. Headers are put in
place of padding in the plain form alone, which is how everybody writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from genlabel.manifests.store import cbor, cbor_value, jumbf, manifest_store
from genlabel.manifests.store.cbor import Ambiguous, Item, Major, Unreadable

MAX_SIGNATURE = 256 * 1024
"""Most bytes of a signature box: certificates, time-stamp, revocation answers and padding take
some 10 to 30 KB."""
MAX_CERTIFICATES = 10
"""C2PA's own chains have two or three."""
_MAX_HEADERS = 64
"""Most keys and values of a header map into which something is put; C2PA knows half a dozen."""

# The content types of superboxes, C2PA 2.4 §11.1.4
_SIGNATURE = bytes.fromhex("63326373 0011 0010 8000 00AA00389B71")  # c2cs
_CLAIM = bytes.fromhex("6332636C 0011 0010 8000 00AA00389B71")  # c2cl

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
_COSE_SIGN1 = 18  # the tag of COSE_Sign1, RFC 9052 §4.2
_ALGORITHM = 1  # the header parameter alg, RFC 9052 §3.1
_X5CHAIN = 33  # the header parameter x5chain, RFC 9360 §2
_X5CHAIN_AS_TEXT = "x5chain"  # its name in C2PA up to 2.4
_PADDING = (b"pad", b"pad2")  # C2PA 2.4 §10.4.2: zeros, in two pieces where one cannot fit
_MAX_PADDING = 0xFFFF
"""Most bytes of one piece: its length takes two bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign1:
    """A COSE_Sign1 (RFC 9052 §4.2), decoded; nothing of it checked."""

    guarded: bytes = field(repr=False)
    """The protected header as it stands, which the signature is over."""
    protected: Mapping[Any, Any]
    unprotected: Mapping[Any, Any]
    payload: bytes | None = field(repr=False)
    """None where it is detached, or empty."""
    signature: bytes = field(repr=False)

    @property
    def algorithm(self) -> int | None:
        """COSE's number, e.g. -7 for ES256; None where the protected header has none."""
        algorithm = self.protected.get(_ALGORITHM)
        return algorithm if type(algorithm) is int else None

    @property
    def certificates(self) -> tuple[bytes, ...]:
        """DER, the signer's first, then as they stand; from whichever header has them.

        Raises `Unreadable` where none are, and `Ambiguous` where more than one header has some.
        """
        chains = [
            headers[key]
            for headers in (self.protected, self.unprotected)
            for key in (_X5CHAIN, _X5CHAIN_AS_TEXT)
            if key in headers
        ]
        if len(chains) > 1:
            raise Ambiguous("more than one chain of certificates")
        return _certificates(chains[0] if chains else None)

    def over(self, payload: bytes) -> bytes:
        """What the signature is over if that is the payload: COSE's ``Sig_structure`` (§4.4)."""
        return cbor.array(
            cbor.text(b"Signature1"),
            cbor.string(self.guarded),
            cbor.string(b""),
            cbor.string(payload),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSignature:
    """What a signature box holds, and the claim that it is over; nothing of it checked."""

    certificates: tuple[bytes, ...] = field(repr=False)
    """DER, the signer's first, then as they stand."""
    algorithm: int
    """COSE's number, e.g. -7 for ES256."""
    signature: bytes = field(repr=False)
    signed: bytes = field(repr=False)
    """The bytes that the signature is over, COSE's ``Sig_structure``."""
    unprotected: Mapping[Any, Any] = field(default_factory=dict, repr=False)
    """The header that no signature covers, such as time-stamps."""


def span(store: bytes, manifest_id: str) -> tuple[int, int]:
    """Where the COSE structure of the claim signature of `manifest_id` begins and ends.

    Raises `ValueError` when there is not exactly one.
    """
    manifest = jumbf.manifest(store, manifest_id)
    box = jumbf.cbor_in(store, jumbf.only(store, manifest, b"c2pa.signature", _SIGNATURE))
    return box.start, box.end


def claim_signature(store: bytes, manifest_id: str) -> ClaimSignature | None:
    """The claim signature of the manifest `manifest_id` in a manifest store.

    None when there is not exactly one, or when anything about it can be read in two ways. Never
    raises, whatever the bytes.
    """
    try:
        manifest = manifest_store.read(store).manifests.get(manifest_id)
        if manifest is None:
            return None
        return of_claim(manifest.signature, manifest.claim_box.content(b"cbor"))
    except Unreadable:
        return None


def of_claim(signature: bytes, claim: bytes) -> ClaimSignature:
    """The claim signature in the bytes of a signature box, over those of a claim.

    Raises `Unreadable`, and `Ambiguous` for what can be read in two ways.
    """
    read = sign1(signature)
    if read.payload is not None and read.payload != claim:  # C2PA 2.4 §13.2: it is the claim box
        raise Ambiguous("a payload of its own")
    algorithm = read.algorithm
    if algorithm is None:
        raise Unreadable("no algorithm")
    if _ALGORITHM in read.unprotected:
        raise Ambiguous("more than one algorithm")
    return ClaimSignature(
        certificates=read.certificates,
        algorithm=algorithm,
        signature=read.signature,
        signed=read.over(claim),
        unprotected=read.unprotected,
    )


def sign1(signature: bytes) -> Sign1:
    """The COSE_Sign1 that fills `signature`, tagged as such.

    Raises `Unreadable`, and `Ambiguous` for a key twice in a header and for bytes behind.
    """
    if len(signature) > MAX_SIGNATURE:
        raise Unreadable(f"{len(signature):,} bytes of signature")
    tagged = cbor_value.value(signature)
    if not isinstance(tagged, cbor_value.Tag) or tagged.number != _COSE_SIGN1:
        raise Unreadable("no COSE_Sign1")
    if not isinstance(tagged.value, list) or len(tagged.value) != 4:
        raise Unreadable("a COSE_Sign1 that has not four parts")
    guarded, unprotected, payload, value = tagged.value
    if not isinstance(guarded, bytes) or not isinstance(value, bytes):
        raise Unreadable("a header or signature that is no bytes")
    if payload is not None and not isinstance(payload, bytes):
        raise Unreadable("a payload that is no bytes")
    protected = cbor_value.value(guarded) if guarded else {}
    if not isinstance(protected, dict) or not isinstance(unprotected, dict):
        raise Unreadable("a header that is no map")
    return Sign1(
        guarded=guarded,
        protected=protected,
        unprotected=unprotected,
        payload=payload or None,
        signature=value,
    )


def parts(signature: bytes) -> tuple[Item, Item, Item]:
    """Protected header, unprotected header and signature of a COSE_Sign1 (RFC 9052 §4.2).

    Raises `Unreadable`.
    """
    if len(signature) > MAX_SIGNATURE:
        raise Unreadable(f"{len(signature):,} bytes of signature")
    tagged = cbor.item(signature)
    if tagged.major is not Major.TAG or tagged.argument != _COSE_SIGN1:
        raise Unreadable("no COSE_Sign1")
    if tagged.end != len(signature):
        raise Unreadable("something follows the signature")
    (array,) = cbor.children(signature, tagged, most=1)
    protected, unprotected, payload, value = cbor.children(signature, array, most=4)
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
            raise Unreadable(f"the header {name!r} twice")
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
        raise Unreadable(f"the header {label!r} is there already")
    kept, at = [], unprotected.start
    for name, each in entries.items():
        if name not in _PADDING:
            kept.append(signature[at : each.end])
        at = each.end
    kept.append(cbor.text(label) + value)
    changed = _map(kept, unprotected.end - unprotected.head)
    return store[: start + unprotected.head] + changed + store[start + unprotected.end :]


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


def _certificates(value: object) -> tuple[bytes, ...]:
    """RFC 9360 §2: one certificate as bytes, or several in an array."""
    listed = value if isinstance(value, list) else [value]
    if not 1 <= len(listed) <= MAX_CERTIFICATES or any(type(each) is not bytes for each in listed):
        raise Unreadable("certificates in another form")
    return tuple(listed)
