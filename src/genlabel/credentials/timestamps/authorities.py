"""Time-stamping authorities (RFC 3161): asked in turn, again after a while, and never for long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING

from genlabel.credentials.timestamps import logins
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, TimeStampError
from genlabel.model.logger import log

if TYPE_CHECKING:
    from genlabel.credentials.timestamps.token import Token

MAX_AUTHORITIES = 8
ROUNDS = 3
"""How often each authority is asked at most."""
PAUSE = 0.5
"""Seconds before the second round; twice that before the third."""
_LOG_IN = "log in there with --tsa-login, or name another authority with --tsa"
BACK_OFF = 60.0
"""Seconds for which an authority that did not answer is not asked: a batch does not wait for it
file by file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAuthorities:
    """Time-stamping authorities (RFC 3161) in the order in which they are asked, with limits.

    Safe between threads. Raises `ConfigurationError` for no address or more than 8, for what is no
    web address, one with a password in it, and limits of no time at all.
    """

    urls: tuple[str, ...]
    """Each ``http://`` or ``https://``. What is sent there is a hash and a random number."""
    each: float = 8.0
    """Seconds for one answer: above 0, by default 8."""
    altogether: float = 25.0
    """Seconds for one time-stamp, all authorities and rounds included: by default 25."""
    logins: tuple[str, ...] = ()
    """How to log in, for each address that wants it: ``ADDRESS basic=env:NAME`` and the like, which
    name where a secret is and do not hold it; see docs/time.md."""
    _back_off_ends: dict[str, float] = field(default_factory=dict, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.urls or len(self.urls) > MAX_AUTHORITIES:
            raise ConfigurationError(
                f"time-stamping authorities: {len(self.urls)} are named",
                remedy=f"give one to {MAX_AUTHORITIES}, by their addresses",
            )
        from genlabel import network

        for url in self.urls:
            if fault := network.url_fault(url):
                raise ConfigurationError(
                    f"{url[:200]!r}: {fault}",
                    remedy="give an address such as http://timestamp.example/tsr",
                )
        for login in self.logins:
            logins.Login.parse(login)
        if self.each <= 0 or self.altogether <= 0:
            raise ConfigurationError("a limit of no time at all", remedy="give seconds above 0")

    def __reduce__(self) -> tuple[Callable[[], TimeAuthorities], tuple[()]]:
        """Without lock and back-off: each process asks for itself."""
        limits = partial(
            TimeAuthorities, each=self.each, altogether=self.altogether, logins=self.logins
        )
        return partial(limits, urls=self.urls), ()

    @classmethod
    def of(cls, urls: TimeAuthorities | str | Iterable[str] | None) -> TimeAuthorities | None:
        """One address, several, or what is one already; None for none."""
        if urls is None or isinstance(urls, TimeAuthorities):
            return urls
        several = (urls,) if isinstance(urls, str) else tuple(urls)
        return cls(urls=several) if several else None

    def token(self, message: bytes, *, accept: Callable[[Token], None] | None = None) -> Token:
        """A time-stamp token over `message` by the first authority that gives one that holds.

        `accept` raises `TimeStampError` for a token that does not hold; then the next is asked.
        Raises `TimeStampError` that says what became of each.
        """
        from genlabel import network

        end = time.monotonic() + self.altogether
        failures: dict[str, str] = {}
        remedy = "try again later, or name another authority with --tsa"
        waiting = list(self.urls)
        for turn in range(ROUNDS):
            if turn and waiting:
                time.sleep(max(0.0, min(PAUSE * turn, end - time.monotonic())))
            for url in tuple(waiting):
                left = end - time.monotonic()
                if left <= 0:
                    failures.setdefault(url, "there was no time left to ask it")
                    continue
                if not turn and self._backs_off(url):
                    failures[url] = "did not answer a moment ago"
                    waiting.remove(url)
                    continue
                try:
                    token = self._asked(url, message, accept, min(self.each, left))
                except network.NoAnswer as error:
                    failures[url] = str(error)
                    remedy = _LOG_IN if error.login else remedy
                    if not error.retry:
                        waiting.remove(url)
                except TimeStampError as error:
                    failures[url] = str(error)
                    waiting.remove(url)  # it answered, and asking again makes it no better
                else:
                    self._back_off(each for each in waiting if each in failures)
                    return token
                log.info("%s: %s", url, failures[url])
        self._back_off(waiting)
        raise TimeStampError(
            "no time-stamp: " + "; ".join(f"{url}: {why}" for url, why in failures.items()),
            remedy=remedy,
        )

    def _asked(
        self, url: str, message: bytes, accept: Callable[[Token], None] | None, seconds: float
    ) -> Token:
        from genlabel import network
        from genlabel.credentials.timestamps import token as time_token

        login = logins.credentials(self.logins, url)
        query = time_token.Query.about(message)
        reply = network.post(
            url,
            query.der,
            media_type=time_token.QUERY,
            accept=time_token.REPLY,
            seconds=seconds,
            most=time_token.MAX_REPLY,
            headers=login.headers,
            certificate=login.certificate,
        )
        token = time_token.answered(query, reply)
        if accept is not None:
            accept(token)
        return token

    def _backs_off(self, url: str) -> bool:
        with self._lock:
            return self._back_off_ends.get(url, 0.0) > time.monotonic()

    def _back_off(self, urls: Iterable[str]) -> None:
        with self._lock:
            for url in urls:
                self._back_off_ends[url] = time.monotonic() + BACK_OFF
