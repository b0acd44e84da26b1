"""XMP is read in every form, by its values alone, and what is hostile about it is bounded."""

from __future__ import annotations

import pytest

from genlabel.metadata.xmp import parse, values
from genlabel.metadata.xmp.graph import name_of
from genlabel.model.errors import MalformedMetadata
from payloads_drawn import DECLARED, PACKETS, packet, rdf

RIGHTS, TITLE = name_of("dc:rights"), name_of("dc:title")


def said(payload, name=RIGHTS):
    graph = parse.parse(payload, {name})
    return [values.text(each) for each in graph.values.get(name, ())]


def described(inner):
    return packet(
        rdf(f'<rdf:Description rdf:about="" {DECLARED}>{inner}</rdf:Description>')
    ).encode()


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<dc:rights>a<!-- <!DOCTYPE x> -->b</dc:rights>", ["ab"]),
        ("<dc:rights><![CDATA[<!DOCTYPE x>]]></dc:rights>", ["<!DOCTYPE x>"]),
        ("<dc:rights>a<?pi <!ENTITY?>b</dc:rights>", ["ab"]),
        ("<dc:rights>one</dc:rights><dc:rights>two</dc:rights>", ["one", "two"]),
        ("<acme:a><dc:rights>inner</dc:rights></acme:a>", []),
        ("<dc:rights/> <dc:title>t</dc:title>", [""]),
        ("<dc:rights><rdf:Alt><rdf:li xml:lang='de'>a</rdf:li></rdf:Alt></dc:rights>", ["a"]),
    ],
)
def test_forms_that_are_seldom_written_are_read(inner, expected):
    assert said(described(inner)) == expected


def test_nothing_is_kept_of_properties_that_were_not_asked_for():
    graph = parse.parse(PACKETS["elements"], {TITLE})
    assert list(graph.values) == [TITLE]
    others = [
        each for parent in graph.descriptions for each in parent.properties if each.name != TITLE
    ]
    assert others
    assert not any(each.value.children or each.value.pieces for each in others)


@pytest.mark.parametrize("depth", [61, 62])
def test_the_depth_of_a_value_is_bounded(depth):
    payload = described(
        f"<dc:rights>{'<acme:a>' * (depth - 1)}{'</acme:a>' * (depth - 1)}</dc:rights>"
    )
    if depth == 61:  # with xmpmeta, RDF and Description around it: 64 elements
        assert said(payload) == [""]
    else:
        with pytest.raises(MalformedMetadata, match="nested deeper than 64"):
            said(payload)


def test_a_property_that_is_two_attributes_by_two_prefixes_is_read_and_found_twice():
    uri = "http://purl.org/dc/elements/1.1/"
    payload = rdf(f"<rdf:Description xmlns:a='{uri}' xmlns:b='{uri}' a:rights='x' b:rights='y'/>")
    assert said(payload.encode()) == ["x", "y"]
    graph = parse.parse(payload.encode(), {RIGHTS})
    assert [graph.body[each.start : each.end] for each in graph.properties(RIGHTS)] == [
        b" a:rights='x'",
        b" b:rights='y'",
    ]
