"""The answers that a rule can give, and checks of rules that a declaration decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from genlabel.model.judgement import Basis, Judgement, Verdict
from genlabel.model.report import Finding, Report, Severity
from genlabel.policies.declarations import Answer
from genlabel.policies.evidence import Evidence

Check = Callable[[Evidence], Judgement]
"""How a rule sees its answer in the evidence."""
UNSHOWN = "the file does not show it, and nobody declared it"


_once = lru_cache(maxsize=1024, typed=True)(Judgement)
"""An answer, made once of the same parts: most rules say the same of most files."""


def _answer(**parts: Any) -> Judgement:
    try:
        return _once(**parts)
    except TypeError:  # a part that has no hash, or that there is none: told below
        return Judgement(**parts)


def passed(explanation: str = "", **more: Any) -> Judgement:
    """The rule is met; without an explanation it is as the rule asks."""
    return _answer(verdict=Verdict.PASSED, explanation=explanation, **more)


def failed(explanation: str, **more: Any) -> Judgement:
    """It is not met; `more` are further fields of the judgement."""
    return _answer(verdict=Verdict.FAILED, explanation=explanation, **more)


def undecided(explanation: str, *, settles: str, **more: Any) -> Judgement:
    """Nothing shows it; `settles` says what would."""
    return _answer(verdict=Verdict.UNDECIDED, explanation=explanation, settles=settles, **more)


def unjudged() -> Judgement:
    """Nobody could look at the file."""
    return undecided(
        "the picture could not be judged",
        settles="give the file with the manifest that belongs to it",
    )


def not_applicable(explanation: str, **more: Any) -> Judgement:
    """The rule is about other files, and why this is none of them."""
    return _answer(verdict=Verdict.NOT_APPLICABLE, explanation=explanation, **more)


def compared(holds: bool, found: str, wanted: str, **more: Any) -> Judgement:
    """Met where it `holds`; both say what was `found`."""
    return passed(found, **more) if holds else failed(f"{found}; wanted: {wanted}", **more)


def by_word(answer: Answer, key: str) -> dict[str, Any]:
    """The fields of a judgement that rests on the `answer` to `key`."""
    return {
        "basis": Basis.DECLARED,
        "where": key,
        "declared_by": answer.by,
        "declared_on": answer.on,
    }


def word(report: Report) -> Basis:
    """Whose word the declared source type is."""
    return Basis.SIGNED if report.declared.attested else Basis.FILE


def declared(key: str, *, fits: Callable[[Any], bool] = bool, otherwise: str = "") -> Check:
    """The check of a rule that the answer to `key` alone decides.

    It passes where the answer `fits`: any text, day or approval, and a yes, unless told otherwise.
    `otherwise` explains why another answer fails.
    """

    def check(evidence: Evidence) -> Judgement:
        answer = evidence.declarations.answers.get(key)
        if answer is None:
            return undeclared(key)
        whose = by_word(answer, key)
        if fits(answer.value):
            return passed(**whose)
        return failed(otherwise or f"{key} is declared, and not as the rule asks", **whose)

    return check


@lru_cache(maxsize=1024)
def undeclared(key: str, *, by_files: bool = False) -> Judgement:
    """No file shows it, or this one does not of those that can, and nobody declared it."""
    return undecided(
        UNSHOWN if by_files else "no file can show this, and nobody declared it",
        settles=f"declare {key} in the file of --declarations",
        where=key,
    )


def weighed(
    key: str,
    shown: Callable[[Evidence], bool | None],
    *,
    fits: Callable[[Any], bool] = bool,
    otherwise: str = "",
    unshown: str = UNSHOWN,
) -> Check:
    """The check of a rule that the file may show, and else the answer to `key`.

    `shown` is True or False where the file shows it, None where it does not. A declaration never
    overrules what the file shows: one that says the opposite is an error of its own.
    """
    by_word = declared(key, fits=fits, otherwise=otherwise)

    def check(evidence: Evidence) -> Judgement:
        is_shown, answer = shown(evidence), evidence.declarations.get(key)
        if is_shown is None:
            return by_word(evidence) if answer else replace(undeclared(key), explanation=unshown)
        if answer is not None and bool(fits(answer.value)) is not is_shown:
            return contradicted(key, evidence)
        return passed() if is_shown else failed(otherwise or "the file shows the opposite")

    return check


def contradicted(key: str, evidence: Evidence) -> Judgement:
    """The file shows the opposite of what was declared by `key`, which fails at any level."""
    answer = evidence.declarations.get(key)
    explanation = f"the file shows the opposite of what is declared by {key}"
    return failed(
        explanation,
        where=key,
        fix="correct the declaration, or the picture",
        declared_by=answer.by if answer else None,
        declared_on=answer.on if answer else None,
        findings=(
            Finding(
                "genlabel.declaration.contradicted",
                severity=Severity.ERROR,
                where=key,
                explanation=explanation,
            ),
        ),
    )
