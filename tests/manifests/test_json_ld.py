"""Properties are found by what they mean, whatever a file calls them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from genlabel.manifests import cawg_metadata
from genlabel.manifests.json_ld import MAX_DEPTH, NAMESPACES, SaidTwice, resolved

DC = NAMESPACES["dc"]


@pytest.mark.parametrize(
    ("document", "names"),
    [
        ({"dc:title": "x"}, {"dc:title"}),  # no context: the usual prefixes
        ({"@context": "https://example.com/context", "dc:title": "x"}, {"dc:title"}),
        ({"@context": {"dc": DC}, "dc:title": "x"}, {"dc:title"}),
        ({"@context": {"e": DC}, "e:title": "x"}, {"dc:title"}),
        ({"@context": {"title": DC + "title"}, "title": "x"}, {"dc:title"}),
        ({"@context": {"title": "dc:title"}, "title": "x"}, {"dc:title"}),
        ({"@context": {"title": {"@id": "e:title"}, "e": DC}, "title": "x"}, {"dc:title"}),
        ({"@context": {"@vocab": DC}, "title": "x"}, {"dc:title"}),
        ({"@context": [{"dc": "https://example.com/"}, {"dc": DC}], "dc:title": "x"}, {"dc:title"}),
        ({DC + "title": "x"}, {"dc:title"}),
        (
            {"@context": {"dc": "https://example.com/"}, "dc:title": "x"},
            {"https://example.com/title"},
        ),
        ({"@context": {"dc": None}, "dc:title": "x"}, set()),
        (
            {"@context": {"dc:title": "https://example.com/t"}, "dc:title": "x"},
            {"https://example.com/t"},
        ),
        ({"@context": {"dc": "dc:"}, "dc:title": "x"}, set()),  # a circle
        ({"@context": {"a": "b:", "b": "a:"}, "a:title": "x"}, set()),
        ({"xmpRights:Owner": "x"}, {"xmpRights:Owner"}),  # the longer namespace of two
        ({"title": "x"}, {"title"}),
    ],
)
def test_a_property_is_what_its_context_makes_of_it(document, names):
    assert set(resolved(document)) == names


def test_a_node_below_may_have_a_context_of_its_own():
    below = {"@context": {"e": DC}, "e:title": "x"}
    assert resolved({"dc:source": [below], "e:title": "y"}) == {
        "dc:source": [{"dc:title": "x"}],
        "e:title": "y",
    }


def test_lists_languages_and_addresses_are_read_as_such():
    document = {
        "@context": {"t": "https://example.com/"},
        "dc:creator": {"@list": ["A", "B"]},
        "dc:title": {"x-default": "T"},
        "dc:source": {"@id": "t:x"},
    }
    assert resolved(document) == {
        "dc:creator": ["A", "B"],
        "dc:title": {"x-default": "T"},
        "dc:source": {"@id": "https://example.com/x"},
    }


def test_one_property_under_two_names_is_said_twice_unless_both_say_the_same():
    context = {"e": DC}
    with pytest.raises(SaidTwice, match="dc:title"):
        resolved({"@context": context, "dc:title": "x", "e:title": "y"})
    assert resolved({"@context": context, "dc:title": "x", "e:title": "x"}) == {"dc:title": "x"}


def test_what_is_nested_beyond_all_sense_is_left_out():
    nested: object = "x"
    for _ in range(500):
        nested = {"dc:source": nested}
    shown = json.dumps(resolved({"dc:title": nested}))
    assert shown.count("dc:source") <= MAX_DEPTH


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["@context", "@id", "@list", "@value", "@vocab", "dc", "dc:title", "e", "e:x", "x"]
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["@context", "dc:title", "plus:ImageSupplier"]), _JSON))
def test_any_document_is_read_or_said_to_be_ambiguous(document):
    try:
        names = resolved(document)
    except SaidTwice:
        return
    cawg_metadata.read(names)


@given(st.sampled_from([*NAMESPACES, "other"]), st.text("aZ9/:-_ ", max_size=6))
def test_usual_prefixes_mean_the_same_beside_others(prefix, rest):
    named = {f"{prefix}:{rest}": "x", "@type": f"{prefix}:{rest}"}
    beside = {"@context": {**NAMESPACES, "unused": "urn:unused:"}, **named}
    assert resolved({"@context": dict(NAMESPACES), **named}) == resolved(beside)
    assert resolved(named) == resolved(beside)
