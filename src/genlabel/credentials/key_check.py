"""Key check: will a chain and key be accepted, why not, and what will viewers show?

Nothing is raised for a credential that is bad: its faults are rows. `CredentialError` means that
a file could not be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Literal

from cryptography import x509

from genlabel.credentials.signer import KeySigner, Signer
from genlabel.credentials.signers import key_source, uri as uris
from genlabel.credentials.x509 import (
    certificate_policy,
    chain as certificates,
    delivery,
    files,
    identity_profile,
    key as keys,
    pkcs12,
    profile,
    purpose as purposes,
)
from genlabel.credentials.x509.certificate import Certificate
from genlabel.credentials.x509.delivery import ChainStep
from genlabel.credentials.x509.profile_rule import (
    ANOTHER,
    UNREADABLE,
    Problem,
    error,
    extension,
    note,
)
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, CredentialError
from genlabel.model.report import Severity
from genlabel.model.serialise import Result, in_json, same_names

Probe = Callable[[Signer], Problem | None]
"""Signs something with a signer and reads it back: what went wrong, None when nothing did."""
_Beyond = Callable[[x509.Certificate], Iterator[Problem]]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class KeyCheck(Result):
    """What checking a credential before anything is signed came to."""

    KIND: ClassVar[str] = "keys-check"
    PUBLISHED: ClassVar[Mapping[str, str]] = same_names(
        "certificates key ok organisation common_name algorithm verifies_until probe prepared "
        "problems"
    )

    certificates: str
    """The file that the chain came from."""
    key: str | None
    """The private key's file or the place of a URI; None when only the chain was checked."""
    problems: tuple[Problem, ...]
    """Every rule that is failed, in the order in which one would put them right."""
    certificate: Certificate
    """What the signing certificate says."""
    algorithm: str | None = field(metadata=in_json(enum=list(keys.ALGORITHMS)))
    """The algorithm of the signatures, by the engine's name; None if the key has none."""
    probed: bool | None
    """Did a picture, signed and read back, come out well? None when it was not tried."""

    prepared: tuple[ChainStep, ...] = field(default=(), metadata=in_json(optional=True))
    """What was done to the chain as it lies in its file, for it to go into a picture."""

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
        return not _errors(self.problems)

    @property
    def probe(self) -> Literal["passed", "failed", "not-tried"]:
        """Did a picture, signed and read back, come out well? Not tried without a key or after an
        error."""
        if self.probed is None:
            return "not-tried"
        return "passed" if self.probed else "failed"


