"""What goes out of one report: made where the file was looked at, small enough to be handed on.

A whole report costs a process a third of a millisecond to hand over, and nobody needs it any more
once it is in the forms that are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import GenlabelError
from genlabel.model.named_tuple import NamedTuple
from genlabel.model.report import Finding, Severity
from genlabel.rendering import json, text
from genlabel.rendering.formats import View, part
from genlabel.rendering.json import AnyReport
from genlabel.storage import STDIN, read_asset, streams

if TYPE_CHECKING:
    from genlabel.operations.baseline import Baseline

Item = TypeVar("Item")

FINDINGS, UNJUDGED = 1, 2
"""Exit statuses; 0 is nothing to object to."""


class Outgoing(NamedTuple):
    """All that a run still needs of one report."""

    parts: Mapping[str, Any]
    """What each form that is wanted keeps of it."""
    place: str
    """Its path below the root."""
    status: int
    """What it makes of the exit status."""
    counts: Mapping[str, int]
    taken: tuple[str, ...] = ()
    """What was taken from traces, each with the path, as messages have it."""
    due: tuple[str, str] | None = None
    """What is still to be done about it, and with which file."""
    accepted: tuple[Finding, ...] = ()
    """By a baseline."""
    failing: tuple[Finding, ...] = ()
    """What a new baseline would have to accept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """How each report of a run goes out; a value, which other processes get too."""

    names: tuple[str, ...]
    """The forms that are wanted."""
    view: View
    baseline: Baseline | None = None
    is_noted: bool = False
    """Does somebody want the findings that fail, for a baseline?"""
    only_at_fault: Container[str] = ()
    """Forms of which nothing is shown where there is nothing to object to."""

    def outgoing(self, item: object, report: AnyReport) -> Outgoing:
        """A report in all forms: what cannot be shown is an error of its file alone."""
        place = self.view.place.below(report.path or getattr(report, "against", None))
        findings = self._findings(place, report)
        any_report: Any = report
        judged: AnyReport = report if findings is None else replace(any_report, findings=findings)
        suite = str(getattr(item, "argument", None) or "")
        taken = getattr(judged, "taken", ())  # of a signing
        status = self._status_of(judged)
        names = [each for each in self.names if status or each not in self.only_at_fault]
        return Outgoing(
            parts={name: part(name, judged, self.view, suite=suite) for name in names},
            place=place,
            status=status,
            counts=json.summary([judged]) | json.fates([judged]),
            taken=tuple(f"{judged.path}: taken: {words}" for words in taken),
            due=text.due(judged),
            accepted=tuple(each for each in findings or () if each.accepted is not None),
            failing=tuple(self._failing(judged)),
        )

    def _findings(self, place: str, report: AnyReport) -> tuple[Finding, ...] | None:
        """With the reason of each that the baseline accepts; None where there is none."""
        if self.baseline is None or report.unjudged:
            return None
        any_report: Any = report
        return self.baseline.applied(place, any_report.findings)

    def _failing(self, report: AnyReport) -> list[Finding]:
        if not self.is_noted or report.unjudged:
            return []
        any_report: Any = report
        return [each for each in any_report.findings if each.severity.reaches(self._fail_on)]

    @property
    def _fail_on(self) -> Severity:
        return self.view.fail_on

    def _status_of(self, report: AnyReport) -> int:
        if report.unjudged:
            is_refused = report.error is not None and report.error.refused is not None
            return FINDINGS if is_refused else UNJUDGED
        worst = report.worst()
        return FINDINGS if worst is not None and worst.reaches(self._fail_on) else 0


def done(work: Callable[[Item], AnyReport], forms: Forms, item: Item) -> Outgoing:
    """What `work` makes of one item, in all forms. Raises what it raises."""
    return forms.outgoing(item, work(item))


def picture(max_pixels: int, path: str) -> str | None:
    """A small copy of the file that a report is about."""
    from genlabel.pixels import thumbnail

    if path == STDIN or not streams.is_regular(Path(path)):
        return None
    try:
        data = read_asset(path).data
    except (GenlabelError, OSError):
        return None
    return thumbnail.data_uri(data, max_pixels=max_pixels)
