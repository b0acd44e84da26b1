"""A diagnosis, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from genlabel.model.fields import rfc3339
from genlabel.model.version import __version__
from genlabel.operations.doctor import Diagnosis, State
from genlabel.rendering import json, text
from genlabel.rendering.escape import escape
from genlabel.rendering.row import Row
from genlabel.rendering.text import Style

SCHEMA = "genlabel.doctor/1"
_TONES = {State.GOOD: "good", State.DOUBTFUL: "doubtful", State.FAILED: "bad", State.SKIPPED: None}


def rendered(diagnosis: Diagnosis, style: Style, *, quiet: bool = False) -> str:
    """One line a check, and a hint below it where something is to be done."""
    return text.block("genlabel doctor", _rows(diagnosis, quiet=quiet), style)


def document(diagnosis: Diagnosis, *, started: datetime, engine: Mapping[str, str]) -> str:
    """The diagnosis as one JSON document, in ASCII, with a line end."""
    return json.dumped(
        {
            "schema": SCHEMA,
            "genlabel": __version__,
            "engine": dict(engine),
            "started": rfc3339(started),
            "ok": diagnosis.ok,
            "checks": [
                {
                    "check": each.name,
                    "state": each.state.value,
                    "says": each.says,
                    "remedy": each.remedy,
                }
                for each in diagnosis.checks
            ],
        },
        indent=2,
    )


def _rows(diagnosis: Diagnosis, *, quiet: bool) -> Iterator[Row]:
    for each in diagnosis.checks:
        if quiet and each.state in (State.GOOD, State.SKIPPED):
            continue
        says = escape(each.says, limit=None)
        yield Row(each.name, says, verdict=each.state.value, tone=_TONES[each.state])
        if each.remedy:
            yield Row("hint", escape(each.remedy, limit=None))
