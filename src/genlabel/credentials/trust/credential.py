"""A credential as it came with a signature: its certificates, and which anchors vouch for them.

What depends on the certificates and the anchors alone is found once, however many files carry
them. This module imports cryptography; it is imported only when a chain is to be judged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import NamedTuple

from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning

from genlabel.credentials.trust.anchor_pem import AnchorKind
from genlabel.credentials.trust.anchors import Anchors, Trust
from genlabel.credentials.trust.path import MAX_CHAIN, trust_anchor

UNREADABLE = (
    ValueError,
    TypeError,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    CryptographyDeprecationWarning,
)
"""What cryptography raises for odd certificates; the last where warnings are errors."""


class Vouched(NamedTuple):
    """Who vouches for a credential at a moment."""

    anchors: Anchors | None
    """Whoever's dates: an outlived certificate is its holder's all the same."""
    inside: bool
    """Is the moment within the dates of every certificate below the anchor? Without anchors, of
    the first."""


@dataclass(frozen=True)
class Credential:
    """Certificates (DER), the signing one first, each followed by its issuer; at least one.

    Equal where the bytes are. Nothing of them is checked before it is asked for.
    """

    ders: tuple[bytes, ...] = field(repr=False)

    @cached_property
    def certificates(self) -> tuple[x509.Certificate, ...]:
        """The certificates, parsed: one more than a chain may have at most. Raises `UNREADABLE`."""
        return _certificates(self.ders[: MAX_CHAIN + 1])

    @property
    def leaf(self) -> x509.Certificate:
        """The certificate that signs. Raises `UNREADABLE`."""
        return self.certificates[0]

    def vouched(self, trust: Trust, kind: AnchorKind, *, at: datetime) -> Vouched:
        """Which anchors of that kind vouch for it, and whether it was valid at that moment.

        C2PA 2.4 §15.8.2: all certificates up to the anchor, whose own dates count for nothing
        (RFC 5280 §6.1). Raises `UNREADABLE`.
        """
        usable = 0
        for each in self.certificates:
            if not each.not_valid_before_utc <= at <= each.not_valid_after_utc:
                break
            usable += 1
        anchors = _anchors(self.ders[:usable], trust, kind) if usable else None
        if anchors is not None:
            return Vouched(anchors, inside=True)
        if usable == len(self.certificates):
            return Vouched(None, inside=True)
        anchors = _anchors(self.ders, trust, kind)
        return Vouched(anchors, inside=anchors is None and usable > 0)

    def begins_after(self, moment: datetime) -> bool:
        """Had one of its certificates not begun then? Raises `UNREADABLE`."""
        return any(moment < each.not_valid_before_utc for each in self.certificates)


@lru_cache(maxsize=256)
def _certificates(ders: tuple[bytes, ...]) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_der_x509_certificate(each) for each in ders)


@lru_cache(maxsize=1024)
def _anchors(ders: tuple[bytes, ...], trust: Trust, kind: AnchorKind) -> Anchors | None:
    return trust_anchor(_certificates(ders[: MAX_CHAIN + 1]), trust, kind=kind)
