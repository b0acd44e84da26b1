"""Results in a notebook: one table each, escaped, bounded, without anything that is fetched."""

from __future__ import annotations

import html.parser

import pytest

import genlabel
import reports
from genlabel import testing
from genlabel.model.notebook import MAX_ROWS, table

HOSTILE = '<script>alert(1)</script>\u202e\x1b[31m" onload="x\' & <img src=http://evil.example/>'


class _Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen, self.open, self.texts = [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def parsed(markup):
    tags = _Tags()
    tags.feed(markup)
    tags.close()
    assert tags.open == []
    return tags


@pytest.mark.parametrize(
    "result",
    [
        reports.full(HOSTILE),
        reports.unjudged(HOSTILE),
        reports.stripped(HOSTILE),
        reports.signed(HOSTILE),
        reports.full(HOSTILE).signer,
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_hostile_text_is_only_text(result):
    tags = parsed(result._repr_html_())
    assert {tag for tag, _ in tags.seen} == {"table", "caption", "tr", "th", "td"}
    assert {name for _, attributes in tags.seen for name in attributes} <= {"style", "scope"}
    assert not [text for text in tags.texts if "\x1b" in text or "\u202e" in text]


def test_what_was_found_is_there(signer, authority):
    label = genlabel.Label.generated(producer=genlabel.Producer("Acme & Söhne"))
    signed = genlabel.sign(testing.picture("png"), label, signer)
    report = genlabel.verify(signed.data, trust=authority.anchors)
    for result in (signed, report, genlabel.inspect(signed.data), genlabel.explain(signed.data)):
        tags = parsed(result._repr_html_())
        assert tags.texts[0] == type(result).__name__
        assert any("Acme & Söhne" in text for text in tags.texts)
    assert "intact" in parsed(report._repr_html_()).texts
    assert len(signed._repr_html_()) < 50_000  # and no picture in it


def test_it_is_bounded():
    many = {f"n{number}": [{"a": "x" * 1000}] * 100 for number in range(100)}
    assert len(parsed(table("T", many)).seen) <= 3 * (MAX_ROWS + 2)
    deep = {}
    for _ in range(5000):
        deep = {"a": deep, "b": 1}
    assert len(table("T", deep)) < 100_000
