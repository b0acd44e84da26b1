"""Foreign XMP stays byte for byte, and hostile XMP is refused in time."""

from __future__ import annotations

import time
from xml.parsers import expat

import pytest
from hypothesis import given, settings, strategies as st

from genlabel.formats.format import EXTENDED_XMP, XMP
from genlabel.metadata import iptc
from genlabel.metadata.xmp import extended, parse, values
from genlabel.metadata.xmp.graph import Name
from genlabel.model.errors import MalformedMetadata
from genlabel.model.label import History, Label
from genlabel.model.parties import Generator, Licensor, Producer, Rights
from genlabel.model.vocabulary import DigitalSourceType, Role
from payloads_drawn import (
    BARE_AMPERSAND,
    CONTRIBUTORS,
    DECLARED,
    EXTENDED,
    PACKETS,
    packet,
    rdf,
    with_extended,
)

LIMIT = 65_502
EDIT = Label.edited(producer=Producer("Acme"), generator=Generator("Model"))


def composed(existing, label, limit=None):
    merged = {**existing, **iptc.compose(existing, label, limit=limit)}
    return {slot: payload for slot, payload in merged.items() if payload is not None}


def xmp_after(payload, label=EDIT, limit=None):
    return composed({XMP: payload}, label, limit)[XMP]


@pytest.mark.parametrize(
    "kept",
    [
        "<!-- </rdf:RDF> -->",
        "<acme:Note><![CDATA[</rdf:RDF> <x:xmpmeta>]]></acme:Note>",
        "<rdf:li xml:lang='de'>Titel</rdf:li>",
        "<dc:creator><rdf:Bag><rdf:li>Jane</rdf:li><rdf:li>Joe</rdf:li></rdf:Bag></dc:creator>",
        "<d2:rights><rdf:Alt><rdf:li xml:lang='en'>(c) Somebody</rdf:li></rdf:Alt></d2:rights>",
    ],
)
def test_what_others_wrote_is_there_byte_for_byte(kept):
    assert kept.encode() in PACKETS["elements"]
    assert kept.encode() in xmp_after(PACKETS["elements"])


@pytest.mark.parametrize("name", ["utf-16 le", "utf-16 be, no mark", "utf-32 le", "cp1252"])
def test_other_encodings_become_utf8_and_lose_nothing(name):
    result = xmp_after(PACKETS[name]).decode()
    assert "<acme:Note><![CDATA[</rdf:RDF> <x:xmpmeta>]]></acme:Note>" in result
    assert ("Jané" if name == "cp1252" else "Jane") in result


@pytest.mark.parametrize("name", sorted(PACKETS))
def test_every_result_is_well_formed_with_its_namespaces(name):
    if name == "undeclared":
        pytest.skip("the file itself lacks a declaration")
    body = xmp_after(PACKETS[name], limit=LIMIT)
    expat.ParserCreate("utf-8", namespace_separator=" ").Parse(body, True)


def test_both_occurrences_of_a_property_give_way_to_one():
    label = Label.edited(producer=Producer("Acme"), rights=Rights(credit="new"))
    result = xmp_after(PACKETS["twice"], label)
    assert result.count(b"DigitalSourceType") == 2  # one start tag, one end tag
    assert result.count(b"photoshop:Credit") == 2
    assert b"digitalCapture" not in result


def test_what_the_descriptions_are_about_is_repeated_to_the_character():
    about = "a&#9;b&#10;c&#13;d &quot;&amp;&lt;"
    payload = packet(rdf(f'<rdf:Description rdf:about="{about}" {DECLARED} dc:rights="r"/>'))
    graph = parse.parse(xmp_after(payload.encode()), ())
    assert [each.about for each in graph.descriptions] == ['a\tb\nc\rd "&<'] * 2


def test_a_description_left_empty_goes():
    assert xmp_after(PACKETS["twice"]).count(b"<rdf:Description") == 3
    label = Label.edited(producer=Producer("Acme"), rights=Rights(credit="new"))
    assert xmp_after(PACKETS["twice"], label).count(b"<rdf:Description") == 1


def test_relabelling_again_and_again_does_not_grow_the_packet():
    payload = xmp_after(PACKETS["contributors"])
    sizes = set()
    for turn in range(6):
        label = Label.edited(producer=Producer(f"Acme {turn}"), title=f"T{turn}")
        payload = xmp_after(payload, label)
        sizes.add(len(payload))
    assert len(sizes) <= 2
    assert payload.count(b"cawg.producer") == 1


