"""What people are shown."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

import reports
from genlabel.model.report import Integrity, SigningTime, TrustLevel, Validity
from genlabel.rendering import html, phrases, text
from genlabel.rendering.formats import View
from genlabel.rendering.json import VERIFY, Frame, summary
from genlabel.rendering.outgoing import Forms
from genlabel.rendering.text import Style

PLAIN, VERBOSE = Style(), Style(verbose=True)
ALL = (reports.full, reports.unjudged, reports.stripped, reports.signed)


@pytest.mark.parametrize("make", ALL)
def test_hostile_text_is_shown_as_text(make):
    shown = text.rendered(make(reports.HOSTILE), VERBOSE)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "::error" not in shown
    assert "##[" not in shown


@pytest.mark.parametrize("make", ALL)
def test_colours_change_no_word(make):
    coloured = text.rendered(make(), Style(colour=True, verbose=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text.rendered(make(), VERBOSE)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "unchanged since it was signed"),
        (
            {"trust": TrustLevel.UNKNOWN},
            "unchanged since it was signed, by someone whom your trust lists do not name",
        ),
        (
            {"validity": Validity.UNPROVABLE},
            "unchanged since it was signed; whether the certificate was valid then cannot be shown "
            "with the lists given",
        ),
    ],
)
def test_verdicts_are_in_the_words_of_the_contract(changes, words):
    report = reports.full()
    signer = replace(report.signer, **changes)
    assert phrases.integrity(replace(report, reason=None, signer=signer)) == words


def test_no_verdict_calls_a_picture_fake_or_real():
    for integrity in Integrity:
        for trust in TrustLevel:
            for time in SigningTime:
                report = reports.full()
                signer = replace(report.signer, trust=trust, time=time)
                shown = text.rendered(replace(report, integrity=integrity, signer=signer), VERBOSE)
                assert not re.search(r"\b(fake|real|genuine|compliant)\b", shown, re.IGNORECASE)


class Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.extend(attrs)


def test_a_page_holds_no_script_no_address_and_nothing_of_a_file_but_text():
    frame = Frame(schema=VERIFY, started=reports.MOMENT, engine={"e": "<b>"}, policy="<i>")
    several = [make(reports.HOSTILE) for make in ALL]
    articles = [
        html.article(each, lambda path: 'data:image/png;base64,AA"><script>') for each in several
    ]
    page = html.page(frame, articles, summary(several))
    parsed = Page(page)
    assert parsed.tags <= {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p",
                           "header", "main", "section", "article", "div", "img", "span", "b", "a",
                           "table", "caption", "thead", "tbody", "tr", "th", "td", "code",
                           "figure", "figcaption", "dl", "dt", "dd", "fieldset", "legend", "label",
                           "input", "details", "summary"}  # fmt: skip
    assert not [name for name, _ in parsed.attributes if name.startswith("on")]
    # links lead to places of the page itself, and all of them are there
    named = {value for name, value in parsed.attributes if name == "id"}
    led = [value or "" for name, value in parsed.attributes if name == "href"]
    assert led
    assert all(each.startswith("#") and each[1:] in named for each in led)
    assert len(named) == sum(name == "id" for name, _ in parsed.attributes)
    assert "default-src 'none'" in page
    assert "http://" not in page.replace("http-equiv", "")
    assert "https://" not in page
    page.encode()


def test_what_quiet_runs_leave_out_is_not_made():
    forms = Forms(names=("text", "jsonl"), view=View(), only_at_fault=("text",))
    assert set(forms.outgoing(None, reports.full()).parts) == {"text", "jsonl"}
    quiet = replace(reports.full(), findings=())
    assert set(forms.outgoing(None, quiet).parts) == {"jsonl"}
