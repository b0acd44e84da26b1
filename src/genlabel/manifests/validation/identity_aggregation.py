"""Aggregations of identity claims: a third party's credential (W3C) about somebody, as it is told.

CAWG Identity 1.3, "Identity claims aggregation". Their issuer is named by a DID, for whose key one
would have to ask the network: shown is whose statement it claims to be, and what it says. The
engine reads them; none is ever trusted here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from genlabel.manifests.validation import actions
from genlabel.manifests.validation.status_codes import statuses
from genlabel.model.escape import quoted
from genlabel.model.named_tuple import NamedTuple

SIGNATURE_TYPE = "cawg.identity_claims_aggregation"
MAX_STATEMENTS = 32
"""Most statements of one aggregation that are shown."""


class Aggregation(NamedTuple):
    """What the engine tells of one aggregation."""

    issuer: str | None = None
    statements: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """Its status codes that are no failures."""


def of(document: Mapping[str, Any] | None, label: str, where: str) -> Aggregation:
    """What the engine's report says of the active manifest's aggregation `label`, at `where`."""
    if document is None:
        return Aggregation()
    records = [
        each
        for each in _items(actions.active(document).get("assertions"))
        if isinstance(each, dict) and each.get("label") == label
    ]
    data = records[0].get("data") if len(records) == 1 else None
    data = data if isinstance(data, Mapping) else {}
    issuer = data.get("issuer")
    results = (document.get("validation_results") or {}).get("activeManifest")
    told = {
        kind: [
            each.code
            for each in statuses(results, kind)
            if each.where == where and each.code.startswith("cawg.")
        ]
        for kind in ("success", "informational", "failure")
    }
    return Aggregation(
        issuer=actions.string(issuer.get("id") if isinstance(issuer, Mapping) else issuer),
        statements=tuple(_statements(data.get("verifiedIdentities"))),
        failures=tuple(dict.fromkeys(told["failure"])),
        others=tuple(dict.fromkeys(told["success"] + told["informational"])),
    )


def _statements(listed: object) -> Iterator[str]:
    """What the issuer is said to have verified: kind, name, and with whom."""
    for each in _items(listed)[:MAX_STATEMENTS]:
        if isinstance(each, Mapping):
            names = (actions.string(each.get(key)) for key in ("name", "username", "address"))
            provider = each.get("provider")
            place = actions.string(provider.get("name")) if isinstance(provider, Mapping) else None
            kind = actions.string(each.get("type")) or "of no kind"
            who = next(filter(None, names), "nobody named")
            yield f"{kind}: {quoted(who)}" + (f" ({place})" if place else "")


def _items(listed: object) -> list[Any]:
    return listed if isinstance(listed, list) else []
