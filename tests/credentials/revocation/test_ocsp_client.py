"""The OCSP client asks once while an answer is good, and about nobody who answers for himself."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

import pytest

import loopback
from genlabel.credentials.revocation import ocsp_client
from loopback import sending
from responders import DAY, NOW, House

TYPE = {"Content-Type": "application/ocsp-response"}


@pytest.fixture
def server():
    ocsp_client._CACHE.clear()
    with loopback.serving(tls=None) as found:
        yield found
    ocsp_client._CACHE.clear()


def house_at(server, until=NOW + DAY):
    """A house whose certificates name the address; there is the answer about the leaf."""
    house = House.new(asking=server.address + "/ocsp")

    answer = house.says(until=until)
    server.at("/ocsp", sending(answer, headers=TYPE))
    return house


def test_an_answer_is_used_again_for_an_hour_and_then_asked_for_anew(server, monkeypatch):
    house = house_at(server)
    first = ocsp_client.responses(house.chain)
    asked = len(server.asked)
    assert ocsp_client.responses(house.chain) == first
    assert len(server.asked) == asked
    ocsp_client._CACHE.clear()
    monkeypatch.setattr(ocsp_client, "_CACHED", timedelta(0))
    ocsp_client.responses(house.chain)
    asked = len(server.asked)
    ocsp_client.responses(house.chain)
    assert len(server.asked) > asked


def test_an_answer_is_used_no_longer_than_it_is_good(server):
    house = house_at(server, until=NOW + timedelta(minutes=20))
    ocsp_client.responses(house.chain)
    ((_, end),) = ocsp_client._CACHE.entries.values()
    assert end - time.monotonic() <= 20 * 60


def test_only_a_few_answers_are_held_in_memory(server):
    house = house_at(server)
    for number in range(8):
        ocsp_client._CACHE.entries[bytes([number]), b""] = ((b"",), time.monotonic() + 60)
    ocsp_client.responses(house.chain)
    assert list(ocsp_client._CACHE.entries) == [(house.chain, b"")]


def test_a_root_in_the_chain_is_not_missed(server, caplog):
    house = house_at(server)
    with caplog.at_level(logging.WARNING, "genlabel"):
        ocsp_client.responses(house.chain, house.root.pem)
        without = list(caplog.messages)
        ocsp_client.responses(house.chain + house.root.pem)
    assert not any("root" in message for message in caplog.messages[len(without) :])
