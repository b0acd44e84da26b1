"""Frames that are wrong only in their frame: put right before a label is written, and told."""

from __future__ import annotations

from genlabel.credentials.trust import Trust
from genlabel.formats.edits import splice
from genlabel.model.report import Finding, Severity
from genlabel.operations.verify import Examination, examine
from genlabel.storage.buffers import joined


def repaired(before: Examination, *, trust: Trust) -> tuple[Examination, tuple[Finding, ...]]:
    """The same file with its lengths put right, and what was done; mostly as it is.

    A file that carries a manifest stays as it was signed: it is somebody's, and bound.
    """
    edits = before.survey.repairs
    if not edits or before.store is not None:
        return before, ()
    data = joined(splice(before.survey.data, edits))
    after = examine(before.asset.holding(data, before.asset.manifest), trust=trust)
    gone = [each for each in before.survey.anomalies if each not in after.survey.anomalies]
    return after, tuple(
        Finding(
            "genlabel.container.repaired",
            severity=Severity.NOTE,
            explanation=f"put right in the labelled file: {each}",
        )
        for each in gone
    )
