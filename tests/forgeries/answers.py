"""Forgeries of what authorities say of a signer's certificate, as it comes in the signature.

C2PA 2.4 §15.9 and §10.3.2.6, RFC 6960 §4.2.2.2: an answer is about one certificate, by its
issuer or whom he appointed, and for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache, partial
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from forgeries import time
from forgeries.case import Files, Made, grouped
from forgeries.forge import embedded, generated, put
from genlabel import formats
from genlabel.credentials.trust import Trust
from genlabel.testing import picture
from oracles.chain import Chain
from responders import (
    DAY,
    GOOD,
    HOUR,
    NOW,
    OCSP_SIGNING,
    RELEASED,
    REVOKED,
    UNKNOWN,
    House,
    holder,
    says,
)
from stamps import filled, token

USUAL = "an answer that all is well, honest"
PROVEN: Mapping[str, Any] = {"time": "proven"}
GONE = {
    **PROVEN,
    **{"validity": "revoked", "state": "invalid", "attested": False},
    "errors": ("signingCredential.ocsp.revoked",),
}
DISTRUSTED = {
    **PROVEN,
    **{"trust": "unknown", "state": "valid", "attested": False},
    "errors": ("signingCredential.untrusted",),
}
_WHY = {
    "engine": "c2pa-python reads the first answer alone, none about issuers, refuses a certificate "
    "that was released or whose answer is over, and believes what the signer says of himself",
    "encypher": "encypher-c2pa reads no answers",
    "c2pa-ts": "c2pa-ts reads no answers, and no time-stamps of private authorities",
}


@cache
def house() -> House:
    return House.new()


@cache
def stranger() -> House:
    return House.new()


def signed(answers: Any, *, stamped: bool = True, name: str = "ocspVals") -> Made:
    """A picture that the house has signed an hour ago, with answers in its signature."""
    own = house()
    key = own.leaf.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    chain = Chain(organisation="Acme Studio", key=key, certificates=own.chain, anchor=own.root.pem)
    outside = {"rVals": {name: answers} if name else answers, "pad": bytes(4000)}
    data = embedded(picture("png"), generated(chain, unprotected=outside))
    clock = time.clock()
    if stamped:
        store = formats.identify(data).survey(data).manifest
        assert store is not None
        data = put(data, filled(store, lambda message: token(message, clock, moment=NOW - HOUR)))
    return Made(data=data, trust=Trust.of(signers=[own.root.pem], tsa=[clock.anchors]))


def by(*statuses: Any, **how: Any) -> Callable[[], Made]:
    """With answers by the house's own responder."""
    return lambda: signed([house().says(status, **how) for status in statuses])


def told(status: Any, by: Callable[[], Any], about: Callable[[], Any] | None = None) -> Any:
    """With an answer about the leaf, or about something else, by somebody."""

    def make() -> Made:
        own = house()
        subject, issuer = about() if about else (own.leaf, own.middle)
        return signed([says(subject, issuer, by(), status)])

    return make


def self_appointed() -> Any:
    """A responder that the stranger's authority appointed."""
    return holder("responder", stranger().middle, ekus=(OCSP_SIGNING,))


_LIES: Files = {
    f"{word} by {name}": told(status, by)
    for word, status in (("all is well", GOOD), ("it was revoked", REVOKED))
    for name, by in (
        ("a stranger's responder, honest", lambda: stranger().delegate),
        ("a stranger's authority, honest", lambda: stranger().middle),
        ("the signer himself, honest", lambda: house().leaf),
        ("a responder that a stranger appointed, honest", self_appointed),
    )
}
"""Nobody is believed who has no say: what they write changes nothing."""

CASES = grouped(
    "answers",
    USUAL,
    _WHY,
    (
        PROVEN,
        {
            USUAL: by(GOOD),
            "an answer of the issuer, honest": told(GOOD, lambda: house().middle),
            "an answer by SHA-256, honest": by(GOOD, digest=hashes.SHA256()),
            "no answer in its list, honest": partial(signed, []),
            "an answer that does not know, honest": by(UNKNOWN),
            "an answer without an end, honest": by(GOOD, until=None),
            "an answer that is over, honest": by(GOOD, since=NOW - 9 * DAY, until=NOW - 8 * DAY),
            "revoked after it was signed, honest": by(
                REVOKED, revoked_at=NOW - timedelta(minutes=10)
            ),
            "revoked tomorrow, honest": by(REVOKED, revoked_at=NOW + DAY),
            "released from being revoked, honest": by(REVOKED, reason=RELEASED),
            "all is well about somebody else, honest": told(
                GOOD, lambda: stranger().delegate, lambda: (stranger().leaf, stranger().middle)
            ),
            "revoked is somebody else, honest": told(
                REVOKED, lambda: stranger().delegate, lambda: (stranger().leaf, stranger().middle)
            ),
            "an answer that is none, honest": partial(signed, [b"junk"]),
            "an answer that is nothing, honest": partial(signed, [b""]),
            "an answer in text, honest": partial(signed, ["junk"]),
            "no list, honest": partial(signed, None),
            "a list by another name, honest": lambda: signed(
                [house().says(REVOKED)], name="crlVals"
            ),
            **_LIES,
        },
    ),
    (
        GONE,
        {
            "revoked": by(REVOKED),
            "revoked, by SHA-256": by(REVOKED, digest=hashes.SHA256()),
            "superseded": by(REVOKED, reason=x509.ReasonFlags.superseded),
            "all is well, and revoked": by(GOOD, REVOKED),
            "revoked, and all is well": by(REVOKED, GOOD),
            "revoked behind what is none": lambda: signed([b"junk", house().says(REVOKED)]),
            "revoked by an answer that is over": by(
                REVOKED, since=NOW - 9 * DAY, until=NOW - 8 * DAY
            ),
        },
    ),
    (
        {**GONE, "time": "none"},
        {"revoked, and never stamped": lambda: signed([house().says(REVOKED)], stamped=False)},
    ),
    (
        DISTRUSTED,
        {
            "its issuer was revoked": told(
                REVOKED, lambda: house().root, lambda: (house().middle, house().root)
            )
        },
    ),
)
