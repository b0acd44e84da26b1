"""A report in sentences: every answer once, hostile text as text, codes as they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

import genlabel
import reports
from genlabel.model.label import Label
from genlabel.model.parties import Producer
from genlabel.model.report import WRITTEN, Integrity, Severity, Survival
from genlabel.model.words.sentences import spoken
from genlabel.rendering import text
from genlabel.rendering.text import Style
from genlabel.testing import picture


@pytest.fixture(scope="module")
def signed(authority) -> bytes:
    label = Label.generated(producer=Producer("Acme Studio"))
    return genlabel.sign(picture("jpeg"), label, authority.signer()).data


@pytest.mark.parametrize("lang", ["en", "fr", "de", "zh"])
def test_a_signed_picture_gets_every_answer_once(signed, authority, lang):
    said = genlabel.in_words(genlabel.verify(signed, trust=authority.anchors), lang=lang)
    answers = {each.question: each.outcome for each in said}
    assert answers == {
        "integrity": "intact",
        "form": "well-formed",
        "trust": "known",
        "time": "none",
        "validity": "within",
        "declared": "attested",
    }
    assert len(said) == len(answers)
    for each in said:
        assert len({each.lay, each.expert, each.does_not_mean}) == 3


def test_a_changed_picture_is_said_to_be_changed_and_nobody_is_accused(signed):
    broken = signed[:-20] + bytes([signed[-20] ^ 1]) + signed[-19:]
    said = genlabel.in_words(genlabel.verify(broken), lang="fr")
    integrity = said[0]
    assert (integrity.question, integrity.outcome) == ("integrity", "broken")
    assert "modifié" in integrity.lay
    assert "tromper" in integrity.does_not_mean
    finding = next(each for each in said if each.question == "finding")
    assert finding.outcome == "assertion.dataHash.mismatch"
    assert finding.severity is Severity.ERROR
    assert "changed after it was signed" in finding.explanation  # English, whatever the language


def test_what_became_of_each_mark_is_said(signed):
    report = genlabel.strip_check(picture("jpeg"), against=signed)
    said = {each.question: each for each in genlabel.in_words(report)}
    assert said["manifest"].outcome == Survival.LOST
    assert said["manifest"].lay.endswith("is gone.")
    assert {mark.value for mark in WRITTEN} <= said.keys()


def test_a_file_that_could_not_be_judged_has_no_verdict():
    assert genlabel.in_words(reports.unjudged()) == ()


def test_the_reason_of_a_verdict_chooses_its_sentence():
    report = replace(reports.full(), integrity=Integrity.UNKNOWN, reason="remote-only")
    assert "web server" in spoken(report)[0].lay
    report = replace(report, reason="something new")
    assert spoken(report)[0].lay == "There is a signed label, and it could not be checked here."


@pytest.mark.parametrize("language", ["en", "fr", "de", "zh"])
@pytest.mark.parametrize("make", [reports.full, reports.stripped, reports.unjudged])
def test_hostile_text_stays_text_in_every_language(make, language):
    style = Style(verbose=True, language=language)
    shown = text.rendered(make(reports.HOSTILE), style)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "::error" not in shown
    assert "##[" not in shown


def test_codes_and_stable_words_are_the_same_in_every_language():
    english = text.rendered(reports.full(), Style(verbose=True))
    french = text.rendered(reports.full(), Style(verbose=True, language="fr"))
    assert "intact" in french
    assert "[genlabel.b]" in english
    assert "[genlabel.b]" in french
    assert "intégrité" in french
    assert "integrity" not in french
