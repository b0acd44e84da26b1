"""The forms in which reports go out, and `render`, which makes any of them of any reports.

A form has two halves: what is kept of one report, made as it comes, and the whole, made of these
at the end of the run. The whole of `text`, `jsonl` and `crjson` is what was kept, one after the
other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.report import Severity
from genlabel.model.words.catalogue import ENGLISH, LANGUAGES
from genlabel.rendering import json, text
from genlabel.rendering.json import AnyReport, Frame
from genlabel.rendering.places import Place
from genlabel.rendering.text import Style

FORMATS = (
    *("text", "concise", "json", "jsonl", "html"),
    *("junit", "sarif", "github", "gitlab", "csv"),
    "crjson",
)
"""All forms of reports about files; the last one is of `verify` alone."""
STREAMED = ("text", "jsonl", "crjson")
"""Those that can be read while the run goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How the reports of a run are shown."""

    style: Style = field(default_factory=Style)
    place: Place = field(default_factory=Place)
    fail_on: Severity = Severity.ERROR
    """What makes a case of JUnit fail."""
    picture: Callable[[str], str | None] = lambda _: None
    """A small copy of the file that a report is about, as a `data:` address."""

    @property
    def language(self) -> str:
        """Of verdicts."""
        return self.style.language


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """The whole of a run in one form."""

    content: str
    left_out: int = 0
    """Findings that it has no room for."""


def part(name: str, report: AnyReport, view: View, *, suite: str = "") -> Any:
    """What the form called `name` keeps of one report: text, or a value that can be pickled."""
    match name:
        case "text":
            return text.rendered(report, view.style)
        case "jsonl":
            return json.line(report)
        case "crjson":
            from genlabel.rendering import crjson

            return crjson.line(report)
        case "html":
            from genlabel.rendering import html

            return html.article(report, view.picture, language=view.language)
        case "json":
            return report.to_dict()
    from genlabel.rendering.builds.judged import judged

    return judged(report, view.place, suite=suite, language=view.language)


def whole(
    name: str, parts: Iterable[Any], frame: Frame, counts: Mapping[str, int], view: View
) -> Whole:
    """The document called `name`, of what was kept of each report."""
    match name:
        case "json":
            return Whole(content=json.document(frame, parts, counts))
        case "html":
            from genlabel.rendering import html

            page = html.page(frame, parts, counts, language=view.language)
            return Whole(content=page)
        case "sarif":
            from genlabel.rendering.builds import sarif

            content, left_out = sarif.rendered(parts, frame, language=view.language)
            return Whole(content=content, left_out=left_out)
        case "junit":
            from genlabel.rendering.builds import junit

            return Whole(content=junit.rendered(parts, frame, fail_on=view.fail_on))
        case "concise":
            from genlabel.rendering.builds import concise

            return Whole(content=concise.rendered(parts, counts, view.language))
        case "github":
            from genlabel.rendering.builds import github

            return Whole(content=github.rendered(parts, view.language))
        case "gitlab":
            from genlabel.rendering.builds import gitlab

            return Whole(content=gitlab.rendered(parts, view.language))
        case "csv":
            from genlabel.rendering.builds import table

            return Whole(content=table.rendered(parts))
    return Whole(content="".join(parts))


def render(
    reports: Iterable[AnyReport],
    format: str,
    *,
    language: str = ENGLISH,
    root: str | Path | None = None,
    fail_on: str = "error",
    verbose: bool = False,
) -> str:
    """`reports` of one kind as one text: text, concise, json, jsonl, html, junit, sarif and more.

    Of reports of `verify` `crjson` is one, too: a document a line.

    Paths are told below `root`, the working directory unless set. `fail_on` is the least severity
    that makes a case of JUnit fail. Raises `ConfigurationError` for a format, a severity or a
    language that nobody knows.
    """
    from genlabel.manifests.engine import engine

    for name, value, known in (
        ("format", format, FORMATS),
        ("fail_on", fail_on, tuple(Severity)),
        ("language", language, tuple(LANGUAGES)),
    ):
        if value not in known:
            choice = "choose among " + ", ".join(known)
            raise ConfigurationError(f"{name}: {value!r} is none", remedy=choice)
    listed = list(reports)
    for each in listed:
        if not hasattr(each, "KIND"):
            raise TypeError(f"reports: {type(each).__name__} is no report")
    view = View(
        style=Style(language=language, verbose=verbose),
        place=Place() if root is None else Place(root=Path(root)),
        fail_on=Severity(fail_on),
    )
    kind = listed[0].KIND if listed else "verify"
    versions = engine.versions() if format in ("json", "html") else {}
    frame = Frame(schema=f"genlabel.{kind}/1", started=datetime.now(UTC), engine=versions)
    parts = [part(format, each, view) for each in listed]
    counts = {**json.summary(listed), **json.fates(listed)}
    return whole(format, parts, frame, counts, view).content
