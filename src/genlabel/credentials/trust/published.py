"""The published trust lists: their names, their addresses, and what each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from genlabel.credentials.trust.anchor_pem import AnchorKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A list that somebody publishes for everybody."""

    name: str
    kind: AnchorKind
    title: str
    """For people."""
    address: str
    frozen: date | None = None
    """Since when nobody is added any more."""


# C2PA's conformance programme publishes both of its lists in its repository:
# https://github.com/c2pa-org/conformance-public/tree/main/trust-list
_C2PA = "https://raw.githubusercontent.com/c2pa-org/conformance-public/refs/heads/main/trust-list/"

PUBLISHED: tuple[Published, ...] = (
    Published(
        name="c2pa",
        kind=AnchorKind.SIGNER,
        title="the C2PA trust list",
        address=_C2PA + "C2PA-TRUST-LIST.pem",
    ),
    Published(
        name="c2pa-tsa",
        kind=AnchorKind.TSA,
        title="the C2PA time-stamping trust list",
        address=_C2PA + "C2PA-TSA-TRUST-LIST.pem",
    ),
    Published(
        name="interim",
        kind=AnchorKind.SIGNER,
        title="the interim trust list, from before the C2PA trust list",
        address="https://contentcredentials.org/trust/anchors.pem",
        frozen=date(2026, 1, 1),  # opensource.contentauthenticity.org/docs/verify-known-cert-list
    ),
)

GROUPS: dict[str, tuple[str, ...]] = {"official": ("c2pa", "c2pa-tsa")}
"""Names that stand for several lists. The interim list is nobody's default."""


def published(name: str) -> Published | None:
    """The published list called `name`; None when there is none."""
    return next((each for each in PUBLISHED if each.name == name), None)
