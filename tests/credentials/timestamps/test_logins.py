"""Logins at authorities: secrets go to their address, over TLS, and into nothing that is shown."""

from __future__ import annotations

import http.server
import pickle
import ssl
import threading
from base64 import b64encode
from pathlib import Path

import pytest

import genlabel
import loopback
from genlabel import Label, Producer, TimeAuthorities, network, testing
from genlabel.credentials.timestamps.authorities import TimeAuthorities as Authorities
from genlabel.credentials.timestamps.logins import Login
from genlabel.credentials.timestamps.token import REPLY
from genlabel.model.errors import ConfigurationError, TimeStampError
from genlabel.testing import TimeAuthority

LABEL = Label.generated(producer=Producer("Acme Studio"))
SECRET = "sesame"
BASIC = "Basic " + b64encode(b"acme:sesame").decode()


@pytest.fixture
def guarded(monkeypatch):
    """An authority at loopback that answers only with the right header; what came is noted."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr("genlabel.credentials.timestamps.authorities.PAUSE", 0.0)
    clock = TimeAuthority.new()
    came: list[dict[str, str]] = []

    def reply(handler: http.server.BaseHTTPRequestHandler) -> None:
        came.append({name.lower(): value for name, value in handler.headers.items()})
        right = handler.headers["Authorization"] == BASIC or handler.headers["X-Api-Key"] == SECRET
        content = clock.answer(handler.body) if right else b""
        handler.send_response(200 if right else 401)
        handler.send_header("Content-Type", REPLY)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    with loopback.serving(tls=None) as server:
        yield server.at("/tsr", reply), came


def stamped(signer, url, *logins):
    authorities = TimeAuthorities(urls=(url,), logins=logins)
    return genlabel.sign(testing.picture("png"), LABEL, signer, tsa=authorities)


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "secret"
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize("kind", ["basic env", "basic file", "header", "netrc"])
def test_with_its_login_an_authority_answers(signer, guarded, tmp_path, monkeypatch, kind):
    url, came = guarded
    monkeypatch.setenv("TSA_LOGIN", "acme:sesame")
    text = {
        "basic env": "",
        "basic file": "acme:sesame\n",
        "header": "X-Api-Key: sesame\n",
        "netrc": "machine 127.0.0.1 login acme password sesame\n",
    }[kind]
    place = "env:TSA_LOGIN" if kind == "basic env" else f"file:{written(tmp_path, text)}"
    login = f"{kind.split()[0]}={place}"
    assert stamped(signer, url, f"{url} {login}").stamped_at
    assert came[0]["user-agent"].startswith("genlabel/")


def test_without_a_login_it_does_not_and_is_asked_once(signer, guarded):
    url, came = guarded
    with pytest.raises(TimeStampError, match="HTTP status 401") as refusal:
        stamped(signer, url)
    assert "--tsa-login" in str(refusal.value.remedy)
    assert len(came) == 1
    assert came[0]["user-agent"].startswith("genlabel/")
    assert "authorization" not in came[0]


def test_a_login_goes_to_no_other_address(signer, guarded, monkeypatch):
    url, came = guarded
    monkeypatch.setenv("TSA_LOGIN", "acme:sesame")
    with pytest.raises(TimeStampError):
        stamped(signer, url, f"{url}/other basic=env:TSA_LOGIN")
    assert "authorization" not in came[0]


def test_a_client_certificate_is_shown(tls, tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(tls))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    client = loopback.certificate(tmp_path / "client.pem")
    seen: list[bool] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append(self.connection.getpeercert(binary_form=True) is not None)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", REPLY)
            self.end_headers()
            self.wfile.write(b"yes")

        def log_message(self, *_):
            """Says nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls)
    context.load_verify_locations(client)
    context.verify_mode = ssl.CERT_REQUIRED
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        url = f"https://127.0.0.1:{server.server_address[1]}/"
        asked = {"media_type": "a/b", "accept": REPLY, "seconds": 10, "most": 100}
        assert network.post(url, b"?", **asked, certificate=client) == b"yes"
        with pytest.raises(network.NoAnswer):
            network.post(url, b"?", **asked)
        with pytest.raises(network.NoAnswer, match="cannot be read") as refused:
            network.post(url, b"?", **asked, certificate=tmp_path / "absent.pem")
        assert not refused.value.retry
        server.shutdown()
    assert seen == [True]


@pytest.mark.parametrize(
    "login",
    [
        "https://tsa.example/ basic=acme:sesame",
        "https://tsa.example/ basic=sesame",
        "https://tsa.example/ password=sesame",
        "https://acme:sesame@tsa.example/ basic=env:X",
        "https://tsa.example/ netrc=env:sesame",
        "http://tsa.example/ basic=env:TSA_LOGIN",
        "http://127.0.0.1.tsa.example/ basic=env:TSA_LOGIN",
        "sesame",
        "",
    ],
)
def test_what_is_no_login_is_refused_and_never_repeated(login):
    with pytest.raises(ConfigurationError) as refused:
        Authorities(urls=("https://tsa.example/",), logins=(login,))
    assert SECRET not in f"{refused.value} {refused.value.remedy}"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("basic", "sesame"),
        ("basic", ":sesame"),
        ("basic", "acme:sesame\nsesame"),
        ("header", "no header sesame"),
        ("header", "X: sesame\x00"),
        ("header", "Host: sesame"),
        ("header", "X-Y : sesame"),
        ("header", "X: sesame\nsesame"),
        ("netrc", "machine 127.0.0.1 login acme password sesame"),
        ("netrc", "sesame"),
    ],
)
def test_what_a_source_must_not_hold_is_refused_and_never_repeated(tmp_path, kind, text):
    login = Login.parse(f"https://tsa.example/ {kind}=file:{written(tmp_path, text)}")
    with pytest.raises(ConfigurationError) as refused:
        login.headers()
    assert SECRET not in f"{refused.value} {refused.value.remedy}"


def test_no_secret_is_in_a_pickle_or_a_representation(monkeypatch):
    monkeypatch.setenv("TSA_LOGIN", "acme:sesame")
    login = "https://tsa.example/ basic=env:TSA_LOGIN"
    authorities = TimeAuthorities(urls=("https://tsa.example/",), logins=(login,))
    assert SECRET not in repr(authorities)
    assert SECRET.encode() not in pickle.dumps(authorities)
    assert pickle.loads(pickle.dumps(authorities)) == authorities


def test_a_login_is_sent_through_no_proxy_in_the_clear(monkeypatch):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with pytest.raises(network.NoAnswer, match="no proxy"):
        network.post("http://127.0.0.1:8/", b"", media_type="a/b", accept="a/b", seconds=1, most=1,
                     headers={"Authorization": SECRET})  # fmt: skip
