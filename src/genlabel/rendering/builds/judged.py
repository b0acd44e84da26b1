"""One file as build systems are told of it: its findings, gravest first, and its row of facts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from genlabel.model.dataclass import dataclass
from genlabel.model.escape import escape, sentence
from genlabel.model.judgement import Judgement, ReadFrom
from genlabel.model.report import Finding, Report, Severity
from genlabel.model.results import StripReport
from genlabel.model.words.catalogue import ENGLISH
from genlabel.model.words.translation import translated
from genlabel.operations.baseline import place_of
from genlabel.rendering import judgements, phrases
from genlabel.rendering.json import AnyReport
from genlabel.rendering.places import Place
from genlabel.rendering.rule_books import source

UNJUDGED = "genlabel.unjudged"
"""The code of a file for which there was no answer; no report has it, for it is no finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One finding, every text escaped and on one line."""

    code: str
    severity: Severity
    sentence: str
    where: str = ""
    accepted: str | None = None
    """Why it does not count: the reason in a baseline."""
    remedy: str = ""
    """What to do, where the finding is a rule's own."""
    source: str = ""
    """Where that rule is written."""
    is_official: bool = True
    """Was that text read itself, and not a copy, a quotation or a summary of it?"""
    uri: str | None = None
    """The address of that text."""
    fingerprint: str = ""
    """16 hexadecimal digits of path, code and place, which stay when the file is signed or encoded
    anew, and a number among equal ones: ``0123456789abcdef:1``."""

    @property
    def told(self) -> str:
        """The sentence, and where; of a rule that was not read at its source, what was read."""
        told = f"{self.sentence} ({self.where})" if self.where else self.sentence
        return told if self.is_official else f"{told}; {self.source}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One file of a run, small enough to be kept until its end."""

    path: str
    """Below the root with forward slashes, exactly as it is in the file system; for people and
    commands it has to be escaped."""
    suite: str = ""
    """The argument that led to the file."""
    remarks: tuple[Remark, ...] = ()
    """Gravest first."""
    trouble: str | None = None
    """Why it could not be judged; None when it was."""
    facts: tuple[tuple[str, str], ...] = ()
    """The cells of its row in a table, by column."""

    def failing(self, least: Severity) -> tuple[Remark, ...]:
        """The findings that are at least so grave, without those that a baseline accepts."""
        return tuple(
            each for each in self.remarks if each.severity.reaches(least) and each.accepted is None
        )

    @property
    def shown(self) -> str:
        """The path for people, on one line."""
        return escape(self.path, limit=None)


def judged(report: AnyReport, place: Place, *, suite: str = "", language: str = ENGLISH) -> Judged:
    """What is told of one report; an original that was not published is told by its own path."""
    any_report: Any = report
    path = place.below(report.path or getattr(report, "against", None))
    findings: tuple[Finding, ...] = getattr(any_report, "findings", ())
    return Judged(
        path=path,
        suite=escape(suite, limit=None),
        remarks=tuple(_remarks(path, findings, rules_of(report), language)),
        trouble=_trouble(report, language),
        facts=tuple(_facts(any_report, path)),
    )


def rules_of(report: AnyReport) -> Mapping[str, Judgement]:
    """What was judged, by the rules' full names."""
    return {each.id: each for each in judgements.of(report)}


def _remarks(
    path: str, findings: Iterable[Finding], rules: Mapping[str, Judgement], language: str
) -> Iterator[Remark]:
    equal: Counter[str] = Counter()
    for each in sorted(findings, key=lambda each: (each.severity.rank, each.code)):
        place = place_of(each.where)
        key = "\0".join((path, each.code, place)).encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(key).hexdigest()[:16]
        equal[digest] += 1
        rule = rules.get(each.code)
        text = rule.source if rule is not None else None
        yield Remark(
            remedy=sentence(translated(rule.fix or "", language)) if rule is not None else "",
            source=escape(source(text, language)) if text is not None else "",
            is_official=text is None or text.how is ReadFrom.OFFICIAL,
            uri=text.url if text is not None else None,
            code=escape(each.code),
            severity=each.severity,
            sentence=sentence(phrases.finding(each, language)),
            where=escape(each.where or ""),
            accepted=None if each.accepted is None else escape(each.accepted),
            fingerprint=f"{digest}:{equal[digest]}",
        )


def _trouble(report: AnyReport, language: str) -> str | None:
    if report.error is not None:
        message = report.error.message.removeprefix(f"{report.path}: ")  # it is told beside it
        return sentence(translated(message, language))
    if report.unjudged:
        words = phrases.integrity(report, language) if isinstance(report, Report) else ""
        return escape(words or translated("it could not be judged", language))
    return None


def _facts(report: Any, path: str) -> Iterator[tuple[str, str]]:
    yield "path", path
    if isinstance(report, Report):
        yield from _verified(report)
    elif isinstance(report, StripReport):
        yield from _stripped(report)
    worst = min(report.findings, key=lambda each: each.severity.rank, default=None)
    yield "worst", worst.severity.value if worst else ""
    yield "finding", worst.code if worst else ""
    yield "error", report.error.message if report.error else ""


def _verified(report: Report) -> Iterator[tuple[str, str]]:
    signer, declared = report.signer, report.declared
    yield "format", report.format_name or ""
    yield "integrity", report.integrity.value
    yield "form", report.form.value
    yield "signer", (signer.organisation or signer.common_name or "") if signer else ""
    yield "trust", signer.trust.value if signer else ""
    yield "source_type", declared.source_type or ""
    yield "producer", declared.producer or ""
    yield "generator", declared.generator or ""
    yield "attested", "yes" if declared.attested else "no"
    yield "marks", " ".join(mark.value for mark in report.marks)


def _stripped(report: StripReport) -> Iterator[tuple[str, str]]:
    yield "against", report.against or ""
    for mark, fate in report.marks.items():
        yield mark.value, fate.value
    yield "picture", report.pixels.change if report.pixels else ""
    yield "cause", report.cause or ""
