"""Rows of rule books: what each asks, at which level, and where that is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from genlabel.model.judgement import ReadFrom, RuleSource
from genlabel.model.words.catalogue import ENGLISH
from genlabel.model.words.translation import translated
from genlabel.rendering.row import Row

if TYPE_CHECKING:
    from genlabel.policies.described import DescribedBook, DescribedRule

NO_LAW = "genlabel does not say whether a law is met"
"""Stands under every account of rules."""
_READ = {
    ReadFrom.MIRROR: "read in a copy of the official text",
    ReadFrom.QUOTED: "read as others quote it",
    ReadFrom.SECONDARY: "read in somebody else's summary",
}


def book(described: DescribedBook, language: str) -> Iterator[Row]:
    """A book; its rules and questions one by one are details."""
    yield Row("book", _in(described.title, language))
    version = f"version {described.version}"
    if described.published:
        version = f"version {described.version}, of {described.published}"
    yield Row("texts", translated(version, language))
    if described.since is not None:
        yield Row("since", described.since.isoformat())
    yield Row("rules", f"{len(described.rules)}")
    yield Row("questions", f"{len(described.questions)}")
    for each in described.rules:
        words = f"{each.name}: {_in(each.asks, language)}"
        yield Row("rule", words, verdict=each.level.value, detail=True)
    for question in described.questions:
        yield Row("question", f"{question.key}: {_in(question.text, language)}", detail=True)


def rule(described: DescribedRule, language: str) -> Iterator[Row]:
    """One rule with all that is known of it."""
    yield Row("asks", _in(described.asks, language))
    yield Row("level", "", verdict=described.level.value)
    yield Row("shown by", "", verdict=described.basis.value)
    yield Row("written in", source(described.source, language))
    if described.source.url:
        yield Row("", described.source.url)
    if described.since is not None:
        yield Row("since", described.since.isoformat())
    if described.until is not None:
        yield Row("until", described.until.isoformat())
    yield Row("remedy", _in(described.fix, language))
    if described.needs:
        yield Row("sign needs", ", ".join(described.needs))
    yield Row("note", NO_LAW)


def _in(spoken: Mapping[str, str], language: str) -> str:
    """In English where a language is only prepared."""
    return spoken.get(language, spoken[ENGLISH])


def source(given: RuleSource, language: str) -> str:
    """Title, section and day of a text, and what copy of it was read where not its own."""
    parts = [str(given)]
    if given.published:
        parts.append(given.published)
    if given.how in _READ:
        parts.append(translated(_READ[given.how], language))
        if given.read is not None:
            parts[-1] += f" ({given.read.isoformat()})"
    return ", ".join(parts)
