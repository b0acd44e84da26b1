"""Drawings that run something or load something are told from those that do neither."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from genlabel.formats.svg import activity as activity_module
from genlabel.formats.svg.activity import MAX_KINDS, activity

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def told(inside: str, *, before: str = "", root: str = "") -> list[str]:
    drawing = f'{before}<svg xmlns="http://www.w3.org/2000/svg" {XLINK}{root}>{inside}</svg>'
    return list(activity(memoryview(drawing.encode())))


ACTIVE = {
    "a script": "<script>alert(1)</script>",
    "a script of another prefix": "<x:script xmlns:x='http://www.w3.org/2000/svg'/>",
    "a handler": '<rect width="1" onclick="f()"/>',
    "a handler, blanks around": "<rect onload =\n'f()'/>",
    "a script's address": '<a href="javascript:f()"><rect/></a>',
    "a script's address, referenced": '<a href="&#106;ava&#x09;script:f()"/>',
    "HTML as an address": '<a xlink:href="data:text/html,x"/>',
    "a picture from outside": '<image href="https://example.com/a.png"/>',
    "a picture beside": '<image xlink:href="a.png"/>',
    "a picture by a strange prefix": '<image y:href="//example.com/a.png"/>',
    "a file's part": '<use href="other.svg#a"/>',
    "a paint from outside": '<rect fill="url(https://example.com/a.svg#g)"/>',
    "a style attribute": "<rect style=\"filter: url( 'a.svg#f' )\"/>",
    "an escaped style": r'<rect style="fill:\75 rl(http://example.com)"/>',
    "a style in a comment's two halves": "<style>a{b:ur<!-- -->l(http://example.com)}</style>",
    "an import": "<style>@import 'a.css';</style>",
    "an import, capital": '<style><![CDATA[ @IMPORT "a.css"; ]]></style>',
    "an import by url": "<style>@import url(a.css);</style>",
    "an import after a comment": "<style>@import/**/'a.css';</style>",
    "a font": "<style>@font-face{src:url(//example.com/f.woff)}</style>",
    "HTML inside": '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
    "an animated address": '<use href="#a"><set attributeName="href" to="#b"/></use>',
    "an animated address, xlink": '<animate attributeName="xlink:href" values="#a;#b"/>',
    "an other base": '<g xml:base="https://example.com/"><use href="#a"/></g>',
    "a frame": '<iframe src="https://example.com"/>',
}
STILL = {
    "a drawing": '<rect width="1" height="1" fill="red"/>',
    "a part of its own": '<use href="#a"/><use xlink:href=" #b"/>',
    "a paint of its own": "<rect fill='url(#g)' style='filter:url(#f);mask: url(&quot;#m&quot;)'/>",
    "a picture inside": '<image href="data:image/png;base64,AAAA"/>',
    "a link to follow": '<a href="https://example.com"><text>x</text></a>',
    "an animation": '<rect><animate attributeName="opacity" values="0;1"/></rect>',
    "words about scripts": "<text>javascript: onclick= url(http://x) @import</text>",
    "a comment": "<!-- <script>x</script> @import 'a' -->",
    "a style of its own": "<style>.a{fill:url(#g)} /* @import 'a.css' */</style>",
    "names that begin alike": '<rect data-src="x" i:onx="f()"/><scripture/>',
    "XMP": '<metadata><rdf:li rdf:resource="http://example.com/"/></metadata>',
    "an empty address": '<use href=""/>',
    "a frame for another program": '<foreignObject requiredExtensions="x"><i:pgf/></foreignObject>',
}


@pytest.mark.parametrize("inside", ACTIVE.values(), ids=ACTIVE)
def test_what_runs_or_is_loaded_is_told(inside: str) -> None:
    assert told(inside)


@pytest.mark.parametrize("inside", STILL.values(), ids=STILL)
def test_a_drawing_that_rests_in_itself_is_let_be(inside: str) -> None:
    assert told(inside) == []


@pytest.mark.parametrize(
    "before",
    [
        '<?xml-stylesheet href="a.css" type="text/css"?>',
        "<?xml-stylesheet type=\"text/css\" href='https://example.com/a.css'?>",
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg [<!ENTITY % x "y">]>',
        '<!DOCTYPE svg [<!ENTITY x "&#60;script/>">]>',
        '<!DOCTYPE svg [<!ATTLIST svg onload CDATA "f()">]>',
    ],
)
def test_what_stands_before_the_drawing_counts_too(before: str) -> None:
    assert told("<rect/>", before=before)


@pytest.mark.parametrize(
    "before",
    [
        '<?xml version="1.0"?>',
        '<?xml-stylesheet href="#s" type="text/css"?>',
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        '<!DOCTYPE svg [<!ENTITY ns_svg "http://www.w3.org/2000/svg">]>',
    ],
)
def test_a_usual_beginning_is_let_be(before: str) -> None:
    assert told("<rect/>", before=before) == []


def test_an_entity_of_plain_text_is_filled_in() -> None:
    before = '<!DOCTYPE svg [<!ENTITY x "javascript:">]>'
    assert told('<a href="&x;f()"/>', before=before) == ["an address that is a script"]
    assert told('<a href="&x;"/>', before=before.replace("javascript:", "#a")) == []


def test_each_kind_is_told_once_and_not_in_the_files_words() -> None:
    strange = "".join(f'<image{n} href="a{n}"/><image href="b"/>' for n in range(2 * MAX_KINDS))
    assert told(strange) == [
        "something loaded from outside (another element)",
        "something loaded from outside (image)",
    ]


@given(st.text(st.sampled_from("<>/!?[]-&;:\"'=()@\\ urlhefsonscipt#"), max_size=300))
def test_any_markup_is_read_to_an_end(inside: str) -> None:
    assert len(told(inside)) <= MAX_KINDS


PIECES = st.sampled_from(
    [
        *("<g ", "<use ", "<path d='M0 1'/>", "<handler>", "<Style ", "<stop ", "<a ", "</g>", ">"),
        *(
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<object ",
            "<animate ",
            "/>",
            "<",
            "/",
            "=",
            " ",
            "\n",
        ),
        *('"', "'", '="', "onload", "o", "HREF", "src", "data", "d", "style", "poster", "x", ":"),
        *("attributeName", "srcdoc", "x='", "url(", "src(", "set(", "rotate(", "#", "(", ")", "@"),
        *("a.svg", "/*", "*/", "&#106;ava", "JaVa\tscript:", "http://a", "\\", "é", "import 'a'"),
    ]
)


@given(
    st.lists(PIECES, max_size=24).map("".join),
    st.sampled_from(["", *ACTIVE.values()]),
    st.sampled_from([8, 32, 128]),
)
def test_what_is_passed_over_at_once_would_tell_nothing(
    inside: str, known: str, window: int
) -> None:
    drawing = inside + known + inside
    at_once = told(drawing)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(activity_module, "_WINDOW", window)
        assert told(drawing) == at_once
        patch.setattr(activity_module, "_INERT", re.compile(rb"(?!)"))
        assert told(drawing) == at_once
        patch.setattr(activity_module, "_is_quiet", lambda markup: False)
        assert told(drawing) == at_once


PATH = "<path d='M0 1h2'/>"


@pytest.mark.parametrize("inside", ACTIVE.values(), ids=ACTIVE)
@pytest.mark.parametrize("end", [*range(0, 200, 23), 5000])
def test_what_does_something_is_found_behind_quiet_markup(inside: str, end: int) -> None:
    """Wherever a stretch ends that is looked through at once; damage ends what is read."""
    quiet = PATH * (activity_module._WINDOW // len(PATH)) + "<g>" + " " * end
    assert told(quiet + inside + quiet) == told(inside)
    assert told(quiet + inside + PATH + " " * end) == told(inside)
    assert told(quiet + "< >" + inside) == []


def test_a_large_drawing_of_plain_tags_is_not_read_tag_by_tag(monkeypatch) -> None:
    starts: list[int] = []
    following = activity_module.scanner.following

    def counted(view: memoryview, at: int) -> re.Match[bytes]:
        starts.append(at)
        return following(view, at)

    monkeypatch.setattr(activity_module.scanner, "following", counted)
    assert told(PATH * 10_000) == []
    assert len(starts) < 8


def test_a_drawing_of_plain_tags_is_passed_over_in_one_go() -> None:
    tags = '<path d="M1 2h3" fill="#7a9" transform="rotate(4)"/><g style="fill:url(#a)">x</g>\n'
    drawing = (tags * 500).encode()
    passed = activity_module._INERT.match(memoryview(drawing))
    assert passed is not None
    assert len(drawing) - passed.end() <= 1
