"""Key sources: what every place where a key is kept offers, and how a signer is made of it.

A source is read before every signing. What it holds then is compared with what it held before, so
that keys and certificates can be exchanged under a running program. Importable without
cryptography, which is loaded together with the first key.
"""

from __future__ import annotations

from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from genlabel.credentials.signer import KeySigner
from genlabel.credentials.signers.callback import CallbackSigner, SignCallback
from genlabel.credentials.x509.files import Passphrase
from genlabel.model.dataclass import dataclass

if TYPE_CHECKING:
    from cryptography import x509

    from genlabel.credentials.x509.key import PrivateKey

State = TypeVar("State")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOptions:
    """What goes with a signer's URI: whatever is set apart from it."""

    certificates: Path | None = None
    """The file of the chain; needed where the source holds none."""
    passphrase: Passphrase = field(default=None, repr=False)
    """Opens an encrypted key or is a token's PIN; a callable is asked only then."""
    algorithm: str | None = None
    """Needed only to sign with RSA and another hash than SHA-256."""

    def algorithm_for(self, chain: tuple[x509.Certificate, ...]) -> str:
        """The chosen algorithm, else the usual one of the certificate's key; empty if none."""
        from genlabel.credentials.x509 import chain as chains, key

        return key.named_or_usual(chains.public_key(chain[0]), self.algorithm)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMaterial:
    """What a source holds: a chain, and a private key or somebody who signs with it."""

    chain: tuple[x509.Certificate, ...]
    """The signing certificate, then its issuers."""
    chain_source: str
    """Names the chain in sentences."""
    key: PrivateKey | SignCallback = field(repr=False)
    algorithm: str | None
    """The one that was chosen, or that the source names."""


class KeySource(Protocol[State]):
    """Where a key is kept."""

    @property
    def name(self) -> str:
        """How sentences call it; without secrets."""

    def read(self) -> State:
        """What may change, undecoded: a value that is equal as long as nothing did.

        Raises `CredentialError` or `ConfigurationError` when the source cannot be reached.
        """

    def material(self, state: State, /) -> KeyMaterial:
        """What the source held when `read` gave `state`. Raises like `read`."""


def checked_signer(material: KeyMaterial, *, name: str) -> KeySigner | CallbackSigner:
    """The signer that `material` makes. Raises `CredentialError` that names the failed rule."""
    from genlabel.credentials.x509 import key

    certs, algorithm, source = material.chain, material.algorithm, material.chain_source
    if isinstance(material.key, key.PrivateKey):
        return KeySigner.checked(material.key, certs, algorithm=algorithm, source=source)
    return CallbackSigner.checked(
        material.key, certs, algorithm=algorithm, name=name, source=source
    )


def unchecked_signer(
    material: KeyMaterial, algorithm: str, /, *, name: str
) -> KeySigner | CallbackSigner:
    """The signer of a chain that the caller has checked."""
    from genlabel.credentials.x509 import key

    if isinstance(material.key, key.PrivateKey):
        return KeySigner.unchecked(material.key, material.chain, algorithm)
    return CallbackSigner.unchecked(material.key, material.chain, algorithm, name=name)
