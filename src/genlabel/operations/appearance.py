"""What a file looks like and is not: drawings that may change, names that only look like others."""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.formats.format import Container, Survey
from genlabel.model.report import Finding, Severity


def activity(container: Container, survey: Survey) -> Iterator[Finding]:
    """What is shown can change, and no byte with it: told whether the file is signed or not."""
    clauses = tuple(container.activity(survey))
    if clauses:
        yield Finding(
            "genlabel.svg.active",
            severity=Severity.WARNING,
            where=survey.format,
            explanation="what is shown can change without a byte changing: " + ", ".join(clauses),
        )
