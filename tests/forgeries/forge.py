"""Manifest stores made by hand, byte by byte, so that they may break every rule there is.

Nothing of genlabel's or of the engine's writes them; only where a store lies in a file is left to
genlabel's own containers. A `Draft` is one manifest; `embedded` binds the last one to a file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from genlabel import formats
from genlabel.formats.format import MANIFEST
from oracles.chain import Chain
from resigning import ES256, X5CHAIN, Verbatim, cbor, ders, signature_of

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_REST = bytes.fromhex("0011 0010 8000 00AA00389B71")
STORE, STANDARD, UPDATE, CLAIM, SIGNATURE, ASSERTIONS = (
    letters + _REST for letters in (b"c2pa", b"c2ma", b"c2um", b"c2cl", b"c2cs", b"c2as")
)
CBOR, JSON = (letters + _REST for letters in (b"cbor", b"json"))
C2PA_USER_TYPE = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")  # C2PA 2.4 §A.5.1


def box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def superbox(label: str, content_type: bytes, *contents: bytes, salt: bytes = b"") -> bytes:
    """A JUMBF superbox: its description, perhaps with a salt, and what it holds."""
    private = box(b"c2sh", salt) if salt else b""
    toggles = bytes([0x13 if salt else 0x03])
    description = box(b"jumd", content_type + toggles + label.encode() + b"\0" + private)
    return box(b"jumb", description + b"".join(contents))


def sha256(boxed: bytes) -> bytes:
    """What a hashed URI is over: all of a superbox but its header."""
    return hashlib.sha256(boxed[8:]).digest()


def fixed(number: int) -> Verbatim:
    """A number of 32 bits, whatever it is: the size of the store does not depend on it."""
    return Verbatim(b"\x1a" + number.to_bytes(4, "big"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """One assertion of a draft."""

    label: str
    value: Any
    """Encoded as CBOR; `Verbatim` as it is."""
    created: bool = True
    listed: bool = True
    """Does the claim name it?"""
    hash: bytes | None = None
    """What the claim says its hash to be; the true one unless given."""
    stored: bool = True
    """Is it in the store?"""
    json: bool = False
    """Is the value written as JSON? Bytes are, as they are."""

    @property
    def boxed(self) -> bytes:
        if self.json:
            content = self.value if isinstance(self.value, bytes) else _compact(self.value)
            return superbox(self.label, JSON, box(b"json", content))
        return superbox(self.label, CBOR, box(b"cbor", cbor(self.value)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One manifest, to be signed by a chain."""

    chain: Chain
    label: str = "urn:c2pa:11111111-2222-4333-8444-555555555555"
    assertions: tuple[Assertion, ...] = ()
    claim: Mapping[str, Any] = field(default_factory=dict)
    """Changes to the claim's map; None takes a key away."""
    content_type: bytes = STANDARD
    version: int = 2
    protected: Mapping[Any, Any] | None = None
    unprotected: Mapping[Any, Any] = field(default_factory=dict)
    signed: bytes | None = None
    """The signature's value instead of the true one."""
    extra: bytes = b""
    """Boxes beside claim, signature and assertions."""
    encode: Callable[[Mapping[str, Any]], bytes] = cbor
    """Writes the claim's map."""
    envelope: Callable[[Draft], bytes] | None = None
    """Writes what the signature's box holds; a COSE_Sign1 as it should be unless given."""

    def with_(self, *added: Assertion, **changes: Any) -> Draft:
        """The same with more assertions, or other ones of the same label, and other changes."""
        labels = {each.label for each in added}
        kept = tuple(each for each in self.assertions if each.label not in labels)
        return replace(self, assertions=(*kept, *added), **changes)

    @property
    def claim_bytes(self) -> bytes:
        references: dict[str, list[dict[str, Any]]] = {"created": [], "gathered": []}
        for each in self.assertions:
            if each.listed:
                references["created" if each.created else "gathered"].append(
                    {
                        "url": f"self#jumbf=c2pa.assertions/{each.label}",
                        "hash": each.hash or sha256(each.boxed),
                    }
                )
        claim: dict[str, Any] = {
            "instanceID": "xmp:iid:11111111-2222-4333-8444-666666666666",
            "claim_generator_info": {"name": "drawn", "version": "1", "specVersion": "2.4.0"},
            "signature": f"self#jumbf=/c2pa/{self.label}/c2pa.signature",
            "created_assertions": references["created"],
            "alg": "sha256",
        }
        if references["gathered"]:
            claim["gathered_assertions"] = references["gathered"]
        if self.version == 1:
            created = claim.pop("created_assertions")
            claim |= {
                "assertions": [*created, *claim.pop("gathered_assertions", [])],
                "claim_generator": "drawn/1",
                "claim_generator_info": [{"name": "drawn", "version": "1"}],
                "dc:format": "image/png",
            }
        claim |= self.claim
        return self.encode({key: value for key, value in claim.items() if value is not None})

    @property
    def signature_bytes(self) -> bytes:
        if self.envelope is not None:
            return self.envelope(self)
        guarded = cbor(dict(self.protected or {1: ES256, X5CHAIN: ders(self.chain)}))
        what = cbor(["Signature1", guarded, b"", self.claim_bytes])
        value = self.signed or signature_over(self.chain, what)
        return b"\xd2" + cbor([guarded, dict(self.unprotected), None, value])

    @property
    def signature_box(self) -> bytes:
        return superbox("c2pa.signature", SIGNATURE, box(b"cbor", self.signature_bytes))

    @property
    def boxed(self) -> bytes:
        """The manifest's superbox."""
        stored = [each.boxed for each in self.assertions if each.stored]
        name = "c2pa.claim" if self.version == 1 else f"c2pa.claim.v{self.version}"
        return superbox(
            self.label,
            self.content_type,
            superbox("c2pa.assertions", ASSERTIONS, *stored),
            superbox(name, CLAIM, box(b"cbor", self.claim_bytes)),
            self.signature_box,
            self.extra,
        )


