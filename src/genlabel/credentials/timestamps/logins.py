"""Logins at time-stamping authorities: where their secrets are, read anew for each request.

A login is a text, ``ADDRESS KIND=SOURCE``, that holds no secret itself, so that it may stand in
settings, on a command line and in a pickle.
"""

from __future__ import annotations

import os
import urllib.parse
from base64 import b64encode
from collections.abc import Iterable, Mapping
from pathlib import Path

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.expression import expression

KINDS = ("basic", "header", "certificate", "netrc")
FORM = "ADDRESS basic=env:NAME|header=file:FILE|certificate=file:FILE|netrc=file:FILE"
MAX_SECRET = 64 * 1024
"""Most bytes of a file or variable."""
_NAME = expression(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}")  # RFC 9110 §5.6.2
_VALUE = expression(r"[\t\x20-\x7e]{0,8192}")
_OURS = frozenset({"accept", "connection", "content-length", "content-type", "host",
                   "transfer-encoding", "proxy-authorization"})  # fmt: skip
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What one request carries."""

    headers: Mapping[str, str]
    certificate: Path | None = None
    """PEM: the client's certificate, its issuers and its key, unencrypted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How one address is logged in at; see `parse`."""

    address: str
    kind: str
    """One of `KINDS`."""
    place: str
    """``env`` or ``file``."""
    name: str

    @classmethod
    def parse(cls, text: str, below: Path = Path()) -> Login:
        """The login that `text` describes; a file's path is taken from `below`.

        ``basic``: name and password, ``name:password``. ``header``: lines ``Name: value``.
        ``certificate``: a PEM file with certificate and key. ``netrc``: a file in that form.
        Raises `ConfigurationError`, which never repeats what may be a secret.
        """
        address, _, rest = text.strip().partition(" ")
        kind, _, source = rest.strip().partition("=")
        place, _, name = source.partition(":")
        if kind not in KINDS or place not in ("env", "file") or not name.strip():
            raise ConfigurationError(
                f"{_shown(address)}: no login that is understood; a secret itself is not taken",
                remedy=f"write {FORM}",
            )
        if kind in ("certificate", "netrc") and place == "env":
            raise ConfigurationError(
                f"{_shown(address)}: {kind} is a file", remedy=f"write {kind}=file:FILE"
            )
        _require_safe(address)
        if place == "file":
            name = str(below / Path(name).expanduser())
        return cls(address=address, kind=kind, place=place, name=name)

    def __str__(self) -> str:
        return f"{self.address} {self.kind}={self.place}:{self.name}"

    def headers(self) -> dict[str, str]:
        """What is said in the request's header. Raises `ConfigurationError`."""
        if self.kind == "certificate":
            return {}
        if self.kind == "netrc":
            return _basic(*self._of_netrc())
        text = self._secret()
        if self.kind == "header":
            return self._lines(text)
        user, colon, password = text.strip("\r\n").partition(":")
        if not colon or not user or "\n" in password:
            raise self._fault("holds no name:password")
        return _basic(user, password)

    def _of_netrc(self) -> tuple[str, str]:
        import netrc

        host = urllib.parse.urlsplit(self.address).hostname or ""
        try:
            found = netrc.netrc(self.name).authenticators(host)
        except (OSError, netrc.NetrcParseError, UnicodeDecodeError) as error:
            raise self._fault("cannot be read as a netrc file") from error
        if found is None or not found[2]:
            raise self._fault(f"has no login for {host}")
        return found[0], found[2]

    def _lines(self, text: str) -> dict[str, str]:
        headers: dict[str, str] = {}
        for line in filter(str.strip, text.splitlines()):
            name, colon, value = line.partition(":")
            value = value.strip()
            if not colon or not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
                raise self._fault("holds a line that is no header `Name: value`")
            if name.lower() in _OURS:
                raise self._fault(f"sets {name}, which the request itself sets")
            headers[name] = value
        return headers

    def _secret(self) -> str:
        try:
            if self.place == "env":
                data = os.environ[self.name].encode("utf-8", "surrogateescape")
            else:
                with Path(self.name).open("rb") as file:
                    data = file.read(MAX_SECRET + 1)
            if len(data) > MAX_SECRET:
                raise self._fault(f"holds more than {MAX_SECRET:,} bytes")
            return data.decode()
        except KeyError:
            raise self._fault("is not set") from None
        except OSError as error:
            raise self._fault(f"cannot be read ({error.strerror})") from error
        except UnicodeDecodeError:
            raise self._fault("is no UTF-8") from None

    def _fault(self, why: str) -> ConfigurationError:
        what = f"the variable {self.name}" if self.place == "env" else self.name
        return ConfigurationError(
            f"login for {self.address}: {what} {why}", remedy="see docs/time.md, or leave it out"
        )


def credentials(logins: Iterable[str], url: str) -> Credentials:
    """What a request to `url` carries by those of `logins` that are for it."""
    headers: dict[str, str] = {}
    certificate: Path | None = None
    for login in map(Login.parse, logins):
        if login.address != url:
            continue
        headers |= login.headers()
        if login.kind == "certificate":
            certificate = Path(login.name)
    return Credentials(headers=headers, certificate=certificate)


def _basic(user: str, password: str) -> dict[str, str]:
    pair = b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}  # RFC 7617


def _require_safe(address: str) -> None:
    """Raises `ConfigurationError` for an address on the way to which everybody reads along."""
    from genlabel import network

    if (why := network.url_fault(address)) is not None:
        raise ConfigurationError(f"{_shown(address)}: {why}", remedy=f"write {FORM}")
    parts = urllib.parse.urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise ConfigurationError(
            f"{address}: a login is sent over https only", remedy="give its https:// address"
        )


def _shown(address: str) -> str:
    """The address, but for what may be a password in it."""
    return "login" if "@" in address or not address.startswith("http") else repr(address[:200])
