"""A rubric of the conformance programme, and how a rule of it is made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from genlabel.model.dataclass import dataclass
from genlabel.model.escape import quoted
from genlabel.policies.answers import Check, failed, not_applicable, passed
from genlabel.policies.conformance import findings
from genlabel.policies.conformance.findings import Objections
from genlabel.policies.conformance.view import Active, active
from genlabel.policies.conformance.vocabulary import Vocabulary
from genlabel.policies.evidence import Evidence
from genlabel.policies.rule import Basis, Judgement, Level, Rule, RuleSource

PUBLISHED = "2026-08-06"
_READ = date(2026, 11, 29)
_MOST = 8
"""Most words of a file that one judgement quotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """One official rubric: where it is, and by which version of the specification it judges."""

    book: str
    """The rule book that it is here."""
    title: str
    url: str
    spec: Vocabulary

    def source(self, name: str, section: str) -> RuleSource:
        """Where the rule called `name` is written, and what it is drawn from."""
        return RuleSource(
            title=self.title,
            section=f"{name}; {section}" if section else name,
            url=self.url,
            published=PUBLISHED,
            read=_READ,
        )


Made = Callable[[Rubric], Rule]


def rule(
    name: str,
    objections: Callable[[Active, Vocabulary], Objections] | None = None,
    *,
    asks: str,
    otherwise: str,
    fix: str,
    section: str = "",
    level: Level = Level.MUST,
    without: bool = False,
) -> Made:
    """How the rule called `name` is made for a rubric.

    `otherwise` says what was found in its place {0}. The rule applies to files with a manifest;
    `without` one it fails.
    """
    found = objections or getattr(findings, name)

    def made(rubric: Rubric) -> Rule:
        source = rubric.source(name, section)
        met = passed(
            asks,
            policy=rubric.book,
            rule=name,
            asks=asks,
            level=level,
            basis=Basis.FILE,
            where="manifest",
            source=source,
        )
        return Rule(
            name,
            asks=asks,
            source=source,
            level=level,
            check=_check(found, rubric.spec, met, otherwise, without=without),
            fix=fix,
            reads_manifest=True,
        )

    return made


def _check(
    objections: Callable[[Active, Vocabulary], Objections],
    spec: Vocabulary,
    met: Judgement,
    otherwise: str,
    *,
    without: bool,
) -> Check:
    def check(evidence: Evidence) -> Judgement:
        manifest = active(evidence)
        if manifest is None:
            lacking = "the file has no manifest"
            return failed(lacking, where="manifest") if without else not_applicable(lacking)
        objects = objections(manifest, spec)
        if not objects:
            return met
        wrong = list(dict.fromkeys(map(quoted, objects)))
        shown = ", ".join(wrong[:_MOST]) + (", …" if len(wrong) > _MOST else "")
        return failed(otherwise.replace("{0}", shown), where="manifest")

    return check
