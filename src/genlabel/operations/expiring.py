"""Labels that stop verifying soon: a finding, where somebody asks for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from genlabel.model import fields
from genlabel.model.report import Finding, Report, Severity, SigningTime, Validity


def told(report: Report, span: timedelta) -> Report:
    """The report with a finding where nothing in it is attested any more within `span` from now."""
    until = report.verifies_until
    if report.signer is None or until is None:
        return report
    now = datetime.now(UTC)
    # a certificate of the chain may have ended before the signer's own, which is within
    if report.signer.validity is not Validity.WITHIN or not now <= until <= now + span:
        return report
    why = "there is no time-stamp"
    if report.signer.time is SigningTime.CLAIMED:
        why = "its time-stamp is by no authority on the lists given"
    finding = Finding(
        "genlabel.signer.expiring",
        severity=Severity.WARNING,
        where="signer",
        explanation=f"at {fields.rfc3339(until)} the certificate ends, and {why}: from then on "
        "nothing in the label is attested",
    )
    return replace(report, findings=(*report.findings, finding))
