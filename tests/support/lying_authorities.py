"""Authorities that answer what they should not, and servers that do not answer at all."""

from __future__ import annotations

import hashlib
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from asn1crypto import core, tsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from genlabel.credentials.timestamps.development_tsa import TimeAuthority, rejection
from genlabel.credentials.timestamps.token import Response

Answer = Callable[[bytes], bytes]


def lies(authority: TimeAuthority) -> dict[str, tuple[Answer, str]]:
    """Answers to any question by what is wrong with them, and what is said about it."""
    careless = TimeAuthority.new(
        usages=(ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.EMAIL_PROTECTION)
    )
    mailer = TimeAuthority.new(usages=(ExtendedKeyUsageOID.EMAIL_PROTECTION,))
    hour = timedelta(hours=1)
    return {
        "rejection": (lambda query: rejection("bad_request"), r"gives none \(rejection, bad_req"),
        "something else": (lambda query: authority.answer(_asking(query, digest=b"x")), "else"),
        "an old answer": (lambda query: authority.answer(_asking(query, nonce=7)), "nonce"),
        "no nonce": (lambda query: authority.answer(_asking(query, nonce=None)), "nonce"),
        "no certificate": (lambda query: authority.answer(_asking(query, cert=False)), "no time-s"),
        "a certificate for more": (careless.answer, "time-stamping alone"),
        "a certificate for mail": (mailer.answer, "time-stamping alone"),
        "an hour ago": (
            lambda query: authority.answer(query, moment=datetime.now(UTC) - hour),
            "and here it is",
        ),
        "an hour ahead": (
            lambda query: authority.answer(query, moment=datetime.now(UTC) + hour),
            "and here it is",
        ),
        "another's signature": (lambda query: forged(authority.answer(query)), "does not accept"),
        "another's content": (lambda query: moved(authority, query), "does not accept"),
        "garbage": (lambda query: secrets.token_bytes(500), "no time-stamp"),
        "nothing": (lambda query: b"", "no time-stamp"),
        "depth": (lambda query: b"\x30\x80" * 20_000, "no time-stamp"),
        "a length of a gigabyte": (lambda query: b"\x30\x84\x40\x00\x00\x00", "no time-stamp"),
        "too much": (lambda query: bytes(1 << 20), "more than 65,536 bytes"),
    }


def with_mods(authority: TimeAuthority) -> Answer:
    """An honest answer that calls itself granted with modifications (RFC 3161 §2.4.2)."""

    def answer(query: bytes) -> bytes:
        response = Response.load(authority.answer(query))
        token = response["time_stamp_token"]
        status = {"status": "granted_with_mods"}
        return Response({"status": status, "time_stamp_token": token}).dump()

    return answer


def forged(reply: bytes) -> bytes:
    """The same token with a signature that nobody made."""
    response = Response.load(reply)
    signer = response["time_stamp_token"]["content"]["signer_infos"][0]
    old = signer["signature"].native
    return reply.replace(old, old[:-1] + bytes([old[-1] ^ 1]))


def moved(authority: TimeAuthority, query: bytes) -> bytes:
    """An honest signature around a moment a minute away from the one that was signed."""
    reply = authority.answer(query)
    info = Response.load(reply)["time_stamp_token"]["content"]["encap_content_info"]["content"]
    old = info.parsed["gen_time"]
    new = core.GeneralizedTime((old.native + timedelta(minutes=1)).replace(microsecond=0))
    assert len(new.dump()) == len(old.dump())
    assert reply.count(old.dump()) == 1
    return reply.replace(old.dump(), new.dump())


def _asking(
    query: bytes, *, digest: bytes | None = None, nonce: int | None = -1, cert: bool = True
) -> bytes:
    """The question changed, for an honest answer to it."""
    asked = tsp.TimeStampReq.load(query).native
    if digest is not None:
        asked["message_imprint"]["hashed_message"] = hashlib.sha256(digest).digest()
    if nonce is None:
        del asked["nonce"]
    elif nonce != -1:
        asked["nonce"] = nonce
    asked["cert_req"] = cert
    kept = {name: value for name, value in asked.items() if value is not None}
    return tsp.TimeStampReq(kept).dump()


@contextmanager
def raw_server(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """An address on loopback where every caller is talked to by `talk`."""
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                caller, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=call, args=(caller,), daemon=True).start()

    def call(caller: socket.socket) -> None:
        with caller:
            try:
                talk(caller)
            except OSError:
                return  # the caller hung up

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    finally:
        over.set()
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def hangs(caller: socket.socket) -> None:
    """Reads and says nothing until the caller hangs up."""
    while caller.recv(4096):
        pass


def trickles(caller: socket.socket) -> None:
    """A byte every now and then, so that no single wait is long."""
    caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n\r\n")
    while True:
        caller.sendall(b"0")
        time.sleep(0.02)


def trickles_headers(caller: socket.socket) -> None:
    """The same before there is an answer."""
    caller.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        caller.sendall(b"0")
        time.sleep(0.02)


def says(status: str, *headers: str, body: bytes = b"") -> Callable[[socket.socket], None]:
    """Answers every question with the same."""

    def talk(caller: socket.socket) -> None:
        caller.recv(4096)
        head = "\r\n".join((f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"))
        caller.sendall(head.encode() + b"\r\nConnection: close\r\n\r\n" + body)

    return talk


@contextmanager
def nobody() -> Iterator[str]:
    """An address at which nobody listens."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{reserved.getsockname()[1]}/"