def test_the_producer_joins_foreign_contributors_and_replaces_its_own_role_only():
    result = xmp_after(CONTRIBUTORS.encode())
    assert b"Ann Retoucher" in result
    assert b"Old Studio" not in result
    assert result.count(b"<Iptc4xmpExt:Contributor>") == 1
    result = xmp_after(
        CONTRIBUTORS.encode(), Label.edited(producer=Producer("E", role=Role.EDITOR))
    )
    assert b"Old Studio" in result
    assert iptc.read({XMP: result}).producer == "E"


def test_a_new_producer_does_not_inherit_the_old_ones_address():
    before = iptc.read({XMP: CONTRIBUTORS.encode()})
    after = iptc.read({XMP: xmp_after(CONTRIBUTORS.encode())})
    assert (before.producer, before.producer_url) == ("Old Studio", "https://old.example")
    assert (after.producer, after.producer_url) == ("Acme", None)


def test_a_new_generator_does_not_inherit_the_old_ones_version():
    after = iptc.read({XMP: xmp_after(CONTRIBUTORS.encode())})
    assert (after.generator, after.generator_version) == ("Model", None)


def test_a_label_without_generator_leaves_the_machine_that_the_file_names():
    after = iptc.read({XMP: xmp_after(CONTRIBUTORS.encode(), Label.edited(producer=Producer("A")))})
    assert (after.generator, after.generator_version) == ("Old Model", "0.1")


def test_a_licensor_replaces_the_whole_of_the_old_one():
    label = Label.edited(producer=Producer("A"), rights=Rights(licensor=Licensor("New")))
    after = iptc.read({XMP: xmp_after(CONTRIBUTORS.encode(), label)})
    assert (after.licensor, after.licensor_url) == ("New", None)


def test_the_supplier_stays_where_one_is_named():
    assert iptc.read({XMP: xmp_after(CONTRIBUTORS.encode())}).supplier == "Agency"


@pytest.mark.parametrize("identifier", ["https://isni.org/1", "urn:lei:1"])
@pytest.mark.parametrize("url", [None, "https://acme.example"])
def test_address_and_identifier_of_the_producer_are_told_apart(url, identifier):
    label = Label.edited(producer=Producer("A", url=url, identifier=identifier))
    after = iptc.read(composed({}, label))
    assert (after.producer_url, after.producer_identifier) == (url, identifier)


def test_a_blank_address_is_written_only_before_an_identifier_that_looks_like_one():
    lei, isni = (
        composed({}, Label.edited(producer=Producer("A", identifier=identifier)))[XMP]
        for identifier in ("urn:lei:1", "https://isni.org/1")
    )
    assert b"<rdf:li></rdf:li>" not in lei
    assert isni.count(b"<rdf:li></rdf:li><rdf:li>https://isni.org/1</rdf:li>") == 1


def test_the_codes_that_are_no_newscodes_are_never_written_to_xmp():
    label = Label(
        source_type=DigitalSourceType.TRAINED_ALGORITHMIC_DATA,
        history=History.GENERATED,
        producer=Producer("A"),
    )
    result = xmp_after(PACKETS["attributes"], label)
    assert b"c2pa.org" not in result
    assert b"digitalCapture" not in result


def test_foreign_forms_are_read():
    said = iptc.read(
        {
            XMP: packet(
                rdf(
                    f'<rdf:Description rdf:about="" {DECLARED} dc:creator="Jane">'
                    "<Iptc4xmpExt:DigitalSourceType rdf:resource="
                    '"https://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic"/>'
                    "<plus:ImageSupplier><rdf:Seq><rdf:li><rdf:Description "
                    'plus:ImageSupplierName="S"/></rdf:li></rdf:Seq></plus:ImageSupplier>'
                    '<plus:Licensor rdf:parseType="Resource"><plus:LicensorURL>u</plus:LicensorURL>'
                    "</plus:Licensor></rdf:Description>"
                )
            ).encode()
        }
    )
    assert said.source_type.startswith("https://")
    assert said.creator == ("Jane",)
    assert said.producer == said.supplier == "S"
    assert said.licensor_url == "u"


def test_one_repair_is_tried():
    result = xmp_after(BARE_AMPERSAND.encode())
    assert b"A &amp; B" in result


# --- ExtendedXMP -----------------------------------------------------------------------------


def pointer(main):
    graph = parse.parse(main, {extended.POINTER})
    return [values.text(each) for each in graph.values.get(extended.POINTER, ())]


BIG = packet(
    rdf(
        f'<rdf:Description rdf:about="" {DECLARED} acme:Wide="&lt;{"w" * 9_000}">'
        f"<acme:Big><rdf:Bag><rdf:li>{'b' * 40_000}</rdf:li></rdf:Bag></acme:Big>"
        f"<acme:Small>{'s' * 15_000}</acme:Small><dc:title>kept here</dc:title></rdf:Description>"
    )
).encode()


