"""One module opens connections, and what it leaves behind ends by itself."""

from __future__ import annotations

import ast
import socket
import threading
import time
from base64 import b64encode
from pathlib import Path

import pytest

import genlabel
from genlabel import network
from lying_authorities import nobody, raw_server, says, trickles_headers

CONNECTING = {"http", "socket", "ssl", "urllib.request", "urllib3", "requests", "httpx", "boto3"}
"""Modules with which a connection can be opened."""
ALLOWED = {
    "network.py": {"http", "socket", "ssl", "urllib.request"},
    "credentials/timestamps/development_tsa.py": {"http"},  # a server on loopback, for tests
    "credentials/signers/awskms.py": {"boto3"},  # AWS's own client, an extra
    "storage/temporaries.py": {"socket"},  # this machine's name
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


@pytest.mark.parametrize(
    ("status", "retry"),
    [(404, False), (302, False), (408, True), (425, True), (429, True), (500, True), (503, True)],
)
def test_a_status_says_whether_the_same_request_may_succeed_later(status, retry):
    with raw_server(says(f"{status} Something")) as url:
        with pytest.raises(network.NoAnswer, match=f"HTTP status {status}") as refused:
            network.post(url, b"", media_type="a/b", accept="a/b", seconds=2, most=10)
        assert refused.value.retry is retry


def ask(url):
    return network.post(url, b"", media_type="a/b", accept="a/b", seconds=2, most=10)


def test_https_goes_through_a_tunnel_of_the_proxy_with_its_name_and_password(monkeypatch):
    heads = []

    def refuses(caller):
        heads.append(caller.recv(4096))
        caller.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")

    monkeypatch.delenv("no_proxy", raising=False)
    with raw_server(refuses) as proxy:
        monkeypatch.setenv("https_proxy", proxy.replace("//", "//user:s%40sam@"))
        with pytest.raises(network.NoAnswer, match="cannot be reached"):
            ask("https://time.invalid/tsr")
    assert heads[0].startswith(b"CONNECT time.invalid:443 HTTP/1.")
    assert b"Proxy-Authorization: Basic " + b64encode(b"user:s@sam") in heads[0]


def test_no_proxy_is_asked_for_a_host_that_no_proxy_names(monkeypatch):
    answer = says("200 OK", "Content-Type: a/b", body=b"yes")
    with nobody() as proxy, raw_server(answer) as url:
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert ask(url) == b"yes"
        monkeypatch.delenv("no_proxy")
        with pytest.raises(network.NoAnswer, match="cannot be reached"):
            ask(url)


def _threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name == "genlabel-http"]
