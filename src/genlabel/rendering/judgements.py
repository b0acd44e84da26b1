"""Rows and counts of judgements: how many rules passed, failed, or cannot be judged, and by what.

Nowhere is said that a law or guide is met; that nobody can conclude from rules that passed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from genlabel.model.escape import escape, sentence
from genlabel.model.judgement import Basis, Judgement, Level, ReadFrom, Verdict
from genlabel.model.words.translation import translated
from genlabel.model.words.typography import colon, semicolon
from genlabel.rendering.row import Row
from genlabel.rendering.rule_books import NO_LAW, source

OWN = "labelled"
"""The book of every run, whose objections say all that it has to say to people in a hurry."""
DECLARED = "declared"
_COUNTED = {
    Verdict.FAILED: "{} failed",
    Verdict.UNDECIDED: "{} cannot be judged",
    Verdict.NOT_APPLICABLE: "{} not applicable",
}


def of(report: Any) -> tuple[Judgement, ...]:
    """Those of a report, or of the report that reading back a signed file gave."""
    judging = report if hasattr(report, "judgements") else getattr(report, "report", None)
    judged: tuple[Judgement, ...] = getattr(judging, "judgements", ())
    return judged


def counts(judgements: Iterable[Judgement]) -> Counter[str]:
    """How many there are of each verdict, ``cepic/passed``; of those decided by declaration alone
    ``cepic/declared``, too."""
    found: Counter[str] = Counter()
    for each in judgements:
        found[f"{each.policy}/{each.verdict.value}"] += 1
        if each.basis is Basis.DECLARED:
            found[f"{each.policy}/{DECLARED}"] += 1
    return found


def rows(judgements: Iterable[Judgement], language: str) -> Iterator[Row]:
    """One line a book, then what cannot be judged, and what to do where a rule failed."""
    listed = list(judgements)
    books = dict.fromkeys(each.policy for each in listed)
    for book in books:
        told = f"{book}{colon(language)}{account(counts(listed), book, language)}"
        yield Row("rules", told, detail=book == OWN)
    for each in listed:
        yield from _judged(each, language)
    yield from _copies(listed, language)
    if any(book != OWN for book in books):
        yield Row("note", NO_LAW)


def _copies(judgements: Iterable[Judgement], language: str) -> Iterator[Row]:
    """The texts that were not read themselves, each once: no output leaves that out."""
    several = {each.source for each in judgements if each.source and not _is_official(each)}
    for each in sorted({source(replace(text, section=""), language) for text in several}):
        yield Row("texts", each)


def account(counted: Mapping[str, int], book: str, language: str, *, files: int = 1) -> str:
    """How many of a book's rules passed, failed and so on, in one line; of several files, how many
    of its judgements."""
    every = sum(counted.get(f"{book}/{each.value}", 0) for each in Verdict)
    passed, declared = (counted.get(f"{book}/{name}", 0) for name in (Verdict.PASSED, DECLARED))
    said = f"{passed:,} of {every:,} {'rules' if files == 1 else 'judgements'} passed"
    parts = [translated(said, language)]
    for verdict, words in _COUNTED.items():
        if number := counted.get(f"{book}/{verdict.value}", 0):
            parts.append(translated(words.format(f"{number:,}"), language))
    if declared:
        parts.append(translated(f"{declared:,} judged by declaration alone", language))
    return ", ".join(parts)


def _judged(judgement: Judgement, language: str) -> Iterator[Row]:
    """What the finding of a rule that failed does not say; of one that passed, a detail.

    Each line names the rule, since a page puts details elsewhere.
    """
    own = judgement.policy == OWN
    where = f" [{escape(judgement.id)}]"
    told = _told(judgement, language)
    if judgement.verdict is Verdict.FAILED and judgement.fix and not own:
        fix = sentence(translated(judgement.fix, language))
        yield Row("remedy", f"{fix}{where}", detail=judgement.level is Level.MAY)
        asks = sentence(translated(judgement.asks, language))
        yield Row("asked", f"{asks} ({told}){where}", detail=True)
    elif judgement.verdict is Verdict.UNDECIDED:
        settles = sentence(translated(judgement.settles or "", language))
        why = f"{_concluded(judgement, language)}{semicolon(language)}{settles}"
        yield Row("undecided", f"{why}{where}", detail=own)
        yield Row("asked", f"{told}{where}", detail=True)
    elif judgement.verdict is Verdict.PASSED:
        by = f" ({told})" if not own else ""
        yield Row("passed", f"{_concluded(judgement, language)}{by}{where}", detail=True)
    elif judgement.verdict is Verdict.NOT_APPLICABLE:
        yield Row("not asked", f"{_concluded(judgement, language)}{where}", detail=True)


def _concluded(judgement: Judgement, language: str) -> str:
    """What the rule asks, and why the answer is what it is, where that says more."""
    why = sentence(translated(judgement.explanation, language))
    if not judgement.asks or judgement.asks == judgement.explanation:
        return why
    return f"{sentence(translated(judgement.asks, language))}{colon(language)}{why}"


def _is_official(judgement: Judgement) -> bool:
    """Was the rule's text read itself? Where not, every output says what was read."""
    return judgement.source is None or judgement.source.how is ReadFrom.OFFICIAL


def _told(judgement: Judgement, language: str) -> str:
    """How strongly it asks, by whose word it is judged, and where the rule is written."""
    parts = [judgement.level.value]
    if judgement.declared_by is not None and judgement.declared_on is not None:
        by = f"declared by {escape(judgement.declared_by)} on {judgement.declared_on.isoformat()}"
        parts.append(translated(by, language))
    if judgement.source is not None:
        parts.append(source(judgement.source, language))
    return semicolon(language).join(parts)
