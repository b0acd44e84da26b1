"""The glossary: each word once, in both languages, with the words that the catalogues use."""

from __future__ import annotations

import pytest

from pages import HOME

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (HOME / "docs/glossary.md").read_text("utf-8").splitlines()
    if line.startswith("| **")
]
CATALOGUE = (HOME / "src/genlabel/model/words/catalogues/fr.toml").read_text("utf-8").lower()
ASKED = ("C2PA", "manifest", "assertion", "digital source type", "trust list", "time-stamp")
OF_CATALOGUE = (
    *("manifest", "manifest store", "hard binding", "ingredient", "signer", "lineage"),
    *("label", "time-stamp", "digital source type", "generator", "producer"),
)


def test_the_words_that_everything_rests_on_are_there():
    assert set(ASKED) <= {row[0].strip("*") for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=[row[0].strip("*") for row in ROWS])
def test_a_word_is_defined_in_both_languages(row):
    assert len(row) == 4
    assert all(row)
    assert all(definition.endswith(".") for definition in row[2:])


def test_each_word_stands_once_and_in_order():
    words = [row[0].strip("*").lower() for row in ROWS]
    assert words == sorted(set(words))


@pytest.mark.parametrize("word", OF_CATALOGUE)
def test_the_french_word_is_the_one_that_reports_use(word):
    (french,) = [row[1] for row in ROWS if row[0].strip("*") == word]
    first = french.split(" ")[0].lower()
    assert first in CATALOGUE
