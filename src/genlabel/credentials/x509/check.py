"""Checking: will a chain and key be accepted, why not, and what will viewers show?

Nothing is raised for a credential that is bad: its faults are rows. `CredentialError` means that
a file could not be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from cryptography import x509

from genlabel.credentials.signer import KeySigner, Signer
from genlabel.credentials.signers import key_source, uri as uris
from genlabel.credentials.x509 import (
    chain as certificates,
    files,
    identity_profile,
    key as keys,
    pkcs12,
    profile,
)
from genlabel.credentials.x509.certificate import Certificate
from genlabel.credentials.x509.profile_rule import ANOTHER, Problem, extension, note
from genlabel.model.errors import ConfigurationError, CredentialError
from genlabel.model.report import Severity

Probe = Callable[[Signer], Problem | None]
_Beyond = Callable[[x509.Certificate], Iterator[Problem]]
"""Signs something with a signer and reads it back: what went wrong, None when nothing did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCheck:
    """What checking a credential before anything is signed came to."""

    certificates: str
    """The file that the chain came from."""
    key: str | None
    """The private key's file or the place of a URI; None when only the chain was checked."""
    problems: tuple[Problem, ...]
    """Every rule that is failed, in the order in which one would put them right."""
    certificate: Certificate
    """What the signing certificate says."""
    algorithm: str | None
    """The algorithm of the signatures, by the engine's name; None if the key has none."""
    probed: bool | None
    """Did a picture, signed and read back, come out well? None when it was not tried."""

    @property
    def organisation(self) -> str | None:
        """The certificate's O: what viewers show as the signer."""
        return self.certificate.organisation

    @property
    def common_name(self) -> str | None:
        """The certificate's CN."""
        return self.certificate.common_name

    @property
    def verifies_until(self) -> datetime:
        """When labels without time-stamp stop verifying: the chain's first end, UTC."""
        return self.certificate.not_valid_after

    @property
    def ok(self) -> bool:
        """Will the credential be accepted: is there no error?"""
        return all(each.severity is not Severity.ERROR for each in self.problems)


def check(
    certificates_file: Path | None,
    *,
    key_file: Path | None,
    uri: str | None = None,
    passphrase: keys.Passphrase = None,
    algorithm: str | None = None,
    identity: bool = False,
    probe: Probe | None = None,
) -> KeyCheck:
    """All that can be said about the chain and, if it is given, its key.

    Without `certificates_file` the key is a PKCS#12 file that holds them, in whatever order.
    `identity` asks whether it will do for identity assertions instead of claims. With `uri` the key
    is where that says, and nothing of it is seen but by the probe.
    `probe` is tried when a key is given and no rule is failed. Raises `CredentialError` for a file
    that cannot be read and for an algorithm that nobody knows.
    """
    if algorithm is not None and algorithm.lower() not in keys.ALGORITHMS:
        raise keys.unknown(algorithm)
    beyond = _as_identity if identity else _listing
    if uri is not None:
        if key_file is not None:
            raise ConfigurationError(
                "keys check: both a URI and a key file", remedy="name the signer in one way"
            )
        options = key_source.KeyOptions(
            certificates=certificates_file, passphrase=passphrase, algorithm=algorithm
        )
        return _check_source(uris.key_source(uri, options), algorithm, probe, beyond)
    source, chain, private, unusable = _read(certificates_file, key_file, passphrase)
    return _judged(
        chain,
        private,
        (*unusable, *_rows(chain, private, algorithm, beyond)),
        algorithm=algorithm,
        names=(str(source), str(key_file) if key_file is not None else None),
        make=None if private is None else partial(KeySigner.unchecked, private, chain),
        probe=probe,
    )


def _check_source(
    source: key_source.KeySource[Any], algorithm: str | None, probe: Probe | None, beyond: _Beyond
) -> KeyCheck:
    material = source.material(source.read())
    algorithm = material.algorithm or algorithm
    private = material.key if isinstance(material.key, keys.PrivateKey) else None
    return _judged(
        material.chain,
        private,
        _rows(material.chain, private, algorithm, beyond),
        algorithm=algorithm,
        names=(material.chain_source, source.name),
        make=partial(key_source.unchecked_signer, material, name=source.name),
        probe=probe,
    )


def _judged(
    chain: tuple[x509.Certificate, ...],
    private: keys.PrivateKey | None,
    found: tuple[Problem, ...],
    *,
    algorithm: str | None,
    names: tuple[str, str | None],
    make: Callable[[str], Signer] | None,
    probe: Probe | None,
) -> KeyCheck:
    """`names` are those of chain and key; `make` makes the signer that `probe` tries."""
    leaf = chain[_place_of_leaf(chain, private)]
    chosen = _algorithm(leaf, algorithm)
    probed = None
    if make is not None and probe is not None and not _refused(found):
        failure = probe(make(chosen))
        probed = failure is None
        found = (*found, failure) if failure is not None else found
    return KeyCheck(
        certificates=names[0],
        key=names[1],
        problems=found,
        certificate=Certificate.of(chain, leaf),
        algorithm=chosen or None,
        probed=probed,
    )


