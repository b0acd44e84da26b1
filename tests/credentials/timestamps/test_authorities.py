"""Authorities are asked in turn and within limits; whatever they answer, only the truth passes."""

from __future__ import annotations

import subprocess
import threading
import time

import pytest

import genlabel
from genlabel import network, testing
from genlabel.credentials.timestamps import authorities
from genlabel.credentials.timestamps.authorities import TimeAuthorities
from genlabel.credentials.timestamps.token import REPLY, Query, answered
from genlabel.model.errors import ConfigurationError, TimeStampError
from genlabel.model.label import Label
from genlabel.model.parties import Producer
from genlabel.testing import TimeAuthority
from lying_authorities import (
    hangs,
    lies,
    nobody,
    raw_server,
    says,
    trickles,
    trickles_headers,
    with_mods,
)
from oracles.absence import program
from patience import within

pytestmark = pytest.mark.usefixtures("quick")
LABEL = Label.generated(producer=Producer("Acme Studio"))
LIES = lies(TimeAuthority.new())


def impatient(*urls: str, each: float = 0.2, altogether: float = 1.0) -> TimeAuthorities:
    return TimeAuthorities(urls=urls, each=each, altogether=altogether)


@pytest.mark.parametrize("what", LIES)
def test_no_lie_gets_into_a_label(what, signer):
    answer, said = LIES[what]
    with testing.time_server(answer) as url, pytest.raises(TimeStampError, match=said) as refused:
        genlabel.sign(testing.picture("png"), LABEL, signer, tsa=url, stamp="required")
    assert url in str(refused.value)
    assert refused.value.remedy


@pytest.mark.parametrize("what", ["another's signature", "an old answer", "garbage"])
def test_after_a_lie_the_next_authority_is_asked(what, signer, tsa, authority, clock):
    answer, _ = LIES[what]
    with testing.time_server(answer) as url:
        signed = genlabel.sign(testing.picture("png"), LABEL, signer, tsa=[url, tsa])
    trust = testing.trust(authority, tsa=[clock])
    assert genlabel.verify(signed.data, trust=trust).signer.time == "proven"


def test_granted_with_modifications_is_granted(signer, clock):
    with testing.time_server(with_mods(clock)) as url:
        assert genlabel.sign(testing.picture("png"), LABEL, signer, tsa=url).stamped_at


@pytest.mark.parametrize("talk", [hangs, trickles, trickles_headers])
def test_one_that_never_ends_is_left_in_time(talk):
    with (
        raw_server(talk) as url,
        within(1.5),
        pytest.raises(TimeStampError, match=r"within|in time"),
    ):
        impatient(url, altogether=0.5).token(b"message")


def test_one_that_is_down_says_so_at_once():
    with nobody() as url, within(1.0), pytest.raises(TimeStampError, match="cannot be reached"):
        impatient(url).token(b"message")


@pytest.mark.parametrize(
    ("talk", "said"),
    [
        (says("500 Broken"), "HTTP status 500"),
        (says("404 Gone"), "HTTP status 404"),
        (says("302 Elsewhere", "Location: file:///etc/passwd"), "HTTP status 302"),
        (says("200 OK", "Content-Type: text/html", body=b"<h1>log in</h1>"), "text/html"),
        (lambda caller: caller.sendall(b"SSH-2.0-OpenSSH_9.6\r\n"), "cannot be reached"),
        (lambda caller: None, "cannot be reached"),
    ],
)
def test_an_answer_that_is_none_is_named(talk, said):
    with raw_server(talk) as url, pytest.raises(TimeStampError, match=said):
        impatient(url).token(b"message")


def test_a_body_without_end_is_not_read_to_its_end():
    def floods(caller) -> None:
        caller.recv(4096)
        caller.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: {REPLY}\r\n\r\n".encode())
        while True:
            caller.sendall(bytes(1 << 16))

    with raw_server(floods) as url, within(1.5), pytest.raises(TimeStampError, match="more than"):
        impatient(url, each=1.0).token(b"message")


def test_several_are_asked_in_turn_and_the_first_that_answers_counts(tsa):
    with nobody() as down, raw_server(says("503 Busy")) as busy, within(2):
        token = impatient(down, busy, tsa, each=1.0).token(b"message")
    assert "Acme Time" in token.authority


def test_one_that_is_busy_is_asked_again(clock):
    calls = []

    def at_first_busy(query: bytes) -> bytes:
        calls.append(query)
        if len(calls) < 3:
            raise ConnectionAbortedError
        return clock.answer(query)

    with testing.time_server(at_first_busy) as url:
        assert impatient(url, each=1.0, altogether=5).token(b"message").moment
    assert len(calls) == 3
    assert len(set(calls)) == 3  # a new nonce each time


def test_no_authority_is_asked_more_than_three_times(clock):
    calls = []

    def breaks_off(query: bytes) -> bytes:
        calls.append(query)
        raise ConnectionAbortedError

    with testing.time_server(breaks_off) as url, pytest.raises(TimeStampError):
        impatient(url, each=1.0, altogether=5).token(b"message")
    assert len(calls) == authorities.ROUNDS


def test_a_batch_does_not_wait_for_the_same_silence_again_and_again(tsa):
    with raw_server(hangs) as silent:
        both = impatient(silent, tsa, each=0.6, altogether=5)
        with within(0.45):  # eight rounds without memory take more than 10 * 0.45
            for _ in range(8):
                assert both.token(b"message")
        alone = impatient(silent, each=0.2, altogether=0.5)
        with pytest.raises(TimeStampError):
            alone.token(b"message")
        with within(0.2), pytest.raises(TimeStampError, match="did not answer a moment ago"):
            alone.token(b"message")


