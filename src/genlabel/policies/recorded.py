"""What a manifest that holds records of its picture: steps and sources, and whose word they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from genlabel.model.element_rights import RightsBasis
from genlabel.model.judgement import Basis
from genlabel.model.recorded_steps import RecordedStep
from genlabel.model.report import Integrity, Report
from genlabel.model.sources import SourceLine
from genlabel.model.verdicts import Vouched

_MODEL = "model"


def steps(report: Report) -> tuple[RecordedStep, ...]:
    """What was done to the picture; nothing where the manifest does not hold."""
    return report.steps if report.integrity is Integrity.INTACT else ()


def pictures(report: Report) -> list[SourceLine]:
    """Pictures that went in, by the active manifest; what went into those is their makers' word."""
    return [each for each in _lines(report) if each.kind is None]


def models(report: Report) -> list[SourceLine]:
    """Models that made or changed the picture, by the active manifest."""
    return [each for each in _lines(report) if each.kind == _MODEL]


def _lines(report: Report) -> Iterable[SourceLine]:
    holds = report.integrity is Integrity.INTACT
    return (each for each in report.sources if holds and each.depth == 1)


def basis_of(line: SourceLine) -> RightsBasis | None:
    """By what right it is used; None where that is not said, or in words that nobody knows."""
    if line.rights is None or line.rights.basis not in set(RightsBasis):
        return None
    return RightsBasis(line.rights.basis)


def has_ended(line: SourceLine, day: date) -> bool:
    """Was the last day of its licence before `day`?"""
    try:
        return date.fromisoformat((line.rights and line.rights.until) or "") < day
    except ValueError:  # none is named, or no day
        return False


def word_of(recorded: Iterable[RecordedStep | SourceLine]) -> Basis:
    """Whose word they all are."""
    attested = all(each.vouched is Vouched.ATTESTED for each in recorded)
    return Basis.SIGNED if attested else Basis.FILE
