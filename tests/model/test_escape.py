"""Text from a file is hostile text."""

import re
import unicodedata

import pytest
from hypothesis import given, strategies as st

from genlabel.model import escape as escapes
from genlabel.model.escape import MAX_NAME, escape, quoted, worded


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("cat\u202egnp.exe", "cat\\u202egnp.exe"),
        ("one\ntwo\r", "one\\ntwo\\r"),
        ("\x9b31m", "\\x9b31m"),
        ("::error file=x::owned", ": :error file=x: :owned"),
        ("##[group]x", "# #[group]x"),
        ("##vso[task.setvariable]x", "# #vso[task.setvariable]x"),
        ("##teamcity[buildStop]", "# #teamcity[buildStop]"),
        ("section_start:1:x", "section _start:1:x"),
        ("section_end:1:x", "section _end:1:x"),
        ("## heading, :: and section_two", "## heading, :: and section_two"),
        ("a\u200bb\u2060c\ufeffd\u00ade", "a\\u200bb\\u2060c\\ufeffd\\xade"),
        ("\u061c\u200e\u200f\u2066", "\\u061c\\u200e\\u200f\\u2066"),
        ("\ufff9\uffff\x7f", "\\ufff9\\uffff\\x7f"),
        ("std::string", "std: :string"),
        ("\u2028x", "\\u2028x"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("猫 🐈‍⬛ قطة", "猫 🐈‍⬛ قطة"),
    ],
)
def test_nothing_from_a_file_commands_a_terminal_or_a_log(hostile, shown):
    assert escape(hostile) == shown


@given(st.text(st.characters(), max_size=400))
def test_what_is_shown_is_one_printable_line(text):
    shown = escape(text)
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in shown)
    assert "\u202e" not in shown


def test_long_text_is_cut():
    assert len(escape("x" * 10_000)) == 300
    assert escape("x" * 301).endswith("x...")
    assert escape("x" * 300) == "x" * 300
    assert escape("x" * 10_000, limit=None) == "x" * 10_000


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Acme", "'Acme'"),
        ("Ac\u200cme\u200d", "'Ac\\u200cme\\u200d'"),
        ("\u0645\u06cc\u200c\u062e", "'\u0645\u06cc\u200c\u062e'"),  # Persian needs it
        ("A\ufe0fcme", "'A\\ufe0fcme'"),
        ("\u2764\ufe0f", "'\u2764\ufe0f'"),
        ("A\U000e0100\u3164\u2800", "'A\\U000e0100\\u3164\\u2800'"),
        ("Acme\u2003Studio", "'Acme\\u2003Studio'"),
        ("Acme' (attested), 'x", "'Acme\\' (attested), \\'x'"),
        ("C:\\u202e", "'C:\\\\u202e'"),
        ("\u202eemcA", "'\\u202eemcA'"),
        ("line\nbreak\x1b[31m", "'line\\nbreak\\x1b[31m'"),
        (7, "'7'"),
        ("", "''"),
        ("x" * MAX_NAME, f"'{'x' * MAX_NAME}'"),
        ("x" * (MAX_NAME + 1), f"'{'x' * MAX_NAME}'…"),
    ],
)
def test_a_name_stands_quoted_cut_and_with_what_is_invisible_shown(name, shown):
    assert quoted(name) == shown


@given(st.text(max_size=200))
def test_nothing_in_a_name_ends_its_quotation(name):
    shown = quoted(name).removesuffix("…")
    inside = re.sub(r"\\\\|\\'", "", shown[1:-1])
    assert shown[0] == shown[-1] == "'"
    assert "'" not in inside
    assert len(shown) <= MAX_NAME + 2
    assert not IGNORABLE.search(re.sub("[\u200c\u200d\ufe00-\ufe0f]", "", shown))
    assert escape(shown) == shown  # shown again, it is the same


IGNORABLE = re.compile(f"[{escapes.IGNORABLE}]")


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("self#jumbf=/c2pa/urn:c2pa:1/c2pa.assertions/c2pa.actions.v2", None),
        ("iptc, exif", None),
        ("::error x", ": :error x"),
        ("parent.png", None),
        ("photo) [genlabel.fine] (x", "'photo) [genlabel.fine] (x'"),
        ("caf\u00e9.png", "'caf\u00e9.png'"),
        ("a\u202eb", "'a\\u202eb'"),
        ("", "''"),
        ("x" * 301, f"'{'x' * 300}'…"),
    ],
)
def test_a_place_is_shown_as_it_is_only_where_it_is_plain_words(place, shown):
    assert worded(place) == (place if shown is None else shown)


def test_a_sentence_of_ours_is_whole_or_ends_between_words():
    long = "the certificate 'Acme' may not sign claims; " * 20
    assert escapes.sentence(long) == long
    cut = escapes.sentence(long * 3)
    assert len(cut) <= escapes.MAX_SENTENCE
    assert cut.endswith("...")
    assert f"{long * 3} ".startswith(f"{cut.removesuffix('...')} ")
    assert "\x1b" not in escapes.sentence("a \x1b[31m")
