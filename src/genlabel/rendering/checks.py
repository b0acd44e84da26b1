"""Rows of what was checked before any picture: an installation (doctor), a credential."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from genlabel.model.escape import escape, quoted, sentence
from genlabel.model.report import Severity
from genlabel.model.serialise import rfc3339
from genlabel.model.words.translation import translated
from genlabel.rendering.row import Row

if TYPE_CHECKING:
    from genlabel.credentials.key_check import KeyCheck
    from genlabel.operations.doctor import Diagnosis

_STATES = {"good": "good", "doubtful": "doubtful", "failed": "bad"}
_SEVERITIES = {Severity.ERROR: "bad", Severity.WARNING: "doubtful"}
_PROBES = {
    "passed": "a picture was signed and read back",
    "failed": "a picture was signed and did not read back",
    "not-tried": "not tried, for the errors below",
}
_PREPARED = {
    "utf-16": "read as UTF-16",
    "pkcs7": "taken out of PKCS#7",
    "ordered": "put in order",
    "root-left-out": "the root left out",
    "others-left-out": "others left out that are not needed",
}


def diagnosis(report: Diagnosis, language: str) -> Iterator[Row]:
    """One line a check, and a hint below it where something is to be done.

    What is good or was skipped is a detail.
    """
    for each in report.checks:
        fine = each.state.value in ("good", "skipped")
        says, tone = escape(each.says, limit=None), _STATES.get(each.state.value)
        yield Row(each.name, says, verdict=each.state.value, tone=tone, detail=fine)
        if each.remedy:
            yield Row("hint", escape(each.remedy, limit=None), detail=fine)


def credential(check: KeyCheck, language: str) -> Iterator[Row]:
    """Whether it is accepted, what viewers show, and every rule that is failed."""
    if check.ok:
        whole = "" if check.key else "without its key, "
        words = f"{whole}by the certificate profile; whom readers know, their trust lists say"
        yield Row("accepted", words, verdict=translated("yes", language), tone="good")
    else:
        yield Row("accepted", "", verdict=translated("no", language), tone="bad")
    if check.key is not None:
        yield Row("key", escape(check.key, limit=None))
    yield Row(
        "shown as",
        quoted(check.organisation) if check.organisation else "nobody: no company is named",
    )
    yield Row("name", quoted(check.common_name) if check.common_name else "none")
    yield Row("algorithm", check.algorithm or "none that goes with the key")
    if check.ok:
        yield Row("verifies", f"until {rfc3339(check.verifies_until)} (no time-stamp)")
    if check.prepared:
        yield Row("chain", ", ".join(_PREPARED[each.value] for each in check.prepared))
    if check.key is not None:
        yield Row("probe", _PROBES[check.probe])
    hinted: set[str] = set()
    for each in check.problems:
        message = f"{translated(sentence(each.message), language)} [{each.rule}]"
        yield Row(each.severity.value, message, tone=_SEVERITIES.get(each.severity))
        if each.remedy not in hinted:
            yield Row("hint", sentence(each.remedy))
        hinted.add(each.remedy)
