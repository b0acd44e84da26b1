"""JUnit XML: a suite an argument, a case a picture, as build servers show test results.

The shape is that of Apache Ant's schema (Windy Road, 2011), which all of them read: what does not
fail stands in the suite's `system-out`. What XML 1.0 cannot hold (§2.2) becomes U+FFFD.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

from genlabel.model.expression import expression
from genlabel.model.report import Severity
from genlabel.model.serialise import rfc3339
from genlabel.model.version import __version__
from genlabel.rendering.builds.judged import Judged, Remark
from genlabel.rendering.json import Frame

_NO_CHARACTERS = expression("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rendered(files: Iterable[Judged], frame: Frame, *, fail_on: Severity = Severity.ERROR) -> str:
    """The document; what is at least as grave as `fail_on` makes a case fail."""
    suites: dict[str, list[Judged]] = {}
    for each in files:
        suites.setdefault(each.suite, []).append(each)
    root = ElementTree.Element("testsuites")
    for number, (name, listed) in enumerate(suites.items()):
        root.append(_suite(number, name, listed, frame, fail_on))
    ElementTree.indent(root)
    xml = ElementTree.tostring(root, encoding="unicode")
    return f"<?xml version='1.0' encoding='UTF-8'?>\n{xml}\n"


def _suite(
    number: int, name: str, files: list[Judged], frame: Frame, fail_on: Severity
) -> ElementTree.Element:
    kind = frame.schema.partition("/")[0]
    suite = ElementTree.Element(
        "testsuite",
        name=_plain(name) or kind,
        package=kind,
        id=str(number),
        hostname="localhost",
        timestamp=rfc3339(frame.started).removesuffix("Z"),
        time="0",
    )
    for count, value in _sums(files, fail_on).items():
        suite.set(count, value)
    properties = ElementTree.SubElement(suite, "properties")
    ElementTree.SubElement(properties, "property", name="genlabel", value=__version__)
    for each in files:
        _case(suite, each, kind, fail_on)
    others = (f"{file.shown}: {_line(each)}" for file in files for each in _others(file, fail_on))
    ElementTree.SubElement(suite, "system-out").text = _plain("\n".join(others))
    ElementTree.SubElement(suite, "system-err")
    return suite


def _sums(files: list[Judged], fail_on: Severity) -> dict[str, str]:
    failures = sum(1 for each in files if each.trouble is None and each.failing(fail_on))
    errors = sum(1 for each in files if each.trouble is not None)
    skipped = sum(1 for each in files if _is_skipped(each, fail_on))
    counts = {"tests": len(files), "failures": failures, "errors": errors, "skipped": skipped}
    return {name: str(count) for name, count in counts.items()}


def _is_skipped(file: Judged, fail_on: Severity) -> bool:
    """Would it have failed but for a baseline?"""
    accepted = any(each.accepted is not None for each in file.remarks)
    return accepted and file.trouble is None and not file.failing(fail_on)


def _case(suite: ElementTree.Element, file: Judged, kind: str, fail_on: Severity) -> None:
    case = ElementTree.SubElement(
        suite, "testcase", name=_plain(file.shown), classname=kind, time="0"
    )
    failing = file.failing(fail_on)
    if file.trouble is not None:
        words = _plain(file.trouble)
        ElementTree.SubElement(case, "error", message=words, type="unjudged").text = words
    elif failing:
        about = {"message": _plain(failing[0].sentence), "type": _plain(failing[0].code)}
        lines = _plain("\n".join(map(_line, failing)))
        ElementTree.SubElement(case, "failure", about).text = lines
    elif _is_skipped(file, fail_on):
        accepted = (each for each in file.remarks if each.accepted is not None)
        reasons = "; ".join(dict.fromkeys(f"{each.code}: {each.accepted}" for each in accepted))
        ElementTree.SubElement(case, "skipped", message=_plain(f"accepted: {reasons}"))


def _others(file: Judged, fail_on: Severity) -> Iterator[Remark]:
    """What does not make its case fail."""
    failing = () if file.trouble is not None else file.failing(fail_on)
    yield from (each for each in file.remarks if each not in failing)


def _line(remark: Remark) -> str:
    return f"{remark.severity.value} {remark.code} {remark.told}"


def _plain(text: str) -> str:
    return _NO_CHARACTERS.sub("\ufffd", text)
