"""Who signs: what the engine needs to know of a credential, wherever its key lives.

Importable without cryptography, which is loaded together with the first key.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from genlabel.credentials.x509 import files

if TYPE_CHECKING:
    from cryptography import x509

    from genlabel.credentials.x509.key import PrivateKey


class Signer(Protocol):
    """A key and its certificates. A key that cannot leave its place signs by `sign` alone."""

    @property
    def algorithm(self) -> str:
        """The engine's name: es256, es384, es512, ps256, ps384, ps512 or ed25519."""

    @property
    def chain_pem(self) -> bytes:
        """The signing certificate, then its issuers, PEM: what goes into every picture."""

    @property
    def organisation(self) -> str | None:
        """The certificate's O: what viewers show as the signer."""

    @property
    def common_name(self) -> str | None:
        """The certificate's CN."""

    @property
    def serial(self) -> str:
        """The certificate's serial number, decimal, as the engine reports it."""

    @property
    def not_valid_after(self) -> datetime:
        """When the first certificate of the chain ends, UTC: labels without time-stamp end too."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate's DER, 64 hexadecimal digits."""

    def __hash__(self) -> int:
        """A signer is a value: engine objects are kept by it."""

    def private_key_pem(self) -> bytes | None:
        """The key as unencrypted PKCS#8 for the engine, in memory only; None if it stays put."""

    def sign(self, data: bytes) -> bytes:
        """The signature over `data` as COSE wants it (ECDSA: r||s of fixed width)."""


@runtime_checkable
class Rotating(Protocol):
    """A signer behind which keys and certificates may be exchanged at any time."""

    def current(self) -> Signer:
        """The signer that it is now; raises `GenlabelError` when there is none."""


def at_present(signer: Signer) -> Signer:
    """What `signer` is now: one and the same key and chain for the whole of one signing."""
    if isinstance(signer, KeySigner):
        return signer  # at once, since asking a protocol takes longer
    return signer.current() if isinstance(signer, Rotating) else signer


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySigner:
    """A signer whose private key is in memory, made by one of the methods that begin `from_`."""

    algorithm: str
    chain_pem: bytes = field(repr=False)
    organisation: str | None
    common_name: str | None
    serial: str
    not_valid_after: datetime
    fingerprint: str
    _key: PrivateKey = field(repr=False, compare=False)

    @classmethod
    def from_files(
        cls,
        key: str | os.PathLike[str],
        certificates: str | os.PathLike[str],
        *,
        passphrase: bytes | str | Callable[[], bytes | str] | None = None,
        algorithm: str | None = None,
    ) -> KeySigner:
        """A signer from a private key and its certificates, each in a file.

        The key: PEM or DER; PKCS#8, SEC1 or PKCS#1; the key of a PKCS#12 file; encrypted or not. A
        callable `passphrase` is asked only for an encrypted key. `algorithm` is needed only to
        sign with RSA and another hash than SHA-256. The chain is checked before it is used: raises
        `CredentialError` that names the failed rule and what to do.
        """
        key_path, chain_path = Path(key), Path(certificates)
        return cls.from_pem(
            files.read(key_path, secret=True),
            files.read(chain_path),
            passphrase=passphrase,
            algorithm=algorithm,
            key_source=str(key_path),
            certificates_source=str(chain_path),
        )

    @classmethod
    def from_pem(
        cls,
        key: bytes,
        certificates: bytes,
        *,
        passphrase: bytes | str | Callable[[], bytes | str] | None = None,
        algorithm: str | None = None,
        key_source: str = "key",
        certificates_source: str = "certificates",
    ) -> KeySigner:
        """A signer from a private key and its certificates in memory; otherwise as `from_files`."""
        from genlabel.credentials.x509 import chain, pkcs12

        private = pkcs12.load_key(key, passphrase=passphrase, source=key_source)
        certs = chain.load(certificates, source=certificates_source)
        return cls._checked(private, certs, algorithm, certificates_source)

    @classmethod
    def from_pkcs12(
        cls,
        file: str | os.PathLike[str],
        *,
        passphrase: bytes | str | Callable[[], bytes | str] | None = None,
        algorithm: str | None = None,
    ) -> KeySigner:
        """A signer from a PKCS#12 file (.p12, .pfx), which holds the key and its certificates.

        Such files promise no order, so here, and only here, the chain is put in order, and its
        root left out. Otherwise as `from_files`.
        """
        from genlabel.credentials.x509 import pkcs12

        found = pkcs12.read(Path(file), passphrase=passphrase)
        return cls._checked(found.key, found.chain, algorithm, str(file))

    @classmethod
    def _checked(
        cls,
        private: PrivateKey,
        certs: tuple[x509.Certificate, ...],
        algorithm: str | None,
        source: str,
    ) -> KeySigner:
        from genlabel.credentials.x509 import key as keys, profile

        chosen = keys.choose(private, algorithm)
        profile.accept(certs, private.public_key(), algorithm=chosen, source=source)
        return cls.unchecked(private, certs, chosen)

    @classmethod
    def unchecked(
        cls, private: PrivateKey, certs: tuple[x509.Certificate, ...], algorithm: str
    ) -> KeySigner:
        """A signer from a key and chain that the caller has checked, the leaf first."""
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
            _key=private,
        )

    def private_key_pem(self) -> bytes:
        """The key as unencrypted PKCS#8 in PEM, for handing to the engine in memory only."""
        from genlabel.credentials.x509 import key as keys

        return keys.pkcs8(self._key)

    def sign(self, data: bytes) -> bytes:
        """The signature over `data` as COSE wants it (ECDSA: r||s of fixed width)."""
        from genlabel.credentials.x509 import key as keys

        return keys.sign(self._key, self.algorithm, data)
