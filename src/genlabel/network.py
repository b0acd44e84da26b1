"""HTTP client, the only module that opens a connection: each answer bounded in bytes and in time.

Nothing here is called while verifying. Proxies are the environment's (``http_proxy``,
``https_proxy``, ``no_proxy``); the authorities for TLS are the system's (``SSL_CERT_FILE``).
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
import urllib.parse
import urllib.request
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import field
from email.message import Message
from pathlib import Path

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import NetworkError
from genlabel.model.version import __version__

MAX_REDIRECTS = 5
"""Most redirects from a published address to the file; two are usual."""
_USER_AGENT = f"genlabel/{__version__}"
_CHUNK = 1 << 16
_MAX_HEADER = 256
"""Most characters of a header that is kept."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})  # RFC 9110 §15.4
_TEMPORARY = frozenset({408, 425, 429})
"""Statuses below 500 after which another try may succeed (RFC 9110 §15.5.9, RFC 8470, RFC 6585)."""


class NoAnswer(Exception):
    """No usable answer came. The sentence does not name the address."""

    def __init__(self, message: str, *, retry: bool = True, login: bool = False) -> None:
        super().__init__(message)
        self.retry = retry
        """May the same request succeed later?"""
        self.login = login
        """Is whoever asks to log in, or to log in otherwise?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file that was fetched."""

    address: str
    """Where it came from in the end, redirects followed."""
    content: bytes = field(repr=False)
    modified: str | None = None
    """The header ``Last-Modified``, as sent."""
    etag: str | None = None


def get(address: str, *, most: int, seconds: float) -> Fetched:
    """The file at `address`, over https only, redirects followed as long as they stay on https.

    At most `most` bytes within `seconds`, redirects included. An address of the public internet is
    not followed to a private one, where a stranger's server has nothing to say. Raises
    `NetworkError`.
    """
    if url_fault(address) is not None or _scheme(address) != "https":
        raise NetworkError(
            f"{address}: no address that is asked", remedy="it must begin with https://"
        )
    headers = {"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"}
    url, deadline = address, time.monotonic() + seconds
    try:
        for _ in range(MAX_REDIRECTS + 1):
            left = max(0.0, deadline - time.monotonic())
            public = _host(url) != _host(address)
            answer = _Exchange("GET", url, None, headers, left, most, public).result()
            if answer.status not in _REDIRECTS:
                break
            url = _redirected(url, answer)
        _require_ok(answer)
    except NoAnswer as error:
        raise NetworkError(
            f"{address}: {error}", remedy="check the network, and try again later"
        ) from error
    return Fetched(
        address=url,
        content=answer.content,
        modified=_header(answer.headers, "Last-Modified"),
        etag=_header(answer.headers, "ETag"),
    )


def post(
    url: str,
    body: bytes,
    *,
    media_type: str,
    accept: str,
    seconds: float,
    most: int,
    headers: Mapping[str, str] | None = None,
    certificate: Path | None = None,
) -> bytes:
    """The answer of `url` to `body` of `media_type`: at most `most` bytes of the type `accept`.

    `headers` go along; over TLS the client shows its `certificate`, a PEM file with the key.
    Redirects are not followed: only addresses that somebody gave are asked. Returns or raises
    `NoAnswer` within `seconds`, even where a name is not resolved or the bytes only trickle in.
    """
    if fault := url_fault(url):
        raise NoAnswer(fault, retry=False)
    if headers and _scheme(url) == "http" and _proxy(urllib.parse.urlsplit(url)) is not None:
        raise NoAnswer("a login is sent through no proxy in the clear", retry=False)
    sent = {
        "User-Agent": _USER_AGENT,
        **(headers or {}),
        "Content-Type": media_type,
        "Accept": accept,
    }
    answer = _Exchange("POST", url, body, sent, seconds, most, certificate=certificate).result()
    _require_ok(answer)
    return answer.content


