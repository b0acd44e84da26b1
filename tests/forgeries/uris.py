"""Forgeries by how a claim names its parts: addresses and hashes that lead elsewhere.

C2PA 2.4 §8.4 (URIs and hashed URIs), §15.4 (algorithms), §15.10.3.1 (assertions of a claim).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Any

from forgeries.case import Files, grouped
from forgeries.forge import Assertion, Draft, created, embedded, forger, sha256
from genlabel.testing import picture

USUAL = "named as usual, honest"
LABEL, ELSE = (f"urn:c2pa:{each * 8}-2222-4333-8444-555555555555" for each in "12")
NOTE = Assertion(label="org.example.note", value={"text": "hello"}, listed=False)
HERE = f"self#jumbf=c2pa.assertions/{NOTE.label}"
THERE = f"self#jumbf=/c2pa/{LABEL}/c2pa.assertions/{NOTE.label}"
_BODY = NOTE.boxed[8:]
BROKEN: Mapping[str, Any] = {"integrity": "broken", "state": "invalid", "attested": False}
MISSING = {
    **BROKEN,
    "form": "malformed",
    "errors": ("assertion.missing", "assertion.undeclared"),
}
NO_ADDRESS = {
    **MISSING,
    "errors": ("assertion.missing", "assertion.undeclared", "claim.malformed"),
}
OUTSIDE = {
    **MISSING,
    "errors": (
        *("assertion.missing", "assertion.outsideManifest"),
        *("assertion.undeclared", "claim.missing"),
    ),
}
MISMATCH = {**BROKEN, "errors": ("assertion.hashedURI.mismatch",)}
NO_HASH = {
    **MISMATCH,
    "form": "malformed",
    "errors": ("assertion.hashedURI.mismatch", "claim.malformed"),
}
UNSUPPORTED = {
    **BROKEN,
    "integrity": "unknown",
    "form": "malformed",
    "errors": ("algorithm.unsupported",),
}
MALFORMED = {
    **{"form": "malformed", "state": "invalid", "attested": False},
    "errors": ("claim.malformed",),
}
UNSIGNED = {
    **BROKEN,
    **dict.fromkeys(("trust", "validity", "time")),
    "form": "malformed",
    "errors": ("claimSignature.missing",),
}
_WHY = {
    "engine": "c2pa-python takes the end of an address for the whole of it, and a list of numbers "
    "for a hash",
    "encypher": "encypher-c2pa compares whole addresses, and reads no question mark in a label",
    "c2pa-ts": "c2pa-ts compares whole addresses, and falls back to the claim's algorithm",
}


def named(
    *references: Mapping[str, Any],
    note: Assertion = NOTE,
    gathered: object = None,
    **claim: Any,
) -> bytes:
    """A picture whose claim names its note by these references."""

    def finished(bound: Draft) -> Draft:
        usual = [
            {"url": f"self#jumbf=c2pa.assertions/{each.label}", "hash": sha256(each.boxed)}
            for each in bound.assertions
            if each.listed
        ]
        changes = {"created_assertions": [*usual, *map(dict, references)], **claim}
        more = {"gathered_assertions": gathered} if gathered is not None else {}
        return bound.with_(claim={**changes, **more})

    draft = Draft(chain=forger(), assertions=(created(), note))
    return embedded(picture("png"), draft, finished=finished)


def to(url: object, **more: Any) -> dict[str, Any]:
    """A hashed URI of the note."""
    return {"url": url, "hash": sha256(NOTE.boxed), **more}


def called(label: str) -> bytes:
    """A picture with a note of this name."""
    note = Assertion(label=label, value={"text": "hello"}, listed=False)
    url = f"self#jumbf=c2pa.assertions/{label}"
    return named({"url": url, "hash": sha256(note.boxed)}, note=note)


def spelled_otherwise() -> bytes:
    """The name has an ``ö``; the claim an ``o`` and two dots above."""
    note = Assertion(label="org.example.n\u00f6te", value={"text": "hello"}, listed=False)
    url = "self#jumbf=c2pa.assertions/org.example.no\u0308te"
    return named({"url": url, "hash": sha256(note.boxed)}, note=note)


def _by(odd: Mapping[str, object]) -> Files:
    return {f"a note by {name}": partial(named, to(url)) for name, url in odd.items()}


def _hashed(odd: Mapping[str, Mapping[str, Any]]) -> Files:
    return {f"a note by {name}": partial(named, to(HERE, **more)) for name, more in odd.items()}


def _signature(odd: Mapping[str, object]) -> Files:
    return {
        f"the signature by {name}": partial(named, to(HERE), signature=url)
        for name, url in odd.items()
    }


CASES = grouped(
    "uris",
    USUAL,
    _WHY,
    (
        {},
        {
            USUAL: partial(named, to(HERE)),
            **_by(
                {
                    "an absolute address, honest": THERE,
                    "an absolute address without its slash, honest": THERE.replace("=/", "="),
                }
            ),
            **_hashed(
                {
                    "SHA-384, honest": {
                        "alg": "sha384",
                        "hash": hashlib.sha384(_BODY).digest(),
                    },
                    "SHA-512, honest": {
                        "alg": "sha512",
                        "hash": hashlib.sha512(_BODY).digest(),
                    },
                    "a hash with a type beside it, honest": {"dc:format": "application/cbor"},
                }
            ),
            **{
                f"a note called {label}, honest": partial(called, label)
                for label in (
                    *("note", "org.example.n\u00f6te", "org.example note", "org.example.note?"),
                    *("org.example.note__0", "..", "c2pa.unheard-of", "c2pa.hash.unheard-of"),
                    "c2pa.hash.data.part",
                )
            },
            **_signature({"a relative address, honest": "self#jumbf=c2pa.signature"}),
        },
    ),
    (
        MISSING,
        {
            **_by(
                {
                    "a relative address behind a slash": HERE.replace("=c2pa", "=/c2pa"),
                    "an address with a slash at its end": f"{HERE}/",
                    "an address with two slashes": HERE.replace("s/o", "s//o"),
                    "an address with a dot on its way": HERE.replace("s/o", "s/./o"),
                    "an address with two dots on its way": HERE.replace(
                        "s/o", "s/../c2pa.assertions/o"
                    ),
                    "an address out of the manifest and back": f"self#jumbf=../{LABEL}/"
                    f"c2pa.assertions/{NOTE.label}",
                    "an escaped dot": HERE.replace("org.", "org%2E"),
                    "an escaped slash": HERE.replace("s/o", "s%2Fo"),
                    "an address in capitals": HERE.replace("org", "ORG"),
                    "a scheme in capitals": HERE.replace("self", "SELF"),
                    "an address with a blank at its end": f"{HERE} ",
                    "an address with a zero at its end": f"{HERE}\0",
                    "an address with a query": f"{HERE}?x=1",
                    "an address with a fragment": f"{HERE}#x",
                    "an address of a box within": f"{HERE}/cbor",
                    "an address without a scheme": HERE.removeprefix("self#jumbf="),
                    "an address without itself": HERE.removeprefix("self"),
                    "a web address": "https://forger.example/note",
                    "a web address that ends so": f"https://forger.example/{HERE}",
                    "the address of all assertions": "self#jumbf=c2pa.assertions",
                    "the address of the claim": "self#jumbf=c2pa.claim.v2",
                }
            ),
            "a note with a slash in its name": partial(called, "org.example/note"),
            "a note by its other spelling": spelled_otherwise,
        },
    ),
    (
        NO_ADDRESS,
        _by({"an address in bytes": HERE.encode(), "null": None, "nothing": "", "a number": 7}),
    ),
    (
        OUTSIDE,
        _by(
            {
                "the address of another manifest": THERE.replace(LABEL, ELSE),
                "the manifest's name in capitals": THERE.replace("urn", "URN"),
            }
        ),
    ),
    (
        UNSUPPORTED,
        _hashed(
            {
                "SHA-1": {"alg": "sha1", "hash": hashlib.sha1(_BODY).digest()},
                "an algorithm in capitals": {"alg": "SHA256"},
                "an algorithm that is empty": {"alg": ""},
            }
        ),
    ),
    (
        MALFORMED,
        {
            **_hashed(
                {
                    "an algorithm that is null": {"alg": None},
                    "an algorithm in a list": {"alg": ["sha256"]},
                }
            ),
            "a note twice": partial(named, to(HERE), to(THERE)),
            "a note created and gathered": partial(named, to(HERE), gathered=[to(HERE)]),
        },
    ),
    (
        MISMATCH,
        _hashed(
            {
                "SHA-512 that is not named": {"hash": hashlib.sha512(_BODY).digest()},
                "SHA-256 that is called SHA-512": {"alg": "sha512"},
                "a hash that is cut": {"hash": sha256(NOTE.boxed)[:16]},
                "a hash that goes on": {"hash": sha256(NOTE.boxed) + b"\0"},
                "an empty hash": {"hash": b""},
                "a hash of the header, too": {"hash": hashlib.sha256(NOTE.boxed).digest()},
            }
        ),
    ),
    (
        NO_HASH,
        {
            **_hashed(
                {
                    "a hash as text": {"hash": sha256(NOTE.boxed).hex()},
                    "a hash as a list": {"hash": list(sha256(NOTE.boxed))},
                }
            ),
            "a note twice, once by another hash": partial(
                named, to(HERE), to(THERE, hash=bytes(32))
            ),
        },
    ),
    (
        UNSIGNED,
        _signature(
            {
                "an address behind a slash": "self#jumbf=/c2pa.signature",
                "the address of another manifest": f"self#jumbf=/c2pa/{ELSE}/c2pa.signature",
                "the address of an assertion": HERE,
                "an address that leads nowhere": "self#jumbf=c2pa.signature.v2",
                "an escaped dot": "self#jumbf=c2pa%2Esignature",
                "an address with a slash at its end": "self#jumbf=c2pa.signature/",
            }
        ),
    ),
    (
        {**UNSIGNED, "errors": ("claim.malformed", "claimSignature.missing")},
        _signature({"a number": 7, "nothing": None}),
    ),
)
