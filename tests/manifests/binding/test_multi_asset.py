"""Multi-asset hashes: each part of a file by itself, where the whole does not hold (§15.12.4)."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, strategies as st

import drawn_kinds
from forged_bindings import BOXES, DATA, box_hash, carrying, data_hash, judged, place, survey
from oracles.pictures import flipped

URI = "self#jumbf=c2pa.assertions/"
FIRST, SECOND = f"{DATA}.part", f"{BOXES}.part__1"


@cache
def parts() -> tuple[bytes, bytes]:
    """A photograph with a manifest, and the film or picture that moves it."""
    return carrying(drawn_kinds.kinds()["jpeg full"]), drawn_kinds.kinds()["png palette"]


def listed(*lengths: int, optional: tuple[int, ...] = (1,)) -> dict:
    """The fields of a multi-asset hash over parts of these lengths."""
    labels = (FIRST, SECOND, f"{DATA}.part__2")
    made, at = [], 0
    for number, length in enumerate(lengths):
        part = {
            "location": {"byteOffset": at, "length": length},
            "hashAssertion": {"url": URI + labels[number], "hash": bytes(32)},
        }
        made.append(part | ({"optional": True} if number in optional else {}))
        at += length
    return {"parts": made}


def assertions() -> dict[str, dict]:
    first, second = parts()
    return {FIRST: data_hash(first, place(first)), SECOND: box_hash(second)}


def outcome(data: bytes, fields: object, known: dict[str, dict] | None = None):
    """A file whose binding is over both parts."""
    first, second = parts()
    known = assertions() if known is None else known

    def resolve(uri: str):
        label = uri.removeprefix(URI)
        return (label, known[label]) if label in known else None

    binding = data_hash(first + second, place(first))
    return judged(data, DATA, binding, parts=fields, resolve=resolve)


def both() -> dict:
    return listed(*map(len, parts()))


def test_where_the_whole_holds_parts_are_not_asked():
    first, second = parts()
    assert outcome(first + second, {"parts": "nonsense"}).code == "assertion.dataHash.match"


def test_an_optional_part_may_be_dropped():
    first, _ = parts()
    dropped = outcome(first, both())
    assert (dropped.code, dropped.holds) == ("assertion.multiAssetHash.match", True)
    assert (dropped.uncovered, dropped.unbound) == ((), ())
    assert "optional" in dropped.explanation


def test_a_part_that_is_not_optional_may_not_be():
    first, second = parts()
    lost = outcome(first, listed(len(first), len(second), optional=()))
    assert (lost.code, lost.holds) == ("assertion.multiAssetHash.missingPart", False)


def test_no_part_may_be_exchanged_cut_or_added_to():
    first, second = parts()
    for data in (
        flipped(first, len(first) - 9),
        first + flipped(second, 60),
        first + second[:-5],
        first + drawn_kinds.kinds()["jpeg"],
    ):
        seen = outcome(data, both())
        assert seen.holds is False
        assert seen.code.startswith("assertion.multiAssetHash.")
    more = outcome(first + second + b"more", both())
    assert (more.code, more.holds) == ("assertion.multiAssetHash.malformed", False)


def test_a_hash_of_a_part_that_leaves_out_what_is_shown_binds_nothing():
    first, _ = parts()
    scan = next(each for each in survey(first).blocks if each.name == "scan data")
    lying = data_hash(first, [*place(first), (scan.start, scan.end)])
    seen = outcome(first, both(), {**assertions(), FIRST: lying})
    assert seen.uncovered
    assert "the part at 0" in seen.uncovered[0]


def test_a_part_of_no_known_kind_is_bound_by_its_bytes():
    first, _ = parts()
    tail = b"depth map of nobody's format" * 4
    known = {**assertions(), SECOND: data_hash(tail, [])}
    known[f"{DATA}.part__2"] = known.pop(SECOND)
    fields = listed(len(first), len(tail), optional=())
    fields["parts"][1]["hashAssertion"] = URI + f"{DATA}.part__2"  # a bare address, as in §18.9.3
    assert outcome(first + tail, fields, known).holds is True
    assert outcome(first + flipped(tail, 3), fields, known).holds is False
    left = {**known, f"{DATA}.part__2": data_hash(tail, [(0, 4)])}
    assert outcome(first + tail, fields, left).uncovered


def test_an_algorithm_that_is_not_listed_is_not_judged():
    first, _ = parts()
    known = {**assertions(), FIRST: {**assertions()[FIRST], "alg": "md5"}}
    seen = outcome(first, both(), known)
    assert (seen.code, seen.holds) == ("algorithm.unsupported", None)


def changed(number: int, **fields: object) -> dict:
    made = both()
    made["parts"][number] = {**made["parts"][number], **fields}
    return made


@pytest.mark.parametrize(
    "fields",
    [
        5,
        "parts",
        [],
        [5],
        {},
        {"parts": []},
        {"parts": None},
        {"parts": {"a": 1}},
        {"parts": [7]},
        {"parts": [{}]},
        lambda: changed(0, location=None),
        lambda: changed(0, location={"byteOffset": 0}),
        lambda: changed(0, location={"byteOffset": -1, "length": 4}),
        lambda: changed(0, location={"byteOffset": True, "length": 4}),
        lambda: changed(0, location={"bmffBox": "/moov"}),
        lambda: changed(0, location={"bmffBox": 7}),
        lambda: changed(0, hashAssertion=None),
        lambda: changed(0, hashAssertion={"url": 7}),
        lambda: changed(0, hashAssertion={"url": URI + "c2pa.hash.data.part__9"}),
        lambda: changed(1, location={"byteOffset": 10, "length": len(parts()[0])}),
        lambda: {"parts": both()["parts"][1:]},
        lambda: {"parts": both()["parts"][::-1]},
        lambda: {"parts": 1_001 * both()["parts"][:1]},
    ],
)
def test_lists_of_another_form_hold_nothing(fields):
    first, second = parts()
    seen = outcome(first + flipped(second, 60), fields() if callable(fields) else fields)
    assert (seen.code, seen.holds) == ("assertion.multiAssetHash.malformed", False)
    assert seen.explanation


def test_the_binding_of_the_whole_is_no_hash_of_a_part():
    first, _ = parts()
    fields = changed(0, hashAssertion={"url": URI + DATA})
    seen = outcome(first, fields, {**assertions(), DATA: assertions()[FIRST]})
    assert seen.code == "assertion.multiAssetHash.malformed"


def test_a_part_may_be_the_content_of_a_box():
    film = drawn_kinds.kinds().get("avif")
    assert film is not None
    inside = drawn_kinds.kinds()["png"]
    data = film + (len(inside) + 8).to_bytes(4, "big") + b"mpvd" + inside
    known = {FIRST: data_hash(data, []), SECOND: box_hash(inside)}
    fields = listed(len(data), 0, optional=())
    fields["parts"][1]["location"] = {"bmffBox": "/mpvd"}

    def resolve(uri: str):
        label = uri.removeprefix(URI)
        return label, known[label]

    seen = judged(data, DATA, {"hash": b""}, parts=fields, resolve=resolve)
    assert (seen.code, seen.holds) == ("assertion.multiAssetHash.match", True)
    twice = {"parts": [*fields["parts"], fields["parts"][1]]}
    seen = judged(data, DATA, {"hash": b""}, parts=twice, resolve=resolve)
    assert seen.code == "assertion.multiAssetHash.malformed"
    other = flipped(data, len(data) - 20)
    seen = judged(other, DATA, {"hash": b""}, parts=fields, resolve=resolve)
    assert seen.code == "assertion.multiAssetHash.mismatch"


@pytest.mark.parametrize(
    ("label", "judged_here"),
    [
        ("c2pa.hash.data", True),
        ("c2pa.hash.data__1", True),
        ("c2pa.hash.data.part__12", True),
        ("c2pa.hash.boxes__3", True),
        ("c2pa.hash.bmff", True),
        ("c2pa.hash.bmff.v3", True),
        ("c2pa.hash.collection.data", False),
        ("c2pa.hash.multi-asset", False),
        ("c2pa.hash.data.v2", False),
        ("c2pa.hash.data__", False),
        ("c2pa.hash.database", False),
        ("", False),
        ("x" * 10_000, False),
    ],
)
def test_labels_say_who_judges(label, judged_here):
    seen = judged(parts()[0], label, {})
    assert (seen.holds is not None) is judged_here
    assert len(seen.explanation) < 200


@given(st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 3_000)), max_size=6))
def test_no_list_of_parts_crashes_it_nor_covers_what_it_leaves_out(spans):
    first, second = parts()
    fields = {
        "parts": [
            {"location": {"byteOffset": at, "length": length}, "hashAssertion": URI + FIRST}
            for at, length in spans
        ]
    }
    seen = outcome(first + flipped(second, 60), fields)
    assert seen.holds is not True
