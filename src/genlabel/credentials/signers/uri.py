"""Signers by URI: `file:`, `env:`, `exec:`, `pkcs11:`, `awskms:`, read before each use."""

from __future__ import annotations

import re
import threading
import time
import urllib.parse
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from genlabel.credentials.signer import CertificateProperties, Signer
from genlabel.credentials.signers.key_source import KeyOptions, KeySource, checked_signer
from genlabel.credentials.x509 import files
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, CredentialError
from genlabel.model.expression import expression


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme of signers' URIs."""

    module: str
    """The module of this package that opens it."""
    foreign: bool = False
    """Does it run a program, load a module or use a network, so that no stranger may choose it?"""

    def source(self, rest: str, options: KeyOptions) -> KeySource[Any]:
        """The key source of what follows the colon; nothing is opened yet.

        The module is imported with its first signer: cryptography and the extras cost time.
        """
        module = import_module(f"genlabel.credentials.signers.{self.module}")
        source: KeySource[Any] = module.of(rest, options)
        return source


SCHEMES: Mapping[str, Scheme] = {
    "file": Scheme("file"),
    "env": Scheme("environment"),
    "exec": Scheme("program", foreign=True),
    "pkcs11": Scheme("pkcs11", foreign=True),
    "awskms": Scheme("awskms", foreign=True),
}
MAX_URI = 8192
_SECRET = expression(
    r"(?:^|[?;&,\s])\s*(pin[-_]?value|pin|pass[-_]?(?:phrase|word|wd)?|pwd)\s*=", re.I
)
_AUTHORITY = expression(r"//[^/@]*:[^/@]*@")
RETRY_SECONDS, RETRIES = 0.1, 10
"""How many seconds are waited for the second file of a pair, and how often."""


def split(uri: str) -> tuple[str, str]:
    """Scheme and rest of a signer's URI. Raises `ConfigurationError`, the rest unsaid."""
    if not isinstance(uri, str):
        raise TypeError(f"signer: {type(uri).__name__} is no URI; give a str such as 'file:KEY'")
    scheme, colon, rest = uri.strip().partition(":")
    if not colon or scheme.lower() not in SCHEMES or len(uri) > MAX_URI:
        shown = scheme if colon and scheme.isalnum() and 1 < len(scheme) < 32 else "signer"
        raise ConfigurationError(
            f"{shown}: begins no signer's URI",
            remedy=f"begin it with {', '.join(f'{each}:' for each in SCHEMES)}; "
            "for other services see docs/signers.md",
        )
    # What follows exec: are a program's arguments, which are its own business.
    if scheme.lower() != "exec" and (secret := _secret(rest)):
        raise ConfigurationError(
            f"{scheme.lower()}: {secret}: a PIN or passphrase in a URI is seen by everybody",
            remedy="name a file with pin-source=file:/path, set GENLABEL_PASSPHRASE, "
            "or wait to be asked",
        )
    return scheme.lower(), rest


def _secret(rest: str) -> str | None:
    """The name under which a URI gives a passphrase away, however it is written."""
    before = ""
    while before != rest:  # each round shortens it
        before, rest = rest, urllib.parse.unquote(rest)
    said = _SECRET.search(rest)
    if said is not None:
        return said[1].lower()
    return "name:password@" if _AUTHORITY.match(rest) else None


def below(uri: str, folder: Path) -> str:
    """`uri` with the path of a ``file:`` taken from `folder`, as in a configuration file there."""
    scheme, rest = split(uri)
    if scheme != "file":
        return uri
    from genlabel.credentials.signers import file

    path = folder / Path(file.path_in(rest)).expanduser()
    return path.absolute().as_uri()


def key_source(uri: str, options: KeyOptions) -> KeySource[Any]:
    """Where the key is; nothing is opened yet. Raises `ConfigurationError`."""
    scheme, rest = split(uri)
    return SCHEMES[scheme].source(rest, options)


def signer(
    uri: str,
    *,
    certificates: files.PathLike | None = None,
    passphrase: files.Passphrase = None,
    algorithm: str | None = None,
) -> UriSigner:
    """The signer that `uri` names: ``file:``, ``env:``, ``exec:``, ``pkcs11:`` or ``awskms:``.

    `certificates` is the path of the chain (PEM, the signing certificate first), where the place
    of the key does not hold it. `passphrase` opens an encrypted key or is a token's PIN; a callable
    is asked only when it is needed. `algorithm` (default: the usual one of the key's kind) is
    needed only to sign with RSA and another hash than SHA-256: ``ps384``, ``ps512``.

    Before each signing the place is read, so that keys and certificates may be exchanged while the
    program runs. Raises `ConfigurationError` for a URI that is not understood or needs what is not
    installed, `CredentialError` or `SigningError` when it cannot be used.
    """
    options = KeyOptions(
        certificates=Path(certificates) if certificates is not None else None,
        passphrase=passphrase,
        algorithm=algorithm,
    )
    opened = UriSigner(uri, options)
    opened.current()
    return opened


class UriSigner(CertificateProperties):
    """A signer whose key and certificates may be exchanged while the program runs.

    Before each signing its source is read: files and variables, or a program or token is asked for
    its chain. What has changed is taken from then on; what cannot be used is an error.

    A pickle of it holds the URI, the file of the chain and the algorithm: neither key nor
    passphrase. The process that unpickles it opens the source itself, with the first use. A
    passphrase or PIN given as text is not pickled (`ConfigurationError`); a function of a module
    is, by its name.
    """

    def __init__(self, uri: str, options: KeyOptions) -> None:
        self._uri = uri
        self._options = options
        self._source = key_source(uri, options)
        self._lock = threading.Lock()
        self._state: object = None
        self._current: Signer | None = None

    def __repr__(self) -> str:
        return f"UriSigner({self._source.name!r})"

    def __reduce__(self) -> tuple[type[UriSigner], tuple[str, KeyOptions]]:
        if isinstance(self._options.passphrase, str | bytes):
            raise ConfigurationError(
                f"{self._source.name}: its passphrase goes into no pickle",
                remedy="give a function that returns it, or for a token a pin-source",
            )
        return UriSigner, (self._uri, self._options)

    def current(self) -> Signer:
        """The signer that it is now. Raises `GenlabelError` when there is none."""
        with self._lock:
            state = self._source.read()
            if self._current is None or state != self._state:
                self._current = self._reloaded(state)
            return self._current

    def _reloaded(self, state: object) -> Signer:
        """The signer of what was read; key and chain that are being exchanged get a moment."""
        running, self._current = self._current is not None, None
        for _ in range(RETRIES):
            try:
                signer = checked_signer(self._source.material(state), name=self._source.name)
            except CredentialError:
                if not running:
                    raise
                time.sleep(RETRY_SECONDS)
                before, state = state, self._source.read()
                if before == state:
                    raise
            else:
                self._state = state
                return signer
        raise CredentialError(
            f"{self._source.name}: changes all the time", remedy="try again when it has settled"
        )

    @property
    def algorithm(self) -> str:
        """The engine's name of the algorithm."""
        return self.current().algorithm

    @property
    def chain_pem(self) -> bytes:
        """The signing certificate, then its issuers, PEM."""
        return self.current().chain_pem

    def private_key_pem(self) -> bytes | None:
        """The key as unencrypted PKCS#8, in memory only; None if it stays put."""
        return self.current().private_key_pem()

    def sign(self, data: bytes) -> bytes:
        """The signature over `data` as COSE wants it."""
        return self.current().sign(data)
