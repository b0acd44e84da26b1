"""Who attests a manifest beside its signer: the CAWG identity assertions, and whether they hold.

CAWG Identity 1.3. The engine checks signatures, references and padding and says so in status codes,
each with the assertion's address; here they become one answer an assertion. What an assertion says
of itself counts for nothing: names are shown only from a certificate whose signature holds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from typing import Any

from genlabel.credentials.trust import AnchorKind, Anchors, Trust
from genlabel.manifests.validation import actions
from genlabel.manifests.validation.status_codes import Status, statuses
from genlabel.model.report import NamedActor, TrustLevel, Validity
from genlabel.model.vocabulary import Role

LABEL = "cawg.identity"
X509 = "cawg.x509.cose"
AGGREGATION = "cawg.identity_claims_aggregation"
"""A third party's credential (W3C) about somebody. Its issuer is named by a DID, for whose key one
would have to ask the network: all that is shown is whose statement it claims to be, and what it
says."""
_INSTANCE = re.compile(r"cawg\.identity(__[0-9]{1,4})?")
_ABOUT_TRUST = (
    "cawg.x509.credential.",
    "cawg.x509.signature.outside_validity",
    "cawg.x509.ocsp.",
    "cawg.identity.credential_revoked",
)
"""Failures that touch the certificate, and not whether the assertion is its holder's."""
MAX_ASSERTIONS = 64
"""Most identity assertions of one manifest that are read."""
MAX_STATEMENTS = 32
"""Most statements of one aggregation that are shown."""


def actors(document: Mapping[str, Any], trust: Trust, *, intact: bool) -> tuple[NamedActor, ...]:
    """The named actors of the active manifest, in the order of its assertions.

    `document` is the engine's report under `trust`; `intact` says whether the manifest and the
    picture are as they were signed, without which no assertion about them holds.
    """
    active = actions.active(document)
    assertions = [
        each
        for each in _items(active.get("assertions"))
        if isinstance(each, dict) and _INSTANCE.fullmatch(str(each.get("label", "")))
    ][:MAX_ASSERTIONS]
    times = Counter(each["label"] for each in assertions)
    results = (document.get("validation_results") or {}).get("activeManifest")
    place = f"self#jumbf=/c2pa/{document.get('active_manifest')}/c2pa.assertions/"
    named_actors = []
    for each in assertions:
        where = place + each["label"]
        codes = {
            kind: tuple(
                status
                for status in statuses(results, kind)
                if status.where == where and status.code.startswith("cawg.")
            )
            for kind in ("success", "informational", "failure")
        }
        # Of two assertions with one label nobody could tell which one a code is about.
        sound = intact and times[each["label"]] == 1
        named_actors.append(_actor(each, codes, trust, sound=sound))
    return tuple(named_actors)


def producer_attested(actors: tuple[NamedActor, ...], producer: str | None) -> bool:
    """Does somebody known attest, in a certificate, the name of this producer?"""
    return producer is not None and any(
        actor.known and actor.validity is Validity.WITHIN and producer in actor.names
        for actor in actors
    )


def named_producer(actors: tuple[NamedActor, ...]) -> str | None:
    """Who says of itself, by a certificate that is known here, to be the producer."""
    for actor in actors:
        if actor.known and Role.PRODUCER.value in actor.roles:
            return actor.organisation or actor.common_name
    return None


def _actor(
    assertion: Mapping[str, Any],
    codes: Mapping[str, tuple[Status, ...]],
    trust: Trust,
    *,
    sound: bool,
) -> NamedActor:
    data = assertion.get("data")
    data = data if isinstance(data, Mapping) else {}
    payload = data.get("signer_payload") or data.get("c2paAsset")  # the latter in aggregations
    payload = payload if isinstance(payload, Mapping) else {}
    signature_type = actions.string(payload.get("sig_type"))
    all_codes = dict.fromkeys(each.code for listed in codes.values() for each in listed)
    signed = (
        signature_type == X509
        and "cawg.x509.signature.validated" in {status.code for status in codes["success"]}
        and all(status.code.startswith(_ABOUT_TRUST) for status in codes["failure"])
    )
    holds = sound and signed
    info = data.get("signature_info") if holds else None
    info = info if isinstance(info, Mapping) else {}
    anchors = _vouching(codes, trust) if holds else None
    credential = data if signature_type == AGGREGATION else {}
    issuer = credential.get("issuer")
    return NamedActor(
        label=str(assertion["label"]),
        signature_type=signature_type,
        organisation=actions.string(info.get("issuer")),
        common_name=actions.string(info.get("common_name")),
        serial=actions.string(info.get("cert_serial_number")),
        roles=tuple(_texts(payload.get("role"))),
        references=tuple(_references(payload.get("referenced_assertions"))),
        issuer=actions.string(issuer.get("id") if isinstance(issuer, Mapping) else issuer),
        statements=tuple(_statements(credential.get("verifiedIdentities"))),
        holds=holds,
        trust=anchors.level if anchors else TrustLevel.UNKNOWN,
        trust_list=anchors.name if anchors else None,
        validity=_validity(all_codes.keys()) if holds else Validity.UNPROVABLE,
        codes=tuple(all_codes),
    )


def _vouching(codes: Mapping[str, tuple[Status, ...]], trust: Trust) -> Anchors | None:
    """The anchors for identities that the engine names; one for anything else serves here never."""
    for status in codes["success"]:
        if status.code == "cawg.x509.credential.trusted":
            named = re.search(r"found in \[(\S+)\]", status.explanation)
            anchors = trust.entry(named[1]) if named else None
            if anchors is not None and anchors.kind is AnchorKind.IDENTITY:
                return anchors
    return None


def _validity(codes: Set[str]) -> Validity:
    if {"cawg.identity.credential_revoked", "cawg.x509.credential.revoked"} & codes:
        return Validity.REVOKED
    if "cawg.x509.signature.outside_validity" in codes:
        return Validity.EXPIRED
    return Validity.WITHIN


def _statements(listed: object) -> Iterator[str]:
    """What the issuer of an aggregation is said to have verified: kind, name, and with whom."""
    for each in _items(listed)[:MAX_STATEMENTS]:
        if isinstance(each, Mapping):
            names = (actions.string(each.get(key)) for key in ("name", "username", "address"))
            provider = each.get("provider")
            place = actions.string(provider.get("name")) if isinstance(provider, Mapping) else None
            kind = actions.string(each.get("type")) or "of no kind"
            who = next(filter(None, names), "nobody named")
            yield f"{kind}: {who!r}" + (f" ({place})" if place else "")


def _references(listed: object) -> Iterator[str]:
    """The labels of the assertions, from their JUMBF addresses."""
    maps = (each for each in _items(listed) if isinstance(each, Mapping))
    return (url.rsplit("/", 1)[-1] for url in _texts([each.get("url") for each in maps]))


def _texts(listed: object) -> Iterator[str]:
    return (each for each in _items(listed) if isinstance(each, str))


def _items(listed: object) -> list[Any]:
    return listed if isinstance(listed, list) else []
