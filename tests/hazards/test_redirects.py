"""A publisher's server does not lead us into the networks that we are in."""

import socket

import pytest

from genlabel import network
from genlabel.model.errors import NetworkError

PUBLIC = "93.184.216.34"


@pytest.mark.parametrize(
    "target",
    [
        "https://127.0.0.1/list.pem",
        "https://10.0.0.1/list.pem",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/list.pem",
        "https://[fd00::1]/list.pem",
        "https://[::ffff:192.168.0.1]/list.pem",
        "https://100.64.0.1/list.pem",
        "https://0.0.0.0/list.pem",
        "https://inside.example/list.pem",
    ],
)
def test_a_redirect_to_a_private_address_is_not_followed(monkeypatch, target):
    connected: list[str] = []

    class Server:
        def __init__(self, host: str) -> None:
            self.host = host
            self.sock = self

        def connect(self) -> None:
            connected.append(self.host)

        def getpeername(self) -> tuple[str, int]:
            return PUBLIC, 443

        def request(self, *_: object, **__: object) -> None: ...

        def getresponse(self) -> "Server":
            return self

        status = 302

        @property
        def headers(self):
            from email.message import Message

            headers = Message()
            headers["Location"] = target
            return headers

        def close(self) -> None: ...

        def shutdown(self, _: int) -> None: ...

    def addresses(host: str, *_: object, **__: object) -> list[object]:
        return [(0, 0, 0, "", ("192.168.1.1" if "inside" in host else PUBLIC, 443))]

    monkeypatch.setattr(socket, "getaddrinfo", addresses)
    monkeypatch.setattr(network, "_connection", lambda address, *_: Server(address.hostname))
    monkeypatch.setattr(network, "_proxy", lambda _: None)
    with pytest.raises(NetworkError, match="a private address, which is not followed"):
        network.get("https://lists.example/list.pem", most=99, seconds=5)
    assert connected == ["lists.example"]
