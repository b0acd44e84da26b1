"""A data directory of nobody, and a publisher of trust lists on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import loopback
import pytest

from genlabel.credentials.trust import published, update


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data directory, empty."""
    folder = tmp_path / "data"
    monkeypatch.setenv("GENLABEL_DATA_DIR", str(folder))
    return folder


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the publisher's web server shows."""
    return loopback.certificate(tmp_path_factory.mktemp("tls") / "server.pem")


@pytest.fixture
def publisher(tls: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[loopback.Server]:
    """A web server to which the addresses of all published lists lead."""
    with loopback.serving(tls=tls) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tls))
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        here = tuple(
            replace(each, address=f"{server.address}/{each.name}.pem")
            for each in published.PUBLISHED
        )
        monkeypatch.setattr(published, "PUBLISHED", here)
        monkeypatch.setattr(update, "PUBLISHED", here)
        yield server
