"""What is SVG's own: markup that hides things, encodings, packets, and what an enemy nests."""

from __future__ import annotations

import base64
import contextlib
import time
import tracemalloc

import pytest
from hypothesis import given, settings, strategies as st

from drawn_kinds import essence, kinds, look, packet, pixels, rewritten, store
from drawn_kinds_xml import DOCTYPE, DRAWN, RDF, drawing
from genlabel.formats import identify, recognise
from genlabel.formats.format import HEAD, MANIFEST, XMP
from genlabel.formats.svg import scanner
from genlabel.formats.svg.svg import SVG
from genlabel.model.errors import MalformedAsset, MalformedMetadata, UnsupportedFormat
from oracles import raw
from oracles.drawings import without_marks

WRAPPED = (
    f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    f'{packet("Zoë 猫").decode()}\n<?xpacket end="w"?>'
).encode()
LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(10)
)


def test_the_packet_goes_into_the_first_metadata_that_is_more_than_an_empty_tag():
    made = rewritten(drawing(f"<metadata/><metadata>{RDF}</metadata>{DRAWN}"), {XMP: packet()})
    assert made == drawing(f"<metadata/><metadata>{packet().decode()}{RDF}</metadata>{DRAWN}")


def test_a_new_metadata_element_takes_the_prefix_of_the_root():
    data = kinds()["svg prefixed"]
    made = rewritten(data, {XMP: packet(), MANIFEST: store()})
    assert b"<s:metadata><c2pa:manifest>" in made
    assert look(made).payloads.keys() == {XMP, MANIFEST}
    assert rewritten(made, {XMP: None, MANIFEST: None}) == data


@pytest.mark.parametrize("root", [b'<svg xmlns="http://www.w3.org/2000/svg"/>', b"<a:svg a='>' />"])
def test_a_root_that_closes_itself_is_opened_and_means_the_same(root):
    made = rewritten(root, {XMP: packet()})
    assert (
        made.endswith(
            packet()
            + b"</"
            + made[1 : made.index(b"metadata>")]
            + b"metadata>"
            + (b"</svg>" if root.startswith(b"<svg") else b"</a:svg>")
        )
        or packet() in made
    )
    assert look(made).payloads[XMP] == packet()
    assert essence(made) == essence(root)
    assert essence(rewritten(made, {XMP: None})) == essence(root)


def test_what_only_looks_like_metadata_is_part_of_the_drawing():
    data = kinds()["svg confusing"]
    assert look(data).payloads == {}
    assert [block.name for block in look(data).blocks] == ["drawing"]
    changed = data.replace(b"inner", b"other")
    assert essence(changed) != essence(data)


def test_inkscapes_rdf_is_not_xmp_and_stays():
    data = drawing(f"<metadata>{RDF}</metadata>{DRAWN}")
    assert look(data).payloads == {}
    assert RDF.encode() in rewritten(data, {XMP: packet()})
    described = RDF.replace("cc:Work", "rdf:Description")
    assert XMP in look(drawing(f"<metadata>{described}</metadata>")).payloads


def test_namespaces_that_a_packet_borrows_from_the_elements_around_it_come_along():
    rdf, dc = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://purl.org/dc/elements/1.1/"
    data = drawing(
        f"<metadata xmlns:dc='{dc}'><rdf:RDF><rdf:Description rdf:about=''>"
        "<dc:source>old</dc:source></rdf:Description></rdf:RDF></metadata>",
        attributes=f' xmlns:rdf="{rdf}" xmlns:other="urn:other"',
    )
    read = look(data).payloads[XMP]
    assert read.startswith(f"<rdf:RDF xmlns:dc='{dc}' xmlns:rdf=\"{rdf}\">".encode())
    assert b"urn:other" not in read
    assert look(rewritten(data, {XMP: read + b""})).payloads[XMP] == read
    assert rewritten(data, {XMP: read}) == data


def test_a_drawing_in_latin_1_holds_every_character_of_the_packet():
    data = kinds()["svg in latin-1"]
    made = rewritten(data, {XMP: WRAPPED})
    assert look(made).payloads[XMP] == WRAPPED
    assert b"Zo&#235; &#29483;" in made
    assert made.decode("latin-1").encode("latin-1") == made
    assert pixels(made) == pixels(data)