def _compact(value: Any) -> bytes:
    """JSON without spaces: some compare the hash of what they write themselves."""
    return json.dumps(value, separators=(",", ":")).encode()


def store(*manifests: Draft | bytes) -> bytes:
    """A manifest store of drafts or of superboxes; the last one is active."""
    boxes = (each if isinstance(each, bytes) else each.boxed for each in manifests)
    return superbox("c2pa", STORE, *boxes)


def actions(*listed: Mapping[str, Any], label: str = "c2pa.actions.v2", **more: Any) -> Assertion:
    """An actions assertion."""
    return Assertion(label=label, value={"actions": [dict(each) for each in listed]}, **more)


def created(source_type: str = "trainedAlgorithmicMedia") -> Assertion:
    """The history of a picture that was made at once."""
    return actions(
        {
            "action": "c2pa.created",
            "digitalSourceType": IPTC + source_type,
            "softwareAgent": {"name": "ModelX"},
        }
    )


def generated(chain: Chain, **changes: Any) -> Draft:
    """An honest manifest of a generated picture, without a binding yet."""
    return Draft(chain=chain, assertions=(created(),), **changes)


def opened(parent: Draft, *, title: str = "parent.png", **record: Any) -> tuple[Assertion, ...]:
    """The actions and the ingredient (version 3) of an edit of `parent`, recorded as whole."""
    ingredient = Assertion(
        label="c2pa.ingredient.v3",
        value={
            "dc:title": title,
            "dc:format": "image/png",
            "relationship": "parentOf",
            "validationResults": whole(parent),
            "activeManifest": {
                "url": f"self#jumbf=/c2pa/{parent.label}",
                "alg": "sha256",
                "hash": sha256(parent.boxed),
            },
            "claimSignature": {
                "url": f"self#jumbf=/c2pa/{parent.label}/c2pa.signature",
                "alg": "sha256",
                "hash": sha256(parent.signature_box),
            },
            **record,
        },
    )
    reference = {"url": f"self#jumbf=c2pa.assertions/{ingredient.label}"}
    reference["hash"] = sha256(ingredient.boxed)
    history = actions(
        {"action": "c2pa.opened", "parameters": {"ingredients": [reference]}},
        {"action": "c2pa.edited", "softwareAgent": {"name": "Editor"}},
    )
    return history, ingredient


