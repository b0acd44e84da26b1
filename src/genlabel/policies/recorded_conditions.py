"""Conditions on what a manifest records of its picture: its steps, and the right to its sources."""

from __future__ import annotations

from genlabel.model.element_rights import RightsBasis
from genlabel.model.judgement import Judgement
from genlabel.model.step_by import StepBy
from genlabel.policies.answers import Check, compared, undecided
from genlabel.policies.arguments import words
from genlabel.policies.evidence import Evidence
from genlabel.policies.recorded import basis_of, pictures, steps, word_of


def step_by(argument: object) -> Check:
    """A step of the picture's history is by one of those; one that names nobody is by none."""
    wanted = words(argument, [each.value for each in StepBy])

    def check(evidence: Evidence) -> Judgement:
        recorded = steps(evidence.report)
        if not recorded:
            return undecided(
                "no steps are recorded in a manifest that holds",
                settles="sign with --steps",
                where="steps",
            )
        fitting = [each for each in recorded if each.by is not None and each.by.value in wanted]
        makers = sorted({each.by.value for each in recorded if each.by is not None})
        return compared(
            bool(fitting),
            f"the steps recorded are by {', '.join(makers) or 'nobody named'}",
            " or ".join(wanted),
            basis=word_of(fitting or recorded),
            where="steps",
        )

    return check


def source_basis_in(argument: object) -> Check:
    """Each picture that went in is used by one of those rights."""
    wanted = words(argument, [each.value for each in RightsBasis])

    def check(evidence: Evidence) -> Judgement:
        recorded = pictures(evidence.report)
        if not recorded:
            return undecided(
                "no sources are recorded in a manifest that holds",
                settles="name the elements with their rights in a label file",
                where="sources",
            )
        by_right = sorted({basis_of(each) or "none that is stated" for each in recorded})
        return compared(
            set(by_right) <= set(wanted),
            f"the sources recorded are used by {', '.join(by_right)}",
            " or ".join(wanted),
            basis=word_of(recorded),
            where="sources",
        )

    return check