def url_fault(url: str) -> str | None:
    """Why `url` is no address that could be asked; None when it is one."""
    if not url.isascii() or any(character <= " " or character == "\x7f" for character in url):
        return "has a character that no web address has"
    try:
        parts = urllib.parse.urlsplit(url)
        port = parts.port
    except ValueError:
        return "is no web address"
    if parts.scheme not in ("http", "https"):
        return "is not http or https"
    if not parts.hostname or port == 0:
        return "names no host"
    if parts.username is not None or parts.password is not None:
        return "holds a name or password, which would end up in reports"
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    headers: Message
    content: bytes
    """Empty unless the status is 200."""


@dataclass(slots=True)
class _Exchange:
    """One request and its answer, in a thread that is abandoned when it is late.

    The time-out of a socket is for each of its steps alone: a server that sends one byte at a time
    and a name server that never answers would hold the caller for ever.
    """

    method: str
    url: str
    body: bytes | None
    headers: Mapping[str, str]
    seconds: float
    most: int
    public: bool = False
    """Must it be an address of the public internet, since a server has named it?"""
    certificate: Path | None = None
    """What the client shows."""
    _outcome: _Answer | NoAnswer | None = None
    _socket: socket.socket | None = None
    _abandoned: bool = False

    def result(self) -> _Answer:
        """The answer, or `NoAnswer` when it has not come in time."""
        thread = threading.Thread(target=self._run, name="genlabel-http", daemon=True)
        thread.start()
        try:
            thread.join(self.seconds)
            outcome = self._outcome or self._late()
        finally:  # an interrupt abandons it, too
            self._abandon()
        if isinstance(outcome, NoAnswer):
            raise outcome
        return outcome

    def _abandon(self) -> None:
        """A read that waits returns at once, and the thread ends."""
        self._abandoned = True
        if self._socket is not None:
            with contextlib.suppress(OSError):  # closed by the thread itself
                self._socket.shutdown(socket.SHUT_RDWR)

    def _late(self) -> NoAnswer:
        return NoAnswer(f"no answer within {self.seconds:.3g} seconds")

    def _run(self) -> None:
        try:
            self._outcome = self._answer()
        except NoAnswer as error:
            self._outcome = error
        except ssl.SSLCertVerificationError as error:
            self._outcome = NoAnswer(f"its certificate is not accepted ({error.verify_message})")
        except TimeoutError:
            self._outcome = self._late()
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            self._outcome = NoAnswer(f"cannot be reached ({reason})")

    def _answer(self) -> _Answer:
        headers, address = self.headers, urllib.parse.urlsplit(self.url)
        proxy = _proxy(address)
        connection = _connection(address, proxy, self.seconds, self.certificate)
        target = (address.path or "/") + (f"?{address.query}" if address.query else "")
        if proxy is not None and address.scheme == "http":
            target, headers = self.url, {**headers, **_proxy_authorization(proxy)}
        try:
            if self.public:
                _require_public(address, proxy)
            connection.connect()
            self._socket = connection.sock
            if self.public and proxy is None:  # the name may have another address by now
                _require_public_address(str(connection.sock.getpeername()[0]))
            if self._abandoned:  # while the name was resolved, when there was no socket to close
                raise self._late()
            connection.request(self.method, target, body=self.body, headers=headers)
            response = connection.getresponse()
            content = b""
            if response.status == http.client.OK:
                _require_type(response.headers, headers.get("Accept"))
                content = self._read(response)
            return _Answer(status=response.status, headers=response.headers, content=content)
        finally:
            connection.close()

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        content = bytearray()
        while chunk := response.read1(_CHUNK):
            content += chunk
            if len(content) > self.most:
                raise NoAnswer(f"answers with more than {self.most:,} bytes", retry=False)
        if response.length:  # what Content-Length announced beyond what came
            whole = len(content) + response.length
            raise NoAnswer(f"{len(content):,} bytes came of {whole:,}")
        return bytes(content)


