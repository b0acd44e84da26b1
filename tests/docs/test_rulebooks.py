"""Every demand of the texts behind the rule books has a row, with words that are in the text."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from genlabel.model.words.translation import translated
from genlabel.policies import Rule, policy
from genlabel.policies.rule import Level
from pages import HOME

PAGE = (HOME / "docs" / "rulebooks.md").read_text("utf-8")
SHARED = Path(os.environ.get("GENLABEL_CORPUS", HOME.parent / "shared" / "corpus")).parent
FOLDERS = ("sources", "facts")
NAMES = {
    "1st": "cepic-guidelines-en-1st.txt",
    "2023": "cepic-guidelines-en-2023-10-20.txt",
    "fr": "cepic-guide-fr.txt",
    "news": "netflix-rules-fr.txt",
    "notes": "rulebooks.md",
}
QUOTED = re.compile(
    r"“((?:[^“”]|“[^”]*”)+)” \(((?:(?:1st|2023|fr|news|notes):\d+(?:, )?)+)\)", re.DOTALL
)
QUOTATIONS = [
    (quote, *reference.split(":"))
    for quote, references in QUOTED.findall(PAGE)
    for reference in references.split(", ")
]
DEMANDS = re.compile(
    r"\b(should|must|shall|need to|doit|doivent|devrait|Ensure|Informe?r?s?|Support|Restrict"
    r"|Soutenir|S'assurer|Educate)\b"
)
NORMATIVE = {"1st": (59, 244), "2023": (73, 312), "fr": (88, 254)}
"""The lines of each edition between its definitions and its conclusion."""
LONGEST = 8
"""Lines over which a quoted sentence may run."""


def text(short: str) -> list[str]:
    for folder in FOLDERS:
        path = SHARED / folder / NAMES[short]
        if path.is_file():
            return path.read_text("utf-8").split("\n")
    pytest.skip(f"the source texts are not here: no {NAMES[short]} below {SHARED}")


def plain(words: str) -> str:
    words = words.replace("’", "'").translate({ord(each): '"' for each in "“”"})
    return " ".join(words.replace("*", "").split())


def lines(quote: str, short: str, line: int) -> range:
    """The lines of the text over which `quote` runs from `line` on; empty where it is not there."""
    wanted, following = plain(quote), text(short)[line - 1 : line - 1 + LONGEST]
    for count in range(1, len(following) + 1):
        if wanted in plain(" ".join(following[:count])):
            return range(line, line + count)
    return range(0)


@pytest.mark.parametrize(
    ("quote", "short", "line"), QUOTATIONS, ids=[f"{each[1]}:{each[2]}" for each in QUOTATIONS]
)
def test_a_quoted_sentence_is_in_its_text(quote: str, short: str, line: str) -> None:
    assert lines(quote, short, int(line)), f"{quote!r} is not at line {line} of {NAMES[short]}"


@pytest.mark.parametrize("short", NORMATIVE)
def test_every_demand_of_an_edition_has_a_row(short: str) -> None:
    covered = {
        number
        for quote, of, line in QUOTATIONS
        if of == short
        for number in lines(quote, short, int(line))
    }
    demands = text(short)
    missing = {
        number: demands[number - 1]
        for number in range(*NORMATIVE[short])
        if DEMANDS.search(demands[number - 1]) and number not in covered
    }
    assert missing == {}


def test_a_row_names_a_rule_or_a_reason() -> None:
    rows = [line.split(" | ") for line in PAGE.splitlines() if line.startswith("| “")]
    reasons = set(re.findall(r"^\| \*(\w+)\* \|", PAGE, re.MULTILINE))
    for demand, carrier in rows:
        assert QUOTED.search(demand.replace("**", ""))
        assert carrier.strip(" |")
        assert set(re.findall(r"\[\*(\w+)\*\]", carrier)) <= reasons


GUIDES_OWN = {
    "marked": ("a été créé",),
    "told": ("légendage", "métadonnées", "moyens cryptographiques"),
    "told-fully": ("légendage", "métadonnées", "moyens cryptographiques"),
    "visible": ("claire et visible",),
    "in-time": ("opportune",),
    "named": ("personne physique ou morale",),
    "human-part": ("humains", "le processus"),
    "sources": ("autorisation requise",),
    "licensed": ("licences d'exploitation", "privilégiée"),
    "model-basis": ("base juridique",),
    "releases": ("consentement des personnes photographiées",),
    "opt-out": ("fouille",),
    "harmless": ("diffame",),
    "capabilities": ("capacités", "limites"),
    "complaints": ("plainte",),
    "policies": ("politiques", "internes", "accessibles au public"),
    "retention": ("projet déterminé", "conservé"),
    "record": ("mémoire du contenu visuel collecté",),
    "corrections": ("plainte",),
}
"""Rule of `cepic` → words of the French guide in which it asks."""
NOT_IN_THE_GUIDE = {"uncontradicted"}
"""What a file shows against itself; the guide speaks of harm alone."""


@pytest.mark.parametrize("rule", policy("cepic").rules, ids=lambda each: each.id)
def test_the_french_of_the_agencies_book_is_the_guides(rule: Rule) -> None:
    words = GUIDES_OWN.get(rule.id, ())
    assert bool(words) is not (rule.id in NOT_IN_THE_GUIDE)
    french = plain(translated(rule.asks, "fr"))
    guide = plain(" ".join(text("fr")))
    for each in words:
        assert each in french
        assert each in guide


@pytest.mark.parametrize("book", [policy("cepic"), policy("netflix")], ids=["cepic", "netflix"])
def test_no_rule_names_a_line_of_a_copy_and_what_it_quotes_is_in_the_text(book) -> None:
    short = {"cepic": "2023", "netflix": "news"}[book.name]
    for rule in book.rules:
        section = rule.source.section
        assert not re.search(r"\blines? \d", section), rule.id
        if "“" in section:
            whole = plain(" ".join(text(short)))
            quoted = re.search("“(.*)”", section)
            assert quoted is not None
            parts = [each.strip() for each in quoted[1].split("…") if each.strip()]
            missing = [each for each in parts if plain(each) not in whole]
            assert (rule.id, missing) == (rule.id, [])


STRENGTH = {
    "marked": (Level.SHOULD, "Support and/or participate in all organisations/ initiatives"),
    "told": (Level.MUST, "through labelling, metadata, or cryptographic means"),
    "told-fully": (Level.MAY, "through labelling, metadata, or cryptographic means"),
    "opt-out": (Level.MAY, "this should be considered as sufficient to qualify as opt out"),
    "licensed": (Level.SHOULD, "Licensing of Data should be preferred."),
}
"""Rule of `cepic` → how strongly it may ask, and the guide's words for that."""


@pytest.mark.parametrize("name", STRENGTH)
def test_no_rule_asks_more_strongly_than_the_guide(name: str) -> None:
    level, words = STRENGTH[name]
    rule = next(each for each in policy("cepic").rules if each.id == name)
    assert rule.level is level
    assert plain(words) in plain(" ".join(text("2023")))


HEADS = re.compile(r"^ *(\d)\. ?([A-Z]\w+)")


def test_each_sentence_of_the_agencies_book_is_under_the_head_that_it_names() -> None:
    """Of the second edition, which every rule names; the heads of its five principles."""
    under: dict[str, str] = {}
    head = ""
    for line in text("2023")[: NORMATIVE["2023"][1]]:
        if found := HEADS.match(line):
            head = found[2]
            under[head] = ""  # they are listed before they follow
        elif head:
            under[head] += f"\n{line}"
    assert set(under) == {"Lawfulness", "Transparency", "Necessity", "Accuracy", "Security"}
    for rule in policy("cepic").rules:
        named, _, quote = rule.source.section.partition(": ")
        for part in quote.strip("“”").split(" … "):
            words = plain(part.strip("… :"))
            assert words in plain(under[named.split()[0]]), f"{rule.id}: {words!r}"
