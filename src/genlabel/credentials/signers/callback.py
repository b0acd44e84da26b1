"""A signer whose key stays in its place: it is asked for every signature, and each is checked."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from genlabel.credentials.x509 import files
from genlabel.model.errors import GenlabelError, SigningError

if TYPE_CHECKING:
    from cryptography import x509

Ask = Callable[[bytes], bytes]
"""Takes the bytes to be signed, unhashed, and gives the signature: ECDSA as DER or as r||s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackSigner:
    """A signer that asks something else, such as a card or a key service, for each signature.

    The picture grows by some 9 KB more than with a `KeySigner`: the engine reserves that much.
    """

    algorithm: str
    chain_pem: bytes = field(repr=False)
    organisation: str | None
    common_name: str | None
    serial: str
    not_valid_after: datetime
    fingerprint: str
    name: str
    """How sentences call the place where the key is; without secrets."""
    _ask: Ask = field(repr=False, compare=False)

    @classmethod
    def asking(
        cls,
        ask: Ask,
        certificates: str | os.PathLike[str] | bytes,
        *,
        algorithm: str | None = None,
        name: str = "callback",
    ) -> CallbackSigner:
        """A signer that calls `ask` with the bytes to be signed.

        `certificates` is the chain, the signing certificate first: a file, or PEM itself.
        `algorithm` is needed only to sign with RSA and another hash than SHA-256; for ECDSA and RSA
        the hash is that of `algorithm`, and hashing is the business of `ask`. The chain is checked:
        raises `CredentialError` that names the failed rule.
        """
        from genlabel.credentials.signers import key_source
        from genlabel.credentials.x509 import chain

        if isinstance(certificates, bytes):
            source, data = "certificates", certificates
        else:
            source, data = str(certificates), files.read(Path(certificates))
        return key_source.callback_signer(
            ask, chain.load(data, source=source), algorithm=algorithm, name=name, source=source
        )

    @classmethod
    def unchecked(
        cls, ask: Ask, certs: tuple[x509.Certificate, ...], algorithm: str, *, name: str
    ) -> CallbackSigner:
        """A signer with a chain that the caller has checked, the leaf first."""
        from genlabel.credentials.x509 import chain

        leaf = certs[0]
        return cls(
            algorithm=algorithm,
            chain_pem=chain.pem(certs),
            organisation=chain.organisation(leaf),
            common_name=chain.common_name(leaf),
            serial=str(leaf.serial_number),
            not_valid_after=min(each.not_valid_after_utc for each in certs),
            fingerprint=chain.fingerprint(leaf),
            name=name,
            _ask=ask,
        )

    def private_key_pem(self) -> None:
        """None: the key stays where it is."""

    def sign(self, data: bytes) -> bytes:
        """The signature over `data` as COSE wants it, checked with the certificate's key.

        Raises `SigningError`, with what was raised on asking as its cause.
        """
        from genlabel.credentials.signers import signature

        try:
            answer = self._ask(data)
        except GenlabelError:
            raise
        except Exception as error:
            raise failed(self.name, error) from error
        return signature.settled(
            answer,
            data,
            algorithm=self.algorithm,
            chain_pem=self.chain_pem,
            name=self.name,
        )


def failed(name: str, error: BaseException) -> SigningError:
    """What to raise when the signer called `name` raised `error`."""
    said = " ".join(str(error).split())[:400]
    kind = type(error).__name__
    return SigningError(
        f"{name}: the signer failed with {kind}" + (f": {said}" if said else ""),
        remedy="nothing was signed; see what the signer needs",
    )
