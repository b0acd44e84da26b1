"""Judgements in every form of output: counted, with remedies and sources, and no law is met."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from genlabel import render
from genlabel.model.judgement import Level, ReadFrom, RuleSource, Verdict
from genlabel.model.report import Integrity, Report
from genlabel.operations.explain import explain
from genlabel.policies import LABELLED
from genlabel.policies.answers import declared, failed, not_applicable, passed
from genlabel.policies.declarations import Answer, Declarations, Question
from genlabel.policies.evidence import Evidence
from genlabel.policies.rule import Policy, Rule, applied
from genlabel.rendering import rows, text
from genlabel.rendering.text import Style

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/verify-1.json").read_text("utf-8"))
SOURCE = RuleSource(
    title="The Guide",
    section="§3",
    url="https://example.com/guide",
    published="2026-06-10",
    how=ReadFrom.QUOTED,
)


def rule(name: str, check: object, **more: object) -> Rule:
    return Rule(name, asks=f"{name} is so", source=SOURCE, check=check, fix="mend it", **more)


BOOK = Policy(
    name="book",
    title="a book",
    rules=(
        rule("shown", lambda _: passed()),
        rule("broken", lambda _: failed("it is not so", where="iptc")),
        rule("advised", lambda _: failed("nor this"), level=Level.SHOULD),
        rule("contact", declared("book.contact")),
        rule("persons", declared("book.persons")),
        rule("films", lambda _: not_applicable("it is no film")),
    ),
    questions=(Question("contact", text="Whom?"), Question("persons", text="Who?")),
)
DECLARED = Declarations(
    answers={"book.contact": Answer(value="x", by="Ada\x1b", on=date(2026, 11, 29))}
)


@pytest.fixture
def report() -> Report:
    bare = Report(path="a.png", format_name="png", integrity=Integrity.ABSENT)
    return applied([BOOK], Evidence(bare, declarations=DECLARED))


def test_text_counts_and_says_what_is_open_what_to_do_and_no_law(report):
    told = text.rendered(report, Style())
    assert (
        "book: 2 of 6 rules passed, 2 failed, 1 cannot be judged, 1 not applicable, "
        "1 judged by declaration alone"
    ) in told
    assert "error       it is not so (iptc) [book/broken]" in told
    assert "warning     nor this [book/advised]" in told
    assert "mend it [book/broken]" in told
    assert "declare book.persons in the file of --declarations [book/persons]" in told
    assert told.count("texts       The Guide, 2026-06-10, read as others quote it") == 1
    assert "genlabel does not say whether a law is met" in told
    assert not re.search(r"compliant|complies|conform", told)


def test_with_all_details_it_says_whose_word_and_in_what_copy_the_rule_was_read(report):
    told = text.rendered(report, Style(verbose=True))
    assert "declared by Ada\\x1b on 2026-11-29" in told
    assert "The Guide, §3, 2026-06-10, read as others quote it" in told
    assert "it is no film [book/films]" in told


@pytest.mark.parametrize("form", ["text", "html"])
def test_whatever_a_rule_concludes_it_says_what_was_asked_how_strongly_and_by_which_text(
    report, form
):
    """On one line with the rule's name: a page puts details elsewhere."""
    told = (
        text.rendered(report, Style(verbose=True))
        if form == "text"
        else html.unescape(re.sub(r"<(?!/?tr)[^>]*>", " ", render([report], "html")))
    )
    rows_told = told.split("\n" if form == "text" else "</tr>")
    for each in report.judgements:
        naming = [row for row in rows_told if f"[{each.id}]" in row]
        assert any(each.asks in row for row in naming), each.id
        if each.verdict is not Verdict.NOT_APPLICABLE:
            asked = f"{each.level}; "
            assert any(asked in row and "The Guide, §3" in row for row in naming), each.id


def test_a_copy_is_told_with_the_day_on_which_it_was_read(report):
    read = replace(SOURCE, read=date(2026, 11, 29))
    book = replace(BOOK, rules=tuple(replace(each, source=read) for each in BOOK.rules))
    told = text.rendered(applied([book], replace(report, judgements=())), Style())
    assert "The Guide, 2026-06-10, read as others quote it (2026-11-29)" in told


