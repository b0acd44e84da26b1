"""Forgeries of the way from a certificate to an anchor (RFC 5280 §6, C2PA 2.4 §14.5).

What stands in the chain, in which order, what names an issuer may give, and what anchor it ends at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID

import hand_made_chains as hand_made
from forgeries.case import Case, Made
from forgeries.certificates import INVALID, NOBODY, Links, middle, signed, under, usual
from forgeries.forge import embedded, forger, generated
from genlabel.credentials.trust import Trust
from genlabel.testing import picture
from hand_made_chains import Link
from oracles.chain import Chain
from resigning import ES256, X5CHAIN, ders

FAMILY = "paths"
HONEST = "two issuers, honest"
_WHY = {
    "engine": "c2pa-python reads no chain with something behind it, steps over a leaf that stands "
    "twice, asks no issuer which names it may give, and lets anchors of every kind vouch for a "
    "signer",
    "encypher": "encypher-c2pa looks for an issuer among all that is shown, in whatever order; "
    "§14.5 wants each certificate behind the one that it has signed",
    "c2pa-ts": "c2pa-ts knows no trust lists, and looks at the leaf alone",
}


def long() -> Links:
    """A leaf below two issuers and a root."""
    return under(
        lambda issuer: hand_made.intermediate(issuer, path_length=1),
        lambda issuer: hand_made.link("Lower", issuer, **hand_made.AUTHORITY, path_length=0),
        hand_made.leaf,
    )


def shown(*order: int, beside: Callable[[], Links] = tuple, at: int | None = None) -> Made:
    """A picture whose signature shows certificates of a chain in some order, and others."""
    links = long()
    listed = [links[number] for number in order]
    listed[len(listed) if at is None else at : 0 if at is None else at] = beside()[:2]
    chain = Chain(
        organisation="Acme Ltd",
        key=links[0].key_pem,
        certificates=b"".join(each.pem for each in listed),
        anchor=links[-1].pem,
    )
    draft = generated(chain, protected={1: ES256, X5CHAIN: ders(chain)})
    return Made(data=embedded(picture("png"), draft), trust=Trust.of(signers=links[-1].pem))


def named(*names: str, permitted: bool) -> Links:
    """An issuer that may give these names alone, or not these."""
    trees = [
        x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        for name in names
    ]
    rule = x509.NameConstraints(trees if permitted else None, None if permitted else trees)
    return middle(more=((rule, True),))


def old(*, issuer: bool) -> Links:
    """A chain in which the leaf, or its issuer, is a certificate of version 1."""
    root = hand_made.root()
    between = hand_made.intermediate(root)
    if issuer:
        between = hand_made.as_version_1(between, root)
        return hand_made.leaf(between), between, root
    return hand_made.as_version_1(hand_made.leaf(between), between), between, root


def namesake() -> Links:
    """A leaf that calls itself as the anchor does."""
    return hand_made.link("Root", ca=False), hand_made.root()


def under_another_kind(**kind: Callable[[Link], bytes]) -> Made:
    """The chain's root is an anchor for something else than claims."""
    links = usual()
    anchors = {name: of(links[-1]) for name, of in kind.items()}
    return Made(data=signed(links).data, trust=Trust.of(signers=forger().anchor, **anchors))


def _pem(link: Link) -> bytes:
    return link.pem


def _cases() -> Iterator[Case]:
    made: dict[str, tuple[Callable[[], Made], Mapping[str, Any]]] = {
        HONEST: (lambda: shown(0, 1, 2), {}),
        "the anchor itself is shown, too, honest": (lambda: shown(0, 1, 2, 3), {}),
        "a stranger's certificates behind them, honest": (lambda: shown(0, 1, 2, beside=usual), {}),
        "an issuer for this name, honest": (lambda: signed(named("Leaf", permitted=True)), {}),
        "a stranger's certificates between them": (
            lambda: shown(0, 1, 2, beside=usual, at=1),
            NOBODY,
        ),
        "the issuers in another order": (lambda: shown(0, 2, 1), NOBODY),
        "an issuer is not shown": (lambda: shown(0, 2), NOBODY),
        "the leaf is shown twice": (lambda: shown(0, 0, 1, 2), NOBODY),
        "an issuer for other names": (lambda: signed(named("Other", permitted=True)), INVALID),
        "an issuer for all names but this": (
            lambda: signed(named("Leaf", permitted=False)),
            INVALID,
        ),
        "the leaf is of version 1": (lambda: signed(old(issuer=False)), INVALID),
        "the issuer is of version 1": (lambda: signed(old(issuer=True)), INVALID),
        "the leaf calls itself as the anchor does": (lambda: signed(namesake()), NOBODY),
        "the root is an anchor for identities": (
            lambda: under_another_kind(identity=_pem),
            NOBODY,
        ),
        "the root is an anchor for time-stamps": (lambda: under_another_kind(tsa=_pem), NOBODY),
    }
    for name, (make, differs) in made.items():
        control = None if name.endswith("honest") else HONEST
        yield Case(family=FAMILY, name=name, make=make, differs=differs, control=control, why=_WHY)


CASES: tuple[Case, ...] = tuple(_cases())
