"""Signers: a private key, or access to one, and its certificate chain.

Importable without cryptography, which is loaded together with the first key.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol, runtime_checkable

from genlabel.credentials.x509 import files
from genlabel.credentials.x509.certificate import Certificate
from genlabel.model.dataclass import dataclass

if TYPE_CHECKING:
    from cryptography import x509

    from genlabel.credentials.x509.key import PrivateKey


class Signer(Protocol):
    """A key and its certificates: what a class of your own must offer.

    A key that cannot leave its place signs by `sign` alone. What the certificate says is read from
    `chain_pem` (`certificate_of`).
    """

    @property
    def algorithm(self) -> str:
        """The engine's name: es256, es384, es512, ps256, ps384, ps512 or ed25519."""

    @property
    def chain_pem(self) -> bytes:
        """The signing certificate, then its issuers, PEM: what goes into every picture."""

    def __hash__(self) -> int:
        """A signer is a value: engine objects are kept by it, for as long as somebody has it. A
        class with `__slots__` names `__weakref__` among them for that.
        """

    def private_key_pem(self) -> bytes | None:
        """The key as unencrypted PKCS#8 for the engine, in memory only; None if it stays put."""

    def sign(self, data: bytes) -> bytes:
        """The signature over `data` as COSE wants it (ECDSA: r||s of fixed width)."""


def certificate_of(signer: Signer) -> Certificate:
    """What the signing certificate of `signer` says. Raises `CredentialError` if unreadable."""
    return Certificate.in_pem(signer.chain_pem)


class CertificateProperties:
    """`certificate` and its most asked facts, for every signer of genlabel's own."""

    __slots__ = ("__weakref__",)  # what is made of a key is kept no longer than its signer

    @property
    def certificate(self: Signer) -> Certificate:
        """What the signing certificate says: subject, issuer, serial number, dates."""
        return certificate_of(self)

    @property
    def organisation(self: Signer) -> str | None:
        """``certificate.organisation``: the subject's O, what viewers show as the signer."""
        return certificate_of(self).organisation

    @property
    def common_name(self: Signer) -> str | None:
        """``certificate.common_name``: the subject's CN."""
        return certificate_of(self).common_name

    @property
    def serial(self: Signer) -> str:
        """``certificate.serial``: the serial number, decimal."""
        return certificate_of(self).serial

    @property
    def not_valid_after(self: Signer) -> datetime:
        """``certificate.not_valid_after``: when the first certificate of the chain ends, UTC."""
        return certificate_of(self).not_valid_after

    @property
    def fingerprint(self: Signer) -> str:
        """``certificate.fingerprint``: SHA-256 of the DER, 64 hexadecimal digits."""
        return certificate_of(self).fingerprint


@runtime_checkable
class ReloadingSigner(Protocol):
    """A signer behind which keys and certificates may be exchanged at any time."""

    def current(self) -> Signer:
        """The signer that it is now; raises `GenlabelError` when there is none."""


def at_present(signer: Signer) -> Signer:
    """What `signer` is now: one and the same key and chain for the whole of one signing."""
    if isinstance(signer, KeySigner):
        return signer  # at once, since asking a protocol takes longer
    return signer.current() if isinstance(signer, ReloadingSigner) else signer


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySigner(CertificateProperties):
    """A signer whose private key is in memory, made by one of the methods that begin `from_`.

    `multiprocessing` hands it to child processes, key included. Any other pickle, which may end in
    a file or a queue, is refused: a signer by URI (`genlabel.signer`) goes there without its key.
    """

    algorithm: str
    """es256, es384, es512, ps256, ps384, ps512 or ed25519."""
    chain_pem: bytes = field(repr=False)
    """The signing certificate, then its issuers, PEM."""
    _key: PrivateKey = field(repr=False, compare=False)

    @classmethod
    def from_files(
        cls,
        key: files.PathLike,
        certificates: files.PathLike,
        *,
        passphrase: files.Passphrase = None,
        algorithm: str | None = None,
    ) -> KeySigner:
        """A signer from a private key and its certificates, each in a file.

        `key` is a path: PEM or DER; PKCS#8, SEC1 or PKCS#1; the key of a PKCS#12 file; encrypted
        or not. `certificates` is the path of the chain: PEM, DER or PKCS#7 (.p7b), in any order.
        `passphrase` opens an encrypted key; a callable is asked only then. `algorithm` (default:
        the usual one of the key's kind) is needed only to sign with RSA and another hash than
        SHA-256: ``ps384``, ``ps512``.

        The chain is checked before it is used (C2PA 2.4 §14.5.1): raises `CredentialError` for a
        file that cannot be read, and with `rule` and `remedy` for the first rule that it fails.
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
        passphrase: files.Passphrase = None,
        algorithm: str | None = None,
        key_source: str = "key",
        certificates_source: str = "certificates",
    ) -> KeySigner:
        """A signer from a private key and its certificates in memory; otherwise as `from_files`."""
        from genlabel.credentials.x509 import delivery, pkcs12

        private = pkcs12.load_key(key, passphrase=passphrase, source=key_source)
        public = private.public_key()
        certs = delivery.read(certificates, source=certificates_source, public=public).chain
        return cls.checked(private, certs, algorithm=algorithm, source=certificates_source)

    @classmethod
    def from_pkcs12(
        cls,
        file: files.PathLike,
        *,
        passphrase: files.Passphrase = None,
        algorithm: str | None = None,
    ) -> KeySigner:
        """A signer from a PKCS#12 file (.p12, .pfx), which holds the key and its certificates.

        Otherwise as `from_files`.
        """
        from genlabel.credentials.x509 import pkcs12

        bundle = pkcs12.read(Path(file), passphrase=passphrase)
        return cls.checked(bundle.key, bundle.chain, algorithm=algorithm, source=str(file))

    @classmethod
    def checked(
        cls,
        private: PrivateKey,
        certs: tuple[x509.Certificate, ...],
        *,
        algorithm: str | None,
        source: str,
    ) -> KeySigner:
        """A signer from a key and chain; `source` names the chain. Raises `CredentialError`."""
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

        return cls(algorithm=algorithm, chain_pem=chain.pem(certs), _key=private)

    def __post_init__(self) -> None:
        _register_for_child_processes()

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a KeySigner holds a private key, which goes into no pickle: "
            "use genlabel.signer('file:…'), which opens it anew"
        )

    def private_key_pem(self) -> bytes:
        """The key as unencrypted PKCS#8 in PEM, for handing to the engine in memory only."""
        from genlabel.credentials.x509 import key as keys

        return keys.pkcs8(self._key)

    def sign(self, data: bytes) -> bytes:
        """The signature over `data` as COSE wants it (ECDSA: r||s of fixed width)."""
        from genlabel.credentials.x509 import key as keys

        return keys.sign(self._key, self.algorithm, data)


@lru_cache(maxsize=1)
def _register_for_child_processes() -> None:
    """Pipes between the processes of one program are the only way that a key in memory takes."""
    from multiprocessing.reduction import ForkingPickler

    ForkingPickler.register(
        KeySigner,
        lambda signer: (_received, (signer.algorithm, signer.chain_pem, signer.private_key_pem())),
    )


def _received(algorithm: str, chain_pem: bytes, key_pem: bytes) -> KeySigner:
    from genlabel.credentials.x509 import key

    return KeySigner(algorithm=algorithm, chain_pem=chain_pem, _key=key.load(key_pem))