def whole(parent: Draft) -> dict[str, Any]:
    """The record of an ingredient in which nothing was found."""
    address = f"self#jumbf=/c2pa/{parent.label}"
    codes = ("claimSignature.validated", "claimSignature.insideValidity")
    success = [{"code": code, "url": f"{address}/c2pa.signature"} for code in codes]
    return {"activeManifest": {"success": success, "informational": [], "failure": []}}


Binding = Callable[[bytes, Sequence[tuple[int, int]]], Assertion]
"""A hard binding of a file and the spans (start, end) of its manifest."""


def data_hash(data: bytes, spans: Sequence[tuple[int, int]]) -> Assertion:
    """``c2pa.hash.data`` of everything but the manifest."""
    exclusions = [{"start": fixed(start), "length": fixed(end - start)} for start, end in spans]
    return Assertion(
        label="c2pa.hash.data",
        value={
            "exclusions": exclusions,
            "name": "jumbf manifest",
            "alg": "sha256",
            "hash": hashlib.sha256(without(data, spans)).digest(),
            "pad": b"",
        },
    )


def bmff_hash(data: bytes, spans: Sequence[tuple[int, int]]) -> Assertion:
    """``c2pa.hash.bmff.v3`` of all boxes but the manifest's and those that §18.7.2 leaves out."""
    left_out = ("/ftyp", "/mfra")
    exclusions = [
        {
            "xpath": "/uuid",
            "data": [{"offset": 8, "value": C2PA_USER_TYPE}],
        },
        *({"xpath": path} for path in left_out),
    ]
    digest, at = hashlib.sha256(), 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big") or len(data) - at
        kind = data[at + 4 : at + 8]
        ours = kind == b"uuid" and data[at + 8 : at + 24] == C2PA_USER_TYPE
        if not ours and f"/{kind.decode('latin-1')}" not in left_out:
            digest.update(at.to_bytes(8, "big"))
            digest.update(data[at : at + length])
        at += length
    return Assertion(
        label="c2pa.hash.bmff.v3",
        value={
            "exclusions": exclusions,
            "alg": "sha256",
            "hash": digest.digest(),
            "name": "jumbf manifest",
        },
    )


def without(data: bytes, spans: Sequence[tuple[int, int]]) -> bytes:
    """The bytes outside of `spans`."""
    kept, at = [], 0
    for start, end in sorted(spans):
        kept.append(data[at:start])
        at = max(at, end)
    return b"".join([*kept, data[at:]])


def usual_binding(data: bytes) -> Binding:
    """That of the format of `data`: a hash of boxes for ISO media, else of bytes."""
    iso = formats.identify(data).name in ("avif", "heic", "mp4", "mov", "m4a")
    return bmff_hash if iso else data_hash


def embedded(
    data: bytes,
    draft: Draft,
    *ancestors: Draft | bytes,
    binding: Binding | None = None,
    finished: Callable[[Draft], Draft] = lambda bound: bound,
) -> bytes:
    """`data` with the manifest of `draft` over `ancestors`, bound to it by `binding`.

    `finished` adds what refers to the binding.
    """
    bind = binding or usual_binding(data)
    bound = bind(data, spans_of(data))
    for _ in range(6):  # the binding's size, and with it every place, settles soon
        whole = put(data, store(*ancestors, finished(draft.with_(bound))))
        again = bind(whole, spans_of(whole))
        if again == bound:
            return whole
        bound = again
    raise AssertionError("the places do not settle")


def put(data: bytes, manifest_store: bytes | None) -> bytes:
    """`data` with that manifest store in its container's place."""
    container = formats.identify(data)
    return b"".join(container.rewrite(container.survey(data), {MANIFEST: manifest_store}))


def spans_of(data: bytes) -> tuple[tuple[int, int], ...]:
    """Where the manifest of a file lies, as a hash leaves it out."""
    survey = formats.identify(data).survey(data)
    return (survey.store_span,) if survey.store_span else tuple(survey.manifest_spans)


@cache
def signature_over(chain: Chain, what: bytes) -> bytes:
    """The same for the same: a draft is encoded more than once, and others refer to its bytes."""
    return signature_of(chain, what)


@cache
def forger() -> Chain:
    """A credential that is in order; its holder lies."""
    return Chain.new("Forger Ltd")
