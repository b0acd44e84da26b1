"""The check of a credential, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from genlabel.model.fields import rfc3339
from genlabel.model.report import Severity
from genlabel.model.version import __version__
from genlabel.rendering import json, text
from genlabel.rendering.escape import escape
from genlabel.rendering.rows import Row
from genlabel.rendering.text import Style

if TYPE_CHECKING:
    from genlabel.credentials.key_check import KeyCheck

SCHEMA = "genlabel.keys-check/1"
_TONES = {Severity.ERROR: "bad", Severity.WARNING: "doubtful", Severity.NOTE: None}


def rendered(check: KeyCheck, style: Style) -> str:
    """The check as one block of lines."""
    return text.block(check.certificates, _rows(check), style)


def document(check: KeyCheck, *, started: datetime, engine: Mapping[str, str]) -> str:
    """The check as one JSON document, in ASCII, with a line end."""
    return json.dumped(
        {
            "schema": SCHEMA,
            "genlabel": __version__,
            "engine": dict(engine),
            "started": rfc3339(started),
            "certificates": check.certificates,
            "key": check.key,
            "ok": check.ok,
            "organisation": check.organisation,
            "common_name": check.common_name,
            "algorithm": check.algorithm,
            "verifies_until": rfc3339(check.verifies_until),
            "probe": _probe(check),
            "problems": [
                {
                    "severity": each.severity.value,
                    "rule": each.name,
                    "source": each.source,
                    "message": each.message,
                    "remedy": each.remedy,
                }
                for each in check.problems
            ],
        },
        indent=2,
    )


def _rows(check: KeyCheck) -> Iterator[Row]:
    if check.ok:
        whole = "" if check.key else "without its key, "
        words = f"{whole}by the certificate profile; whom readers know, their trust lists say"
        yield Row("accepted", words, verdict="yes", tone="good")
    else:
        yield Row("accepted", "", verdict="no", tone="bad")
    if check.key is not None:
        yield Row("key", escape(check.key, limit=None))
    yield Row("shown as", escape(check.organisation or "nobody: no company is named"))
    yield Row("name", escape(check.common_name or "none"))
    yield Row("algorithm", check.algorithm or "none that goes with the key")
    if check.ok:
        yield Row("verifies", f"until {rfc3339(check.verifies_until)} (no time-stamp)")
    if check.key is not None:
        yield Row("probe", _PROBES[_probe(check)])
    for each in check.problems:
        yield Row(
            each.severity.value,
            f"{escape(each.message)} [{each.rule}]",
            tone=_TONES[each.severity],
        )
        yield Row("hint", escape(each.remedy))


def _probe(check: KeyCheck) -> str:
    if check.probed is None:
        return "not-tried"
    return "passed" if check.probed else "failed"


_PROBES = {
    "passed": "a picture was signed and read back",
    "failed": "a picture was signed and did not read back",
    "not-tried": "not tried, for the errors below",
}
