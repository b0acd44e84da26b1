"""A label that knows no camera, on a picture in which one says how it took it: told, not refused.

A model may keep the Exif of the picture that it was given. The costly mistake is a photograph that
was called generated for good.
"""

from __future__ import annotations

from genlabel.formats.format import EXIF, XMP
from genlabel.model.escape import quoted
from genlabel.model.label import Label
from genlabel.model.report import Finding, Severity
from genlabel.model.vocabulary import DigitalSourceType
from genlabel.operations.verify import Examination

_WITHOUT_CAMERA = frozenset(
    {
        DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
        DigitalSourceType.ALGORITHMIC_MEDIA,
        DigitalSourceType.DATA_DRIVEN_MEDIA,
        DigitalSourceType.DIGITAL_CREATION,
    }
)
_MOST = 60


def contradicted(label: Label, before: Examination) -> tuple[Finding, ...]:
    """That a camera says it took what is labelled as made without one."""
    if label.marked_source_type not in _WITHOUT_CAMERA or label.history.changes:
        return ()
    payloads = before.survey.payloads
    if payloads.keys().isdisjoint((EXIF, XMP)):
        return ()
    from genlabel.metadata import camera

    named = camera.seen(payloads)
    if named is None:
        return ()
    return (
        Finding(
            "genlabel.camera.contradicts",
            severity=Severity.WARNING,
            where="exif",
            explanation=f"the label says {label.marked_source_type.code}, and "
            f"{quoted(named, limit=_MOST)} states its settings as a camera does; an edited "
            "photograph is --edited",
        ),
    )
