"""CBOR items are found where they lie, and hostile ones are refused in bounded time."""

from __future__ import annotations

import pytest

from genlabel.manifests.store import cbor
from genlabel.manifests.store.cbor import Major, Unreadable


@pytest.mark.parametrize(
    "encoded",
    [  # RFC 8949 appendix A
        b"\x00", b"\x17", b"\x18\x18", b"\x1a\x00\x0f\x42\x40", b"\x20", b"\x40", b"\x44\1\2\3\4",
        b"\x64IETF", b"\xf6", b"\x80", b"\x83\x01\x82\x02\x03\x82\x04\x05", b"\xa0",
        b"\xa2\x61a\x01\x61b\x82\x02\x03", b"\xc1\x1a\x51\x4b\x67\xb0",
    ],
)  # fmt: skip
def test_an_item_ends_where_the_next_begins(encoded):
    data = b"\x00" + encoded + b"\x00"
    found = cbor.item(data, 1)
    assert (found.head, found.end) == (1, len(data) - 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x19\x01",  # a head that is cut
        b"\x43ab",  # a string that runs past the end
        b"\x81\x43ab",  # the same, last in an array
        b"\x82\x01",  # an item is missing
        b"\x9b" + b"\xff" * 8,  # an array of more than anybody has
        b"\x9f\xff",  # of indefinite length
        b"\x1c",  # reserved
        b"\x99\x20\x00" + b"\x01" * 0x2000,  # more items than are stepped over
        b"\x81" * 5000 + b"\x01",  # deeper than anybody nests
    ],
)
def test_what_is_no_whole_item_is_refused(data):
    with pytest.raises(Unreadable):
        cbor.item(data)


def test_children_of_a_map_are_keys_and_values_in_turn():
    data = b"\xa2\x61a\x01\x61b\x81\x02"
    parent = cbor.item(data)
    key, one, other, listed = cbor.children(data, parent, most=4)
    assert [key.head, one.head, other.head, listed.head, listed.end] == [1, 3, 4, 6, 8]
    with pytest.raises(Unreadable):
        cbor.children(data, parent, most=3)
    with pytest.raises(Unreadable):
        cbor.content(data, one)
    assert cbor.content(data, key) == b"a"


def test_what_is_encoded_has_the_shortest_heads():
    assert cbor.mapping({b"a": cbor.array(cbor.string(b"x"), cbor.text(b"y"))}) == (
        b"\xa1\x61a\x82\x41x\x61y"
    )
    for number, encoded in (
        (0, "00"), (23, "17"), (24, "1818"), (255, "18ff"), (256, "190100"), (65_535, "19ffff"),
        (65_536, "1a00010000"), (1 << 32, "1b0000000100000000"),
    ):  # fmt: skip
        assert cbor.head(Major.UNSIGNED, number).hex() == encoded