def test_nothing_is_left_waiting_behind():
    with raw_server(trickles_headers) as url:
        with pytest.raises(TimeStampError):
            impatient(url, altogether=0.3).token(b"message")
        end = time.monotonic() + 20
        while time.monotonic() < end and any(
            each.name == "genlabel-http" for each in threading.enumerate()
        ):
            time.sleep(0.02)
        assert not any(each.name == "genlabel-http" for each in threading.enumerate())


@pytest.mark.parametrize(
    "url",
    [
        "ftp://time.example/",
        "file:///etc/passwd",
        "time.example",
        "https:///tsr",
        "https://user:secret@time.example/",
        "http://time.example/ tsr",
        "http://time.example/\r\nHost: other",
        "http://[::1/",
        "http://time.example:99999/",
        "http://time.example:0/",
        "https://zeitstempel.exämple/",
    ],
)
def test_an_address_that_is_none_is_refused_before_anything_is_asked(url):
    with pytest.raises(ConfigurationError):
        TimeAuthorities(urls=(url,))


def test_a_proxy_of_the_environment_is_used(monkeypatch, clock):
    asked = []

    def proxy(query: bytes) -> bytes:
        asked.append(query)
        return clock.answer(query)

    with testing.time_server(proxy) as url:
        monkeypatch.setenv("http_proxy", url)
        monkeypatch.delenv("no_proxy", raising=False)
        assert impatient("http://time.invalid/tsr", each=1.0).token(b"message")
    assert asked


def test_a_secret_of_the_address_of_a_proxy_is_not_said(monkeypatch):
    with nobody() as url:
        monkeypatch.setenv("http_proxy", url.replace("//", "//user:hushhush@"))
        monkeypatch.delenv("no_proxy", raising=False)
        with pytest.raises(TimeStampError) as refused:
            impatient("http://time.invalid/tsr").token(b"message")
    assert "hushhush" not in str(refused.value)


def test_openssl_finds_our_question_and_our_authoritys_answer_good(tmp_path, clock):
    openssl = program("openssl")
    query = Query.about(b"a picture's signature")
    (tmp_path / "data").write_bytes(b"a picture's signature")
    (tmp_path / "query").write_bytes(query.der)
    (tmp_path / "reply").write_bytes(clock.answer(query.der))
    (tmp_path / "root.pem").write_bytes(clock.anchors)
    shown = _run(tmp_path, openssl, "ts", "-query", "-in", "query", "-text")
    assert "Hash Algorithm: sha256" in shown
    assert "Certificate required: yes" in shown
    # openssl prints whole bytes and none that are zero in front, which one nonce of 256 has
    digits = f"{query.nonce:X}"
    assert f"Nonce: 0x{'0' * (len(digits) % 2)}{digits}\n" in shown
    for against in (("-data", "data"), ("-queryfile", "query")):
        verify = ("ts", "-verify", "-in", "reply", *against, "-CAfile", "root.pem")
        assert "Verification: OK" in _run(tmp_path, openssl, *verify)


def test_the_answer_of_openssl_is_read(tmp_path, clock):
    openssl = program("openssl")
    query = Query.about(b"message")
    (tmp_path / "query").write_bytes(query.der)
    (tmp_path / "key.pem").write_bytes(clock.key_pem())
    (tmp_path / "tsa.pem").write_bytes(clock.certificates)
    (tmp_path / "chain.pem").write_bytes(clock.anchors)
    (tmp_path / "tsa.cnf").write_text(
        "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\nsigner_digest = sha256\n"
        "default_policy = 1.2.3.4.1\ndigests = sha256\naccuracy = secs:1\nordering = yes\n"
        "tsa_name = yes\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n"
    )
    (tmp_path / "serial").write_text("01")
    make = ("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply")
    with_chain = ("-chain", "chain.pem")
    _run(tmp_path, openssl, *make, "-signer", "tsa.pem", "-inkey", "key.pem", *with_chain)
    token = answered(query, (tmp_path / "reply").read_bytes())
    assert "Development Time" in token.authority


def test_an_answer_with_any_byte_changed_raises_nothing_but_our_error(clock):
    query = Query.about(b"message")
    reply = clock.answer(query.der)
    for at in range(0, len(reply), 2):
        for value in (0x80, reply[at] ^ 0x21):
            changed = reply[:at] + bytes([value]) + reply[at + 1 :]
            try:
                token = answered(query, changed)
            except TimeStampError:
                continue
            # the signature, which is for the engine to check, or what nobody relies on
            assert len(token.der) <= len(reply)
    for at in range(0, len(reply), 3):
        with pytest.raises(TimeStampError):
            answered(query, reply[:at])


def test_waiting_ends_when_the_name_is_never_resolved(monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: time.sleep(20) or [])
    monkeypatch.delenv("http_proxy", raising=False)
    with within(0.6), pytest.raises(network.NoAnswer, match="within"):
        network.post(
            "http://time.example/", b"", media_type="a/b", accept="a/b", seconds=0.2, most=10
        )


def _run(folder, *words) -> str:
    done = subprocess.run(
        list(map(str, words)), cwd=folder, capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
