"""A credential as it came with a signature: its certificates, and which anchors vouch for them.

What depends on the certificates alone is found once, however many files carry them. This module
imports cryptography; it is imported only when a chain is to be judged.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from functools import lru_cache

from cryptography import x509

from genlabel.credentials.trust import path as paths
from genlabel.credentials.trust.anchor_pem import AnchorKind
from genlabel.credentials.trust.anchors import Anchors, Trust
from genlabel.credentials.x509 import chain as chains, profile
from genlabel.credentials.x509.profile_rule import UNREADABLE, Problem
from genlabel.model.cached_property import cached_property
from genlabel.model.dataclass import dataclass
from genlabel.model.named_tuple import NamedTuple

ISSUERS_USAGE = "extended key usage of issuers"
"""The rule of `x509.path_rules` about what authorities are for."""


class Unreadable(ValueError):
    """A certificate that cannot be parsed."""


class Vouched(NamedTuple):
    """Who vouches for a credential, and was it valid at the moment that was asked for?"""

    anchors: Anchors | None
    """Whatever the dates: a certificate that has ended is its holder's all the same."""
    valid: bool
    """Is the moment within the dates of every certificate up to the anchor (C2PA 2.4 §15.8.2)?
    Without an anchor, within those of the first."""


@dataclass(frozen=True)  # no slots: what its certificates say is kept
class Credential:
    """Certificates, the signing one first, each followed by its issuer; at least one."""

    certificates: tuple[x509.Certificate, ...] = field(repr=False)

    @classmethod
    def of(cls, ders: tuple[bytes, ...]) -> Credential:
        """The credential of certificates in DER; of a chain that is too long no more than shows it.

        Raises `Unreadable`.
        """
        return _loaded(ders[: profile.MAX_CHAIN + 1])

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Certificates are hashed by all their bytes, and files share them."""
        return hash(self.certificates)

    @property
    def leaf(self) -> x509.Certificate:
        """The certificate that signs."""
        return self.certificates[0]

    def faults(
        self, trust: Trust, kind: AnchorKind, *, algorithm: str | None = None
    ) -> tuple[Problem, ...]:
        """Why every reader refuses it, or all those who trust these anchors; dates apart.

        What its authorities are for counts where one of the anchors is reached through them: C2PA
        2.4 §14.5.1.2 lets others pass over it, and Adobe's authorities are for documents alone.
        """
        return _faults(self, trust, kind, algorithm)

    def vouched(self, trust: Trust, kind: AnchorKind, *, at: datetime) -> Vouched:
        """Which anchors of that kind vouch for it, and whether it was valid at that moment."""
        ways = _ways(self, trust, kind)
        for way in ways:
            if way.valid(at):
                return Vouched(way.anchors, valid=True)
        return Vouched(ways[0].anchors if ways else None, valid=not ways and _valid(self.leaf, at))

    @cached_property
    def end(self) -> datetime:
        """When the first of its certificates to end does."""
        return chains.period(self.certificates)[1]

    @cached_property
    def self_signed(self) -> bool:
        """Is the certificate that signs signed with its own key?"""
        return chains.self_signed(self.leaf)

    def begins_after(self, moment: datetime) -> bool:
        """Had one of its certificates not begun then?"""
        return any(moment < each.not_valid_before_utc for each in self.certificates)


@lru_cache(maxsize=256)
def _loaded(ders: tuple[bytes, ...]) -> Credential:
    loaded = chains.parsed(ders)
    if not loaded:
        raise Unreadable("a certificate cannot be read")
    try:
        for each in loaded:  # parsed when they are looked at: here, and nowhere else
            _ = each.subject, each.issuer, each.not_valid_before_utc, each.not_valid_after_utc
    except UNREADABLE as error:
        raise Unreadable("a certificate cannot be read") from error
    return Credential(loaded)


@lru_cache(maxsize=64)
def _faults(
    credential: Credential, trust: Trust, kind: AnchorKind, algorithm: str | None
) -> tuple[Problem, ...]:
    purpose, chain = paths.PURPOSES[kind], credential.certificates
    own = profile.faults(chain, algorithm=algorithm, purpose=purpose)
    own = tuple(each for each in own if each.name != ISSUERS_USAGE)
    return own or paths.refusals(chain, trust, kind)


@lru_cache(maxsize=64)
def _ways(credential: Credential, trust: Trust, kind: AnchorKind) -> tuple[paths.Path, ...]:
    return paths.holding(credential.certificates, trust, kind)


def _valid(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
