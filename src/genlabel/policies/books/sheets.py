"""Checks that the books share: answers of a declarations sheet, and what a report shows of a mark.

Without a sheet for the book a question is open, and the rule undecided. A sheet that was handed in
with an answer left out says less than the book asks, and the rule fails.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from genlabel.model.ai import Ai
from genlabel.model.judgement import Judgement, Verdict
from genlabel.model.report import Integrity, Mark, Report
from genlabel.policies.answers import (
    Check,
    by_word,
    declared,
    failed,
    not_applicable,
    passed,
    undecided,
    undeclared,
    unjudged,
    word,
)
from genlabel.policies.evidence import Evidence


def unanswered(
    evidence: Evidence, key: str, *, alone: bool = False, by_files: bool = False
) -> Judgement:
    """Undecided without a sheet for the book; failed where one was handed in without the answer.

    Where that `alone` meets the rule, the remedy is the answer, and not what a bad one asks for.
    `by_files`: files can show it, too, and this one does not.
    """
    book = key.partition(".")[0]
    for other, answer in evidence.declarations.answers.items():
        if other.startswith(f"{book}."):
            fix = f"answer {key} in the form; `genlabel policy ask {book}` writes all questions"
            return failed(
                "the declarations leave this answer out",
                **by_word(answer, key),
                fix=fix if alone else None,
            )
    return undeclared(key, by_files=by_files)


def asked(
    *keys: str,
    fits: Callable[[Any], bool] = bool,
    otherwise: str = "",
    by_files: bool = False,
) -> Check:
    """The check of a rule that the answers to `keys` decide, each of which has to fit.

    `by_files`: files can show it, too, and this one does not.
    """
    checks = tuple((key, declared(key, fits=fits, otherwise=otherwise)) for key in keys)

    silent = undeclared(keys[0], by_files=by_files)

    def check(evidence: Evidence) -> Judgement:
        made, answers = silent, evidence.declarations.answers
        if not answers:
            return made
        for key, each in checks:
            if key not in answers:
                return unanswered(evidence, key, alone=True)
            made = each(evidence)
            if made.verdict is not Verdict.PASSED:
                return made
        return made

    return check


def of_ai(check: Check) -> Check:
    """The check of a rule that is about pictures which a model made or changed."""

    def guarded(evidence: Evidence) -> Judgement:
        if evidence.report.ai is Ai.NONE:
            return not_applicable("the file declares that no model made or changed the picture")
        return check(evidence)

    return guarded


def is_signed(report: Report) -> bool:
    """Is there a manifest that is unchanged and states a source type?"""
    stated = report.marks.get(Mark.MANIFEST)
    return report.integrity is Integrity.INTACT and bool(stated and stated.source_type)


def signed_mark(evidence: Evidence) -> Judgement:
    """A source type in a signed manifest that is unchanged."""
    report = evidence.report
    if report.unjudged:
        return unjudged()
    if is_signed(report):
        return passed(basis=word(report), where=Mark.MANIFEST.value)
    if report.integrity is Integrity.BROKEN:
        return failed("the picture was changed after it was signed", where=Mark.MANIFEST.value)
    return failed("nothing that is signed says how the picture came to be", where="source_type")


def never(_: Evidence) -> Judgement:
    """What no file shows as long as there is no form for it."""
    return undecided(
        "there is no form yet in which this could be shown to genlabel",
        settles="look at your own records",
    )
