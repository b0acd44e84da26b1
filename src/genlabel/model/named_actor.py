"""NamedActor: who stands behind what an identity assertion references (CAWG Identity 1.3)."""

from __future__ import annotations

from dataclasses import field

from genlabel.model.dataclass import dataclass
from genlabel.model.old_names import Renamed
from genlabel.model.serialise import Result, in_json
from genlabel.model.verdicts import TrustLevel, Validity

DETERMINISTIC, AS_STORED = "deterministic", "as-stored"
"""The encodings of a payload that identities sign; the first is what CAWG asks for."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NamedActor(Result):
    """Who stands behind what one identity assertion references (CAWG Identity 1.3).

    Where `issuer` is set, somebody else says so, and `statements` are that issuer's.
    """

    label: str
    """The assertion's, ``cawg.identity`` or ``cawg.identity__1``, …"""
    signature_type: str | None = field(metadata=in_json("type"))
    """The kind of signature as the file names it, e.g. ``cawg.x509.cose``."""
    organisation: str | None = None
    """The certificate's O; only where the signature holds."""
    common_name: str | None = None
    serial: str | None = None
    """The certificate's serial number, decimal."""
    roles: tuple[str, ...] = ()
    """As found, e.g. ``cawg.producer``."""
    references: tuple[str, ...] = ()
    """The labels of the assertions that are attested, the hard binding among them."""
    issuer: str | None = None
    """Of an aggregation of identity claims, as the file names it: a DID."""
    statements: tuple[str, ...] = ()
    """What that issuer states, e.g. ``cawg.social_media: 'acme' (example.com)``."""
    holds: bool = False
    """Is it signed by this certificate's key, over this very picture and what it references?"""
    form: str | None = field(
        default=None, metadata=in_json(optional=True, enum=[DETERMINISTIC, AS_STORED])
    )
    """What the signature is over: the deterministic encoding that CAWG asks for, or the order in
    which the assertion stands in the file; None where it does not hold."""
    trust: TrustLevel = TrustLevel.UNKNOWN
    """By the anchors for identities alone."""
    trust_list: str | None = field(default=None, metadata=in_json("list"))
    """Name of the list or anchor file that answered."""
    validity: Validity = Validity.UNPROVABLE
    codes: tuple[str, ...] = ()
    """CAWG's status codes about it."""

    list = Renamed("trust_list")
    type = Renamed("signature_type")

    @property
    def known(self) -> bool:
        """Does it hold, and is it somebody whom the given anchors name?"""
        return self.holds and self.trust is not TrustLevel.UNKNOWN

    @property
    def names(self) -> frozenset[str]:
        """What the certificate calls it."""
        return frozenset(name for name in (self.organisation, self.common_name) if name)
