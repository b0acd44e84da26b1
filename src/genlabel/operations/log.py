"""The log: one line a file that was labelled or stamped, without secrets, prompts or persons."""

from __future__ import annotations

from genlabel.model import logger
from genlabel.model.escape import escape
from genlabel.model.results import SignReport
from genlabel.model.vocabulary import DigitalSourceType


def is_on() -> bool:
    """Does anybody read these lines?"""
    return logger.is_on("INFO")


def done(report: SignReport) -> SignReport:
    """`report`, after a line of level INFO: what became of the file, as what, and where it went.

    Of a file that failed the kind of error stands there; its sentence may quote the file.
    """
    if is_on():
        path = escape(report.path or "picture")
        logger.log.info("%s %s: %s", report.outcome.value, path, ", ".join(_facts(report)) or "-")
    return report


def _facts(report: SignReport) -> list[str]:
    if report.error is not None:
        return [report.error.kind]
    said = report.report.declared.source_type if report.report else None
    known = DigitalSourceType.understand(said) if said else None
    facts = [
        known.code if known else None,
        report.manifest_id,
        f"to {report.output}" if report.output not in (None, report.path) else None,
        f"manifest in {report.sidecar}" if report.sidecar else None,
    ]
    return [escape(fact) for fact in facts if fact]