@pytest.mark.parametrize("encoding", ["utf-7", "ebcdic-cp-us", "no-such-thing", "unicode_escape"])
def test_an_encoding_that_is_not_based_on_ascii_gets_no_packet(encoding):
    data = drawing(prolog=f'<?xml version="1.0" encoding="{encoding}"?>')
    with pytest.raises(MalformedMetadata, match="encodings based on ASCII"):
        rewritten(data, {XMP: packet()})


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_refused_and_named(encoding):
    with pytest.raises(UnsupportedFormat):
        identify(drawing().decode().encode(encoding))
    with pytest.raises(UnsupportedFormat, match=r"^SVG drawing in UTF-16: "):
        identify(drawing().decode().encode("utf-16"))


@pytest.mark.parametrize(
    "harmful",
    [
        b"",
        b"no markup",
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>",
        packet() + b"</metadata></svg>",
        packet() + packet(),
        packet() + b"<script>alert(1)</script>",
        b"<script>alert(1)</script>",
        packet().replace(b"drawn", b"a & b"),
        packet().replace(b"drawn", b"\0"),
        packet().replace(b"drawn", b"\xff"),
        packet().replace(b"<dc:source>", b"<dd:source>").replace(b"</dc:source>", b"</dd:source>"),
        b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + packet(),
        packet().decode().encode("utf-16"),
        packet() + b" " * 9,
    ],
)
def test_a_packet_that_would_harm_the_drawing_is_refused(harmful):
    with pytest.raises(MalformedMetadata, match="would make the drawing unreadable"):
        rewritten(drawing(), {XMP: harmful})


def test_a_manifest_that_is_no_base64_is_there_all_the_same():
    def holding(text: bytes) -> bytes:
        made = rewritten(drawing(), {MANIFEST: store()})
        return made.replace(base64.b64encode(store()), text)

    assert look(holding(b"***")).manifest == b"***"
    assert look(holding(b"\n " + base64.b64encode(store()) + b"\n")).manifest == store()
    empty = holding(b"")
    assert look(empty).manifest is None
    assert rewritten(empty, {MANIFEST: None}) == drawing()


def test_the_engines_namespace_is_taken_out_only_where_nothing_else_needs_it():
    assert rewritten(rewritten(drawing(), {MANIFEST: store()}), {MANIFEST: None}) == drawing()
    used = drawing(
        f"<g c2pa:note='x'/>{DRAWN}", attributes=' xmlns:c2pa="http://c2pa.org/manifest"'
    )
    assert rewritten(rewritten(used, {MANIFEST: store()}), {MANIFEST: None}) == used


def test_what_the_engine_writes_otherwise_is_no_change_of_the_drawing(chain):
    data = b"\xef\xbb\xbf" + drawing(
        "<g >x</g \n>", prolog=DOCTYPE.replace("<!DOCTYPE ", "<!DOCTYPE\n  ")
    )
    signed = raw.sign(data, "image/svg+xml", chain)
    assert rewritten(signed, {MANIFEST: None}) != data
    assert essence(signed) == essence(data)
    assert without_marks(signed) == without_marks(data)


def test_a_packet_keeps_clear_of_the_first_bytes_of_a_file_with_a_declaration():
    data = kinds()["svg"]
    made = rewritten(data, {XMP: packet()})
    assert made.index(b"<x:xmpmeta") == 256
    assert rewritten(made, {XMP: None}) == data
    assert rewritten(drawing(), {XMP: packet()}).index(b"<x:xmpmeta") < 200


def test_a_long_comment_before_the_root_is_read_over_up_to_the_bytes_that_are_looked_at():
    def after(size: int) -> bytes:
        return drawing(prolog=f"<!--{'x' * size}-->")

    assert recognise(after(3_000)[:HEAD]) is SVG
    assert recognise(after(HEAD)) is None
    doctype = drawing(prolog=f"<!DOCTYPE svg [<!--{'x' * 9_000}-->]>")
    assert recognise(doctype[:HEAD]) is SVG
    assert look(doctype).format == "svg"