def _require_ok(answer: _Answer) -> None:
    if (status := answer.status) != http.client.OK:
        raise NoAnswer(
            f"answers with HTTP status {status}",
            retry=status >= 500 or status in _TEMPORARY,
            login=status in (http.client.UNAUTHORIZED, http.client.FORBIDDEN),
        )


def _require_type(headers: Message, accept: str | None) -> None:
    media_type = headers.get_content_type()
    if accept is not None and media_type != accept:
        raise NoAnswer(f"answers with {media_type!r:.80}, which is no {accept}")


def _redirected(url: str, answer: _Answer) -> str:
    target = urllib.parse.urljoin(url, answer.headers.get("Location", ""))
    if url_fault(target) is not None or _scheme(target) != "https":
        raise NoAnswer(
            f"answers with HTTP status {answer.status}, "
            f"which leads away from https, to {ascii(target[:_MAX_HEADER])[1:-1]}"
        )
    return target


def _require_public(
    address: urllib.parse.SplitResult, proxy: urllib.parse.SplitResult | None
) -> None:
    """Raises `NoAnswer` for a redirect to this machine or a network that is not everybody's.

    Through a proxy names are the proxy's business, and only addresses are looked at.
    """
    host = address.hostname or ""
    try:
        addresses = [str(ipaddress.ip_address(host))]
    except ValueError:
        if proxy is not None and host.rpartition(".")[2] != "localhost":
            return
        found = socket.getaddrinfo(host, address.port or 443, type=socket.SOCK_STREAM)
        addresses = [str(each[4][0]) for each in found]
    for each in addresses:
        _require_public_address(each)


def _require_public_address(text: str) -> None:
    address = ipaddress.ip_address(text.partition("%")[0])
    inside = getattr(address, "ipv4_mapped", None) or address
    if not inside.is_global or inside.is_multicast:
        raise NoAnswer("is redirected to a private address, which is not followed", retry=False)


def _header(headers: Message, name: str) -> str | None:
    value = headers.get(name)
    return value[:_MAX_HEADER] if value and value.isprintable() else None


def _host(url: str) -> str | None:
    return urllib.parse.urlsplit(url).hostname


def _scheme(url: str) -> str:
    return urllib.parse.urlsplit(url).scheme


def _connection(
    address: urllib.parse.SplitResult,
    proxy: urllib.parse.SplitResult | None,
    seconds: float,
    certificate: Path | None,
) -> http.client.HTTPConnection:
    """A connection to the server, or to the proxy on the way; through it TLS goes to the server."""
    host, port = address.hostname or "", address.port
    hop = (host, port) if proxy is None else (proxy.hostname or "", proxy.port or 80)
    if address.scheme == "http":
        return http.client.HTTPConnection(*hop, timeout=seconds)
    context = ssl.create_default_context()
    if certificate is not None:
        try:  # a key that is encrypted is refused: nobody is asked here
            context.load_cert_chain(certificate, password="")
        except (OSError, ValueError) as error:
            words = f"the client's certificate and key cannot be read from {certificate}"
            raise NoAnswer(words, retry=False) from error
    connection = http.client.HTTPSConnection(*hop, timeout=seconds, context=context)
    if proxy is not None:
        connection.set_tunnel(host, port, headers=_proxy_authorization(proxy))
    return connection


def _proxy(address: urllib.parse.SplitResult) -> urllib.parse.SplitResult | None:
    """The proxy that the environment names for this address."""
    named = urllib.request.getproxies().get(address.scheme)
    if not named or urllib.request.proxy_bypass(address.hostname or ""):
        return None
    return urllib.parse.urlsplit(named if "://" in named else f"http://{named}")


def _proxy_authorization(proxy: urllib.parse.SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    pair = f"{urllib.parse.unquote(proxy.username)}:{urllib.parse.unquote(proxy.password or '')}"
    return {"Proxy-Authorization": "Basic " + b64encode(pair.encode()).decode()}
