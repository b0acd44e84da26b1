"""A signer and a clock for all tests about time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from genlabel import testing
from genlabel.credentials.signer import KeySigner
from genlabel.testing import Authority, TimeAuthority


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority.new("Acme Studio", keep_authority=True)


@pytest.fixture(scope="session")
def signer(authority: Authority) -> KeySigner:
    return authority.signer()


@pytest.fixture(scope="session")
def clock() -> TimeAuthority:
    """An honest time-stamping authority."""
    return TimeAuthority.new()


@pytest.fixture(scope="session")
def tsa(clock: TimeAuthority) -> Iterator[str]:
    """Its address."""
    with testing.time_server(clock) as url:
        yield url


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause between rounds."""
    monkeypatch.setattr("genlabel.credentials.timestamps.authorities.PAUSE", 0.0)
