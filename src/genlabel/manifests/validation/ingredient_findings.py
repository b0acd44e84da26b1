"""What is said of an ingredient whose credential is not in order."""

from __future__ import annotations

from genlabel.manifests.validation.status_codes import Status
from genlabel.model.report import Finding, Severity
from genlabel.model.words.codes import sentence


def failure(status: Status, severity: Severity, where: str) -> Finding:
    """An ancestor that does not hold, or of which that cannot be told, by its gravest code."""
    words = {
        Severity.ERROR: "made from a picture whose own credential does not hold",
        Severity.WARNING: "made from a picture whose own credential cannot be checked here",
        Severity.NOTE: "made from a picture whose signer was not known to be in order",
    }
    return Finding(
        status.code,
        severity=severity,
        where=where,
        explanation=f"{words[severity]}: {sentence(status.code) or status.explanation}",
    )


def form(status: Status, where: str) -> Finding:
    """An ancestor that holds, and breaks rules of form."""
    said = sentence(status.code) or status.explanation or status.code
    return Finding(
        status.code,
        severity=Severity.WARNING,
        where=where,
        explanation=f"made from a picture whose own credential breaks rules of form: {said}",
    )