def check(
    certificates_file: Path | None,
    *,
    key_file: Path | None,
    uri: str | None = None,
    passphrase: files.Passphrase = None,
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
    if uri is None:
        credential = _in_files(certificates_file, key_file, passphrase, algorithm)
    elif key_file is None:
        options = key_source.KeyOptions(
            certificates=certificates_file, passphrase=passphrase, algorithm=algorithm
        )
        credential = _in_source(uris.key_source(uri, options), algorithm)
    else:
        raise ConfigurationError(
            "keys check: both a URI and a key file", remedy="name the signer in one way"
        )
    leaf = credential.chain[_leaf_index(credential.chain, credential.private)]
    chosen = keys.named_or_usual(certificates.public_key(leaf), credential.algorithm)
    beyond = identity_profile.problems if identity else _listing
    problems = (*credential.faults, *_rows(credential, beyond))
    probed = None
    if credential.make is not None and probe is not None and not _errors(problems):
        failure = probe(credential.make(chosen))
        probed = failure is None
        problems = (*problems, failure) if failure is not None else problems
    return KeyCheck(
        certificates=credential.chain_name,
        key=credential.key_name,
        problems=problems,
        certificate=_facts(credential, leaf),
        algorithm=chosen or None,
        probed=probed,
        prepared=credential.steps,
    )


def _facts(credential: _Credential, leaf: x509.Certificate) -> Certificate:
    try:
        return Certificate.of(credential.chain, leaf)
    except UNREADABLE as error:
        name = credential.chain_name or "certificates"
        raise CredentialError(
            f"{name}: the signing certificate is damaged: names or numbers in it cannot be read",
            remedy="get the file anew from whoever issued the certificate",
        ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Credential:
    """A chain and its key, before they are judged."""

    chain: tuple[x509.Certificate, ...]
    chain_name: str
    private: keys.PrivateKey | None = None
    key_name: str | None = None
    algorithm: str | None = None
    make: Callable[[str], Signer] | None = None
    """Makes the signer that is tried, with an algorithm; None without a key."""
    faults: tuple[Problem, ...] = ()
    """Why the key itself cannot be used."""
    steps: tuple[ChainStep, ...] = ()
    """What was done to make a chain of what lies in the file."""


def _in_source(source: key_source.KeySource[Any], algorithm: str | None) -> _Credential:
    material = source.material(source.read())
    return _Credential(
        chain=material.chain,
        chain_name=material.chain_source,
        private=material.key if isinstance(material.key, keys.PrivateKey) else None,
        key_name=source.name,
        algorithm=material.algorithm or algorithm,
        make=partial(key_source.unchecked_signer, material, name=source.name),
    )


def _in_files(
    certificates_file: Path | None,
    key_file: Path | None,
    passphrase: files.Passphrase,
    algorithm: str | None,
) -> _Credential:
    private: keys.PrivateKey | None = None
    faults: tuple[Problem, ...] = ()
    steps: tuple[ChainStep, ...] = ()
    if certificates_file is not None:
        data = files.read(certificates_file)
        if key_file is not None:
            private, faults = _private(key_file, passphrase)
        public = private.public_key() if private is not None else None
        delivered = delivery.read(data, source=str(certificates_file), public=public)
        chain, steps = delivered.chain, delivered.steps
    elif key_file is not None:
        bundle = pkcs12.read(key_file, passphrase=passphrase)
        chain, private = bundle.chain, bundle.key
    else:
        raise CredentialError(
            "certificates: none given",
            remedy="give a chain, or as the key a PKCS#12 file that holds one",
        )
    return _Credential(
        chain=chain,
        chain_name=str(certificates_file or key_file),
        private=private,
        key_name=str(key_file) if key_file is not None else None,
        algorithm=algorithm,
        make=None if private is None else partial(KeySigner.unchecked, private, chain),
        faults=faults,
        steps=steps,
    )


def _private(
    file: Path, passphrase: files.Passphrase
) -> tuple[keys.PrivateKey | None, tuple[Problem, ...]]:
    """The private key, or the rule for which no key of its kind can be used."""
    data = files.read(file, secret=True)
    try:
        return pkcs12.load_key(data, passphrase=passphrase, source=str(file)), ()
    except CredentialError as refusal:
        if refusal.rule is None:
            raise  # unreadable, encrypted, not a key: nothing is known about it
        source, _, name = refusal.rule.partition(": ")
        return None, (error(name, str(refusal), refusal.remedy or ANOTHER, source=source),)


def _rows(credential: _Credential, beyond: _Beyond) -> tuple[Problem, ...]:
    """Every failed rule; where the order or the key is wrong, those of the chain put right too."""
    now, chain, private = datetime.now(UTC), credential.chain, credential.private
    if not 1 <= len(chain) <= profile.MAX_CHAIN:
        return profile.problems(chain, None, algorithm="", at=now)
    leaf = chain[_leaf_index(chain, None)]
    own = certificates.public_key(leaf)
    algorithm = keys.named_or_usual(own, credential.algorithm)
    public = private.public_key() if private is not None else own
    problems = list(profile.problems(chain, public, algorithm=algorithm, at=now))
    if len(problems) == 1 and problems[0].name in ("key", "order"):
        # The rules stopped: the certificates are not those of the key, or misplaced.
        right = certificates.build(leaf, chain, root=True)
        problems += profile.problems(right, own, algorithm=algorithm, at=now)
    with suppress(*UNREADABLE):  # the profile has reported them
        problems += beyond(leaf)
    return tuple(dict.fromkeys(problems))


def _listing(leaf: x509.Certificate) -> Iterator[Problem]:
    """What the published list asks for beyond the profile."""
    yield from certificate_policy.problems(leaf)
    usage = extension(leaf, x509.ExtendedKeyUsage)
    if usage is not None and purposes.CLAIM_SIGNING not in usage.value:
        yield note(
            "extended key usage",
            f"{certificates.title(leaf)} lacks c2pa-kp-claimSigning, "
            "without which the C2PA trust list vouches for nobody",
            "ask for a certificate for C2PA claim signing where that list matters",
        )


def _leaf_index(chain: Sequence[x509.Certificate], private: keys.PrivateKey | None) -> int:
    """Where the signing certificate stands: by its key, else by its position in the chain."""
    if private is not None:
        own = private.public_key()
        for index, each in enumerate(chain):
            if certificates.public_key(each) == own:
                return index
    return certificates.leaf_index(chain[: profile.MAX_CHAIN])


def _errors(problems: Sequence[Problem]) -> list[Problem]:
    return [each for each in problems if each.severity is Severity.ERROR]
