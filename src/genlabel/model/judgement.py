"""What a rule book's rule concludes from one file: Judgement, and where the rule is written.

A judgement is about one rule. That all of them passed says nothing about whether a law is met.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date
from enum import StrEnum

from genlabel.model.dataclass import dataclass
from genlabel.model.finding import Finding
from genlabel.model.serialise import Result, in_json
from genlabel.model.verdicts import Severity


class Verdict(StrEnum):
    """The answer to one rule."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"
    """Neither the file nor a declaration shows it."""
    NOT_APPLICABLE = "not-applicable"
    """The rule is about other files."""


class Basis(StrEnum):
    """What an answer rests on."""

    FILE = "file"
    """What the file shows by itself, whoever wrote it."""
    SIGNED = "signed"
    """What a known signer vouches for, or who that is."""
    DECLARED = "declared"
    """The user's own word, which no file shows."""
    NONE = "none"


class Level(StrEnum):
    """How strongly a text asks for something (the EU Code's will, encouraged, may)."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"

    @property
    def severity(self) -> Severity:
        """That of the finding where the rule fails."""
        return _SEVERITIES[self]


_SEVERITIES = {
    Level.MUST: Severity.ERROR,
    Level.SHOULD: Severity.WARNING,
    Level.MAY: Severity.NOTE,
}


class ReadFrom(StrEnum):
    """In what copy a rule's text was read."""

    OFFICIAL = "official"
    MIRROR = "mirror"
    """The official wording, kept by somebody else."""
    QUOTED = "quoted"
    """Official words in somebody else's document."""
    SECONDARY = "secondary"
    """Somebody else's summary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSource:
    """Where a rule is written."""

    title: str
    section: str = ""
    """As the text counts: ``Measure 1.1``, ``§15.10``; words that can be searched for where it does
    not."""
    url: str | None = None
    """The official address, of the publisher where the text has none; None of what has neither."""
    published: str | None = None
    """The text's own date: ``2023-10-20``, ``2024-07``; None of an undated one."""
    read: date | None = None
    """When somebody last read it for this rule."""
    how: ReadFrom = ReadFrom.OFFICIAL

    def __str__(self) -> str:
        return ", ".join(each for each in (self.title, self.section) if each)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Judgement(Result):
    """What one rule concludes. Which rule it was (`policy` to `source`) its book fills in."""

    policy: str = ""
    rule: str = ""
    asks: str = ""
    """What the rule asks: what must be true for it to pass."""
    level: Level = Level.MUST
    verdict: Verdict
    basis: Basis = Basis.NONE
    where: str | None = None
    """A JUMBF URI, a mark, a field, or a declaration's key: ``cepic.complaint_contact``."""
    explanation: str = ""
    """For people; not stable."""
    fix: str | None = None
    """What to do, where the rule failed; else None."""
    settles: str | None = None
    """What would decide it, where it is undecided; else None."""
    declared_by: str | None = None
    """Whose word it rests on, with `basis` ``declared``."""
    declared_on: date | None = None
    """When that was declared."""
    source: RuleSource | None = None
    findings: tuple[Finding, ...] = field(default=(), metadata=in_json(""))
    """What does not fit, some of which may have been found before; where a rule failed and has
    none, its book makes one of the judgement."""

    @property
    def id(self) -> str:
        """The rule's full name: ``cepic/marked``."""
        return f"{self.policy}/{self.rule}"
