"""Quick reading of XMP never says anything else than the reader that knows every byte's place."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from genlabel.formats.format import XMP
from genlabel.metadata import iptc
from genlabel.metadata.xmp import fast_parse
from genlabel.model.errors import MalformedMetadata
from labels_drawn import labels
from payloads_drawn import PACKETS


def slowly(payload):
    return iptc._declaration(*iptc._graphs({XMP: payload}))


def quickly(payload):
    found = fast_parse.values(payload, iptc._OURS)
    return None if found is None else iptc._said(found)


@pytest.mark.parametrize("name", PACKETS)
def test_other_peoples_packets_are_read_alike(name):
    said = quickly(PACKETS[name])
    assert said is None or said == slowly(PACKETS[name])


def test_the_plain_forms_are_read_quickly():
    assert sum(quickly(payload) is not None for payload in PACKETS.values()) >= 5


@given(label=labels(), before=st.sampled_from([b"", *PACKETS.values()]))
def test_whatever_is_composed_is_read_alike(label, before):
    try:
        payload = iptc.compose({XMP: before}, label).get(XMP) or before
        said = slowly(payload)
    except MalformedMetadata:
        return
    assert quickly(payload) in (None, said)


@given(
    base=st.sampled_from(list(PACKETS.values())),
    at=st.integers(0, 10_000),
    byte=st.integers(0, 255),
)
def test_a_damaged_packet_is_read_alike_or_left_to_the_other_reader(base, at, byte):
    damaged = bytearray(base)
    damaged[at % len(damaged)] = byte
    payload = bytes(damaged)
    try:
        said = quickly(payload)
    except MalformedMetadata:
        with pytest.raises(MalformedMetadata):
            slowly(payload)
        return
    if said is not None:
        assert said == slowly(payload)


@pytest.mark.parametrize(
    "payload",
    [
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><rdf:RDF xmlns:rdf='urn:x'/>",
        b"",
        b"<rdf:RDF",
        b"<x/>",
        b"<" * 70_000,
    ],
)
def test_what_is_not_ordinary_is_left_to_the_other_reader(payload):
    assert fast_parse.values(payload, iptc._OURS) is None


def test_nesting_is_bounded():
    deep = "<a:b>" * 40 + "</a:b>" * 40
    payload = (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:a='urn:a' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        f"<rdf:Description><dc:title>{deep}</dc:title></rdf:Description></rdf:RDF>"
    )
    assert fast_parse.values(payload.encode(), iptc._OURS) is None
