"""Whose an address is: by the hosts that the signer's certificate names, and by nothing else."""

from __future__ import annotations

import pytest

from forgeries.forge import data_hash, generated, store
from genlabel.manifests.validation import signer_hosts
from genlabel.testing import picture
from oracles.chain import Chain

HOSTS = frozenset({"acme.example"})


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("https://acme.example/a.c2pa", True),
        ("https://CDN.Acme.Example:8443/a.c2pa", True),
        ("https://acme.example./a.c2pa", True),
        ("https://notacme.example/a.c2pa", False),
        ("https://acme.example.evil.example/a.c2pa", False),
        ("https://evil.example/acme.example", False),
        ("https://acme.example@evil.example/", False),
        ("https://[::1/a", False),
        ("https:///a", False),
        ("", False),
    ],
)
def test_a_host_is_its_own_or_below_one_that_is_named(address: str, own: bool) -> None:
    assert signer_hosts.belongs(address, HOSTS) is own


def test_nothing_belongs_to_a_certificate_that_names_no_host() -> None:
    assert not signer_hosts.belongs("https://acme.example/", frozenset())


@pytest.mark.parametrize(
    ("hosts", "named"),
    [
        ((), set()),
        (("acme.example", "*.Studio.example"), {"acme.example", "studio.example"}),
        (("example", "*.example"), set()),  # everybody's
    ],
)
def test_hosts_come_from_the_signing_certificate(hosts: tuple[str, ...], named: set[str]) -> None:
    draft = generated(Chain.new(hosts=hosts)).with_(data_hash(picture("png"), ()))
    assert signer_hosts.named_by(store(draft)) == named


@pytest.mark.parametrize("junk", [b"", b"jumb", bytes(64), b"\0\0\0\x10jumbjumdc2pa"])
def test_a_store_that_cannot_be_read_names_nobody(junk: bytes) -> None:
    assert signer_hosts.named_by(junk) == frozenset()
