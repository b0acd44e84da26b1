"""Rule books described: what each asks and where that is written, in every language offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import ClassVar

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.judgement import Basis, Level, RuleSource
from genlabel.model.nearest import nearest
from genlabel.model.serialise import Result
from genlabel.model.words.catalogue import OFFERED
from genlabel.model.words.translation import translated
from genlabel.policies import BOOKS, Books, named
from genlabel.policies.declarations import Question, QuestionKind
from genlabel.policies.rule import Policy, Rule


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DescribedRule(Result):
    """One rule of a book."""

    KIND: ClassVar[str] = "rule"

    policy: str
    rule: str
    asks: Mapping[str, str]
    """What must be true, by language."""
    level: Level
    basis: Basis
    """What its answers rest on as a rule."""
    fix: Mapping[str, str]
    """What to do where it fails, by language."""
    needs: tuple[str, ...]
    """The options that `genlabel sign --policy` asks for."""
    since: date | None
    """The first day on which it is asked."""
    until: date | None
    """The last one."""
    source: RuleSource

    @property
    def name(self) -> str:
        """Its full name."""
        return f"{self.policy}/{self.rule}"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DescribedQuestion(Result):
    """One question of a book."""

    key: str
    """As in declarations: ``cepic.complaint_contact``."""
    kind: QuestionKind
    choices: tuple[str, ...]
    text: Mapping[str, str]
    """The question, by language."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DescribedBook(Result):
    """A rule book with its rules and questions."""

    KIND: ClassVar[str] = "policies"

    name: str
    title: Mapping[str, str]
    version: str
    """Of the texts that it is from."""
    published: str | None
    """The day of these texts."""
    since: date | None
    """The first day for which it can judge."""
    rules: tuple[DescribedRule, ...]
    questions: tuple[DescribedQuestion, ...]


def described(book: Policy) -> DescribedBook:
    """The whole book."""
    return DescribedBook(
        name=book.name,
        title=_spoken(book.title),
        version=book.version,
        published=book.published,
        since=book.since,
        rules=tuple(_rule(book, each) for each in book.rules),
        questions=tuple(_question(book, each) for each in book.questions),
    )


def show_policies(policy: Books = None) -> tuple[DescribedBook, ...]:
    """Rule books with their rules and questions, in every language: those of genlabel, or others.

        for book in show_policies():
            print(book.name, len(book.rules))

    `policy` is one, its name or TOML file, or several. Raises `ConfigurationError` for an unknown
    one.
    """
    return tuple(map(described, named(policy or tuple(BOOKS))))


def explain_rule(name: str, *, policy: Books = None) -> tuple[DescribedRule, ...]:
    """The rule called ``book/rule``, or ``rule`` in any book; several where it has vintages.

        print(explain_rule("labelled/producer")[0].fix["en"])

    It is looked for in the books of genlabel, or in those of `policy`. Raises `ConfigurationError`
    where there is none.
    """
    several = named(policy or tuple(BOOKS))
    book_name, slash, rule_name = name.partition("/")
    wanted = rule_name if slash else name
    rules = tuple(
        _rule(book, each)
        for book in several
        if not slash or book.name == book_name
        for each in book.rules
        if each.id == wanted
    )
    if not rules:
        near = _nearest(name, several)
        raise ConfigurationError(
            f"{name}: no rule of any book",
            remedy=f"did you mean {near}?" if near else "`genlabel policy show NAME` lists them",
        )
    return rules


def _nearest(name: str, books: Iterable[Policy]) -> str | None:
    names = [f"{book.name}/{each.id}" for book in books for each in book.rules]
    short = {each.partition("/")[2]: each for each in names}
    near = nearest(name, [*names, *short])
    return short.get(near, near) if near else None


def _rule(book: Policy, rule: Rule) -> DescribedRule:
    return DescribedRule(
        policy=rule.book or book.name,
        rule=rule.id,
        asks=_spoken(rule.asks),
        level=rule.level,
        basis=rule.basis,
        fix=_spoken(rule.fix),
        needs=tuple(map(str, rule.needs)),
        since=rule.since,
        until=rule.until,
        source=rule.source,
    )


def _question(book: Policy, question: Question) -> DescribedQuestion:
    return DescribedQuestion(
        key=f"{book.name}.{question.id}",
        kind=question.kind,
        choices=question.choices,
        text=_spoken(question.text),
    )


def _spoken(text: str) -> dict[str, str]:
    return {language: translated(text, language) for language in OFFERED}
