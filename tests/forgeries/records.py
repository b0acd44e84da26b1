"""Forgeries of the record of an ingredient: its reference, its results, and the form of both.

C2PA 2.4 §15.11.3, §18.16; §11.2.4 (compressed manifests).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import brotli
from cryptography.hazmat.primitives.asymmetric import ec

from forgeries.ancestors import OTHER, PARENT, parent
from forgeries.case import Made, grouped
from forgeries.certificates import under
from forgeries.forge import (
    STANDARD,
    Draft,
    box,
    data_hash,
    embedded,
    forger,
    generated,
    opened,
    sha256,
    superbox,
)
from forgeries.references import COMPRESSED, edit, newer, older, other, packed
from genlabel.credentials.trust import Trust
from genlabel.testing import picture
from hand_made_chains import intermediate, leaf as leaf_below
from oracles.chain import Chain
from resigning import Verbatim, cbor

USUAL = "recorded as usual, honest"
HELD: Mapping[str, Any] = {"lineage": "intact"}
UNSEEN = {"lineage": "intact", "source_type": None, "attested": False}
"""The history has no such part."""
LOST = {"lineage": "broken", "state": "invalid", "attested": False}
MISSING = {**LOST, "source_type": None, "errors": ("ingredient.manifest.missing",)}
MISMATCH = {**LOST, "errors": ("ingredient.manifest.mismatch",)}
NO_REFERENCE = {
    **MISSING,
    "form": "malformed",
    "errors": ("assertion.ingredient.malformed", "ingredient.manifest.missing"),
}
UNSUPPORTED = {
    **{"lineage": "unknown", "state": "invalid", "attested": False},
    "warnings": ("algorithm.unsupported",),
}
CHANGED = {
    **{"lineage": "broken", "attested": False},
    "errors": ("assertion.dataHash.mismatch",),
}
NO_STORE = {
    **{"integrity": "broken", "form": "malformed", "state": "invalid", "attested": False},
    **dict.fromkeys(("trust", "validity", "time", "source_type")),
    "errors": ("genlabel.manifest.unreadable",),
}
_WHY = {
    "engine": "c2pa-python hashes manifests by SHA-256 alone, verifies P-384 with SHA-384 alone, "
    "passes over references and manifests that it cannot read, and believes what is recorded",
    "encypher": "encypher-c2pa reads one of two keys, compares addresses as they are written, "
    "and lets a manifest come with bytes behind it",
    "c2pa-ts": "c2pa-ts looks at the active manifest, not at its ingredients, and reads no "
    "compressed manifests and strings in pieces",
}


def by(url: object, **more: Any) -> Callable[[], Made]:
    """An edit whose parent is named so."""
    usual = {"alg": "sha256", "hash": sha256(parent().boxed)}
    return lambda: edit(newer(activeManifest={"url": url, **usual, **more}), parent())


def at(place: str = f"/c2pa/{PARENT}", **more: Any) -> Callable[[], Made]:
    return by(f"self#jumbf={place}", **more)


def hashed(name: str) -> dict[str, Any]:
    return {"alg": name, "hash": hashlib.new(name, parent().boxed[8:]).digest()}


def recorded(**fields: Any) -> Callable[[], Made]:
    """An edit whose record has these fields."""
    return lambda: edit(newer(**fields), parent())


def without(*names: str, shown: bool = True) -> Callable[[], Made]:
    """An edit whose record lacks these fields."""

    def make() -> Made:
        value = {key: each for key, each in newer().value.items() if key not in names}
        return edit(replace(newer(), value=value), *([parent()] if shown else []))

    return make


def failing(code: str, *, url: str | None = None, **more: Any) -> dict[str, Any]:
    """Results with one failure."""
    status = {"code": code, **({} if url is None else {"url": url}), **more}
    return {"activeManifest": {"success": [], "informational": [], "failure": [status]}}


def encoded(change: Callable[[Mapping[str, Any]], bytes]) -> Callable[[], Made]:
    """An edit whose record is encoded so."""

    def make() -> Made:
        usual = newer()
        return edit(replace(usual, value=Verbatim(change(usual.value))), parent())

    return make


def in_pieces(text: str) -> Verbatim:
    return Verbatim(b"\x7f" + cbor(text[:20]) + cbor(text[20:]) + b"\xff")


def compressed(content: bytes, *, label: str = PARENT, behind: bytes = b"") -> bytes:
    """The box of a compressed manifest with that content."""
    return superbox(label, COMPRESSED, box(b"brob", brotli.compress(content) + behind))


def shown(make: Callable[[], bytes]) -> Callable[[], Made]:
    """An edit over a store in which this stands in its parent's place."""
    return lambda: edit(newer(), make())


def of_another_curve() -> Made:
    """The parent's author has a key on P-384 and signs with ES256, as C2PA 2.4 §13.2.1 allows."""
    key = ec.generate_private_key(ec.SECP384R1())
    links = under(intermediate, lambda issuer: leaf_below(issuer, key=key))
    chain = Chain(
        organisation="Acme Ltd",
        key=links[0].key_pem,
        certificates=links[0].pem + links[1].pem,
        anchor=links[2].pem,
    )
    draft = replace(generated(chain), label=PARENT)
    made = draft.with_(data_hash(picture("png", seed=2), [(10, 20)]))
    history = opened(made)
    data = embedded(picture("png"), Draft(chain=forger(), assertions=history), made)
    return Made(data=data, trust=Trust.of(signers=[forger().anchor, chain.anchor]))


