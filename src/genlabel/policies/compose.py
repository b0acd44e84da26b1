"""Books made of other books: all of them, any of them, without some rules, at other levels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from genlabel.model.errors import ConfigurationError
from genlabel.policies.answers import failed, passed, undecided
from genlabel.policies.declarations import Question
from genlabel.policies.evidence import Evidence
from genlabel.policies.rule import Judgement, Level, Policy, Rule, RuleSource, Verdict


def all_of(
    name: str,
    books: Iterable[Policy],
    *,
    rules: Iterable[Rule] = (),
    questions: Iterable[Question] = (),
    without: Collection[str] = (),
    levels: Mapping[str, Level] | None = None,
    title: str = "",
    version: str = "1",
    published: str | None = None,
) -> Policy:
    """A book of all rules of `books`, each under the name of its own book, and of `rules`.

    `without` and `levels` name rules as ``book/rule``; the former are left out, the latter count
    at another level. Raises `ConfigurationError` for names of no rule, and where no rule is left.
    """
    books, levels = tuple(books), levels or {}
    joined = [
        (f"{rule.book or book.name}/{rule.id}", replace(rule, book=rule.book or book.name))
        for book in books
        for rule in book.rules
    ]
    joined += [(f"{rule.book or name}/{rule.id}", rule) for rule in rules]
    known = {full for full, _ in joined}
    for full in (*without, *levels):
        if full not in known:
            raise ConfigurationError(
                f"rule book {name}: {full}: no rule of its books",
                remedy="`genlabel policy show NAME` lists them",
            )
    kept = {
        (full, rule.since, rule.check): _at(rule, levels.get(full))
        for full, rule in joined
        if full not in without
    }
    return Policy(
        name=name,
        title=title or name,
        version=version,
        published=published,
        rules=tuple(kept.values()),
        questions=tuple(questions),
        of=books,
    )


def _at(rule: Rule, level: Level | None) -> Rule:
    return rule if level in (None, rule.level) else replace(rule, level=level, relevelled=True)


def any_of(id: str, books: Iterable[Policy], *, source: RuleSource, level: Level) -> Rule:
    """One rule that passes where one of the `books` has no rule that failed or is undecided."""
    books = tuple(books)
    names = " or ".join(each.name for each in books)

    def check(evidence: Evidence) -> Judgement:
        judged = {each.name: [made.verdict for made in each.judge(evidence)] for each in books}
        for name, verdicts in judged.items():
            if Verdict.PASSED in verdicts and not {Verdict.FAILED, Verdict.UNDECIDED} & {*verdicts}:
                return passed(f"each rule of {name} that applies passed")
        if all(Verdict.FAILED in verdicts for verdicts in judged.values()):
            return failed(f"a rule of each book failed: {names}")
        return undecided(
            f"none of the books passed, and not all failed: {names}",
            settles="judge by each of them alone, and see what it asks for",
        )

    return Rule(
        id,
        asks=f"one of the books is met: {names}",
        source=source,
        level=level,
        check=check,
        fix=f"judge by one of {names} alone, and see what failed",
        reads_crjson=any(each.reads_crjson for each in books),
        reads_manifest=any(each.reads_manifest for each in books),
    )
