"""By whose word a producer is called so, on the first screen and to the rule book."""

from __future__ import annotations

from functools import cache

import pytest

from forgeries import names as family
from forgeries.case import Case, Made
from genlabel.credentials.trust import Trust
from genlabel.model.asset import Asset
from genlabel.model.report import Report, Severity
from genlabel.operations.verify import verify
from genlabel.policies.labelled import LABELLED
from genlabel.rendering import text
from genlabel.rendering.text import Style

SIGNED = [case for case in family.CASES if case.expected["integrity"] == "intact"]


@cache
def report(title: str) -> Report:
    made: Made = next(case for case in family.CASES if case.title == title).make()
    return verify(Asset(data=made.data), trust=made.trust)


@pytest.mark.parametrize("case", SIGNED, ids=lambda case: case.name)
def test_a_name_by_nobodys_word_is_a_warning_and_by_the_users_a_note(case: Case):
    judged = LABELLED.objections(report(case.title))
    found = [each.severity for each in judged if each.code == "genlabel.producer.differs"]
    own = case.expected["producer"] in (None, family.OWN)
    wanted = {"claim": [Severity.WARNING], "configured": [Severity.NOTE]}
    basis = case.expected["producer_basis"]
    if case.name == "a signer whose name is in Cyrillic":
        own = False  # the certificate's name is another
    assert found == ([] if own else wanted[basis])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_first_screen_says_that_a_name_is_a_claim(language: str):
    claim = {"en": "(a claim)", "fr": "(une affirmation)"}[language]
    style = Style(language=language)
    for name in ("another's name", "another's name, only gathered"):
        screen = text.rendered(report(f"names: {name}"), style)
        assert f"'BBC' {claim}" in screen
    for name in (family.CONTROL, "another's name by the user's own word, honest"):
        assert claim not in text.rendered(report(f"names: {name}"), style)


def test_no_hidden_character_of_a_name_reaches_a_screen_and_json_keeps_each():
    for case in family.LOOKALIKES:
        shown = text.rendered(report(case.title), Style(verbose=True))
        assert not set("\u200b\u202e\u00ad\U000e0041") & set(shown)
        assert report(case.title).to_dict()["declared"]["producer"] == case.expected["producer"]


def test_pairs_are_part_of_trust():
    trust = Trust.of(producers={"Acme Holding": "Acme Studio", "Beta": ["B", "C", "B"]})
    assert trust.producers == (("Acme Holding", "Acme Studio"), ("Beta", "B"), ("Beta", "C"))
    assert not trust