@pytest.mark.parametrize(
    "other",
    [
        b"<!DOCTYPE html><html><svg></svg></html>",
        b"<html><svg></svg></html>",
        b"<?xml version='1.0'?><rss/>",
        b"<svgx></svgx>",
        b"<!-- <svg> -->",
        b"hello <svg></svg>",
        b"</svg>",
    ],
)
def test_what_is_no_drawing_is_not_taken_for_one(other):
    assert recognise(other) is None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (drawing()[:-9], "is no markup, at 154"),
        (drawing("<g>")[:-1].replace(b"</svg>", b""), "ends before its root element does"),
        (drawing("<!-- " + DRAWN) + b"x", "is no markup"),
        (drawing("<metadata>"), "ends before its root element does|is no markup"),
        (drawing("<metadata/><g a='></g>") + b"x", "is no markup"),
        (b"<svg a='" + b"x" * 100, "is no markup"),
        (b"<svg><metadata>" + b"<a/>" * 32_002 + b"</metadata></svg>", "more than 32,000 children"),
        (b"<svg>" + b"<metadata/>" * 32_002 + b"</svg>", "more than 32,000 metadata"),
        (b"<!DOCTYPE svg [<!--><svg></svg>", "is no markup"),
    ],
)
def test_markup_that_lies_is_malformed_in_a_clear_sentence(data, sentence):
    with pytest.raises(MalformedAsset, match=sentence):
        SVG.survey(data)


BOMBS = {
    "billion laughs": drawing("<text>&l9;</text>", prolog=f"<!DOCTYPE svg [{LAUGHS}]>"),
    "laughs before metadata": drawing(
        "<text>&l9;</text><metadata/>", prolog=f"<!DOCTYPE svg [{LAUGHS}]>"
    ),
    "a file for an entity": drawing(
        "<text>&f;</text><metadata>&f;</metadata>",
        prolog='<!DOCTYPE svg [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
    ),
    "deep": drawing("<g>" * 60_000 + "</g>" * 60_000 + "<metadata/>"),
    "deep in metadata": drawing("<metadata>" + "<a>" * 20_000 + "</a>" * 20_000 + "</metadata>"),
    "deep and open": drawing("<g>" * 100_000 + "<metadata/>"),
    "comments that never end": drawing("<!--" * 200_000 + "<metadata/>"),
    "comments in a doctype that never end": drawing(prolog="<!DOCTYPE svg [" + "<!--" * 60_000),
    "quotes that never end": drawing("<a b='" * 200_000 + "<metadata/>"),
    "lesser than": drawing("<" * 800_000 + "<metadata/>"),
    "sections": drawing("<![CDATA[" * 200_000 + "<metadata/>"),
    "instructions": drawing("<?a" * 60_000 + "<metadata/>"),
    "metadata in comments": drawing("<!--<metadata>-->" * 20_000),
    "blanks": b"<svg" + b" " * 1_000_000 + b">" + b" " * 1_000_000 + b"</svg" + b" " * 1_000_000,
    "loose ends": drawing("<g></g \t>" * 100_000),
    "end tags of blanks": drawing("</g" + " " * 100_000),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=list(BOMBS))
def test_bombs_neither_go_off_nor_take_their_time(bomb):
    started = time.perf_counter()
    try:
        survey = SVG.survey(bomb)
    except MalformedAsset:
        assert time.perf_counter() - started < 30
        return
    made = b"".join(SVG.rewrite(survey, {XMP: packet()}))
    assert SVG.survey(made).payloads[XMP] == packet()
    assert sum(map(len, SVG.essence(survey))) <= len(bomb)
    assert time.perf_counter() - started < 30


def test_laughs_and_depth_take_no_memory():
    for name in ("billion laughs", "deep in metadata", "comments in a doctype that never end"):
        tracemalloc.start()
        try:
            with contextlib.suppress(MalformedAsset):
                SVG.survey(BOMBS[name])
            assert tracemalloc.get_traced_memory()[1] < 5e6
        finally:
            tracemalloc.stop()


_TEXT = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="<>&\ufffe\uffff"
    ),
    max_size=60,
)


@given(name=st.sampled_from(sorted(n for n in kinds() if n.startswith("svg"))), said=_TEXT)
@settings(max_examples=60)
def test_any_text_in_a_packet_is_read_back(name, said):
    data = kinds()[name]
    new = f"<?xpacket begin='\ufeff'?>{packet(said).decode()}<?xpacket end='w'?>".encode()
    if name == "svg in latin-1":
        new = new.replace(b"'\xef\xbb\xbf'", b'"\xef\xbb\xbf"')
    made = rewritten(data, {XMP: new})
    assert look(made).payloads[XMP] == new
    assert pixels(made) == pixels(data)
    assert scanner.read(memoryview(made)).root.name.endswith(b"svg")
