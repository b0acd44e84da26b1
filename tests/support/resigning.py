"""A claim signed once more with whatever certificates and headers one likes, dates included.

The engine refuses to sign with certificates that have ended or are for something else; others need
not. The signature box keeps its size, and with it every hash its truth.
"""

from __future__ import annotations

import struct

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

import jumbf
from genlabel import formats
from oracles import raw
from oracles.chain import Chain

JPEG = "image/jpeg"
ES256, PS256, X5CHAIN = -7, -37, 33


class Verbatim(bytes):
    """CBOR that is encoded already."""


def cbor(value) -> bytes:
    """The CBOR of numbers, bytes, text, None, booleans, lists and dictionaries (RFC 8949)."""
    if isinstance(value, Verbatim):
        return value
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", False: b"\xf4", True: b"\xf5"}[value]
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    pairs = (cbor(key) + cbor(each) for key, each in value.items())
    return head(5, len(value)) + b"".join(pairs)


def head(major: int, argument: int) -> bytes:
    """The head of an item."""
    if argument < 24:
        return bytes([major << 5 | argument])
    width = next(width for width in (1, 2, 4, 8) if argument < 1 << 8 * width)
    return bytes([major << 5 | 23 + width.bit_length()]) + argument.to_bytes(width, "big")


def ders(chain: Chain) -> list[bytes]:
    """The chain's certificates, the leaf first."""
    found = x509.load_pem_x509_certificates(chain.certificates)
    return [each.public_bytes(serialization.Encoding.DER) for each in found]


def signed(data: bytes) -> bytes:
    """The JPEG file `data` with a manifest whose signature box has room for others."""
    chain = Chain.new()
    # The root does no harm in the chain, and takes the room.
    roomy = Chain(
        organisation=chain.organisation,
        key=chain.key,
        certificates=chain.certificates + chain.anchor,
        anchor=chain.anchor,
    )
    return raw.sign(data, JPEG, roomy)


def resigned(
    data: bytes, chain: Chain, *, protected: dict | None = None, unprotected: dict | None = None
) -> bytes:
    """`data`, as `signed` gives it, with the claim signed by the key of `chain`.

    The headers are those of ES256 and `chain`, or as given.
    """
    store = formats.identify(data).survey(data).manifest
    assert store is not None
    assert data.count(store) == 1, "the store is split: take a smaller picture"
    boxes = {box.label: box for box in jumbf.walk(store) if box.type == "jumb"}
    claim = next(box for label, box in boxes.items() if label.startswith("c2pa.claim"))
    room = _content(store, boxes["c2pa.signature"])
    if protected is None:
        protected = {1: ES256, X5CHAIN: ders(chain)}
    guarded = cbor(protected)
    begin, end = _content(store, claim)
    value = signature_of(chain, cbor(["Signature1", guarded, b"", store[begin:end]]))
    cose = _padded(guarded, unprotected or {}, value, room[1] - room[0])
    return data.replace(store, store[: room[0]] + cose + store[room[1] :])


def _content(store: bytes, superbox: jumbf.Box) -> tuple[int, int]:
    """Where the content of the CBOR box of a superbox lies."""
    start = superbox.start + jumbf.HEADER
    box = next(each for each in jumbf.walk(store, start, superbox.end) if each.type == "cbor")
    return box.start + jumbf.HEADER, box.end


def signature_of(chain: Chain, data: bytes) -> bytes:
    """By ES256 or PS256, whatever the key's curve or length."""
    key = serialization.load_pem_private_key(chain.key, None)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    width = (key.curve.key_size + 7) // 8
    numbers = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return b"".join(each.to_bytes(width, "big") for each in numbers)


def _padded(guarded: bytes, unprotected: dict, value: bytes, size: int) -> bytes:
    """COSE_Sign1 of `size` bytes; ``pad`` is C2PA's own header for that (2.4 §13.2.3)."""
    missing = 0
    for _ in range(4):  # the head of the padding grows with it
        headers = {**unprotected, "pad": bytes(missing)}
        cose = b"\xd2" + cbor([guarded, headers, None, value])
        missing += size - len(cose)
        assert missing >= 0, "no room for this signature"
        if len(cose) == size:
            return cose
    raise AssertionError("no padding fits")
