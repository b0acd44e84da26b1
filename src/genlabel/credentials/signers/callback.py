"""Callback signers: the key stays in its place, and each signature that comes back is checked."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from genlabel.credentials.signer import CertificateProperties
from genlabel.credentials.x509 import files
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import GenlabelError, SigningError

if TYPE_CHECKING:
    from cryptography import x509

SignCallback = Callable[[bytes], bytes]
"""Takes the bytes to be signed, unhashed, and gives the signature: ECDSA as DER or as r||s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackSigner(CertificateProperties):
    """A signer that asks something else, such as a card or a key service, for each signature.

    The picture grows by some 9 KB more than with a `KeySigner` where the engine seals
    (`SealedBy.ENGINE`): it reserves that much.
    It can be pickled if its callback can: a function of a module, or an object of such a class.
    """

    algorithm: str
    """es256, es384, es512, ps256, ps384, ps512 or ed25519."""
    chain_pem: bytes = field(repr=False)
    """The signing certificate, then its issuers, PEM."""
    name: str
    """How sentences call the place where the key is; without secrets."""
    _ask: SignCallback = field(repr=False, compare=False)

    @classmethod
    def asking(
        cls,
        ask: SignCallback,
        certificates: str | os.PathLike[str] | bytes,
        *,
        algorithm: str | None = None,
        name: str = "callback",
    ) -> CallbackSigner:
        """A signer that calls `ask` with the bytes to be signed, and gets the signature.

        `certificates` is the chain (PEM, DER or PKCS#7, in any order): a path, or itself as bytes.
        `algorithm` (default: the usual one of the certificate's key) is needed only to sign with
        RSA and another hash than SHA-256. `ask` hashes by itself, with the hash of `algorithm`; it
        gives ECDSA as DER or as r||s. `name` is how sentences call it; without secrets.

        The chain is checked (C2PA 2.4 §14.5.1): raises `CredentialError` that names the failed
        rule. What `ask` raises when it is called becomes the cause of a `SigningError`.
        """
        from genlabel.credentials.x509 import delivery

        if isinstance(certificates, bytes):
            source, data = "certificates", certificates
        else:
            source, data = str(certificates), files.read(Path(certificates))
        certs = delivery.read(data, source=source).chain
        return cls.checked(ask, certs, algorithm=algorithm, name=name, source=source)

    @classmethod
    def checked(
        cls,
        ask: SignCallback,
        certs: tuple[x509.Certificate, ...],
        *,
        algorithm: str | None,
        name: str,
        source: str,
    ) -> CallbackSigner:
        """A signer whose chain is checked by the public half of the key alone."""
        from genlabel.credentials.x509 import chain, key, profile

        public = key.known_public(chain.public_key(certs[0]), source)
        chosen = key.choose(public, algorithm)
        profile.accept(certs, public, algorithm=chosen, source=source)
        return cls.unchecked(ask, certs, chosen, name=name)

    @classmethod
    def unchecked(
        cls, ask: SignCallback, certs: tuple[x509.Certificate, ...], algorithm: str, *, name: str
    ) -> CallbackSigner:
        """A signer with a chain that the caller has checked, the leaf first."""
        from genlabel.credentials.x509 import chain

        return cls(algorithm=algorithm, chain_pem=chain.pem(certs), name=name, _ask=ask)

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
            answer, data, algorithm=self.algorithm, chain_pem=self.chain_pem, name=self.name
        )


def failed(name: str, error: BaseException) -> SigningError:
    """What to raise when the signer called `name` raised `error`."""
    text = " ".join(str(error).split())[:400]
    return SigningError(
        f"{name}: the signer failed with {type(error).__name__}" + (f": {text}" if text else ""),
        remedy="nothing was signed; see what the signer needs",
    )
