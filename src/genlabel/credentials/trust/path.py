"""Certification paths: from a chain up to a trust anchor of one kind (RFC 5280 §6, C2PA §14.5.1.2).

Whose certificate is in order by itself is `x509.profile`'s question; here it is asked who vouches
for it, and for what. This module imports cryptography; it is imported only when a chain is to be
judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from datetime import datetime
from functools import lru_cache

from cryptography import x509

from genlabel.credentials.trust.anchor_pem import AnchorKind
from genlabel.credentials.trust.anchors import Anchors, Trust
from genlabel.credentials.x509 import (
    chain as chains,
    identity_profile,
    path_rules,
    purpose as purposes,
)
from genlabel.credentials.x509.profile import MAX_CHAIN as MAX_CHAIN
from genlabel.credentials.x509.profile_rule import UNREADABLE, Problem
from genlabel.credentials.x509.purpose import Purpose
from genlabel.model.cached_property import cached_property
from genlabel.model.dataclass import dataclass
from genlabel.model.report import TrustLevel

PURPOSES = {
    AnchorKind.SIGNER: Purpose.CLAIMS,
    AnchorKind.TSA: Purpose.TIME_STAMPS,
    AnchorKind.IDENTITY: Purpose.IDENTITIES,
}
"""What the certificates below anchors of each kind sign."""


@dataclass(frozen=True, kw_only=True)  # no slots: its dates are kept
class Path:
    """A way from a signing certificate to an anchor, each signed by the next."""

    anchors: Anchors
    """The anchors among which the last certificate stands."""
    certificates: tuple[x509.Certificate, ...] = field(repr=False)
    """From the leaf to the anchor; the leaf alone where it is named as anchor itself."""
    problems: tuple[Problem, ...]
    """What an authority on the way forbids; nothing on a way that holds."""
    serves: bool
    """Is the leaf for what these anchors vouch for?"""

    def valid(self, at: datetime) -> bool:
        """Was every certificate on the way valid at that moment?

        Of an anchor that signs itself nobody asks: it is trusted because it was given.
        """
        begin, end = self._period
        return begin <= at <= end

    @cached_property
    def _period(self) -> tuple[datetime, datetime]:
        *below, anchor = self.certificates
        judged = below if below and anchor.issuer == anchor.subject else self.certificates
        return chains.period(judged)


def trust_anchor(
    chain: Sequence[x509.Certificate],
    trust: Trust,
    kind: AnchorKind = AnchorKind.SIGNER,
    *,
    at: datetime | None = None,
) -> Anchors | None:
    """The first of the anchors of `kind` in `trust` that vouch for the `chain`; None for none."""
    found = path(chain, trust, kind, at=at)
    return None if found is None else found.anchors


def path(
    chain: Sequence[x509.Certificate],
    trust: Trust,
    kind: AnchorKind = AnchorKind.SIGNER,
    *,
    at: datetime | None = None,
) -> Path | None:
    """The first way from the `chain` to an anchor of `kind` in `trust` that holds; None for none.

    The chain begins with the signing certificate, and each is followed by its issuer. An anchor
    counts if it stands in the chain itself, or if it signed one that does. Every authority on the
    way must be one, with all that RFC 5280 §6.1 asks: path length, name constraints, purposes. The
    leaf must be for what the anchors vouch for (§14.5.1.2): under the C2PA trust list that is
    c2pa-kp-claimSigning, under other lists and one's own anchors any usage of `Purpose.CLAIMS`.

    With `at`, every certificate must have been valid at that moment; without it, dates do not
    matter. Revocation and the leaf's own rules are other questions. Kept by chain and trust.
    """
    for each in holding(chain, trust, kind):
        if at is None or each.valid(at):
            return each
    return None


def holding(chain: Sequence[x509.Certificate], trust: Trust, kind: AnchorKind) -> tuple[Path, ...]:
    """Every way that holds, in the order of the anchors, whatever the dates."""
    ways = _paths(tuple(chain), trust, kind)
    return tuple(each for each in ways if each.serves and not each.problems)


def refusals(
    chain: Sequence[x509.Certificate], trust: Trust, kind: AnchorKind = AnchorKind.SIGNER
) -> tuple[Problem, ...]:
    """What an authority forbids on the only ways to an anchor; none where one of them holds.

    None as well where no anchor is reached: a stranger is no fault.
    """
    ways = _paths(tuple(chain), trust, kind)
    return next((each.problems for each in ways), ()) if all(w.problems for w in ways) else ()


@lru_cache(maxsize=64)
def _paths(chain: tuple[x509.Certificate, ...], trust: Trust, kind: AnchorKind) -> tuple[Path, ...]:
    """Every way, those that do not hold too, in the order of the anchors."""
    if not chain:
        return ()
    try:
        return tuple(
            _judged(way, entry)
            for entry in trust.of_kind(kind)
            for way in _ways(path_rules.linked(chain[:MAX_CHAIN]), entry)
        )
    except UNREADABLE:
        return ()  # keys and extensions are parsed when looked at, and may be damaged


def _ways(
    linked: tuple[x509.Certificate, ...], anchors: Anchors
) -> Iterator[tuple[x509.Certificate, ...]]:
    """The beginnings of the chain that end at one of the anchors."""
    given = _certificates(anchors)
    if linked[0] in given.get(linked[0].subject, ()):
        yield linked[:1]
    for depth, certificate in enumerate(linked):
        for anchor in given.get(certificate.issuer, ()):
            if anchor != certificate and path_rules.signed_by(certificate, anchor):
                yield (*linked[: depth + 1], anchor)


@lru_cache(maxsize=16)
def _certificates(anchors: Anchors) -> dict[x509.Name, tuple[x509.Certificate, ...]]:
    """The anchors by their names."""
    named: dict[x509.Name, tuple[x509.Certificate, ...]] = {}
    for each in x509.load_pem_x509_certificates(anchors.pem):
        named[each.subject] = (*named.get(each.subject, ()), each)
    return named


def _judged(way: tuple[x509.Certificate, ...], anchors: Anchors) -> Path:
    purpose = PURPOSES[anchors.kind]
    return Path(
        anchors=anchors,
        certificates=way,
        problems=tuple(path_rules.faults(way, purpose)),
        serves=_serves(way, anchors, purpose),
    )


def _serves(way: tuple[x509.Certificate, ...], anchors: Anchors, purpose: Purpose) -> bool:
    """Is the leaf for what these anchors vouch for, and its authorities too?"""
    leaf, usages = way[0], path_rules.usages(way)
    if any(purposes.faults(leaf, purpose)):
        return False
    if anchors.c2pa:
        return purposes.CLAIM_SIGNING in usages
    if purpose is Purpose.IDENTITIES and anchors.level is TrustLevel.LISTED:
        # Whom one knows oneself may have any of S/MIME's certificates.
        return purposes.DOCUMENT_SIGNING in usages or identity_profile.interim(leaf)
    return bool(usages & purpose.usages)
