"""Rule books: what a rule, its source and a policy are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from genlabel.model.errors import PolicyFailure
from genlabel.model.report import Finding, Report, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One small rule: what it asks, where that is written, and how to see it in a report."""

    code: str
    asks: str
    """What must be true, one sentence."""
    source: str
    """The law, guide or page that asks for it, with its section."""
    check: Callable[[Report], Iterable[Finding]]
    """What does not fit; nothing when the rule is met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A named set of rules."""

    name: str
    title: str
    rules: tuple[Rule, ...]

    def judge(self, report: Report) -> tuple[Finding, ...]:
        """What in `report` does not fit the rules, beside what the report found by itself."""
        return tuple(self._unfit(report))

    def apply(self, report: Report) -> Report:
        """`report` with the policy's own findings added."""
        return replace(report, findings=(*report.findings, *self.judge(report)))

    def require(self, report: Report) -> None:
        """Raise `PolicyFailure` if the report's findings and the policy's hold an error.

        A report that could not be judged fails too.
        """
        errors = tuple(
            finding
            for finding in dict.fromkeys((*report.findings, *self.judge(report)))
            if finding.severity is Severity.ERROR
        )
        if errors or report.unjudged:
            what = errors[0].explanation if errors else "the picture could not be judged"
            raise PolicyFailure(f"{report.path or 'picture'}: {what}", errors)

    def _unfit(self, report: Report) -> Iterator[Finding]:
        for rule in self.rules:
            yield from rule.check(report)
