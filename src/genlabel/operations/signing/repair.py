"""Frames that are wrong only in their frame: put right before a label is written, and told."""

from __future__ import annotations

from genlabel.formats.edits import splice
from genlabel.model.errors import ExistingManifest, SigningError
from genlabel.model.report import Finding, Severity
from genlabel.operations.sign_options import Existing, SignOptions
from genlabel.operations.verify import Examination, examine
from genlabel.storage.buffers import joined


def repaired(before: Examination, options: SignOptions) -> tuple[Examination, tuple[Finding, ...]]:
    """The same file with its lengths put right, and what was done; mostly as it is.

    With `options.repair` the end of a picture is put where it is missing. A file that carries a
    manifest stays as it was signed, unless that is replaced: it is somebody's, and bound.
    """
    survey = before.survey
    end = survey.missing_end if options.repair else None
    edits = survey.repairs if end is None else (*survey.repairs, end.mended)
    if not edits or (before.store is not None and options.existing is not Existing.REPLACE):
        return before, ()
    data = joined(splice(survey.data, edits))
    after = examine(before.asset.holding(data, before.asset.manifest), trust=options.trust)
    gone = [each for each in survey.anomalies if each not in after.survey.anomalies]
    return after, tuple(
        Finding(
            "genlabel.container.repaired",
            severity=Severity.NOTE,
            explanation=f"put right in the labelled file: {each}",
        )
        for each in gone
    )


def refuse_unsignable(before: Examination, name: str, *, embedded: bool) -> None:
    """Raise `SigningError` for a file that would come to harm, or that the engine cannot read."""
    survey, remedy = before.survey, "write the manifest beside it with --sidecar"
    refuse_manifest_behind(survey.manifest_behind, name)
    if survey.unsignable is None:
        return
    if survey.missing_end is not None:
        end = "put it there with --repair"
        remedy = end if before.store is None else f"{end} --existing replace"
    elif not embedded:
        return
    raise SigningError(f"{name}: {survey.unsignable}", remedy=remedy)


def refuse_manifest_behind(at: int | None, name: str) -> None:
    """Raise `ExistingManifest` for a file with another manifest behind its end, at this offset."""
    if at is not None:
        raise ExistingManifest(
            f"{name}: another manifest begins at {at:,}, behind the end of the drawing: readers "
            "take that one, or refuse the file",
            remedy="cut off what stands behind the drawing's end, or get the untouched original",
        )
