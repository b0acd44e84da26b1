"""Every outcome and every code has its sentences, in every language that is offered."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from genlabel.manifests.validation import status_codes
from genlabel.model.report import (
    Form,
    Integrity,
    Lineage,
    SigningTime,
    Survival,
    TrustLevel,
    Validity,
)
from genlabel.model.vocabulary import DigitalSourceType
from genlabel.model.words import codes
from genlabel.model.words.catalogue import ENGLISH, LANGUAGES, OFFERED, catalogue
from genlabel.policies.platforms import PLATFORMS

SOURCE = Path(__file__).parents[3] / "src/genlabel"
OUTCOMES = [
    *(f"integrity.{each.value}" for each in Integrity),
    "integrity.broken-binding",
    "integrity.broken-signature",
    "integrity.broken-uncovered",
    "integrity.unknown-no-binding",
    "integrity.unknown-remote-only",
    "integrity.unknown-several",
    "integrity.unknown-prerelease",
    "integrity.unknown-unsupported-algorithm",
    *(f"form.{each.value}" for each in Form),
    *(f"lineage.{each.value}" for each in Lineage),
    "lineage.unsigned",
    "steps.told",
    *(f"trust.{each.value}" for each in TrustLevel),
    *(f"time.{each.value}" for each in SigningTime),
    *(f"validity.{each.value}" for each in Validity),
    "declared.attested",
    "declared.unattested",
    "declared.outlived",
    "declared.inherited",
    "declared.nothing",
    "trust.forged",
    "trust.unfit",
    "trust.late",
    "validity.late",
    *(f"survival.{each.value}" for each in Survival),
]
SENTENCES = ("lay", "expert", "not")
EXAMPLES = {
    "code": "a.b",
    "where": "iptc",
    "name": "Acme",
    "list": "L",
    "moment": "M",
    "what": "W",
    "whence": "H",
    "count": "4",
    "kinds": "K",
}

FORBIDDEN = {
    "en": r"compliant|compliance|\breal\b|\breally\b|\bfake\b|genuine|authentic\b|guarantee",
    "fr": r"conforme|conformité|\bréel|\bfaux\b|authentique|garanti",
    "de": r"konform|\becht|\bgefälscht|authentisch|garantier",
    "zh": r"合规|真实|假冒|保证",
}


def emitted() -> set[str]:
    """The codes of all findings that the source makes with a code of its own."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "Finding":
                continue
            given = node.args[0] if node.args else None
            if isinstance(given, ast.Constant):
                found.add(given.value)
    return found


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_the_search_for_codes_finds_some():
    assert {"genlabel.label.absent", "genlabel.mark.lost"} <= emitted()


@pytest.mark.parametrize("code", sorted(emitted()))
def test_every_code_of_ours_has_an_entry_of_its_own(code):
    assert code in codes._ENTRIES, "add it to words/codes.py, and its sentences to the catalogues"


@pytest.mark.parametrize(
    "code",
    [
        code
        for code, concern in status_codes._CONCERNS.items()
        if concern is not status_codes.Concern.CREDENTIAL
    ],
)
def test_every_code_that_decides_integrity_has_an_entry_of_its_own(code):
    assert code in codes._ENTRIES


@pytest.mark.parametrize(
    ("code", "entry"),
    [
        ("genlabel.marks.disagree.source_type", "marks-disagree-source-type"),
        ("genlabel.marks.disagree.title", "marks-disagree"),
        ("genlabel.of.tomorrow", "other"),
        ("timeStamp.mismatch", "timestamp"),
        ("claim.multiple", "form"),
        ("cawg.of.tomorrow", "identity"),
        ("book/rule", "rule-failed"),
    ],
)
def test_a_code_without_an_entry_falls_to_its_family(code, entry):
    assert codes.entry(code) == entry


@pytest.mark.parametrize("language", OFFERED)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_has_a_clause_and_three_sentences(outcome, language):
    own = catalogue(language).own
    assert {f"{outcome}.{each}" for each in ("short", *SENTENCES)} <= own.keys()


@pytest.mark.parametrize("language", OFFERED)
@pytest.mark.parametrize(
    "entry", sorted({*codes._ENTRIES.values(), *(name for _, name in codes._FAMILIES), "form"})
)
def test_every_entry_of_a_code_has_three_sentences(entry, language):
    words = catalogue(language)
    for kind in SENTENCES:
        assert f"finding.{entry}.{kind}" in words.own
        assert words.say(f"finding.{entry}.{kind}", **EXAMPLES).endswith((".", "。"))


@pytest.mark.parametrize("language", OFFERED)
def test_every_statement_about_a_platform_has_a_sentence(language):
    own = catalogue(language).own
    for platform in PLATFORMS:
        for statement in platform.statements:
            assert f"platform.{platform.name}.{statement.name}" in own


@pytest.mark.parametrize("language", OFFERED)
def test_every_source_type_has_a_clause(language):
    own = catalogue(language).own
    assert {f"source-type.{each.code}" for each in DigitalSourceType} <= own.keys()


def test_what_is_offered_lacks_nothing():
    english = catalogue(ENGLISH).own.keys()
    for language in OFFERED:
        assert catalogue(language).own.keys() == english
        assert catalogue(language).reviewed


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_says_what_english_does_not(language):
    assert catalogue(language).own.keys() <= catalogue(ENGLISH).own.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_braces_are_the_same_in_every_language(language):
    english = catalogue(ENGLISH).own
    for name, sentence in catalogue(language).own.items():
        assert fields(sentence) == fields(english[name]), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_says_a_forbidden_word(language):
    forbidden = re.compile(FORBIDDEN[language], re.IGNORECASE)
    said = {name: text for name, text in catalogue(language).own.items() if forbidden.search(text)}
    assert said == {}


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - set(OFFERED)))
def test_a_prepared_language_has_the_verdicts_and_says_the_rest_in_english(language):
    words = catalogue(language)
    assert not words.reviewed
    for name in ("integrity.intact", "integrity.broken", "trust.unknown", "declared.nothing"):
        assert words.own[f"{name}.lay"] != catalogue(ENGLISH).own[f"{name}.lay"]
    assert words.say("finding.other.lay") == catalogue(ENGLISH).say("finding.other.lay")


def test_every_entry_of_the_catalogue_is_reached():
    families = (name for _, name in codes._FAMILIES)
    reached = {*codes._ENTRIES.values(), *families, codes.RULE, "form"}
    named = {each.split(".")[1] for each in catalogue(ENGLISH).own if each.startswith("finding.")}
    assert named == reached


def test_what_is_filled_in_is_cut_and_its_braces_mean_nothing():
    said = catalogue().say("trust.unknown.lay", name="{list}" + "x" * 500)
    assert "{list}xxx" in said
    assert len(said) < 500
