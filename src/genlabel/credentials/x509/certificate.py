"""What a signing certificate says about its holder, and for how long its chain is valid.

Importable without cryptography, which is loaded together with the first chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import CredentialError

if TYPE_CHECKING:
    from cryptography import x509


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The signing certificate (RFC 5280) of a chain."""

    organisation: str | None
    """The subject's O: what viewers show as the signer."""
    common_name: str | None
    """The subject's CN."""
    issuer: str
    """The issuer's name, RFC 4514: ``CN=Acme Issuing CA,O=Acme Studio``."""
    serial: str
    """The serial number, decimal, as the engine reports it."""
    fingerprint: str
    """SHA-256 of the DER, 64 hexadecimal digits."""
    algorithms: tuple[str, ...]
    """The signature algorithms that its key is for (C2PA 2.4 §13.2.1), the usual one first."""
    not_valid_before: datetime
    """When the last certificate of the chain begins, UTC."""
    not_valid_after: datetime
    """When the first certificate of the chain ends, UTC: labels without time-stamp end too."""

    @classmethod
    def of(
        cls, chain: Sequence[x509.Certificate], leaf: x509.Certificate | None = None
    ) -> Certificate:
        """The facts of `leaf`, by default the first certificate of `chain`."""
        from genlabel.credentials.x509 import chain as chains, key

        leaf = leaf or chain[0]
        begin, end = chains.period(chain)
        return cls(
            organisation=chains.organisation(leaf),
            common_name=chains.common_name(leaf),
            issuer=leaf.issuer.rfc4514_string(),
            serial=str(leaf.serial_number),
            fingerprint=chains.fingerprint(leaf),
            algorithms=key.algorithms_for(chains.public_key(leaf)),
            not_valid_before=begin,
            not_valid_after=end,
        )

    @classmethod
    @lru_cache(maxsize=64)
    def in_pem(cls, chain_pem: bytes) -> Certificate:
        """The facts of the first certificate in `chain_pem`. Raises `CredentialError`."""
        from genlabel.credentials.x509 import chain
        from genlabel.credentials.x509.profile_rule import UNREADABLE

        try:
            return cls.of(chain.load(chain_pem))
        except UNREADABLE as error:
            raise CredentialError(
                "certificates: names or numbers in the first one cannot be read",
                remedy="get the file anew from whoever issued the certificate",
            ) from error
