"""Results: reports go out one by one in the form asked for, and the exit status follows."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from genlabel.cli.stderr import talk, watching
from genlabel.model.errors import GenlabelError
from genlabel.model.report import Severity
from genlabel.model.words.catalogue import ENGLISH
from genlabel.rendering import html, json, text
from genlabel.rendering.json import AnyReport, Frame
from genlabel.rendering.text import Style

FINDINGS, UNJUDGED, INTERRUPTED = 1, 2, 130


@dataclass(slots=True, kw_only=True)
class Results:
    """Takes reports as they come; lives for one run."""

    schema: str
    format: str
    fail_on: Severity = Severity.ERROR
    quiet: bool = False
    verbose: bool = False
    trust_lists: tuple[str, ...] = ()
    policy: str | None = None
    language: str = ENGLISH
    """Of the verdicts in text and HTML; JSON says codes, which have none."""
    to_stderr: bool = False
    """Where stdout carries the picture itself."""
    _started: datetime = field(default_factory=lambda: datetime.now(UTC))
    _kept: list[AnyReport] = field(default_factory=list)
    """Only for forms that are one document."""
    _counts: dict[str, int] = field(default_factory=lambda: json.summary(()))
    _status: int = 0
    _due: dict[str, list[str]] = field(default_factory=dict)
    """What is to be done after the run, and with which files."""

    def deliver(self, reports: Iterable[AnyReport]) -> int:
        """Writes all `reports`; the exit status. After an interrupt, those that are complete."""
        try:
            with watching(quiet=self.quiet):
                for report in reports:
                    self.take(report)
        except KeyboardInterrupt:
            self.finish()
            return INTERRUPTED
        self.finish()
        return self._status

    def take(self, report: AnyReport) -> None:
        """One report."""
        for name, count in json.summary([report]).items():
            self._counts[name] += count
        self._status = max(self._status, self._status_of(report))
        if due := text.due(report):
            self._due.setdefault(due[0], []).append(due[1])
        if self.format == "text":
            if not self.quiet or self._status_of(report):
                self._write(text.rendered(report, self._style()))
        elif self.format == "jsonl":
            self._write(json.line(report))
        else:
            self._kept.append(report)

    def finish(self) -> None:
        """What comes at the end: the document, or a line over several files."""
        if self.format == "json":
            self._write(json.document(self._frame(), self._kept))
        elif self.format == "html":
            self._write(html.page(self._frame(), self._kept, _picture, language=self.language))
        elif self.format == "text" and self._counts["files"] > 1:
            talk(text.summary(self._counts), quiet=self.quiet)
        for words, files in self._due.items() if self._counts["files"] > 1 else ():
            talk(f"{words}:", quiet=self.quiet)
            for each in files:
                talk(f"  {each}", quiet=self.quiet)

    def _status_of(self, report: AnyReport) -> int:
        if report.unjudged:
            return UNJUDGED
        worst = report.worst()
        ranks = list(Severity)
        fails = worst is not None and ranks.index(worst) <= ranks.index(self.fail_on)
        return FINDINGS if fails else 0

    def _write(self, content: str) -> None:
        click.echo(content, nl=False, err=self.to_stderr, color=True)

    def _style(self) -> Style:
        found = style(to_stderr=self.to_stderr, verbose=self.verbose)
        return replace(found, language=self.language)

    def _frame(self) -> Frame:
        return Frame(
            schema=self.schema,
            started=self._started,
            engine=engine(),
            trust_lists=self.trust_lists,
            policy=self.policy,
        )


def style(*, to_stderr: bool = False, verbose: bool = False) -> Style:
    """In colour where somebody looks who did not ask for none."""
    stream = sys.stderr if to_stderr else sys.stdout
    # https://no-color.org: present and not empty
    colour = stream.isatty() and not os.environ.get("NO_COLOR")
    return Style(colour=colour and os.environ.get("TERM") != "dumb", verbose=verbose)


def engine() -> Mapping[str, str]:
    """The engine's packages and their versions."""
    from genlabel.manifests.engine import engine as room

    return room.versions()


def _picture(path: str) -> str | None:
    """A small copy of the file that a report is about."""
    from genlabel.pixels import thumbnail

    try:
        return thumbnail.data_uri(Path(path).read_bytes())
    except (GenlabelError, OSError):
        return None
