"""SARIF 2.1.0: findings as code scanning reads them (OASIS sarif-v2.1.0).

Every result has exactly one location: GitHub rejects a file with one that has none, so a file that
could not be judged is a notification of the tool.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from genlabel.model.report import Finding, Severity
from genlabel.model.serialise import dumped, rfc3339
from genlabel.model.version import __version__
from genlabel.model.words.catalogue import ENGLISH, catalogue
from genlabel.model.words.sentences import of_finding
from genlabel.model.words.translation import translated
from genlabel.rendering.builds.judged import UNJUDGED, Judged, Remark
from genlabel.rendering.json import Frame
from genlabel.rendering.places import uri

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MAX_RESULTS = 25_000
"""Most results of one run that GitHub takes (its documentation of code scanning)."""
_ANYWHERE = "place"
"""Stands in a rule's sentences where a result has a place of its own."""
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def rendered(files: Iterable[Judged], frame: Frame, *, language: str = ENGLISH) -> tuple[str, int]:
    """The document, and how many of the least grave findings it leaves out."""
    listed = list(files)
    results = [(file, each) for file in listed for each in file.remarks]
    left_out = max(0, len(results) - MAX_RESULTS)
    if left_out:
        results = sorted(results, key=lambda each: each[1].severity.rank)[:MAX_RESULTS]
    rules = _rules(remark for _, remark in results)
    numbers = {code: number for number, code in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "genlabel",
                "version": __version__,
                "semanticVersion": _semantic(__version__),
                "rules": [_rule(each, language) for each in rules.values()],
                "notifications": [_unjudged_rule(language)],
            }
        },
        "invocations": [_invocation(listed, frame)],
        "results": [_result(file, remark, numbers) for file, remark in results],
        "columnKind": "unicodeCodePoints",
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return dumped(document, indent=2), left_out


def _semantic(version: str) -> str:
    """The version as semver.org writes it: three numbers."""
    numbers = version.split("+")[0].split(".")[:3]
    kept = [each for each in numbers if each.isdigit()]
    return ".".join([*kept, "0", "0"][:3])


def _rules(remarks: Iterable[Remark]) -> dict[str, Remark]:
    """The codes that occur, in order, with the gravest remark of each."""
    rules: dict[str, Remark] = {}
    for each in remarks:
        rules[each.code] = min(rules.get(each.code, each), each, key=attrgetter("severity.rank"))
    return dict(sorted(rules.items()))


def _rule(remark: Remark, language: str) -> dict[str, Any]:
    """What a code means; of a rule's own also what to do, and where that is written."""
    finding = Finding(remark.code, severity=remark.severity, where=_ANYWHERE, explanation="")
    spoken = of_finding(finding, catalogue(language))
    own = [f"{each}." for each in (remark.remedy, remark.source) if each]
    return {
        "id": remark.code,
        "shortDescription": {"text": spoken.lay},
        "fullDescription": {"text": spoken.expert},
        "help": {"text": " ".join([*own, spoken.lay, spoken.expert, spoken.does_not_mean])},
        **({"helpUri": remark.uri} if remark.uri else {}),
        "defaultConfiguration": {"level": _LEVELS[remark.severity]},
    }


def _unjudged_rule(language: str) -> dict[str, Any]:
    text = translated("The file could not be judged.", language)
    return {
        "id": UNJUDGED,
        "shortDescription": {"text": text},
        "defaultConfiguration": {"level": "error"},
    }


def _invocation(files: Iterable[Judged], frame: Frame) -> dict[str, Any]:
    notices = [
        {
            "descriptor": {"id": UNJUDGED},
            "level": "error",
            "message": {"text": file.trouble},
            "locations": [_location(file)],
        }
        for file in files
        if file.trouble is not None
    ]
    return {
        "executionSuccessful": not notices,
        "startTimeUtc": rfc3339(frame.started),
        "toolExecutionNotifications": notices,
    }


def _location(file: Judged) -> dict[str, Any]:
    physical = {"artifactLocation": {"uri": uri(file.path)}, "region": {"startLine": 1}}
    return {"physicalLocation": physical}


def _result(file: Judged, remark: Remark, numbers: dict[str, int]) -> dict[str, Any]:
    accepted = (
        {"suppressions": [{"kind": "external", "justification": remark.accepted}]}
        if remark.accepted is not None
        else {}
    )
    return {
        "ruleId": remark.code,
        "ruleIndex": numbers[remark.code],
        "level": _LEVELS[remark.severity],
        "message": {"text": remark.told},
        "locations": [_location(file)],
        "partialFingerprints": {
            "primaryLocationLineHash": remark.fingerprint,
            "genlabel/v1": remark.fingerprint,
        },
        **accepted,
    }