def _read(
    certificates_file: Path | None, key_file: Path | None, passphrase: keys.Passphrase
) -> tuple[Path, tuple[x509.Certificate, ...], keys.PrivateKey | None, tuple[Problem, ...]]:
    """Where the chain came from, the chain, its key, and why the key cannot be used."""
    if certificates_file is not None:
        chain = certificates.load(files.read(certificates_file), source=str(certificates_file))
        return certificates_file, chain, *_private(key_file, passphrase)
    if key_file is None:
        raise CredentialError(
            "certificates: none given",
            remedy="give a chain, or as the key a PKCS#12 file that holds one",
        )
    bundle = pkcs12.read(key_file, passphrase=passphrase)
    return key_file, bundle.chain, bundle.key, ()


def _private(
    file: Path | None, passphrase: keys.Passphrase
) -> tuple[keys.PrivateKey | None, tuple[Problem, ...]]:
    """The private key, or the rule for which no key of its kind can be used."""
    if file is None:
        return None, ()
    try:
        return pkcs12.load_key(
            files.read(file, secret=True), passphrase=passphrase, source=str(file)
        ), ()
    except CredentialError as refusal:
        if refusal.rule is None:
            raise  # unreadable, encrypted, not a key: nothing is known about it
        return None, (
            Problem(
                rule=refusal.rule,
                severity=Severity.ERROR,
                message=str(refusal),
                remedy=refusal.remedy or ANOTHER,
            ),
        )


def _rows(
    chain: Sequence[x509.Certificate],
    private: keys.PrivateKey | None,
    algorithm: str | None,
    beyond: _Beyond,
) -> tuple[Problem, ...]:
    """Every failed rule; where the order or the key is wrong, those of the chain put right too."""
    now = datetime.now(UTC)
    if not 1 <= len(chain) <= profile.MAX_CHAIN:
        return profile.problems(chain, None, algorithm="", at=now)
    leaf = chain[_place_of_leaf(chain, None)]
    asked = private.public_key() if private is not None else certificates.public_key(leaf)
    found = list(profile.problems(chain, asked, algorithm=_algorithm(leaf, algorithm), at=now))
    if _spoils_the_rest(found):
        right = certificates.build(leaf, chain, root=True)
        found += profile.problems(
            right, certificates.public_key(leaf), algorithm=_algorithm(leaf, algorithm), at=now
        )
    found += beyond(leaf)
    return tuple(dict.fromkeys(found))


def _spoils_the_rest(found: Sequence[Problem]) -> bool:
    """Did the rules stop because the certificates are not those of the key, or misplaced?"""
    return len(found) == 1 and found[0].name in ("key", "order")


def _listing(leaf: x509.Certificate) -> Iterator[Problem]:
    """What the published list asks for beyond the profile."""
    try:
        usage = extension(leaf, x509.ExtendedKeyUsage)
    except (ValueError, x509.DuplicateExtension):
        return  # the profile has said so
    if usage is not None and profile.CLAIM_SIGNING not in usage.value:
        yield note(
            "extended key usage",
            f"{certificates.title(leaf)} lacks c2pa-kp-claimSigning, "
            "without which the C2PA trust list vouches for nobody",
            "ask for a certificate for C2PA claim signing where that list matters",
        )


def _as_identity(leaf: x509.Certificate) -> Iterator[Problem]:
    """What CAWG asks for beyond the profile."""
    try:
        yield from identity_profile.problems(leaf)
    except (ValueError, x509.DuplicateExtension):
        return  # the profile has said so


def _place_of_leaf(chain: Sequence[x509.Certificate], private: keys.PrivateKey | None) -> int:
    """By its key, else by its place in the chain."""
    if private is not None:
        own = private.public_key()
        for place, each in enumerate(chain):
            if certificates.public_key(each) == own:
                return place
    return certificates.leaf_index(chain[: profile.MAX_CHAIN])


def _algorithm(leaf: x509.Certificate, algorithm: str | None) -> str:
    """The one that was asked for, else the usual one of the key's kind; empty if it has none."""
    if algorithm is not None:
        return algorithm.lower()
    return next(iter(keys.algorithms_for(certificates.public_key(leaf))), "")


def _refused(found: Sequence[Problem]) -> bool:
    return any(each.severity is Severity.ERROR for each in found)