def test_what_to_do_about_a_note_is_shown_with_the_note(report):
    """Notes are details, and so is the remedy of a rule that is a `may`."""
    book = Policy(name="may", title="may", rules=(rule("more", lambda _: failed("not so")),))
    for level, shown in ((Level.SHOULD, True), (Level.MAY, False)):
        of_level = replace(book, rules=tuple(replace(each, level=level) for each in book.rules))
        judged = applied([of_level], replace(report, judgements=()))
        for style, expected in ((Style(), shown), (Style(verbose=True), True)):
            told = text.rendered(judged, style)
            assert ("not so [may/more]" in told) is expected
            assert ("mend it [may/more]" in told) is expected


def test_french_has_no_english_left_in_what_the_engine_says(report):
    told = text.rendered(report, Style(language="fr"))
    assert "2 sur 6 règles satisfaites, 2 en échec, 1 qu’on ne peut juger" in told
    assert "genlabel ne dit pas si une loi est respectée" in told


def test_the_own_book_says_in_details_alone_what_it_did_not_object_to():
    bare = Report(path="a.png", format_name="png", integrity=Integrity.ABSENT)
    listed = [row for row in rows.of(applied([LABELLED], bare)) if not row.detail]
    assert not any("rules passed" in row.words or "law" in row.words for row in listed)


def test_json_has_every_judgement_and_counts_them_by_book(report):
    document = json.loads(render([report], "json"))
    jsonschema.validate(document, SCHEMA)
    assert document["summary"]["judgements"] == {
        "book": {"passed": 2, "failed": 2, "undecided": 1, "not_applicable": 1, "declared": 1}
    }
    (shown,) = document["reports"]
    by_rule = {each["rule"]: each for each in shown["judgements"]}
    assert by_rule["broken"] == {
        "policy": "book",
        "rule": "broken",
        "asks": "broken is so",
        "level": "must",
        "verdict": "failed",
        "basis": "file",
        "where": "iptc",
        "explanation": "it is not so",
        "fix": "mend it",
        "settles": None,
        "declared_by": None,
        "declared_on": None,
        "source": {
            "title": "The Guide",
            "section": "§3",
            "url": "https://example.com/guide",
            "published": "2026-06-10",
            "read": None,
            "how": "quoted",
        },
    }
    assert by_rule["contact"]["declared_on"] == "2026-11-29"


def test_sarif_has_the_rules_by_their_names_with_remedy_source_and_address(report):
    (run,) = json.loads(render([report], "sarif"))["runs"]
    rules = {each["id"]: each for each in run["tool"]["driver"]["rules"]}
    assert set(rules) == {"book/advised", "book/broken"}
    assert rules["book/broken"]["helpUri"] == "https://example.com/guide"
    assert rules["book/broken"]["help"]["text"].startswith("mend it. The Guide, §3")
    assert [each["level"] for each in run["results"]] == ["error", "warning"]


def test_junit_fails_by_the_rules_name(report):
    root = ElementTree.fromstring(render([report], "junit"))
    failure = root.find(".//failure")
    assert failure is not None
    assert failure.get("type") == "book/broken"


@pytest.mark.parametrize("form", ["concise", "github", "gitlab", "junit", "sarif", "text", "html"])
def test_every_form_says_that_a_rule_was_not_read_at_its_source(report, form):
    assert "read as others quote it" in render([report], form)


def test_a_page_says_it_all_too(report):
    page = render([report], "html")
    assert "2 of 6 rules passed" in page
    assert "whether a law is met" in page


def test_over_several_files_each_book_has_one_line():
    counts = {"files": 2, "book/passed": 3, "book/failed": 1, "labelled/passed": 14}
    assert list(text.accounts(counts)) == [
        "book: 3 of 4 judgements passed, 1 failed",
        "genlabel does not say whether a law is met",
    ]
    assert list(text.accounts({"files": 2, "labelled/passed": 14})) == []


def test_an_explanation_tells_what_the_rule_found_and_that_no_law_is_judged(report):
    spoken = [each for each in explain(report, "en").spoken if each.outcome == "book/broken"]
    (one,) = spoken
    assert one.lay == "It is not so."
    assert "genlabel does not say whether a law is met" in one.does_not_mean
