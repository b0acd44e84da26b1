"""Time in tests: bounds with a factor for busy machines, and certificates that last long enough."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from genlabel.credentials.signer import KeySigner
from genlabel.testing import Authority

FACTOR = 10
"""What takes a second where nothing else runs may take ten on a busy machine."""
_Made = TypeVar("_Made")


def hears_interrupts() -> None:
    """For a child process: whoever runs the tests in the background has interrupts ignored."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails when the block takes longer than `FACTOR` times so many seconds."""
    begun = time.monotonic()
    yield
    took = time.monotonic() - begun
    assert took < FACTOR * seconds, f"took {took:.1f} s"


def while_it_lasts(
    work: Callable[[Authority, KeySigner], _Made], *, seconds: float = 2, **more: Any
) -> tuple[Authority, KeySigner, _Made]:
    """A short-lived authority and what `work` made while its certificate lasted.

    Where the machine is too slow for that, the certificate gets a longer life, and work begins
    again.
    """
    for life in (seconds, 4 * seconds, 16 * seconds, 64 * seconds):
        authority = Authority.new("Acme Studio", lifetime=timedelta(seconds=life), **more)
        signer = authority.signer()
        try:
            made = work(authority, signer)
        except Exception:
            if datetime.now(UTC) < signer.not_valid_after:
                raise
            continue
        if datetime.now(UTC) < signer.not_valid_after:
            return authority, signer, made
    pytest.fail("the machine is too slow for this test")


def wait_for_its_end(signer: KeySigner) -> None:
    """Waits until the certificate has ended, which certificates do on a full second."""
    end = signer.not_valid_after + timedelta(seconds=1.1)
    while (left := (end - datetime.now(UTC)).total_seconds()) > 0:
        time.sleep(left)
