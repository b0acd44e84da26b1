"""XMP is read in every form, by its values alone, and what is hostile about it is bounded."""

from __future__ import annotations

import pytest

from genlabel.metadata.xmp import parse, values
from genlabel.metadata.xmp.graph import Name, name_of
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
        (
            "<dc:rights><rdf:Alt><rdf:li xml:lang='de'>a</rdf:li>"
            "<rdf:li xml:lang='X-Default'>b</rdf:li></rdf:Alt></dc:rights>",
            ["b"],
        ),
    ],
)
def test_forms_that_are_seldom_written_are_read(inner, expected):
    assert said(described(inner)) == expected


def test_nothing_is_kept_of_properties_that_are_never_asked_for(monkeypatch):
    monkeypatch.setattr(parse, "_usual", frozenset({TITLE}))
    graph = parse.parse(PACKETS["elements"], {TITLE})
    assert list(graph.values) == [TITLE]
    others = [
        each for parent in graph.descriptions for each in parent.properties if each.name != TITLE
    ]
    assert others
    assert not any(each.value.children or each.value.pieces for each in others)


def test_one_parse_answers_all_usual_questions():
    payload = PACKETS["elements"]
    graph = parse.parse(payload, {TITLE})
    assert parse.parse(payload, ()) is graph
    assert parse.parse(payload, {Name("urn:mine", "own")}) is not graph


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


def test_our_prefixes_mean_what_the_packet_binds_them_to():
    payload = packet(
        rdf(
            "<rdf:Description xmlns:dc='urn:other' dc:title='t'><dc:rights>theirs</dc:rights>"
            "</rdf:Description>",
            f"<rdf:Description {DECLARED}><dc:rights>ours</dc:rights></rdf:Description>",
        )
    ).encode()
    assert said(payload) == ["ours"]
    assert said(payload, TITLE) == []
    assert said(payload, Name("urn:other", "title")) == ["t"]


def test_a_property_that_is_two_attributes_by_two_prefixes_is_read_and_found_twice():
    uri = "http://purl.org/dc/elements/1.1/"
    payload = rdf(f"<rdf:Description xmlns:a='{uri}' xmlns:b='{uri}' a:rights='x' b:rights='y'/>")
    assert said(payload.encode()) == ["x", "y"]
    graph = parse.parse(payload.encode(), {RIGHTS})
    assert [graph.body[each.start : each.end] for each in graph.properties(RIGHTS)] == [
        b" a:rights='x'",
        b" b:rights='y'",
    ]


def test_a_packet_that_says_utf8_and_is_not_is_read_as_what_it_must_be():
    payload = b"\xef\xbb\xbf" + described("<dc:rights>(c) Zo\u00eb</dc:rights>").decode().replace(
        "\ufeff", ""
    ).encode("cp1252")
    assert said(payload) == ["(c) Zo\u00eb"]