def test_the_largest_foreign_properties_move_when_the_segment_is_full():
    label = Label.generated(producer=Producer("A"), prompt="p" * 16_000)
    result = composed({XMP: BIG}, label, LIMIT)
    assert len(result[XMP]) <= LIMIT
    assert pointer(result[XMP]) == [extended.guid_of(result[EXTENDED_XMP])]
    assert b"b" * 40_000 in result[EXTENDED_XMP]
    assert b"acme:Small" in result[XMP]
    assert iptc.read({XMP: result[XMP]}).prompt == "p" * 16_000
    assert iptc.compose(result, label, limit=LIMIT) == {}


MOVED = Label.generated(producer=Producer("A"), prompt="p" * 16_000)


def moved(inner, attributes=""):
    """Main and extended packet after a foreign property grew too large for the segment."""
    opened = f'<rdf:Description rdf:about="" {DECLARED} {attributes}>'
    payload = packet(rdf(f"{opened}{inner}</rdf:Description>")).encode()
    result = composed({XMP: payload}, MOVED, LIMIT)
    return result[XMP], result[EXTENDED_XMP]


def test_an_attribute_that_moves_stays_well_formed():
    name = Name("https://acme.example/ns/", "Wide")
    _, body = moved("", f'acme:Wide="]]>{"w" * 60_000}"')
    (value,) = parse.parse(body, {name}).values[name]
    assert values.text(value) == "]]>" + "w" * 60_000


def test_a_property_that_moves_takes_its_default_namespace_along():
    name = Name("https://acme.example/ns/", "Big")
    _, body = moved(f"<acme:Big><inner>{'w' * 60_000}</inner></acme:Big>", 'xmlns="urn:inner"')
    (value,) = parse.parse(body, {name}).values[name]
    assert [child.name for child in value.children] == [Name("urn:inner", "inner")]


@pytest.mark.parametrize(
    "namespace",
    [
        "http://ns.google.com/photos/1.0/container/",
        "http://ns.adobe.com/hdr-gain-map/1.0/",
        "http://ns.adobe.com/xap/1.0/mm/",
    ],
)
def test_what_readers_look_for_in_the_main_packet_stays_there(namespace):
    stays = f'<s:Stays xmlns:s="{namespace}">{"s" * 30_000}</s:Stays>'
    main, body = moved(stays + f"<acme:Big>{'b' * 25_000}</acme:Big>")
    assert b"s:Stays" in main
    assert b"acme:Big" in body


def test_rdf_is_declared_once_where_it_is_in_scope():
    assert xmp_after(PACKETS["elements"]).count(b"xmlns:rdf=") == 1
    assert xmp_after(b"").count(b"xmlns:rdf=") == 1


def test_attributes_move_too_and_exiftool_reads_them(exiftool):
    from splices import jpeg_with

    payload = BIG.replace(b"b" * 40_000, b"b").replace(b"w" * 9_000, b"w" * 46_000)
    before = exiftool.read(jpeg_with({XMP: payload}))
    label = Label.generated(producer=Producer("A"), prompt="p" * 16_000)
    result = composed({XMP: payload}, label, LIMIT)
    assert b"w" * 46_000 in result[EXTENDED_XMP]
    after = exiftool.read(jpeg_with(result))
    for tag in ("XMP-acme:Wide", "XMP-acme:Big", "XMP-acme:Small", "XMP-dc:Title"):
        assert after[tag] == before[tag]
    assert not [tag for tag in after if "Warning" in tag]


def test_a_label_too_long_for_a_segment_is_refused_with_a_remedy():
    text = "&" * 9_000
    label = Label.generated(producer=Producer("A"), prompt=text, title=text)
    with pytest.raises(MalformedMetadata, match="65,502") as caught:
        iptc.compose({XMP: BIG}, label, limit=LIMIT)
    assert "shorten" in caught.value.remedy


def test_our_properties_come_out_of_an_existing_extended_packet():
    existing = {XMP: EXTENDED["main"], EXTENDED_XMP: EXTENDED["extended"]}
    result = composed(existing, EDIT, LIMIT)
    assert b"DigitalSourceType" not in result[EXTENDED_XMP]
    assert b"acme:Big" in result[EXTENDED_XMP]
    assert b"hidden" in result[EXTENDED_XMP]  # the label says nothing about rights
    assert b"Hidden Hand" in result[XMP]
    assert pointer(result[XMP]) == [extended.guid_of(result[EXTENDED_XMP])]
    assert iptc.read(result).copyright == "hidden"
    assert iptc.compose(result, EDIT, limit=LIMIT) == {}


