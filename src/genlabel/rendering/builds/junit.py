"""JUnit XML: a suite an argument, a case a picture, as build servers show test results.

The shape is the one that Jenkins, GitLab and GitHub's viewers read; what XML 1.0 cannot hold
(§2.2) becomes U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from genlabel.model.report import Severity
from genlabel.model.serialise import rfc3339
from genlabel.rendering.builds.judged import Judged, Remark
from genlabel.rendering.json import Frame

_NO_CHARACTERS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rendered(files: Iterable[Judged], frame: Frame, *, fail_on: Severity = Severity.ERROR) -> str:
    """The document; what is at least as grave as `fail_on` makes a case fail."""
    suites: dict[str, list[Judged]] = {}
    for each in files:
        suites.setdefault(each.suite, []).append(each)
    kind = frame.schema.partition("/")[0]
    root = ElementTree.Element("testsuites", _sums(_all(suites), fail_on), name=kind)
    for name, listed in suites.items():
        attributes = {"name": _plain(name or kind), **_sums(listed, fail_on)}
        attributes["timestamp"] = rfc3339(frame.started).partition("Z")[0]
        suite = ElementTree.SubElement(root, "testsuite", attributes)
        for each in listed:
            _case(suite, each, kind, fail_on)
    ElementTree.indent(root)
    xml = ElementTree.tostring(root, encoding="unicode")
    return f"<?xml version='1.0' encoding='UTF-8'?>\n{xml}\n"


def _all(suites: dict[str, list[Judged]]) -> list[Judged]:
    return [each for listed in suites.values() for each in listed]


def _sums(files: list[Judged], fail_on: Severity) -> dict[str, str]:
    failures = sum(1 for each in files if each.trouble is None and each.failing(fail_on))
    errors = sum(1 for each in files if each.trouble is not None)
    skipped = sum(1 for each in files if _is_skipped(each, fail_on))
    counts = {"tests": len(files), "failures": failures, "errors": errors, "skipped": skipped}
    return {**{name: str(count) for name, count in counts.items()}, "time": "0"}


def _is_skipped(file: Judged, fail_on: Severity) -> bool:
    """Would it have failed but for a baseline?"""
    accepted = any(each.accepted is not None for each in file.remarks)
    return accepted and file.trouble is None and not file.failing(fail_on)


def _case(suite: ElementTree.Element, file: Judged, kind: str, fail_on: Severity) -> None:
    attributes = {"name": _plain(file.shown), "classname": kind, "time": "0"}
    case = ElementTree.SubElement(suite, "testcase", attributes)
    failing = file.failing(fail_on)
    if file.trouble is not None:
        message = {"message": _plain(file.trouble), "type": "unjudged"}
        ElementTree.SubElement(case, "error", message).text = _plain(file.trouble)
    elif failing:
        message = {"message": _plain(failing[0].sentence), "type": _plain(failing[0].code)}
        ElementTree.SubElement(case, "failure", message).text = _lines(failing)
    elif _is_skipped(file, fail_on):
        accepted = (each for each in file.remarks if each.accepted is not None)
        reasons = "; ".join(dict.fromkeys(f"{each.code}: {each.accepted}" for each in accepted))
        ElementTree.SubElement(case, "skipped", {"message": _plain(f"accepted: {reasons}")})
    others = [each for each in file.remarks if file.trouble is not None or each not in failing]
    if others:
        ElementTree.SubElement(case, "system-out").text = _lines(others)


def _lines(remarks: Iterable[Remark]) -> str:
    listed = (
        f"{each.severity.value} {each.code} {each.sentence}"
        + (f" ({each.where})" if each.where else "")
        for each in remarks
    )
    return _plain("\n".join(listed))


def _plain(text: str) -> str:
    return _NO_CHARACTERS.sub("\ufffd", text)
