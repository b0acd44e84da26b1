"""Where keys are kept: what every kind of place offers, and how a signer is made of it.

A place is looked at before every signing. What it shows then (`Material`) is compared with what it
showed before, so that keys and certificates can be exchanged under a running program.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from genlabel.credentials.signer import KeySigner
from genlabel.credentials.signers.callback import Ask, CallbackSigner
from genlabel.credentials.x509 import chain, key as keys, pkcs12, profile
from genlabel.model.errors import CredentialError


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What goes with a signer's URI: whatever is set apart from it."""

    certificates: Path | None = None
    """The file of the chain; needed where the place holds none."""
    passphrase: keys.Passphrase = field(default=None, repr=False)
    """Opens an encrypted key or a card; a callable is asked only then."""
    algorithm: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a place holds: a chain, and either a private key or somebody to ask."""

    chain: tuple[x509.Certificate, ...]
    """The signing certificate, then its issuers."""
    chain_source: str
    """Names the chain in sentences."""
    key: keys.PrivateKey | None = field(default=None, repr=False)
    ask: Ask | None = field(default=None, repr=False)
    algorithm: str | None = None
    """The one that was wished, or that the place names."""


class Place(Protocol):
    """Where a key is kept."""

    @property
    def name(self) -> str:
        """How sentences call it; without secrets."""

    def look(self) -> object:
        """What may change, as a value that is equal as long as nothing did.

        Raises `CredentialError` or `ConfigurationError` when the place cannot be reached.
        """

    def material(self, seen: object) -> Material:
        """What the place held when `look` gave `seen`. Raises like `look`."""


def signer(material: Material, *, name: str) -> KeySigner | CallbackSigner:
    """The signer that `material` makes. Raises `CredentialError` that names the failed rule."""
    certs, source = material.chain, material.chain_source
    if material.key is not None:
        chosen = keys.choose(material.key, material.algorithm)
        profile.accept(certs, material.key.public_key(), algorithm=chosen, source=source)
        return KeySigner.unchecked(material.key, certs, chosen)
    if material.ask is None:
        raise CredentialError(f"{name}: no key in it", remedy="name the place where the key is")
    return callback_signer(
        material.ask, certs, algorithm=material.algorithm, name=name, source=source
    )


def callback_signer(
    ask: Ask,
    certs: tuple[x509.Certificate, ...],
    *,
    algorithm: str | None,
    name: str,
    source: str,
) -> CallbackSigner:
    """A signer that asks `ask`, its chain checked by the public half of the key alone."""
    own = public_key(certs[0], source)
    chosen = keys.choose(own, algorithm)
    profile.accept(certs, own, algorithm=chosen, source=source)
    return CallbackSigner.unchecked(ask, certs, chosen, name=name)


def unchecked(material: Material, algorithm: str, /, *, name: str) -> KeySigner | CallbackSigner:
    """The signer of a chain that the caller has checked."""
    if material.key is not None:
        return KeySigner.unchecked(material.key, material.chain, algorithm)
    if material.ask is None:
        raise CredentialError(f"{name}: no key in it", remedy="name the place where the key is")
    return CallbackSigner.unchecked(material.ask, material.chain, algorithm, name=name)


def algorithm_of(certs: tuple[x509.Certificate, ...], wishes: Wishes) -> str:
    """The algorithm that is wished, else the usual one of the certificate's key; empty if none."""
    if wishes.algorithm is not None:
        return wishes.algorithm.lower()
    return next(iter(keys.algorithms_for(chain.public_key(certs[0]))), "")


def public_key(certificate: x509.Certificate, source: str) -> keys.PublicKey:
    """The key in `certificate`, if C2PA has an algorithm for it. Raises `CredentialError`."""
    try:
        found = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CredentialError(
            f"{source}: the certificate's key cannot be read", remedy="ask for another certificate"
        ) from error
    if isinstance(found, keys.PublicKey) and keys.algorithms_for(found):
        return found
    raise CredentialError(
        f"{source}: {keys.describe(found)} signs no C2PA manifest",
        rule=keys.RULE,
        remedy="use a key on P-256, P-384 or P-521, RSA of 2048 bits or more, or Ed25519",
    )


@dataclass(frozen=True, slots=True)
class Contents:
    """A key and its chain as they lie in files or variables, nothing decoded yet."""

    key: bytes = field(repr=False)
    """Whatever `KeySigner.from_pem` takes, PKCS#12 too."""
    chain: bytes | None = field(repr=False)
    """None when the chain is with the key."""


def decoded(contents: Contents, wishes: Wishes, *, source: str, chain_source: str) -> Material:
    """The key and chain in `contents`; without a chain of its own, the one beside the key."""
    if contents.chain is None and pkcs12.is_bundle(contents.key):
        bundle = pkcs12.load(contents.key, passphrase=wishes.passphrase, source=source)
        certs, private = bundle.chain, bundle.key
    else:
        chain_source = source if contents.chain is None else chain_source
        certs = _chain(contents, chain_source)
        private = pkcs12.load_key(contents.key, passphrase=wishes.passphrase, source=source)
    return Material(chain=certs, chain_source=chain_source, key=private, algorithm=wishes.algorithm)


def _chain(contents: Contents, source: str) -> tuple[x509.Certificate, ...]:
    if contents.chain is None and b"-----BEGIN CERTIFICATE-----" not in contents.key:
        raise CredentialError(
            f"{source}: no certificates beside the private key",
            remedy="name their file with --certificates FILE (`certificates` in [signer])",
        )
    return chain.load(contents.key if contents.chain is None else contents.chain, source=source)
