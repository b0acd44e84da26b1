"""Asking over HTTP: one question, one bounded answer, and an end in time whatever comes.

Proxies are taken from the environment as usual. Redirects are not followed: only addresses that
somebody gave are asked.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
import urllib.parse
import urllib.request
from base64 import b64encode
from typing import NamedTuple

_CHUNK = 1 << 14


class NoAnswer(Exception):
    """Nothing usable came; the sentence does not name the address. `again`: worth another try?"""

    def __init__(self, message: str, *, again: bool = True) -> None:
        super().__init__(message)
        self.again = again


class _Address(NamedTuple):
    secure: bool
    host: str
    port: int
    path: str


def problem(url: str) -> str | None:
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


def post(url: str, body: bytes, *, kind: str, answer: str, within: float, most: int) -> bytes:
    """What `url` answers to `body`, a `kind` of media: at most `most` bytes of type `answer`.

    Returns or raises `NoAnswer` after `within` seconds, even where a name is not resolved or the
    bytes only trickle in: the waiting is done elsewhere.
    """
    call = _Call(_address(url), url, body, {"Content-Type": kind, "Accept": answer}, within, most)
    thread = threading.Thread(target=call.run, name="genlabel-asking", daemon=True)
    thread.start()
    late = True
    try:
        thread.join(within)
        late = thread.is_alive()
    finally:  # an interrupt hangs up, too
        call.hang_up()
    if late or (call.result is None and call.error is None):
        raise NoAnswer(f"no answer within {within:g} seconds")
    if call.error is not None:
        raise call.error
    return call.result or b""


class _Call:
    """One request, and what came of it."""

    def __init__(
        self,
        address: _Address,
        url: str,
        body: bytes,
        headers: dict[str, str],
        within: float,
        most: int,
    ) -> None:
        self.result: bytes | None = None
        self.error: NoAnswer | None = None
        self._request = (address, url, body, headers)
        self._within = within
        self._end = time.monotonic() + within
        self._most = most
        self._connection: http.client.HTTPConnection | None = None
        self._over = False

    def run(self) -> None:
        try:
            result = self._exchange()
        except NoAnswer as error:
            self.error = error
        except ssl.SSLCertVerificationError as error:
            self.error = NoAnswer(f"its certificate for TLS is refused ({error.verify_message})")
        except TimeoutError:
            self.error = NoAnswer(f"no answer within {self._within:g} seconds")
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            self.error = NoAnswer(f"cannot be reached ({reason})")
        else:
            self.result = result

    def hang_up(self) -> None:
        """Ends the call from outside: a read that waits returns at once."""
        self._over = True
        sock = getattr(self._connection, "sock", None)
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _exchange(self) -> bytes:
        address, url, body, headers = self._request
        self._connection = connection = _connection(address, max(0.001, self._left()))
        target = address.path
        if proxy := _proxy(address):
            secret = _credentials(proxy)
            if address.secure:
                connection.set_tunnel(address.host, address.port, headers=secret)
            else:
                target, headers = url, {**headers, **secret}
        try:
            connection.request("POST", target, body=body, headers=headers)
            response = connection.getresponse()
            if response.status != http.client.OK:
                raise NoAnswer(
                    f"answers with HTTP status {response.status}",
                    again=response.status >= 500 or response.status in (408, 425, 429),
                )
            kind = response.headers.get_content_type()
            if kind != headers["Accept"]:
                raise NoAnswer(f"answers with {kind!r:.80}, which is no {headers['Accept']}")
            return self._read(response)
        finally:
            connection.close()

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        pieces: list[bytes] = []
        size = 0
        while piece := response.read1(_CHUNK):
            pieces.append(piece)
            size += len(piece)
            if size > self._most:
                raise NoAnswer(f"answers with more than {self._most:,} bytes", again=False)
            if self._over or self._left() <= 0:
                raise NoAnswer("no whole answer in time")
        return b"".join(pieces)

    def _left(self) -> float:
        return self._end - time.monotonic()


def _address(url: str) -> _Address:
    if found := problem(url):
        raise NoAnswer(found, again=False)
    parts = urllib.parse.urlsplit(url)
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Address(secure, parts.hostname or "", parts.port or (443 if secure else 80), path)


def _connection(address: _Address, timeout: float) -> http.client.HTTPConnection:
    host, port, secure = address.host, address.port, address.secure
    if proxy := _proxy(address):
        host, port = proxy.hostname or "", proxy.port or 80
        secure = address.secure  # the tunnel carries the TLS of the far end
    if secure:
        return http.client.HTTPSConnection(
            host, port, timeout=timeout, context=ssl.create_default_context()
        )
    return http.client.HTTPConnection(host, port, timeout=timeout)


def _proxy(address: _Address) -> urllib.parse.SplitResult | None:
    """The proxy that the environment names for this address."""
    named = urllib.request.getproxies().get("https" if address.secure else "http")
    if not named or urllib.request.proxy_bypass(address.host):
        return None
    return urllib.parse.urlsplit(named if "://" in named else f"http://{named}")


def _credentials(proxy: urllib.parse.SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    pair = f"{urllib.parse.unquote(proxy.username)}:{urllib.parse.unquote(proxy.password or '')}"
    return {"Proxy-Authorization": "Basic " + b64encode(pair.encode()).decode()}
