"""One module opens connections, and what it leaves behind ends by itself."""

from __future__ import annotations

import ast
import socket
import threading
import time
from pathlib import Path

import pytest

import genlabel
from genlabel import network
from lying_authorities import raw_server, trickles_headers

CONNECTING = {"http", "socket", "ssl", "urllib.request", "urllib3", "requests", "httpx", "boto3"}
"""Modules with which a connection can be opened."""
ALLOWED = {
    "network.py": {"http", "socket", "ssl", "urllib.request"},
    "credentials/timestamps/development_tsa.py": {"http"},  # a server on loopback, for tests
    "credentials/signers/awskms.py": {"boto3"},  # AWS's own client, an extra
    "storage/atomic.py": {"socket"},  # this machine's name
}


def imported(path: Path) -> set[str]:
    """The connecting modules that a file imports, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {each for each in CONNECTING if any(f"{name}.".startswith(f"{each}.") for name in names)}


def test_only_the_network_module_opens_connections():
    home = Path(genlabel.__file__).parent
    found = {path.relative_to(home).as_posix(): imported(path) for path in home.rglob("*.py")}
    assert {name: modules for name, modules in found.items() if modules} == ALLOWED


def test_a_name_resolved_too_late_is_not_connected_to_for_long(monkeypatch):
    resolve = socket.getaddrinfo

    def slowly(*words, **options):
        time.sleep(0.5)
        return resolve(*words, **options)

    with raw_server(trickles_headers) as url:
        monkeypatch.setattr("socket.getaddrinfo", slowly)
        with pytest.raises(network.NoAnswer, match="within"):
            network.post(url, b"", media_type="a/b", accept="a/b", seconds=0.1, most=1 << 20)
        end = time.monotonic() + 3
        while time.monotonic() < end and _threads():
            time.sleep(0.02)
        assert not _threads()


def _threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name == "genlabel-http"]
