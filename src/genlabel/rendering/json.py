"""JSON: every report in the shapes that `docs/schema/` publishes.

Within a schema's number fields are only added; codes are stable, explanations are not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from genlabel.model.fields import rfc3339
from genlabel.model.report import Declaration, Finding, Report, Severity, SignedBy, Trouble
from genlabel.model.results import SignReport, StripReport
from genlabel.model.version import __version__
from genlabel.operations.explain import Explanation
from genlabel.operations.inspect import Inspection

VERIFY, STRIP, SIGN, INSPECT, EXPLAIN = (
    "genlabel.verify/1",
    "genlabel.strip/1",
    "genlabel.sign/1",
    "genlabel.inspect/1",
    "genlabel.explain/1",
)

AnyReport = Report | StripReport | SignReport | Inspection | Explanation
Shape = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What all reports of one run have in common."""

    schema: str
    """Name and number, e.g. ``genlabel.verify/1``."""
    started: datetime
    engine: Mapping[str, str]
    """Packages of the C2PA engine and their versions."""
    trust_lists: Sequence[str] = ()
    policy: str | None = None


def document(frame: Frame, reports: Iterable[AnyReport]) -> str:
    """The whole run as one JSON document, in ASCII, with a line end."""
    several = list(reports)
    shapes = [shape(each) for each in several]
    return dumped(
        {
            "schema": frame.schema,
            "genlabel": __version__,
            "engine": dict(frame.engine),
            "started": rfc3339(frame.started),
            "trust_lists": list(frame.trust_lists),
            "policy": frame.policy,
            "summary": summary(several),
            "reports": shapes,
        },
        indent=2,
    )


def line(report: AnyReport) -> str:
    """One report on one line, for streams."""
    return dumped(shape(report), indent=None)


def summary(reports: Iterable[AnyReport]) -> dict[str, int]:
    """How many files there are, with an error, with nothing worse than a warning, not judged."""
    counts = {"files": 0, "errors": 0, "warnings": 0, "unjudged": 0}
    for report in reports:
        counts["files"] += 1
        found = worst_of(report)
        if is_unjudged(report):
            counts["unjudged"] += 1
        elif found is Severity.ERROR:
            counts["errors"] += 1
        elif found is Severity.WARNING:
            counts["warnings"] += 1
    return counts


def is_unjudged(report: AnyReport) -> bool:
    """Was there no answer for this file?"""
    if isinstance(report, Report):
        return report.unjudged
    if isinstance(report, Inspection | Explanation):
        return report.report.error is not None
    return report.error is not None


def worst_of(report: AnyReport) -> Severity | None:
    """The gravest severity that a report holds; looking and explaining have none."""
    if isinstance(report, Inspection | Explanation):
        return None
    if isinstance(report, SignReport):
        found = (*report.findings, *(report.report.findings if report.report else ()))
        return Report(findings=found).worst()
    return report.worst()


def shape(report: AnyReport) -> Shape:
    """One report as plain values."""
    if isinstance(report, Report):
        return _verified(report)
    if isinstance(report, StripReport):
        return _stripped(report)
    if isinstance(report, SignReport):
        return _signed(report)
    if isinstance(report, Explanation):
        return _explained(report)
    return _inspected(report)


def _verified(report: Report) -> Shape:
    return {
        "path": report.path,
        "format": report.format,
        "bytes": report.bytes,
        "sha256": report.sha256,
        "integrity": report.integrity.value,
        "reason": report.reason,
        "lineage": report.lineage.value,
        "state": report.state.value,
        "signer": _signer(report.signer),
        "identities": [_plain(asdict(each)) for each in report.identities],
        "manifest_id": report.manifest_id,
        "sidecar": report.sidecar,
        "declared": asdict(report.declared),
        "marks": {mark.value: _declaration(said) for mark, said in report.marks.items()},
        "ingredients": [_plain(asdict(each)) for each in report.ingredients],
        "verifies_until": rfc3339(report.verifies_until) if report.verifies_until else None,
        "findings": _findings(report.findings),
        "error": _trouble(report.error),
    }


