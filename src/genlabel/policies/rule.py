"""Rule books: what a rule and a policy are; the answers that a rule can give are in `answers`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field, replace
from datetime import date

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, PolicyFailure
from genlabel.model.expression import expression
from genlabel.model.judgement import (
    Basis as Basis,
    Judgement as Judgement,
    Level as Level,
    ReadFrom as ReadFrom,
    RuleSource as RuleSource,
    Verdict as Verdict,
)
from genlabel.model.report import Finding, Report, Severity, but
from genlabel.policies.answers import Check, undecided
from genlabel.policies.declarations import Question
from genlabel.policies.evidence import Evidence as Evidence
from genlabel.policies.needs import Need as Need, Order as Order

_NAME = expression(r"[a-z0-9][a-z0-9._-]{0,63}")
RESERVED = frozenset({"schema", "by", "on", "for", "paths"})
"""What stands beside the tables of books in declarations."""
_RULE = expression(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One small rule: what it asks, where that is written, and how to see it in the evidence."""

    id: str
    """Its name in the book; that of the text that it is from, where that has names."""
    asks: str = field(kw_only=True)
    """What must be true, one sentence."""
    source: RuleSource = field(kw_only=True)
    level: Level = field(default=Level.MUST, kw_only=True)
    basis: Basis = field(default=Basis.FILE, kw_only=True)
    """What its answers rest on, where they do not say so themselves."""
    check: Check = field(kw_only=True, repr=False)
    fix: str = field(kw_only=True)
    """What to do where it fails, one sentence."""
    needs: tuple[Need, ...] = field(default=(), kw_only=True)
    """What `sign --policy` asks for before it signs anything."""
    reads_crjson: bool = field(default=False, kw_only=True)
    """Does it look at the crJSON? Without one it cannot be decided."""
    reads_manifest: bool = field(default=False, kw_only=True)
    """Does it look at the active manifest alone, as crJSON has it? Reading that costs less."""
    since: date | None = field(default=None, kw_only=True)
    """The first day on which it is asked; None: from the beginning."""
    until: date | None = field(default=None, kw_only=True)
    """The last day on which it is asked; None: there is none."""
    book: str | None = field(default=None, kw_only=True)
    """The book that it is from, in one that is composed of others; None: the one that it is in."""
    relevelled: bool = field(default=False, kw_only=True)
    """Has a composed book given it another level, which its findings then have?"""
    _latest: tuple[Judgement | None, str, Judgement | None] = field(
        default=(None, "", None), init=False, repr=False, compare=False
    )
    """The latest answer, the book that it was for, and what was made of it: most files get it."""

    def judgement(self, made: Judgement, book: str) -> Judgement:
        """What is `made` of a file, with all that is known of the rule in `book`."""
        of, among, known = self._latest
        if known is None or of is not made or among != book:
            known = _completed(made, self, self.book or book)
            object.__setattr__(self, "_latest", (made, book, known))
        return known

    def in_force(self, day: date) -> bool:
        """Is it asked on that day?"""
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A rule book: a named set of rules, and the questions that no file answers.

    Raises `ConfigurationError` for one without rules, with two rules of one name on one day, or
    with a rule that does not say where it is written or what to do.
    """

    name: str
    title: str
    rules: tuple[Rule, ...]
    questions: tuple[Question, ...] = ()
    version: str = "1"
    """Of the texts that it is from, as they count themselves."""
    published: str | None = None
    """The day of these texts: ``2026-06-10``; None where they have none."""
    since: date | None = None
    """The first day for which it can judge; None: there is none."""
    of: tuple[Policy, ...] = ()
    """The books of which it is composed: what these ask of the user is asked here, too."""
    file: str | None = None
    """The TOML file that it was read from."""
    reads_crjson: bool = field(default=False, init=False, repr=False, compare=False)
    """Does one of its rules look at the crJSON?"""
    reads_manifest: bool = field(default=False, init=False, repr=False, compare=False)
    """Does one of its rules look at the active manifest alone?"""
    _dated: bool = field(default=False, init=False, repr=False, compare=False)
    """Has one of its rules a first or a last day?"""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.name in RESERVED:
            raise ConfigurationError(f"rule book {self.name!r}: no name of a book")
        if not self.rules:
            raise ConfigurationError(f"rule book {self.name}: has no rule")
        for rule in self.rules:
            _require_sound(self.name, rule)
        _require_different(self.name, self.rules)
        twice = _twice(each.id for each in self.questions)
        if twice is not None:
            raise ConfigurationError(f"rule book {self.name}: asks {twice} twice")
        dated = any(each.since is not None or each.until is not None for each in self.rules)
        object.__setattr__(self, "_dated", dated)
        for name in ("reads_crjson", "reads_manifest"):
            object.__setattr__(self, name, any(getattr(each, name) for each in self.rules))

    @property
    def whole(self) -> tuple[Policy, ...]:
        """The book and all of which it is composed, each once."""
        below = (each for book in self.of for each in book.whole)
        return tuple({each.name: each for each in (self, *below)}.values())

    def in_force(self, day: date) -> tuple[Rule, ...]:
        """The rules that are asked on `day`; `ConfigurationError` for one before the book."""
        if self.since is not None and day < self.since:
            raise ConfigurationError(
                f"rule book {self.name}: knows no rules of {day.isoformat()}",
                remedy=f"judge as of {self.since.isoformat()} or later",
            )
        if not self._dated:
            return self.rules
        return tuple(each for each in self.rules if each.in_force(day))

    def lacking(self, order: Order, day: date) -> dict[Need, list[str]]:
        """What the order lacks for the rules in force, and the rules that need it."""
        found: dict[Need, list[str]] = {}
        for rule in self.in_force(day):
            for need in rule.needs:
                if not need.is_given(order):
                    found.setdefault(need, []).append(f"{self.name}/{rule.id}")
        return found

    def judge(self, evidence: Evidence | Report) -> tuple[Judgement, ...]:
        """What each rule that is in force concludes."""
        given = evidence if isinstance(evidence, Evidence) else Evidence(evidence)
        if given.crjson is None and self._lacks(given):
            given = replace(given, crjson=given.report.crjson())
        rules = self.in_force(given.day)
        if given.report.error is not None:
            made = undecided("the file could not be judged", settles="give a file that can be read")
            return tuple(rule.judgement(made, self.name) for rule in rules)
        if given.crjson is None and self._lacks(given):
            return tuple(rule.judgement(_without_crjson(rule, given), self.name) for rule in rules)
        name = self.name
        return tuple([rule.judgement(rule.check(given), name) for rule in rules])

    def _lacks(self, evidence: Evidence) -> bool:
        """Is the crJSON read, or what stands for it not there?"""
        return self.reads_crjson or (evidence.manifest is None and self.reads_manifest)

    def objections(self, evidence: Evidence | Report) -> tuple[Finding, ...]:
        """What does not fit the rules, beside what the report found by itself."""
        report = evidence.report if isinstance(evidence, Evidence) else evidence
        return _objections(report, self.judge(evidence))

    def apply(self, evidence: Evidence | Report) -> Report:
        """The report with the book's judgements and its objections added."""
        return applied([self], evidence)

    def require(self, evidence: Evidence | Report) -> None:
        """Raise `PolicyFailure` if the report's findings and the book's hold an error.

        A report that could not be judged fails too.
        """
        required([self], evidence)


