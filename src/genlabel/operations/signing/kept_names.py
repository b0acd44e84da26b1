"""Names of others that stay in a picture that is labelled as generated: told, field by field.

They stay because they are other people's words (contract §1). Whoever reads them beside "generated"
takes them for whoever made the picture, or for whoever sells it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from genlabel.model.carried import carried_by
from genlabel.model.escape import quoted
from genlabel.model.label import History, Label
from genlabel.model.report import Declaration, Finding, Mark, Severity

_FIELDS = ("creator", "credit", "supplier")
_MAX_SHOWN = 4
"""Most names of one field that are quoted."""
_WAYS_OUT = {
    "creator": "--creator names another",
    "credit": "--credit gives another",
    "supplier": "nothing of a label displaces it",
}


def told(label: Label, promised: Mapping[Mark, Declaration]) -> Iterator[Finding]:
    """A warning for each field in which the marks of the labelled file go on naming others.

    `promised` is what they will say. Of pictures that are not wholly generated nothing is told.
    """
    if label.history is not History.GENERATED:
        return
    marks = [(mark, said, carried_by(mark, label)) for mark, said in promised.items() if said]
    for field in _FIELDS:
        kept = {
            mark: value
            for mark, said, own in marks
            if (value := getattr(said, field)) and value != getattr(own, field)
        }
        if kept:
            yield _told(field, kept)


def _told(field: str, kept: Mapping[Mark, str | tuple[str, ...]]) -> Finding:
    texts = (
        text for value in kept.values() for text in ((value,) if isinstance(value, str) else value)
    )
    names = list(dict.fromkeys(texts))
    shown = ", ".join(quoted(name) for name in names[:_MAX_SHOWN])
    more = f" and {len(names) - _MAX_SHOWN} more" if len(names) > _MAX_SHOWN else ""
    return Finding(
        "genlabel.name.kept",
        severity=Severity.WARNING,
        where=", ".join(f"{mark.value} {field}" for mark in kept),
        explanation=f"{shown}{more} stays as {field} of a picture that is labelled as generated; "
        f"{_WAYS_OUT[field]}",
    )
