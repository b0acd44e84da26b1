"""ISO files with any hash of ISO media one likes in their manifest, signed, made without genlabel's
own writing; and what such a hash says in a file that somebody else signed.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Container, Sequence
from typing import Any

from c2pa import Builder, C2paSignerInfo, Context, Signer

import jumbf
from drawn_kinds_heif import box, split
from oracles import raw
from oracles.chain import Chain
from resigning import ES256, X5CHAIN, Verbatim, cbor, ders, signature_of

C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
MANIFEST = {"xpath": "/uuid", "data": [{"offset": 8, "value": C2PA}]}
"""The exclusion that every binding of an ISO file needs."""
USUAL = [MANIFEST, *({"xpath": path} for path in ("/ftyp", "/mfra", "/free", "/skip"))]
"""What the engine leaves out (c2pa 0.91)."""
_TYPE = bytes.fromhex("00110010800000aa00389b71")
_URN = "urn:c2pa:2b1d3c4e-5f60-4718-8293-a4b5c6d7e8f9"
LABELS = {1: "c2pa.hash.bmff", 2: "c2pa.hash.bmff.v2", 3: "c2pa.hash.bmff.v3"}


def bound(
    data: bytes,
    fields: Callable[[bytes], dict[str, Any]],
    chain: Chain,
    *,
    version: int = 3,
) -> bytes:
    """`data` with a manifest behind it, so that nothing moves.

    Its binding is what `fields` gives for the whole file; it is asked twice, and must say as much
    at the second time as at the first.
    """

    def put(store: bytes) -> bytes:
        return data + box(b"uuid", C2PA, bytes(4), b"manifest\0", bytes(8), store)

    draft = put(_store(fields(put(bytes(4))), chain, version))
    room = len(draft) - len(put(b""))
    made = put(_store(fields(put(bytes(room))), chain, version))
    assert len(made) == len(draft), "the binding changed its size"
    return made


def proof(fields: dict[str, Any], padding: int = 0) -> bytes:
    """A ``uuid`` box of purpose ``merkle``."""
    return box(b"uuid", C2PA, bytes(4), b"merkle\0", cbor(fields), bytes(padding))


def binding(store: bytes) -> tuple[int, dict[str, Any]]:
    """Version and fields of the (last) hash of ISO media in a manifest store."""
    named = {name: version for version, name in LABELS.items()}
    found = [each for each in jumbf.walk(store) if each.type == "jumb" and each.label in named]
    start = found[-1].start + jumbf.HEADER
    inner = next(each for each in jumbf.walk(store, start, found[-1].end) if each.type == "cbor")
    value, _ = plain(store, inner.start + jumbf.HEADER)
    assert isinstance(value, dict)
    return named[found[-1].label], value


def plain(data: bytes, at: int = 0) -> tuple[Any, int]:
    """A CBOR item of definite length as plain values, and where it ends."""
    major, short = data[at] >> 5, data[at] & 31
    at += 1
    argument = short
    if short >= 24:
        width = 1 << short - 24
        argument = int.from_bytes(data[at : at + width], "big")
        at += width
    match major:
        case 0:
            return argument, at
        case 2:
            return data[at : at + argument], at + argument
        case 3:
            return data[at : at + argument].decode(), at + argument
        case 4:
            items = []
            for _ in range(argument):
                value, at = plain(data, at)
                items.append(value)
            return items, at
        case 5:
            fields = {}
            for _ in range(argument):
                key, at = plain(data, at)
                fields[key], at = plain(data, at)
            return fields, at
        case 7:
            return {20: False, 21: True, 22: None}[argument], at
    raise ValueError(f"major type {major}")


def _superbox(kind: bytes, label: str, *inside: bytes) -> bytes:
    return box(b"jumb", box(b"jumd", kind, _TYPE, b"\3", label.encode(), b"\0"), *inside)


def _store(fields: dict[str, Any], chain: Chain, version: int) -> bytes:
    source = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    actions = {"actions": [{"action": "c2pa.created", "digitalSourceType": source}]}
    boxes = [
        (label, _superbox(b"cbor", label, box(b"cbor", encoded(value))))
        for label, value in (("c2pa.actions.v2", actions), (LABELS[version], fields))
    ]
    uri = f"self#jumbf=/c2pa/{_URN}/"
    claim = cbor(
        {
            "instanceID": "xmp:iid:1",
            "claim_generator_info": {"name": "by hand"},
            "signature": uri + "c2pa.signature",
            "created_assertions": [
                {
                    "url": f"self#jumbf=c2pa.assertions/{label}",
                    "hash": hashlib.sha256(whole[8:]).digest(),
                }
                for label, whole in boxes
            ],
            "alg": "sha256",
        }
    )
    guarded = cbor({1: ES256, X5CHAIN: ders(chain)})
    value = signature_of(chain, cbor(["Signature1", guarded, b"", claim]))
    cose = b"\xd2" + cbor([guarded, {}, None, value])
    manifest = _superbox(
        b"c2ma",
        _URN,
        _superbox(b"c2as", "c2pa.assertions", *(whole for _, whole in boxes)),
        _superbox(b"c2cl", "c2pa.claim.v2", box(b"cbor", claim)),
        _superbox(b"c2cs", "c2pa.signature", box(b"cbor", cose)),
    )
    return _superbox(b"c2pa", "c2pa", manifest)


def encoded(value: Any) -> bytes:
    """`cbor`, with true and false."""
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, list):
        return Verbatim(cbor([Verbatim(encoded(each)) for each in value]))
    if isinstance(value, dict):
        return Verbatim(cbor({key: Verbatim(encoded(each)) for key, each in value.items()}))
    return cbor(value)


def roots(data: bytes) -> list[tuple[bytes, int, int]]:
    """Type, start and end of the root boxes, read without genlabel."""
    found = []
    at = 0
    for kind, whole in split(data):
        found.append((kind, at, at + len(whole)))
        at += len(whole)
    return found


def hashed(
    data: bytes,
    loose: Sequence[tuple[int, int]] = (),
    *,
    whole: Container[int] = (),
    placed: bool = True,
    start: int = 0,
    end: int | None = None,
) -> bytes:
    """The SHA-256 of a file without the spans `loose`, as §18.7.2 says it.

    Each root box stands behind its offset where `placed`, but for those that begin at one of
    `whole`; only those from `start` to `end` count.
    """
    end = len(data) if end is None else end
    kept = bytearray(b"\1" * len(data))
    for first, last in loose:
        kept[first:last] = bytes(last - first)
    state = hashlib.sha256()
    for _, first, last in roots(data):
        if not start <= first < end:
            continue
        if placed and first not in whole:
            state.update(first.to_bytes(8, "big"))
        state.update(bytes(data[at] for at in range(first, last) if kept[at]))
    return state.digest()


def usual(data: bytes) -> list[tuple[int, int]]:
    """The boxes that `USUAL` leaves out."""
    return [
        (start, end)
        for kind, start, end in roots(data)
        if kind in (b"ftyp", b"mfra", b"free", b"skip") or data[start + 8 : start + 24] == C2PA
    ]


def placed_hash(data: bytes, more: Sequence[tuple[int, int]] = ()) -> bytes:
    """The hash by `USUAL` and by what else is left out, in part or whole."""
    loose = [*usual(data), *more]
    return hashed(data, loose, whole={start for start, _ in usual(data)})


def tree_signed(data: bytes, mime: str, chain: Chain, *, kilobytes: int, proofs: int) -> bytes:
    """`data` signed by the engine with a Merkle tree over each ``mdat`` box."""
    signer = Signer.from_info(C2paSignerInfo(b"es256", chain.certificates, chain.key, None))
    settings = {
        "core": {
            "merkle_tree_chunk_size_in_kb": kilobytes,
            "merkle_tree_max_proofs": proofs,
        },
        "verify": {"verify_after_sign": False},
        "builder": {"thumbnail": {"enabled": False}},
        "trust": {"trust_config": raw.EKUS},
    }
    signed = io.BytesIO()
    with Builder(raw.generated(), context=Context.from_dict(settings)) as builder:
        builder.sign(signer, mime, io.BytesIO(data), signed)
    return signed.getvalue()
