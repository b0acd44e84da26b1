"""Aggregations of identity claims: what a third party states about somebody, read and not judged.

CAWG Identity 1.3, ``cawg.identity_claims_aggregation``: a verifiable credential (W3C) inside a COSE
signature, whose issuer is named by a DID. To check it one would have to ask the network for the
issuer's key, so all that is shown is whose statement it claims to be, and what it says.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from genlabel.manifests import cbor
from genlabel.manifests.cbor import Major, Unreadable

TYPE = "cawg.identity_claims_aggregation"
MAX_CREDENTIAL = 256 * 1024
"""Most bytes of a credential that are read; Adobe's take some 5 KB."""
MAX_STATEMENTS = 32
"""Most verified identities of one credential that are shown."""
_COSE_SIGN1 = 18  # the tag of COSE_Sign1, RFC 9052 §4.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregation:
    """What a credential says, whoever made it."""

    issuer: str | None = None
    """The DID of whoever is said to state it."""
    statements: tuple[str, ...] = ()
    """Each with its kind, name and where it was verified, by the issuer's word."""


NOTHING = Aggregation()


def read(data: Mapping[str, Any]) -> Aggregation:
    """What the credential in an identity assertion says; nothing where it cannot be read.

    `data` is the assertion as the engine shows it: with the credential's fields where the engine
    could check its signature, else with the signature as it stands in the file. Never raises.
    """
    return _shown(data) if "signature" not in data else _credential(data["signature"])


def _shown(data: Mapping[str, Any]) -> Aggregation:
    """As the engine shows a credential that it has checked."""
    return Aggregation(
        issuer=_text(data.get("issuer")) or _text(data.get("credentialIssuer")),
        statements=tuple(_statements(data.get("verifiedIdentities"))),
    )


def _credential(signature: object) -> Aggregation:
    """From the signature's own bytes, in base64."""
    if not isinstance(signature, str) or len(signature) > 2 * MAX_CREDENTIAL:
        return NOTHING
    try:
        payload = _payload(base64.b64decode(signature, validate=True))
        credential = json.loads(payload)
    except (binascii.Error, ValueError, RecursionError):  # `Unreadable` is a ValueError
        return NOTHING
    if not isinstance(credential, dict):
        return NOTHING
    issuer = credential.get("issuer")
    subject = credential.get("credentialSubject")
    return Aggregation(
        issuer=_text(issuer.get("id") if isinstance(issuer, dict) else issuer),
        statements=tuple(
            _statements(subject.get("verifiedIdentities") if isinstance(subject, dict) else None)
        ),
    )


def _payload(signature: bytes) -> bytes:
    """The third of the four items of COSE_Sign1, RFC 9052 §4.2."""
    if len(signature) > MAX_CREDENTIAL:
        raise Unreadable(f"{len(signature):,} bytes of credential")
    array = cbor.item(signature)
    if array.major is Major.TAG and array.argument == _COSE_SIGN1:
        (array,) = cbor.children(signature, array, most=1)
    items = cbor.children(signature, array, most=4)
    if array.major is not Major.ARRAY or len(items) != 4:
        raise Unreadable("no COSE_Sign1")
    return cbor.content(signature, items[2])


def _statements(listed: object) -> Iterator[str]:
    for each in (listed if isinstance(listed, list) else ())[:MAX_STATEMENTS]:
        if not isinstance(each, Mapping):
            continue
        provider = each.get("provider")
        where = _text(provider.get("name")) if isinstance(provider, Mapping) else None
        who = _text(each.get("name")) or _text(each.get("username")) or _text(each.get("address"))
        kind = _text(each.get("type")) or "of no kind"
        yield f"{kind}: {who!r}" + (f" ({where})" if where else "")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
