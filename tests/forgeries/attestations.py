"""Identity assertions made by hand over the manifests of `forge`, right ones and forged ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from forgeries.case import Made
from forgeries.forge import (
    Assertion,
    Draft,
    embedded,
    forger,
    generated,
    sha256,
    signature_over,
    superbox,
)
from genlabel.credentials.trust import Trust
from genlabel.testing import picture
from oracles.chain import Chain
from resigning import ES256, X5CHAIN, cbor, ders

LABEL, X509 = "cawg.identity", "cawg.x509.cose"
METADATA, BINDING = "cawg.metadata", "c2pa.hash.data"
PRODUCER = "Acme Studio"
DOCUMENTS = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # id-kp-documentSigning, RFC 9336
ORDERS: Mapping[str, Sequence[str]] = {
    "deterministic": ("role", "sig_type", "referenced_assertions"),
    "written": ("referenced_assertions", "sig_type", "role"),
    "neither": ("sig_type", "role", "referenced_assertions"),
}
"""In which orders the keys of a payload are written; RFC 8949 §4.2.1 sorts shorter ones first."""

Payload = dict[str, Any]
Part = Callable[[Draft], Assertion]
"""An identity assertion for a manifest that is ready otherwise."""


@cache
def holder(name: str = PRODUCER, **how: Any) -> Chain:
    """Who is identified; for the signing of documents unless said otherwise."""
    how.setdefault("ekus", (DOCUMENTS, ExtendedKeyUsageOID.EMAIL_PROTECTION))
    return Chain.new(name, **how)


def metadata() -> Assertion:
    """The producer's name, as anybody may write it."""
    return Assertion(
        label=METADATA,
        value={
            "@context": {"plus": "http://ns.useplus.org/ldf/xmp/1.0/"},
            "plus:ImageSupplier": [{"plus:ImageSupplierName": PRODUCER}],
        },
        json=True,
    )


def ordered(payload: Payload, order: str) -> Payload:
    """The payload with its keys in an order of `ORDERS`."""
    return {key: payload[key] for key in ORDERS[order] if key in payload}


def identity(
    *names: str,
    by: Callable[[], Chain] = holder,
    roles: Sequence[str] = ("cawg.producer",),
    kind: str = X509,
    signed: str = "deterministic",
    stored: str = "deterministic",
    before: Callable[[Payload], Payload] = lambda payload: payload,
    after: Callable[[Payload], Payload] = lambda payload: payload,
    algorithm: int = ES256,
    label: str = LABEL,
    **fields: Any,
) -> Part:
    """An identity assertion that references `names`, by the key of `by`.

    `before` and `after` change the payload before and after it is signed, `signed` and `stored` are
    the orders of its keys; `fields` stand in the assertion beside it.
    """

    def part(draft: Draft) -> Assertion:
        boxes = {each.label: each for each in draft.assertions}
        payload: Payload = {
            "sig_type": kind,
            "referenced_assertions": [
                {
                    "url": f"self#jumbf=c2pa.assertions/{name}",
                    "hash": sha256(boxes[name].boxed) if name in boxes else bytes(32),
                }
                for name in names or (METADATA, BINDING)
            ],
        }
        if roles:
            payload["role"] = list(roles)
        payload = before(payload)
        guarded = cbor({1: algorithm, X5CHAIN: ders(by())})
        what = cbor(["Signature1", guarded, b"", cbor(ordered(payload, signed))])
        value = b"\xd2" + cbor([guarded, {}, None, signature_over(by(), what)])
        content = {
            "signer_payload": ordered(after(payload), stored),
            "signature": value,
            "pad1": bytes(16),
            **fields,
        }
        return Assertion(
            label=label, value={key: each for key, each in content.items() if each is not None}
        )

    return part


def known() -> Trust:
    return Trust.of(signers=forger().anchor, identity=holder().anchor)


def labelled(
    *parts: Part, trust: Callable[[], Trust] = known, claimer: Callable[[], Chain] = forger
) -> Made:
    """A picture whose metadata names the producer, with those identities."""

    def finished(draft: Draft) -> Draft:
        return draft.with_(*(part(draft) for part in parts))

    draft = generated(claimer()).with_(metadata())
    return Made(data=embedded(picture("png"), draft, finished=finished), trust=trust())


def of_another_picture(draft: Draft) -> Assertion:
    """What the holder has signed for another picture."""
    other = Assertion(label=BINDING, value={"name": "another picture", "hash": bytes(32)})
    return identity()(draft.with_(other))


def only(value: Any) -> Callable[[Draft | None], Assertion]:
    """An identity assertion of that value alone."""
    return lambda draft: Assertion(label=LABEL, value=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd(Assertion):
    """An assertion whose box holds something else."""

    value: Any = None
    content_type: bytes
    contents: tuple[bytes, ...]

    @property
    def boxed(self) -> bytes:
        return superbox(self.label, self.content_type, *self.contents)


def odd(content_type: bytes, *contents: bytes) -> Part:
    return lambda draft: Odd(label=LABEL, content_type=content_type, contents=contents)


def trusting(**chain: Any) -> Callable[[], Trust]:
    """Trust in the holder whose chain is made so."""
    return lambda: Trust.of(signers=forger().anchor, identity=holder(**chain).anchor)


def referencing(change: Callable[[Payload], None]) -> Callable[[Payload], Payload]:
    """A change of the references of a payload."""

    def changed(payload: Payload) -> Payload:
        listed = [dict(each) for each in payload["referenced_assertions"]]
        for each in listed:
            change(each)
        return {**payload, "referenced_assertions": listed}

    return changed


def hashless(label: str) -> Callable[[Payload], Payload]:
    def change(reference: Payload) -> None:
        if reference["url"].endswith(label):
            reference["hash"] = bytes(32)

    return referencing(change)


def as_producer(payload: Payload) -> Payload:
    return {**payload, "role": ["cawg.producer"]}


def with_metadata(payload: Payload) -> Payload:
    listed = payload["referenced_assertions"]
    own = {"url": f"self#jumbf=c2pa.assertions/{METADATA}", "hash": sha256(metadata().boxed)}
    return {**payload, "referenced_assertions": [own, *listed]}


def exchanged() -> Made:
    made = labelled(identity())
    at = made.data.rindex(b"IEND") - 10
    data = made.data[:at] + bytes([made.data[at] ^ 1]) + made.data[at + 1 :]
    return replace(made, data=data)


def thief() -> Chain:
    """The holder's certificates with another's key."""
    return Chain(
        organisation=PRODUCER,
        key=forger().key,
        certificates=holder().certificates,
        anchor=holder().anchor,
    )
