"""Fetching a file over https: bounded in bytes and in time, and only where somebody asked for it.

Nothing here is called while verifying.
"""

from __future__ import annotations

import http.client
import ssl
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from email.message import Message
from typing import IO
from urllib.parse import urlsplit

from genlabel.model.errors import NetworkError
from genlabel.model.version import __version__

MAX_REDIRECTS = 5
"""Longest way from a published address to where the file lies; two are usual."""
_STEP = 64 * 1024
_MAX_HEADER = 256
"""Most characters of a header that is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back from an address."""

    address: str
    """Where it came from in the end, redirects followed."""
    content: bytes = field(repr=False)
    modified: str | None = None
    """The header ``Last-Modified``, as sent."""
    etag: str | None = None


def get(address: str, *, most: int, seconds: float) -> Fetched:
    """The file at `address`, over https only, wherever redirects lead.

    At most `most` bytes within `seconds`. Proxies and certificate authorities are the system's
    (``https_proxy``, ``SSL_CERT_FILE``). Raises `NetworkError`.
    """
    request = urllib.request.Request(_checked(address))  # noqa: S310  # it is checked
    return _asked(request, most, seconds)


def _checked(address: str) -> str:
    try:
        parts = urlsplit(address)
        usable = parts.scheme == "https" and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or not address.isascii() or not address.isprintable() or " " in address:
        raise NetworkError(
            f"{address}: no address that is asked", remedy="it must begin with https://"
        )
    return address


def _asked(request: urllib.request.Request, most: int, seconds: float) -> Fetched:
    """The answer, by a thread that is left behind when it is late.

    A time-out of a socket is for each of its steps alone: somebody who sends one byte at a time,
    and a name server that never answers, would hold us for ever.
    """
    address = request.full_url
    request.add_header("User-Agent", f"genlabel/{__version__}")
    request.add_header("Accept-Encoding", "identity")
    outcome: list[Fetched | NetworkError] = []
    end = time.monotonic() + seconds

    def work() -> None:
        try:
            outcome.append(_answer(request, most, end))
        except NetworkError as error:
            outcome.append(error)
        except urllib.error.HTTPError as error:
            error.close()
            outcome.append(_failed(address, f"answered with status {error.code}"))
        except (OSError, http.client.HTTPException, ValueError) as error:
            outcome.append(_failed(address, _reason(error)))

    thread = threading.Thread(target=work, name="genlabel-web", daemon=True)
    thread.start()
    thread.join(seconds)
    if not outcome:
        raise _failed(address, f"no whole answer within {seconds:g} seconds")
    if isinstance(outcome[0], NetworkError):
        raise outcome[0]
    return outcome[0]


def _answer(request: urllib.request.Request, most: int, end: float) -> Fetched:
    with _opener().open(request, timeout=max(end - time.monotonic(), 0.001)) as response:
        parts: list[bytes] = []
        length = 0
        while part := response.read1(_STEP):
            parts.append(part)
            length += len(part)
            if length > most:
                raise _failed(request.full_url, f"more than {most:,} bytes")
            if time.monotonic() > end:
                raise TimeoutError("timed out")
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced[:20]) != length:
            raise _failed(request.full_url, f"{length:,} bytes came of {int(announced[:20]):,}")
        return Fetched(
            address=response.url,
            content=b"".join(parts),
            modified=_header(response.headers, "Last-Modified"),
            etag=_header(response.headers, "ETag"),
        )


def _header(headers: Message, name: str) -> str | None:
    value = headers.get(name)
    return value[:_MAX_HEADER] if value and value.isprintable() else None


def _opener() -> urllib.request.OpenerDirector:
    """Only what is needed: the usual opener reads file:, ftp: and data: addresses, too."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(),
    ):
        opener.add_handler(handler)
    return opener


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects that stay on https."""

    max_redirections = MAX_REDIRECTS

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """The next request, or `NetworkError`."""
        if urlsplit(newurl).scheme != "https":
            raise _failed(req.full_url, f"leads away from https, to {newurl[:_MAX_HEADER]}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _failed(address: str, why: str) -> NetworkError:
    return NetworkError(f"{address}: {why}", remedy="check the network, and try again later")


def _reason(error: Exception) -> str:
    """What went wrong, in the system's own words."""
    cause = getattr(error, "reason", error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not accepted ({cause.verify_message})"
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    if isinstance(cause, OSError) and cause.strerror:
        return f"cannot be reached ({cause.strerror})"
    return f"cannot be read ({cause})" if str(cause) else "cannot be read"
