"""CAWG identity assertions made by hand, so that they may break every rule there is.

A signed picture with an identity assertion of the engine's is taken as the mould. What replaces the
assertion has its size, so that every other byte of the file stays where it is; the claim is given
the new hash and signed once more.
"""

from __future__ import annotations

import hashlib

import jumbf
from genlabel import formats
from oracles.chain import Chain
from resigning import ES256, X5CHAIN, Verbatim, cbor, ders, resigned, signature_of

LABEL = "cawg.identity"
X509, ICA = "cawg.x509.cose", "cawg.identity_claims_aggregation"


def roomy(chain: Chain) -> Chain:
    """The same with its root in the chain, which takes room and does no harm."""
    return Chain(
        organisation=chain.organisation,
        key=chain.key,
        certificates=chain.certificates + chain.anchor,
        anchor=chain.anchor,
    )


def payload(data: bytes, *names: str, sig_type: str = X509, roles: tuple[str, ...] = ()) -> dict:
    """A signer's payload that references the assertions called `names`, by their true hashes."""
    store, boxes = _boxes(data)
    listed = [
        {
            "url": f"self#jumbf=c2pa.assertions/{name}",
            "hash": hashlib.sha256(_inside(store, boxes[name])).digest(),
        }
        for name in names
    ]
    made = {"referenced_assertions": listed, "sig_type": sig_type}
    return {**made, "role": list(roles)} if roles else made


def signature(said: dict, chain: Chain, *, protected: dict | None = None) -> bytes:
    """COSE_Sign1 over `said` by the key of `chain`, as CAWG Identity 1.3 §8.2 wants it."""
    guarded = cbor(protected or {1: ES256, X5CHAIN: ders(chain)})
    value = signature_of(chain, cbor(["Signature1", guarded, b"", cbor(said)]))
    return b"\xd2" + cbor([guarded, {}, None, value])


def assertion(said: dict, value: bytes, **more: object) -> dict:
    """The assertion's map but for its padding."""
    return {"signer_payload": said, "signature": value, **more}


def filled(data: bytes, content: dict) -> bytes:
    """The CBOR of an assertion's map, padded to the size of the one in `data`."""
    store, boxes = _boxes(data)
    begin, end = _cbor(store, boxes[LABEL])
    return _padded(content, end - begin)


def replaced(data: bytes, content: dict | bytes, claimer: Chain) -> bytes:
    """`data` with this identity assertion in place of its own, claimed by `claimer`.

    A map is padded with `pad1` to the size that is there; bytes must have it.
    """
    store, boxes = _boxes(data)
    box = boxes[LABEL]
    begin, end = _cbor(store, box)
    new = content if isinstance(content, bytes) else _padded(content, end - begin)
    assert len(new) == end - begin, f"{len(new)} bytes where {end - begin} are"
    before = hashlib.sha256(_inside(store, box)).digest()
    made = store[:begin] + new + store[end:]
    assert made.count(before) == 1
    made = made.replace(before, hashlib.sha256(_inside(made, box)).digest())
    assert data.count(store) == 1
    return resigned(data.replace(store, made), claimer)


def _padded(content: dict, size: int) -> bytes:
    pad = content.get("pad1")
    for length in (size - len(cbor({**content, "pad1": b""})) - more for more in (0, 1, 2, 4)):
        assert length >= 0, "no room for this assertion"
        filled = pad[:1] * length if isinstance(pad, bytes) and pad else bytes(length)
        made = cbor({**content, "pad1": filled})
        if len(made) == size:
            return made
    made = cbor({**content, "pad1": Verbatim(b"")})  # a longer head than is needed fits always
    length = size - len(made) - 5
    return made + b"\x5a" + length.to_bytes(4, "big") + bytes(length)


def _cbor(store: bytes, box: jumbf.Box) -> tuple[int, int]:
    """Where the content of the CBOR box in a superbox lies."""
    inside = jumbf.walk(store, box.start + jumbf.HEADER, box.end)
    inner = next(each for each in inside if each.type == "cbor")
    return inner.start + jumbf.HEADER, inner.end


def _boxes(data: bytes) -> tuple[bytes, dict[str, jumbf.Box]]:
    store = formats.identify(data).survey(data).manifest
    assert store is not None
    return store, {box.label: box for box in jumbf.walk(store) if box.type == "jumb"}


def _inside(store: bytes, box: jumbf.Box) -> bytes:
    return store[box.start + jumbf.HEADER : box.end]
