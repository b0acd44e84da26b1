"""Forgeries by the form of a claim signature: what COSE lets stand where, and what it does not.

RFC 9052 §3, §4.2 and §4.4, RFC 9360 §2, C2PA 2.4 §13.2 and §14.2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

import hand_made_chains as hand_made
from forgeries.case import Files, Made, grouped
from forgeries.certificates import signed as signed_by, under
from forgeries.forge import Draft, embedded, forger, generated, signature_over
from genlabel.testing import picture
from resigning import ES256, X5CHAIN, Verbatim, cbor, ders, head

USUAL = "a signature as it should be, honest"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256: a signature (r, s) holds as (r, ORDER - s), too."""
_TAG = b"\xd2"
NOBODY: Mapping[str, Any] = {
    **{"integrity": "broken", "state": "invalid", "attested": False},
    **dict.fromkeys(("trust", "validity", "time")),
    "errors": ("claimSignature.mismatch",),
}
UNREAD = {**NOBODY, "form": "unknown", "warnings": ("genlabel.form.unchecked",)}
"""The same of what the engine does not open, either."""
ALTERED = {**NOBODY, "trust": "unknown", "validity": "unprovable", "time": "none"}
"""It is no signature over this claim by the key of the certificate beside it."""
NO_ALGORITHM = {
    **NOBODY,
    "form": "malformed",
    "errors": ("algorithm.unsupported", "claimSignature.mismatch"),
}
NO_SUCH = {
    **NOBODY,
    "integrity": "unknown",
    "form": "malformed",
    "errors": ("algorithm.unsupported",),
}
UNCHECKED = {**NOBODY, "integrity": "unknown", "errors": ("genlabel.signature.unchecked",)}
"""Whether it holds, nobody can say here: nothing need have been changed."""
UNISSUED = {
    **{"trust": "unknown", "validity": "unprovable", "state": "invalid", "attested": False},
    "errors": ("signingCredential.invalid",),
}
"""The leaf's key signed it; what stands behind the leaf is no certificate."""
_WHY = {
    "engine": "c2pa-python does not ask which headers must be understood, which stand in both "
    "maps, and what lies in the payload or behind a certificate",
    "encypher": "encypher-c2pa wants no payload at all, not even the claim, reads one of two "
    "headers, a signature in DER as well, and no certificates behind the path",
    "c2pa-ts": "c2pa-ts reads signatures without a tag or in DER, algorithms and certificates of "
    "other types, and no strings in pieces",
}


def usual() -> dict[Any, Any]:
    return {1: ES256, X5CHAIN: ders(forger())}


def sign1(
    draft: Draft,
    guarded: Callable[[], bytes | Mapping[Any, Any]] = usual,
    *,
    outside: Any = None,
    payload: Callable[[bytes], Any] = lambda claim: None,
    over: Callable[[bytes], Any] = lambda claim: claim,
    context: str = "Signature1",
    external: bytes = b"",
    value: Callable[[bytes], Any] = lambda value: value,
    whole: Callable[[list[Any]], bytes] = lambda parts: _TAG + cbor(parts),
) -> bytes:
    """A COSE_Sign1 that differs as said."""
    protected = guarded()
    written = protected if isinstance(protected, bytes) else cbor(dict(protected))
    claim = draft.claim_bytes
    signed = signature_over(draft.chain, cbor([context, written, external, over(claim)]))
    return whole([written, {} if outside is None else outside, payload(claim), value(signed)])


def made(**how: Any) -> bytes:
    return embedded(picture("png"), generated(forger(), envelope=partial(sign1, **how)))


def guarded(**how: Any) -> bytes:
    """Signed with more protected headers."""
    return made(guarded=lambda: {**usual(), **how})


def algorithm(number: object) -> dict[str, Any]:
    return {"guarded": lambda: {**usual(), 1: number}}


def certificates(*shown: Any) -> dict[str, Any]:
    return {"guarded": lambda: {1: ES256, X5CHAIN: list(shown)}}


def halves(value: bytes) -> tuple[int, int]:
    return int.from_bytes(value[:32], "big"), int.from_bytes(value[32:], "big")


def other_half(value: bytes) -> bytes:
    first, second = halves(value)
    return first.to_bytes(32, "big") + (ORDER - second).to_bytes(32, "big")