CASES = grouped(
    "records",
    USUAL,
    _WHY,
    (
        HELD,
        {
            USUAL: recorded(),
            "by an address without its slash, honest": at(f"c2pa/{PARENT}"),
            "by the claim's algorithm, honest": by(
                f"self#jumbf=/c2pa/{PARENT}", alg=Verbatim(cbor("sha256"))
            ),
            "by an address in pieces, honest": by(in_pieces(f"self#jumbf=/c2pa/{PARENT}")),
            "a record of indefinite length, honest": encoded(
                lambda record: b"\xbf" + cbor(dict(record))[1:] + b"\xff"
            ),
            "a record of another instance, honest": lambda: edit(
                replace(newer(), label="c2pa.ingredient.v3__1"), parent()
            ),
            "no results yet, honest": recorded(validationResults={}),
            "a title that turns the line, honest": recorded(**{"dc:title": "\x1b[31m\u202eliar"}),
            "a manifest that nobody names, honest": lambda: edit(newer(), parent(), other()),
            "compressed, honest": shown(lambda: packed(parent())),
        },
    ),
    (
        {**HELD, "state": "invalid"},  # C2PA's word is the engine's
        {
            "by SHA-384, honest": at(**hashed("sha384")),
            "by SHA-512, honest": at(**hashed("sha512")),
            "of an author whose key is on another curve, honest": of_another_curve,
        },
    ),
    (
        MISSING,
        {
            "by its label alone": at(PARENT),
            "by its label behind a slash": at(f"/{PARENT}"),
            "by the name of another store": at(f"/c2pb/{PARENT}"),
            "by a web address": by(f"https://forger.example/{PARENT}"),
            "in a box of no kind": shown(
                lambda: superbox(PARENT, b"c2xx" + STANDARD[4:], parent().boxed[8:])
            ),
        },
    ),
    (
        {**MISSING, "source_type": "trainedAlgorithmicMedia"},
        {"by an address with a slash at its end": at(f"/c2pa/{PARENT}/")},
    ),
    (
        NO_REFERENCE,
        {
            "by null": recorded(activeManifest=None),
            "by text": recorded(activeManifest=f"self#jumbf=/c2pa/{PARENT}"),
            "by a list": recorded(activeManifest=[]),
        },
    ),
    (
        MISMATCH,
        {
            "by a hash that is cut": at(hash=sha256(parent().boxed)[:16]),
            "by a hash of the header, too": at(hash=hashlib.sha256(parent().boxed).digest()),
            "by a hash of the claim": at(hash=hashlib.sha256(parent().claim_bytes).digest()),
            "by SHA-512 that is called SHA-256": at(
                alg="sha256", hash=hashlib.sha512(parent().boxed[8:]).digest()
            ),
        },
    ),
    (UNSUPPORTED, {"by SHA-1": at(**hashed("sha1"))}),
    (
        {**UNSUPPORTED, "state": "trusted"},
        {"by an algorithm in capitals": at(alg="SHA256")},
    ),
    (
        UNSEEN,
        {
            "no reference at all, honest": without("activeManifest", "claimSignature"),
            "no reference and no manifest, honest": without(
                "activeManifest", "claimSignature", "validationResults", shown=False
            ),
        },
    ),
    (
        CHANGED,
        {
            "a failure without a place": recorded(
                validationResults=failing("assertion.dataHash.mismatch")
            ),
            "a failure in the older list of version 2": lambda: edit(
                older(
                    validationStatus=[
                        {
                            "code": "assertion.dataHash.mismatch",
                            "url": f"self#jumbf=/c2pa/{PARENT}",
                        }
                    ]
                ),
                parent(),
            ),
            "a failure that is called a success": lambda: edit(
                older(validationStatus=[{"code": "assertion.dataHash.mismatch", "success": True}]),
                parent(),
            ),
        },
    ),
    (
        {**CHANGED, "errors": ("claim.missing",)},
        {"no claim was found": recorded(validationResults=failing("claim.missing"))},
    ),
    (
        {"lineage": "unknown", "attested": False, "warnings": ("manifest.inaccessible",)},
        {
            "the manifest was not to be had": recorded(
                validationResults=failing("manifest.inaccessible")
            )
        },
    ),
    (
        {"lineage": "intact", "warnings": ("org.example.bad",)},
        {"a failure of one's own": recorded(validationResults=failing("org.example.bad"))},
    ),
    (
        {
            **{"lineage": "intact", "form": "malformed", "state": "invalid"},
            "errors": ("assertion.ingredient.malformed",),
            "warnings": ("assertion.ingredient.malformed",),
        },
        {
            "results in a list": recorded(validationResults={"activeManifest": []}),
            "failures in a map": recorded(
                validationResults={
                    "activeManifest": {
                        "success": [],
                        "informational": [],
                        "failure": {"code": "assertion.dataHash.mismatch"},
                    }
                }
            ),
        },
    ),
    (
        NO_STORE,
        {
            "compressed, and nothing of it": shown(
                lambda: superbox(PARENT, COMPRESSED, box(b"brob", b"junk"))
            ),
            "compressed twice": shown(lambda: compressed(packed(parent()))),
            "compressed under another label": shown(
                lambda: compressed(parent().boxed, label=OTHER)
            ),
            "compressed, and bytes behind it": shown(
                lambda: compressed(parent().boxed, behind=b"tail")
            ),
            "compressed with bytes behind it": shown(lambda: compressed(parent().boxed + b"tail")),
            "compressed without end": shown(lambda: compressed(bytes(100 << 20))),
            "twice in the store": lambda: edit(newer(), parent(), parent()),
        },
    ),
)
