"""Article: what a page says about one file, before it is known how much of it has room."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from genlabel.model.dataclass import dataclass
from genlabel.model.escape import escape
from genlabel.model.expression import expression
from genlabel.model.report import Report, Severity, Survival
from genlabel.model.results import StripReport
from genlabel.model.words.catalogue import ENGLISH, Catalogue, catalogue
from genlabel.model.words.translation import numeral
from genlabel.rendering import rows
from genlabel.rendering.json import AnyReport
from genlabel.rendering.row import Row

Picture = Callable[[str], str | None]
"""From a report's path to a small picture as ``data:`` URI; None where there is none."""
THERE = "there"
"""The fate of a mark that is in a file which was compared with nothing."""
VERDICTS = ("unjudged", "error", "warning", "fine", "seen")
"""How a page sorts files, gravest first; `seen` are those that nobody was to judge."""
MAX_CODE = 100
_CODE = expression(rf"(?=.{{1,{MAX_CODE}}}$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One file; a value that can be pickled. Everything but `marks` is HTML, escaped."""

    verdict: str
    """One of the `VERDICTS`."""
    heading: str
    """The file's path."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """What became of each mark: a `Survival`, or `THERE`."""
    pictures: str = ""
    """The small picture, beside its original's where the two were compared."""
    table: str = ""
    """What is needed at a first look."""
    details: str = ""
    """All the rest, folded."""
    finding: str = ""
    """The code of the gravest finding."""
    codes: tuple[str, ...] = ()
    """Of its findings, those that a page can link."""

    @property
    def held(self) -> tuple[str, ...]:
        """The marks that are there and say what they said."""
        return tuple(mark for mark, fate in self.marks.items() if fate in (THERE, Survival.KEPT))

    @property
    def classes(self) -> str:
        """What the page's filters go by."""
        return " ".join(("file", self.verdict, *(f"has-{mark}" for mark in self.held)))

    def rendered(self, number: int, *, whole: bool) -> str:
        """As an element, the `number`-th of the page; the `whole`, or what needs little room."""
        pictures = f'<div class="pictures">{self.pictures if whole else ""}</div>'
        return (
            f'<article id="file-{number}" class="{self.classes}" '
            f'aria-labelledby="name-{number}">{pictures}<div><h3 id="name-{number}">'
            f'{self.heading}</h3><table aria-labelledby="name-{number}">{self.table}</table>'
            f"{self.details if whole else ''}</div></article>\n"
        )


def article(report: AnyReport, picture: Picture, *, language: str = ENGLISH) -> Article:
    """One report with a small copy of its picture, verdicts in `language`."""
    words = catalogue(language)
    listed = rows.of(report, language)
    details = [row for row in listed if row.detail]
    findings = sorted(_findings(report), key=lambda each: each.severity.rank)
    return Article(
        verdict=_verdict(report),
        heading=html.escape(escape(rows.title(report) or "-", limit=None)),
        marks=dict(_marks(report)),
        pictures="".join(_figures(report, picture, words)),
        table=_table((row for row in listed if not row.detail), language),
        details=_details(details, words),
        finding=html.escape(escape(findings[0].code, limit=MAX_CODE)) if findings else "",
        codes=tuple(dict.fromkeys(each.code for each in findings if is_linked(each.code))),
    )


def is_linked(code: str) -> bool:
    """Can a page have an explanation of its own for this code?"""
    return _CODE.fullmatch(code) is not None


def _findings(report: Any) -> tuple[Any, ...]:
    """Its own; and those of the result, where it is about signing or looking."""
    inner = getattr(report, "report", None)
    return (*getattr(report, "findings", ()), *(inner.findings if inner is not None else ()))


def _verdict(report: AnyReport) -> str:
    if report.unjudged:
        return "unjudged"
    if report.KIND in ("inspect", "explain"):
        return "seen"
    worst = report.worst()
    return worst.value if worst in (Severity.ERROR, Severity.WARNING) else "fine"


def _marks(report: Any) -> Iterator[tuple[str, str]]:
    if isinstance(report, StripReport):
        alone = report.against is None and report.pixels is None
        for mark, fate in report.marks.items():
            yield mark.value, THERE if alone and fate is Survival.KEPT else fate.value
        return
    inner = report if isinstance(report, Report) else getattr(report, "report", None)
    if isinstance(inner, Report) and inner.error is None:
        for mark in rows.carried(inner):
            yield mark.value, THERE


def _figures(report: AnyReport, picture: Picture, words: Catalogue) -> Iterator[str]:
    """The picture; beside it, if it was compared with one, its original."""
    against = getattr(report, "against", None)
    for path, role in ((report.path, "published" if against else "picture"), (against, "original")):
        small = picture(path) if path else None
        if path is None or small is None:
            continue
        name = escape(path, limit=200)
        alt = html.escape(words.say(f"page.alt-{role}", name=name))
        said = f"<figcaption>{html.escape(words.say(f'page.{role}'))}</figcaption>"
        # The URI was made by us from pixels; escaped all the same.
        image = f'<img alt="{alt}" loading="lazy" src="{html.escape(small)}">'
        yield f"<figure>{image}{said if against else ''}</figure>"


def _details(several: list[Row], words: Catalogue) -> str:
    if not several:
        return ""
    summary = html.escape(words.say("page.details", count=numeral(len(several), words.language)))
    table = f"<table>{_table(several, words.language)}</table>"
    return f"<details><summary>{summary}</summary>{table}</details>"


def _table(several: Iterable[Row], language: str) -> str:
    return "".join(_row(row, language) for row in several)


def _row(row: Row, language: str) -> str:
    tone = f' class="{row.tone}"' if row.tone else ""
    if not row.verdict:
        name = f'<th scope="row"{tone}>{html.escape(row.name)}</th>' if row.name else "<td></td>"
        return f"<tr>{name}<td>{_linked(row)}</td></tr>"
    words = f"{row.colon}{html.escape(row.words)}" if row.words else ""
    # verdicts are words of ours that are the same in every language
    spoken = ' lang="en"' if language != ENGLISH else ""
    value = f"<b{tone}{spoken}>{html.escape(row.verdict)}</b>{words}"
    return f'<tr><th scope="row">{html.escape(row.name)}</th><td>{value}</td></tr>'


def _linked(row: Row) -> str:
    """The words, with the code in them leading to its explanation."""
    words = html.escape(row.words)
    if not row.code or not is_linked(row.code):
        return words
    return words.replace(f"[{row.code}]", f"[{link(row.code)}]", 1)


def link(code: str) -> str:
    """To the explanation of a code that is linked."""
    return f'<a href="#code-{code}"><code translate="no">{code}</code></a>'
