"""GitHub's workflow commands, which become annotations, and the table of a job's summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from genlabel.model.report import Severity
from genlabel.model.words.catalogue import ENGLISH
from genlabel.model.words.translation import translated
from genlabel.rendering.builds.judged import Judged

MOST_SHOWN = 10
"""Annotations of each level that GitHub shows of one step."""
MAX_SUMMARY = 1_000_000
"""Most bytes of a summary: GitHub refuses more than 1 MiB a step."""
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def rendered(files: Iterable[Judged], language: str = ENGLISH) -> str:
    """The commands, gravest first, ten of each level; one more says how many are not shown."""
    remarks: list[tuple[Severity, Judged, str, str]] = []
    for file in files:
        if file.trouble is not None:
            title = translated("not judged", language)
            remarks.append((Severity.ERROR, file, title, file.trouble))
        for each in file.remarks:
            if each.accepted is not None:
                continue
            remarks.append((each.severity, file, each.code, each.told))
    remarks.sort(key=lambda each: each[0].rank)
    totals = Counter(severity for severity, *_ in remarks)
    lines: list[str] = []
    shown: Counter[Severity] = Counter()
    for severity, file, title, message in remarks:
        # the last of ten makes room for the one that counts the others
        room = MOST_SHOWN if totals[severity] <= MOST_SHOWN else MOST_SHOWN - 1
        if shown[severity] < room:
            shown[severity] += 1
            about = f"file={_property(file.shown)},line=1,title={_property(title)}"
            lines.append(f"::{_LEVELS[severity]} {about}::{_data(message)}")
    for severity in Severity:
        more = totals[severity] - shown[severity]
        if more:
            level = _LEVELS[severity]
            message = translated(f"{more:,} more of level {level} are not shown", language)
            lines.append(f"::{level} title=genlabel::{message}")
    return "".join(f"{line}\n" for line in lines)


def summary(files: Iterable[Judged], counts: Mapping[str, int], language: str = ENGLISH) -> str:
    """A table in Markdown for the page of the job, worst first; cut before it gets too long."""
    judged = counts["files"] - counts["unjudged"]
    told = (
        f"{judged:,} judged",
        f"{counts['errors']:,} with errors",
        f"{counts['warnings']:,} with warnings",
        f"{counts['unjudged']:,} not judged",
    )
    head = f"### genlabel: {', '.join(translated(each, language) for each in told)}\n\n"
    rows = sorted((row for each in files for row in _rows(each, language)), key=lambda row: row[0])
    if not rows:
        return head
    titles = translated("| file | severity | code | what was found |", language)
    text = f"{head}{titles}\n|---|---|---|---|\n"
    size = len(text.encode())
    for number, (_, *cells) in enumerate(rows):
        line = "| " + " | ".join(map(_cell, cells)) + " |\n"
        size += len(line.encode("utf-8", "replace"))
        if size > MAX_SUMMARY - 100:
            more = translated(f"{len(rows) - number:,} more are not shown.", language)
            return f"{text}\n{more}\n"
        text += line
    return text


def _rows(file: Judged, language: str) -> list[tuple[int, str, str, str, str]]:
    rows = [
        (each.severity.rank, file.shown, each.severity.value, each.code, each.sentence)
        for each in file.remarks
        if each.accepted is None
    ]
    if file.trouble is not None:
        rows.append((-1, file.shown, translated("not judged", language), "", file.trouble))
    return rows


def _cell(text: str) -> str:
    """Nothing in it ends the cell, opens an element or makes a link."""
    return "".join(f"&#{ord(each)};" if each in "|<>&`*_[]()!\\#@:~" else each for each in text)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