def test_an_extended_packet_without_our_properties_stays_as_it_is():
    pair = with_extended(rdf(f'<rdf:Description rdf:about="" {DECLARED} acme:x="1"/>'))
    changes = iptc.compose({XMP: pair["main"], EXTENDED_XMP: pair["extended"]}, EDIT, limit=LIMIT)
    assert set(changes) == {XMP}
    assert pointer(changes[XMP]) == pointer(pair["main"])


def test_an_extended_packet_that_held_only_ours_goes():
    pair = with_extended(
        rdf(f'<rdf:Description rdf:about="" {DECLARED} Iptc4xmpExt:DigitalSourceType="x"/>')
    )
    changes = iptc.compose({XMP: pair["main"], EXTENDED_XMP: pair["extended"]}, EDIT, limit=LIMIT)
    assert changes[EXTENDED_XMP] is None
    assert pointer(changes[XMP]) == []


def test_a_packet_that_is_signed_has_no_room_for_editors():
    padded = PACKETS["elements"].replace(b"<?xpacket end", b" " * 2_000 + b"<?xpacket end")
    assert len(padded) > 2_000 + len(PACKETS["elements"]) - 1
    assert xmp_after(padded, limit=LIMIT) == xmp_after(PACKETS["elements"])
    assert xmp_after(b"", limit=LIMIT) == xmp_after(b"")


# --- hostile packets -------------------------------------------------------------------------

_open, _close = f'<rdf:Description rdf:about="" {DECLARED}>', "</rdf:Description>"
HOSTILE = {
    "bomb": '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    + rdf(f"{_open}<dc:rights>&b;</dc:rights>{_close}"),
    "external entity": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    + rdf(f"{_open}<dc:rights>&x;</dc:rights>{_close}"),
    "external subset": '<!DOCTYPE a SYSTEM "http://evil.example/x.dtd">' + rdf(_open + _close),
    "deep foreign": rdf(f"{_open}{'<acme:a>' * 100_000}{'</acme:a>' * 100_000}{_close}"),
    "deep outside": "<a>" * 100_000,
    "truncated": PACKETS["elements"].decode()[:900],
    "no rdf": "<svg/>",
    "not xml": "hello",
    "two graphs": f"<x>{rdf(_open + _close)}{rdf(_open + _close)}</x>",
    "many properties": rdf(_open + "<acme:a/>" * 100_000 + _close),
    "many attributes": rdf(
        f'<rdf:Description rdf:about="" {DECLARED} '
        + " ".join(f'acme:a{n}="{n}"' for n in range(100_000))
        + "/>"
    ),
    "many items of ours": rdf(
        f"{_open}<dc:creator><rdf:Seq>{'<rdf:li/>' * 200_000}</rdf:Seq></dc:creator>{_close}"
    ),
    "many declarations": rdf(
        "<rdf:Description "
        + " ".join(f'xmlns:n{n}="u"' for n in range(2_000))
        + ">"
        + '<acme:a xmlns:q="u"/>' * 15_000
        + _close
    ),
    "many elements": rdf(_open + "<acme:a>" + "<b/>" * 900_000 + "</acme:a>" + _close),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_packets_are_refused_in_time(name):
    payload = HOSTILE[name].encode()
    started = time.process_time()
    with pytest.raises(MalformedMetadata) as caught:
        iptc.compose({XMP: payload}, EDIT)
    assert time.process_time() - started < 3
    assert str(caught.value).startswith("xmp: ")


def test_a_packet_beyond_every_measure_is_not_even_decoded():
    with pytest.raises(MalformedMetadata, match="at most"):
        iptc.read({XMP: b"<" * (17 * 1024 * 1024)})


def test_a_long_text_in_many_pieces_is_read_in_time():
    text = "a&amp;" * 1_000_000
    started = time.process_time()
    said = iptc.read({XMP: rdf(f"{_open}<dc:rights>{text}</dc:rights>{_close}").encode()})
    assert time.process_time() - started < 5
    assert said.copyright == "a&" * 1_000_000


@settings(max_examples=300)
@given(
    payload=st.sampled_from(sorted(PACKETS.values())),
    cuts=st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=6)), min_size=1, max_size=4),
)
def test_damaged_packets_are_merged_or_refused_but_never_crash(payload, cuts):
    damaged = bytearray(payload)
    for at, new in cuts:
        at %= len(damaged) + 1
        damaged[at : at + len(new)] = new
    try:
        result = composed({XMP: bytes(damaged)}, EDIT)
    except MalformedMetadata:
        return
    assert iptc.read(result).producer == "Acme"
    assert iptc.compose(result, EDIT) == {}