def _without_crjson(rule: Rule, evidence: Evidence) -> Judgement:
    if rule.reads_crjson or (rule.reads_manifest and evidence.manifest is None):
        return undecided("there is no crJSON of the file", settles="verify the file itself")
    return rule.check(evidence)


def applied(books: Iterable[Policy], evidence: Evidence | Report) -> Report:
    """The report with the judgements of several books, each of which sees it without the others'.

    What two of them object to alike is found once.
    """
    report = evidence.report if isinstance(evidence, Evidence) else evidence
    judged: list[Judgement] = []
    for book in books:
        judged += book.judge(evidence)
    if not judged:
        return report
    return but(
        report,
        judgements=(*report.judgements, *judged),
        findings=(*report.findings, *_objections(report, judged)),
    )


def required(books: Iterable[Policy], evidence: Evidence | Report) -> Report:
    """What `applied` gives, where neither the file nor the books have an error.

    Raises `PolicyFailure` where one of them has, or where the file could not be judged.
    """
    report = applied(books, evidence)
    every = dict.fromkeys(report.findings)
    errors = tuple(each for each in every if each.severity is Severity.ERROR)
    if not errors and not report.unjudged:
        return report
    what = errors[0].explanation if errors else "the picture could not be judged"
    fixes = (each.fix for each in report.judgements if not {*each.findings}.isdisjoint(errors[:1]))
    raise PolicyFailure(
        f"{report.path or 'picture'}: {what}", errors, remedy=next(fixes, None), report=report
    )