def _stripped(report: StripReport) -> Shape:
    return {
        "path": report.path,
        "against": report.against,
        "marks": {mark.value: fate.value for mark, fate in report.marks.items()},
        "lost_blocks": list(report.lost_blocks),
        "pixels": asdict(report.pixels) if report.pixels else None,
        "cause": report.cause,
        "findings": _findings(report.findings),
        "error": _trouble(report.error),
    }


def _signed(report: SignReport) -> Shape:
    return {
        "path": report.path,
        "output": report.output,
        "sidecar": report.sidecar,
        "outcome": report.outcome.value,
        "manifest_id": report.manifest_id,
        "replaced": list(report.replaced),
        "verifies_until": rfc3339(report.verifies_until) if report.verifies_until else None,
        "stamped_at": rfc3339(report.stamped_at) if report.stamped_at else None,
        "needs_stamp": report.needs_stamp,
        "report": _verified(report.report) if report.report else None,
        "findings": _findings(report.findings),
        "error": _trouble(report.error),
    }


def _inspected(report: Inspection) -> Shape:
    return {
        "path": report.path,
        "width": report.width,
        "height": report.height,
        "frames": report.frames,
        "blocks": [asdict(each) for each in report.blocks],
        "slots": dict(report.slots),
        "traces": [asdict(each) for each in report.traces],
        "personal": [asdict(each) for each in report.personal],
        "manifest": _plain(asdict(report.manifest)) if report.manifest else None,
        "foreign": report.foreign,
        "report": _verified(report.report),
        "error": _trouble(report.report.error),
    }


def _explained(report: Explanation) -> Shape:
    return {
        "path": report.path,
        "language": report.language,
        "verdicts": [_plain(asdict(each)) for each in report.spoken],
        "consumers": [
            {
                "consumer": each.consumer,
                "title": each.title,
                "status": each.status.value,
                "statements": [
                    {
                        "name": said.name,
                        "sentence": said.sentence,
                        "sources": [_plain(asdict(source)) for source in said.sources],
                    }
                    for said in each.statements
                ],
            }
            for each in report.receptions
        ],
        "notes": list(report.notes),
        "error": _trouble(report.report.error),
    }


def _signer(signer: SignedBy | None) -> Shape | None:
    if signer is None:
        return None
    return {
        "organisation": signer.organisation,
        "common_name": signer.common_name,
        "trust": signer.trust.value,
        "list": signer.list,
        "list_fetched": rfc3339(signer.list_fetched) if signer.list_fetched else None,
        "time": signer.time.value,
        "signed_at": rfc3339(signer.signed_at) if signer.signed_at else None,
        "validity": signer.validity.value,
        "algorithm": signer.algorithm,
        "serial": signer.serial,
    }


def _declaration(said: Declaration) -> Shape:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said}


def _findings(findings: Iterable[Finding]) -> list[Shape]:
    return [
        {
            "code": each.code,
            "severity": each.severity.value,
            "where": each.where,
            "explanation": each.explanation,
        }
        for each in findings
    ]


def _trouble(trouble: Trouble | None) -> Shape | None:
    return asdict(trouble) if trouble is not None else None


def _plain(shape: Shape) -> Shape:
    return {
        name: value.value
        if isinstance(value, Enum)
        else list(value)
        if isinstance(value, tuple)
        else value
        for name, value in shape.items()
    }


def dumped(content: Shape, *, indent: int | None) -> str:
    """ASCII only, so that no direction override or odd console changes what is seen.

    JSON's own punctuation has neither ``::`` nor ``##``: where they stand they are text that the
    logs of CI systems would obey.
    """
    text = json.dumps(content, ensure_ascii=True, indent=indent, allow_nan=False)
    return text.replace("::", ":\\u003a").replace("##", "#\\u0023") + "\n"