def with_room(parts: list[Any]) -> list[Any]:
    """With padding: DER of one signature is longer than of another."""
    protected, _, payload, value = parts
    return [protected, {"pad": bytes(80 - len(value))}, payload, value]


def in_pieces(value: bytes) -> Verbatim:
    return Verbatim(b"\x5f" + cbor(value[:32]) + cbor(value[32:]) + b"\xff")


def long_chain() -> Made:
    """A leaf below ten issuers, each of them shown."""

    def lower(issuer: hand_made.Link) -> hand_made.Link:
        return hand_made.link("Lower", issuer, **hand_made.AUTHORITY)

    return signed_by(under(*[lower] * 10, hand_made.leaf))


def _files(odd: Mapping[str, Mapping[str, Any]]) -> Files:
    return {name: partial(made, **how) for name, how in odd.items()}


def leaf() -> bytes:
    return ders(forger())[0]


def issuers() -> list[bytes]:
    return ders(forger())[1:]


_HONEST: Mapping[str, Mapping[str, Any]] = {
    USUAL: {},
    "the tag in two bytes, honest": {"whole": lambda parts: b"\xd8\x12" + cbor(parts)},
    "an array of indefinite length, honest": {
        "whole": lambda parts: _TAG + b"\x9f" + cbor(parts)[1:] + b"\xff"
    },
    "the claim as payload, honest": {"payload": lambda claim: claim},
    "an empty payload, honest": {"payload": lambda claim: b""},
    "the algorithm in a longer form, honest": algorithm(Verbatim(b"\x38\x06")),
    "the algorithm must be understood, honest": {"guarded": lambda: {**usual(), 2: [1]}},
    "the certificates must be understood, honest": {"guarded": lambda: {**usual(), 2: [33]}},
    "a key's name, honest": {"guarded": lambda: {**usual(), 4: b"key 1"}},
    "a type of content, honest": {"guarded": lambda: {**usual(), 3: "application/cbor"}},
    "a header of one's own, honest": {"guarded": lambda: {**usual(), "own": 1}},
    "a header of one's own that is not signed, honest": {"outside": {"own": [1, 2, 3]}},
    "a counter-signature, honest": {"outside": {11: [b"", {}, bytes(64)]}},
    "a protected header of indefinite length, honest": {
        "guarded": lambda: b"\xbf" + cbor(usual())[1:] + b"\xff"
    },
    "the protected header in another order, honest": {
        "guarded": lambda: dict(reversed(usual().items()))
    },
    "the other half of the curve, honest": {"value": other_half},
    "the value in two pieces, honest": {"value": in_pieces},
}
_UNREAD: Mapping[str, Mapping[str, Any]] = {
    "no tag": {"whole": cbor},
    "the tag twice": {"whole": lambda parts: _TAG * 2 + cbor(parts)},
    "the tag of COSE_Sign": {"whole": lambda parts: b"\xd8\x62" + cbor(parts)},
    "the tag of COSE_Mac0": {"whole": lambda parts: b"\xd1" + cbor(parts)},
    "the tag of self-described CBOR": {"whole": lambda parts: b"\xd9\xd9\xf7\xd2" + cbor(parts)},
    "five parts": {"whole": lambda parts: _TAG + cbor([*parts, b""])},
    "three parts": {"whole": lambda parts: _TAG + cbor([*parts[:2], parts[3]])},
    "bytes behind it": {"whole": lambda parts: _TAG + cbor(parts) + b"\0"},
    "it is wrapped into bytes": {"whole": lambda parts: cbor(_TAG + cbor(parts))},
    "a payload that is false": {"payload": lambda claim: False},
    "the algorithm as a float": algorithm(-7.0),
    "the algorithm twice": {
        "guarded": lambda: head(5, 3) + cbor(usual())[1:] + cbor(1) + cbor(-35)
    },
    "the certificate by its hash alone": {"guarded": lambda: {1: ES256, 34: [-16, bytes(32)]}},
    "the certificate by an address alone": {
        "guarded": lambda: {1: ES256, 35: "https://forger.example/chain.pem"}
    },
    "no certificates": {"guarded": lambda: {1: ES256}},
    "an empty list of certificates": certificates(),
    "the certificates as text": certificates("-----BEGIN CERTIFICATE-----"),
    "bytes behind the protected header": {"guarded": lambda: cbor(usual()) + b"\0"},
    "the protected header is no bytes": {
        "whole": lambda parts: _TAG + cbor([Verbatim(parts[0]), *parts[1:]])
    },
    "the protected header is a list": {"guarded": lambda: cbor([1, ES256])},
    "a null in place of other headers": {"outside": Verbatim(b"\xf6")},
    "one header twice outside": {"outside": Verbatim(b"\xa2\x63own\x01\x63own\x02")},
    "the value is text": {"value": lambda value: value.hex()},
}
_TWO: Mapping[str, Mapping[str, Any]] = {
    "another payload": {"payload": lambda claim: claim + b"\0"},
    "another payload, which is what is signed": {
        "payload": lambda claim: b"\xa0",
        "over": lambda claim: b"\xa0",
    },
    "another algorithm outside": {"outside": {1: -35}},
}
_ALTERED: Mapping[str, Mapping[str, Any]] = {
    "it is signed in another context": {"context": "Signature"},
    "it is signed as a counter-signature": {"context": "CounterSignature"},
    "something external is signed with it": {"external": b"aad"},
    "the claim is signed as it is, and not as bytes": {"over": Verbatim},
    "the algorithm is ES384": algorithm(-35),
    "the algorithm is EdDSA": algorithm(-8),
    "the algorithm is PS256": algorithm(-37),
    "the value as DER": {
        "value": lambda value: encode_dss_signature(*halves(value)),
        "whole": lambda parts: _TAG + cbor(with_room(parts)),
    },
    "a zero before the value": {"value": lambda value: b"\0" + value},
    "a zero behind the value": {"value": lambda value: value + b"\0"},
    "the value is cut": {"value": lambda value: value[:63]},
    "the value is empty": {"value": lambda value: b""},
    "the value is zeros": {"value": lambda value: bytes(64)},
    "the value is the order of the group": {"value": lambda _: ORDER.to_bytes(32, "big") * 2},
    "the value is beyond the order of the group": {
        "value": lambda value: value[:32] + (halves(value)[1] + ORDER).to_bytes(33, "big")
    },
}
_NO_ALGORITHM: Mapping[str, Mapping[str, Any]] = {
    "no algorithm": {"guarded": lambda: {X5CHAIN: ders(forger())}},
    "the algorithm is not signed": {
        "guarded": lambda: {X5CHAIN: ders(forger())},
        "outside": {1: ES256},
    },
    "the algorithm as text": algorithm("ES256"),
}
_NO_SUCH: Mapping[str, Mapping[str, Any]] = {
    "the algorithm is ES256K": algorithm(-47),
    "the algorithm is ESP256": algorithm(-9),
    "the algorithm is HMAC": algorithm(5),
}
_UNCHECKED: Mapping[str, Mapping[str, Any]] = {
    "something unknown must be understood": {
        "guarded": lambda: {**usual(), 2: ["x-lie"], "x-lie": 1}
    },
    "what must be understood is not there": {"guarded": lambda: {**usual(), 2: [4]}},
    "what must be understood is not signed": {"outside": {2: [1]}},
}


def _shown(change: Callable[[], list[bytes]]) -> Callable[[], bytes]:
    return lambda: made(**certificates(*change()))


CASES = grouped(
    "envelopes",
    USUAL,
    _WHY,
    ({}, _files(_HONEST)),
    (UNREAD, _files(_UNREAD)),
    (
        NOBODY,
        {
            **_files(_TWO),
            "the certificates in one piece": _shown(lambda: [b"".join(ders(forger()))]),
            "a byte behind the leaf": _shown(lambda: [leaf() + b"\0", *issuers()]),
        },
    ),
    (ALTERED, _files(_ALTERED)),
    (NO_ALGORITHM, _files(_NO_ALGORITHM)),
    (NO_SUCH, _files(_NO_SUCH)),
    (UNCHECKED, {**_files(_UNCHECKED), "eleven certificates": long_chain}),
    (
        UNISSUED,
        {
            "nothing behind the chain": _shown(lambda: [*ders(forger()), b""]),
            "an empty sequence behind the chain": _shown(lambda: [*ders(forger()), b"\x30\0"]),
        },
    ),
)