def _completed(made: Judgement, rule: Rule, book: str) -> Judgement:
    """The judgement with its rule, and the finding of one that failed.

    One that names them already is complete: a book of many rules has them ready.
    """
    if made.rule == rule.id and made.policy == book:
        return made
    decided = made.verdict in (Verdict.PASSED, Verdict.FAILED)
    complete = Judgement(  # `replace` takes three times as long, and there are many rules
        policy=book,
        rule=rule.id,
        asks=rule.asks,
        level=rule.level,
        verdict=made.verdict,
        basis=rule.basis if decided and made.basis is Basis.NONE else made.basis,
        where=made.where,
        explanation=made.explanation or rule.asks,
        fix=(made.fix or rule.fix) if made.verdict is Verdict.FAILED else None,
        settles=made.settles,
        declared_by=made.declared_by,
        declared_on=made.declared_on,
        source=rule.source,
        findings=made.findings,
    )
    if made.verdict is Verdict.FAILED and rule.relevelled:
        severity = rule.level.severity
        return replace(
            complete,
            findings=tuple(replace(each, severity=severity) for each in made.findings)
            or (_own(complete, severity),),
        )
    if made.verdict is not Verdict.FAILED or made.findings:
        return complete
    return replace(complete, findings=(_own(complete, rule.level.severity),))


def _own(judgement: Judgement, severity: Severity) -> Finding:
    return Finding(
        judgement.id,
        severity=severity,
        where=judgement.where,
        explanation=judgement.explanation,
    )


def _objections(report: Report, judged: Iterable[Judgement]) -> tuple[Finding, ...]:
    every = [finding for each in judged if each.findings for finding in each.findings]
    return tuple(dict.fromkeys([each for each in every if each not in report.findings]))


def _require_sound(book: str, rule: Rule) -> None:
    whole = f"{book}/{rule.id}"
    if not _RULE.fullmatch(rule.id):
        raise ConfigurationError(f"rule book {book}: {rule.id!r} is no name of a rule")
    if not isinstance(rule.source, RuleSource) or not rule.source.title:
        raise ConfigurationError(f"rule {whole}: does not say where it is written")
    if not rule.asks or not rule.fix:
        raise ConfigurationError(f"rule {whole}: does not say what it asks, or what to do")
    if rule.since is not None and rule.until is not None and rule.until < rule.since:
        raise ConfigurationError(f"rule {whole}: ends before it begins")


def _require_different(book: str, rules: Iterable[Rule]) -> None:
    """No two rules of one name on one day."""
    ends: dict[tuple[str, str], date | None] = {}
    for rule in sorted(rules, key=lambda each: each.since or date.min):
        name = (rule.book or book, rule.id)
        if name in ends:
            before = ends[name]
            if before is None or rule.since is None or rule.since <= before:
                raise ConfigurationError(f"rule book {book}: has {rule.id} twice")
        ends[name] = rule.until


def _twice(names: Iterable[str]) -> str | None:
    known: set[str] = set()
    for each in names:
        if each in known:
            return each
        known.add(each)
    return None
