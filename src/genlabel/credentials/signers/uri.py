"""Signers by URI: `file:`, `env:`, `exec:`, `pkcs11:`, `awskms:`, looked at before each use."""

from __future__ import annotations

import importlib
import threading
import time
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from genlabel.credentials.signer import Signer
from genlabel.model.errors import ConfigurationError, CredentialError

if TYPE_CHECKING:
    from genlabel.credentials.signers.key_source import Place, Wishes

Passphrase = bytes | str | Callable[[], bytes | str] | None


@dataclass(frozen=True, slots=True)
class Scheme:
    """One kind of place."""

    room: str
    """The module of this folder whose function ``of`` makes the place."""
    foreign: bool = False
    """Does it run a program, load a module or use a network, so that no stranger may choose it?"""


SCHEMES: Mapping[str, Scheme] = {
    "file": Scheme("file"),
    "env": Scheme("environment"),
    "exec": Scheme("program", foreign=True),
    "pkcs11": Scheme("pkcs11", foreign=True),
    "awskms": Scheme("awskms", foreign=True),
}
MAX_URI = 8192
MOMENT, MOMENTS = 0.1, 10
"""How many seconds are waited for the second file of a pair, and how often."""


def split(uri: str) -> tuple[str, str]:
    """Scheme and rest of a signer's URI. Raises `ConfigurationError`, the rest unsaid."""
    scheme, colon, rest = uri.strip().partition(":")
    if not colon or scheme.lower() not in SCHEMES or len(uri) > MAX_URI:
        shown = scheme if colon and scheme.isalnum() and 1 < len(scheme) < 32 else "signer"
        raise ConfigurationError(
            f"{shown}: begins no signer's URI",
            remedy=f"begin it with {', '.join(f'{each}:' for each in SCHEMES)}; "
            "for other services see docs/signers.md",
        )
    if scheme.lower() == "pkcs11" and "pin-value" in urllib.parse.unquote(rest).lower():
        raise ConfigurationError(
            "pkcs11: pin-value: a PIN in a URI is seen by everybody",
            remedy="name a file with pin-source=file:/path, set GENLABEL_PASSPHRASE, "
            "or wait to be asked",
        )
    return scheme.lower(), rest


def below(uri: str, folder: Path) -> str:
    """`uri` with the path of a ``file:`` taken from `folder`, as in a configuration file there."""
    scheme, rest = split(uri)
    if scheme != "file":
        return uri
    from genlabel.credentials.signers import file

    path = folder / Path(file.path_in(rest)).expanduser()
    return path.absolute().as_uri()


def place(uri: str, wishes: Wishes) -> Place:
    """Where the key is; nothing is opened yet. Raises `ConfigurationError`."""
    scheme, rest = split(uri)
    room = importlib.import_module(f"genlabel.credentials.signers.{SCHEMES[scheme].room}")
    return cast("Place", room.of(rest, wishes))


def opened(
    uri: str,
    *,
    certificates: Path | None = None,
    passphrase: Passphrase = None,
    algorithm: str | None = None,
) -> UriSigner:
    """The signer that `uri` names, its chain checked.

    Raises `ConfigurationError`, `CredentialError` or `SigningError` when there is none.
    """
    signer = UriSigner(place(uri, wishes(certificates, passphrase, algorithm)))
    signer.current()
    return signer


def wishes(certificates: Path | None, passphrase: Passphrase, algorithm: str | None) -> Wishes:
    """What goes with a URI."""
    from genlabel.credentials.signers.key_source import Wishes

    return Wishes(certificates=certificates, passphrase=passphrase, algorithm=algorithm)


class UriSigner:
    """A signer whose key and certificates may be exchanged while the program runs.

    Before each signing its place is looked at: files and variables are read, a program or token
    is asked for its chain. What has changed is taken from then on; what cannot be used is an error.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._lock = threading.Lock()
        self._seen: object = None
        self._current: Signer | None = None

    def __repr__(self) -> str:
        return f"UriSigner({self._place.name!r})"

    def current(self) -> Signer:
        """The signer that it is now. Raises `GenlabelError` when there is none."""
        with self._lock:
            seen = self._place.look()
            if self._current is None or seen != self._seen:
                self._current = self._exchanged(seen)
            return self._current

    def _exchanged(self, seen: object) -> Signer:
        """The signer of what was seen; key and chain that are being exchanged get a moment."""
        from genlabel.credentials.signers import key_source as place

        running, self._current = self._current is not None, None
        for _ in range(MOMENTS):
            try:
                made = place.signer(self._place.material(seen), name=self._place.name)
            except CredentialError:
                if not running:
                    raise
                time.sleep(MOMENT)
                before, seen = seen, self._place.look()
                if before == seen:
                    raise
            else:
                self._seen = seen
                return made
        raise CredentialError(
            f"{self._place.name}: changes all the time", remedy="try again when it has settled"
        )

    @property
    def algorithm(self) -> str:
        """The engine's name of the algorithm."""
        return self.current().algorithm

    @property
    def chain_pem(self) -> bytes:
        """The signing certificate, then its issuers, PEM."""
        return self.current().chain_pem

    @property
    def organisation(self) -> str | None:
        """The certificate's O."""
        return self.current().organisation

    @property
    def common_name(self) -> str | None:
        """The certificate's CN."""
        return self.current().common_name

    @property
    def serial(self) -> str:
        """The certificate's serial number, decimal."""
        return self.current().serial

    @property
    def not_valid_after(self) -> datetime:
        """When the first certificate of the chain ends, UTC."""
        return self.current().not_valid_after

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate's DER."""
        return self.current().fingerprint

    def private_key_pem(self) -> bytes | None:
        """The key as unencrypted PKCS#8, in memory only; None if it stays put."""
        return self.current().private_key_pem()

    def sign(self, data: bytes) -> bytes:
        """The signature over `data` as COSE wants it."""
        return self.current().sign(data)
