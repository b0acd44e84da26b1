"""CBOR becomes values, exactly and within bounds, and what says two things is told apart."""

from __future__ import annotations

import math
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, settings, strategies as st

from genlabel.manifests.store import cbor_value
from genlabel.manifests.store.cbor import Ambiguous, Unreadable
from genlabel.manifests.store.cbor_value import Tag, value
from resigning import cbor

VALUES = st.recursive(
    st.none() | st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=40) | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(max_size=8) | st.integers(-99, 99), inner, max_size=5)
    ),
    max_leaves=25,
)


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_what_an_independent_writer_wrote_is_read_back(written):
    assert value(cbor(written)) == written


@pytest.mark.parametrize(
    ("encoded", "read"),
    [  # RFC 8949 appendix A
        ("f4", False), ("f5", True), ("f6", None), ("f7", None), ("f93c00", 1.0),
        ("fa47c35000", 100000.0), ("fb7e37e43c8800759c", 1.0e300), ("f97c00", math.inf),
        ("3863", -100), ("1bffffffffffffffff", 2**64 - 1), ("3bffffffffffffffff", -(2**64)),
        ("c11a514b67b0", Tag(1, 1363896240)), ("d818456449455446", Tag(24, b"dIETF")),
        ("5f42010243030405ff", b"\1\2\3\4\5"), ("7f657374726561646d696e67ff", "streaming"),
        ("9fff", []), ("9f018202039f0405ffff", [1, [2, 3], [4, 5]]),
        ("bf61610161629f0203ffff", {"a": 1, "b": [2, 3]}),
        ("bf6346756ef563416d7421ff", {"Fun": True, "Amt": -2}), ("5fff", b""), ("7fff", ""),
    ],
)  # fmt: skip
def test_every_form_of_the_standard_is_read(encoded, read):
    assert value(bytes.fromhex(encoded)) == read


@pytest.mark.parametrize(
    "encoded",
    [
        "", "ff", "1c", "82 01", "a1 61", "5f ff ff 00", "5f 6161 ff", "5f 5f 4101 ff ff", "61 ff",
        "9f 01", "bf 6161 ff", "bf 6161 01", "f8 20", "e0", "a1 f4 01", "a1 80 01", "43 6162",
        "9b ff ff ff ff ff ff ff ff", "bb 7f ff ff ff ff ff ff ff", "3f 01 ff", "df 01",
    ],
)  # fmt: skip
def test_what_is_no_item_is_refused(encoded):
    with pytest.raises(Unreadable):
        value(bytes.fromhex(encoded))


@pytest.mark.parametrize(
    "encoded", ["a2 6161 01 6161 02", "a2 01 01 01 02", "bf 6161 01 6161 01 ff", "01 00", "a0 a0"]
)
def test_what_says_two_things_is_told_apart(encoded):
    with pytest.raises(Ambiguous):
        value(bytes.fromhex(encoded))


def test_any_number_of_items_below_a_megabyte_is_read():
    assert len(value(cbor(list(range(200_000))))) == 200_000
    assert len(value(cbor({str(each): each for each in range(50_000)}))) == 50_000
    with pytest.raises(Unreadable, match="at most"):
        value(b"\x5a" + (cbor_value.MAX_BYTES).to_bytes(4, "big") + bytes(cbor_value.MAX_BYTES))


@pytest.mark.parametrize("opening", [b"\x81", b"\x9f", b"\xc1", b"\xa1\x00", b"\xbf\x00"])
def test_depth_is_bounded(opening):
    assert value(b"\x81" * cbor_value.MAX_DEPTH + b"\x00")
    with pytest.raises(Unreadable, match="deep"):
        value(opening * 300_000)


@pytest.mark.parametrize("each", [b"\x80", b"\xa0", b"\xf6", b"\x40", b"\x9f\xff", b"\xf9\x00\x00"])
def test_memory_is_bounded(each):
    """The smallest items take some hundred bytes each, and no more."""
    count = 50_000
    data = b"\x9a" + count.to_bytes(4, "big") + each * count
    tracemalloc.start()
    try:
        assert len(value(data)) == count
        assert tracemalloc.get_traced_memory()[1] < 150 * count
    finally:
        tracemalloc.stop()


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_value_or_unreadable(data):
    with suppress(Unreadable):
        value(data)


@settings(max_examples=200, deadline=None)
@given(VALUES, st.data())
def test_a_mutated_text_is_a_value_or_unreadable(written, data):
    encoded = bytearray(cbor(written))
    at = data.draw(st.integers(0, len(encoded) - 1))
    encoded[at] = data.draw(st.integers(0, 255))
    with suppress(Unreadable):
        value(bytes(encoded))


def test_tags_come_off():
    assert cbor_value.untagged(Tag(1, Tag(2, "x"))) == "x"
    assert cbor_value.untagged(3) == 3
