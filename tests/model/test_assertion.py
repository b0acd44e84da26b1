"""Custom assertions are bounded, under labels that are one's own, and nothing but JSON."""

from __future__ import annotations

import pickle

import pytest

from genlabel.model.assertion import MAX_ASSERTIONS, MAX_BYTES, MAX_DEPTH, Assertion
from genlabel.model.errors import LabelError
from genlabel.model.label import Label
from genlabel.model.parties import Producer

STUDIO = Producer("Acme Studio")


def nested(levels):
    data = {}
    for _ in range(levels - 1):
        data = {"a": data}
    return data


CYCLE = {}
CYCLE["again"] = CYCLE


@pytest.mark.parametrize(
    "label", ["com.acme.review", "fr.example.desk.v2", "com.a-b.c", "org.Example.Some-Thing_2"]
)
def test_a_label_in_a_reversed_domain_is_taken(label):
    assert Assertion(label, {}).label == label


@pytest.mark.parametrize(
    "label",
    ["", "review", "acme.review", "com..acme", ".com.acme.x", "com.acme.x.", "com.acme.a b",
     "com.acme.x__1", "com.acme.\u00e9", "com.acme.x/y", "com.acme." + "x" * 128, "c2pa.my.thing",
     "C2PA.my.thing", "cawg.my.thing", "stds.exif.mine", "org.c2pa.mine", "dev.genlabel.x", None,
     "com.acme.x\n", "com.acme.x_"],
)  # fmt: skip
def test_another_label_is_none_of_ones_own(label):
    with pytest.raises(LabelError):
        Assertion(label, {})


@pytest.mark.parametrize(
    "data",
    [{}, {"a": None, "b": [True, 1, -1.5, "\u732b"], "c": {"d": [[]]}}, {"t": (1, 2)},
     {"n": 2**53 - 1}, nested(MAX_DEPTH - 1)],
)  # fmt: skip
def test_what_json_has_is_taken(data):
    assertion = Assertion("com.acme.x", data)
    assert pickle.loads(pickle.dumps(assertion)) == assertion
    assert hash(Label.captured(producer=STUDIO, assertions=[assertion]))


@pytest.mark.parametrize(
    "data",
    [[], "text", None, {1: 2}, {"a": b"x"}, {"a": {1, 2}}, {"a": float("nan")},
     {"a": float("inf")}, {"a": 2**53}, {"a": "\x1b[31m"}, {"\u202e": 1}, {"a": "\ud800"},
     nested(MAX_DEPTH + 1), CYCLE, {"a": "x" * MAX_BYTES}, {"a": [0] * 1_000_000},
     {"a": object()}],
    ids=range(17),
)  # fmt: skip
def test_what_is_no_json_or_too_much_is_refused(data):
    with pytest.raises(LabelError):
        Assertion("com.acme.x", data)


def test_what_is_changed_later_is_not_what_was_given():
    data = {"a": [1]}
    assertion = Assertion("com.acme.x", data)
    data["a"].append(2)
    assert assertion.data == {"a": [1]}


def test_a_label_holds_a_few_small_ones_each_once():
    several = [Assertion(f"com.acme.n{number}", {}) for number in range(MAX_ASSERTIONS)]
    assert Label.captured(producer=STUDIO, assertions=several).assertions == tuple(several)
    for wrong in (
        [*several, Assertion("com.acme.more", {})],
        [Assertion("com.acme.a", {"t": "x" * 9000}), Assertion("com.acme.b", {"t": "x" * 9000})],
        [Assertion("com.acme.a", {}), Assertion("com.ACME.a", {"b": 1})],
        ["com.acme.a"],
        "com.acme.a",
        {"com.acme.a": {}},
        Assertion("com.acme.a", {}),
        3,
    ):
        with pytest.raises(LabelError, match="assertion"):
            Label.captured(producer=STUDIO, assertions=wrong)
