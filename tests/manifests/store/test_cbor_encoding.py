"""CBOR has one deterministic encoding, whatever order and lengths were read."""

from __future__ import annotations

import pytest

from genlabel.manifests.store import cbor_encoding, cbor_value


@pytest.mark.parametrize(
    ("stored", "encoded"),
    [  # RFC 8949 §4.2.1
        ("a2 6162 01 6161 02", "a2 6161 02 6162 01"),  # keys in order
        ("bf 6161 9f 01 ff ff", "a1 6161 81 01"),  # definite lengths
        ("1800", "00"),  # shortest heads
        ("fb 3ff8000000000000", "f9 3e00"),  # shortest floats
        ("a2 626161 01 6162 02", "a2 6162 02 626161 01"),  # by bytes
        ("c1 1a514b67b0", "c1 1a514b67b0"),
        ("83 f4 f5 f6", "83 f4 f5 f6"),
    ],
)
def test_one_value_has_one_encoding(stored, encoded):
    value = cbor_value.value(bytes.fromhex(stored))
    assert cbor_encoding.deterministic(value) == bytes.fromhex(encoded)


def test_an_order_can_be_kept():
    stored = bytes.fromhex("a2 6162 01 6161 02")
    assert cbor_encoding.as_it_stands(cbor_value.value(stored)) == stored
    assert cbor_value.members(stored) == {"b": b"\x01", "a": b"\x02"}
