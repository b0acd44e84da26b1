"""GitLab's Code Quality report: a JSON list that merge requests show (docs.gitlab.com)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from genlabel.model.report import Severity
from genlabel.model.serialise import dumped
from genlabel.model.words.catalogue import ENGLISH
from genlabel.model.words.translation import translated
from genlabel.model.words.typography import colon
from genlabel.rendering.builds.judged import UNJUDGED, Judged

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def rendered(files: Iterable[Judged], language: str = ENGLISH) -> str:
    """The document."""
    return dumped([issue for each in files for issue in _issues(each, language)], indent=2)


def _issues(file: Judged, language: str) -> Iterator[dict[str, Any]]:
    location = {"path": file.shown, "lines": {"begin": 1}}
    if file.trouble is not None:
        yield {
            "description": f"{translated('not judged', language)}{colon(language)}{file.trouble}",
            "check_name": UNJUDGED,
            "fingerprint": f"{UNJUDGED}:{file.shown}",
            "severity": "critical",
            "location": location,
        }
    for each in file.remarks:
        if each.accepted is not None:
            continue
        yield {
            "description": each.told,
            "check_name": each.code,
            "fingerprint": each.fingerprint,
            "severity": _SEVERITIES[each.severity],
            "location": location,
        }
