"""Results: reports go out one by one in the form asked for, and the exit status follows."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from genlabel.cli import colour, signals, std_streams
from genlabel.cli.gate import Gate
from genlabel.cli.options import RunOptions
from genlabel.cli.progress import Progress
from genlabel.cli.speech import speech
from genlabel.cli.stderr import line, message
from genlabel.credentials.trust import Trust
from genlabel.model.dataclass import dataclass
from genlabel.model.report import Severity, Trouble
from genlabel.model.words.catalogue import ENGLISH
from genlabel.policies import Policy
from genlabel.rendering import json, text
from genlabel.rendering.formats import STREAMED, View, whole
from genlabel.rendering.json import AnyReport, Frame
from genlabel.rendering.outgoing import FINDINGS, UNJUDGED, Forms, Outgoing, done, picture
from genlabel.rendering.text import Style
from genlabel.storage import Found, batch

if TYPE_CHECKING:
    from genlabel.policies.declarations import Declarations
    from genlabel.storage import Target

Item = TypeVar("Item")

_USUAL = (10_000, 10, 10)
"""Objects after which Python looks for cycles while files are worked on."""


@dataclass(slots=True, kw_only=True)
class Results:
    """Delivers reports as they come; lives for one run."""

    schema: str
    run: RunOptions
    fail_on: Severity = Severity.ERROR
    trust: Trust | None = None
    policy: Sequence[Policy] = ()
    as_of: date | None = None
    language: str = ENGLISH
    """Of the verdicts in text and HTML; JSON says codes, which have none."""
    to_stderr: bool = False
    """Where stdout carries the picture itself."""
    closing: str | None = None
    """What is said at the very end."""
    asking: Sequence[Policy] = ()
    """Rule books whose questions are declared in this run, or left open."""
    declared: Declarations | None = None
    gate: Gate = field(default_factory=Gate)
    """What is asked of the run as a whole, and what else is written."""
    _started: datetime = field(default_factory=lambda: datetime.now(UTC))
    _kept: dict[str, list[Any]] = field(default_factory=dict)
    """What is kept of the reports by each form that is written at the end."""
    _counts: dict[str, int] = field(default_factory=lambda: json.summary(()))
    _status: int = 0
    _not_begun: int | None = None
    """Files that an interrupt has left; None without one."""
    _due: dict[str, list[str]] = field(default_factory=dict)
    """What is to be done after the run, and with which files."""

    def deliver(
        self,
        items: Sequence[Item],
        work: Callable[[Item], AnyReport],
        *,
        failed: Callable[[Item | Path, Trouble], AnyReport],
        unreadable: Iterable[tuple[Path, OSError]] = (),
        jobs: int = 1,
        shared: int = 0,
        loading: Sequence[str] | None = (),
    ) -> NoReturn:
        """Do `work` on every item, write the reports in order and end the run with its status.

        Where there is no report, `failed` makes one of the item and the reason; it is called for
        what was `unreadable` before, too. After an interrupt, complete reports are written. Other
        processes may work on all items where `shared` is their number, see `batch.reports`, where
        `loading` is explained, too.
        """
        gc.freeze()  # what was loaded stays, and need not be searched for cycles
        gc.set_threshold(*_USUAL)
        forms = Forms(
            names=self._forms(),
            view=self._view(),
            baseline=self.gate.baseline,
            is_noted=self.gate.new_baseline is not None,
            only_at_fault=("text",) if self.run.quiet and "text" not in self.gate.reports else (),
        )

        def not_done(item: Item | Path, error: Trouble) -> Outgoing:
            return forms.outgoing(item, failed(item, error))

        unread = tuple(unreadable)
        total = len(items) + len(unread)
        reports = batch.reports(
            items,
            partial(done, work, forms),
            failed=not_done,
            unreadable=unread,
            jobs=jobs,
            expected=shared,
            loading=loading if jobs > 1 and can_be_forked() else None,
        )
        progress = Progress(total, quiet=self.run.quiet)
        with progress.watching():
            try:
                for report in reports:
                    self.take(report)
                    progress.count()
            except KeyboardInterrupt as interrupt:
                self._status = signals.status_of(interrupt)
                with suppress(KeyboardInterrupt):  # it comes back after what was under way
                    self.take(reports.throw(interrupt))
                    for report in reports:
                        self.take(report)
                self._not_begun = total - self._counts["files"]
        for path, trouble in self.gate.missing():
            self.take(not_done(path, trouble))
        self._finish()
        click.get_current_context().exit(self._status)

    def take(self, report: Outgoing) -> None:
        """One report, in the forms asked for."""
        for name, count in report.counts.items():
            self._counts[name] = self._counts.get(name, 0) + count
        self._status = max(self._status, report.status)
        self.gate.note(report)
        for words in report.taken if self.run.format != "text" else ():  # text has a row of it
            message(words, quiet=self.run.quiet)
        if report.due:
            self._due.setdefault(report.due[0], []).append(report.due[1])
        for form, kept in report.parts.items():
            if form not in STREAMED or form in self.gate.reports:
                self._kept.setdefault(form, []).append(kept)
        if self.run.format in STREAMED and (
            self.run.format != "text" or not self.run.quiet or report.status
        ):
            self._write(report.parts[self.run.format])

    def _finish(self) -> None:
        """What comes at the end: the documents, or a line over several files."""
        self._status = self.gate.finished(self._status, UNJUDGED)
        self._counts["passed_over"] = len(self.gate.passed_over)
        if self._not_begun is not None and self.schema == json.SIGN:
            self._counts |= {"interrupted": 1, "not_begun": self._not_begun}
        for form in self._forms():
            self._finish_form(form)
        is_of_several = self._counts["files"] > 1 or (self._counts["files"] and self._not_begun)
        streams = STREAMED if self.schema == json.SIGN else ("text",)
        if is_of_several and self.run.format in streams:
            message(text.summary(self._counts, self.language), quiet=self.run.quiet)
        if is_of_several and self.run.format == "text":
            for words in text.accounts(self._counts, self.language):
                message(words, quiet=self.run.quiet)
        if self._not_begun is not None:
            message(text.interrupted(self._not_begun), quiet=self.run.quiet)
            if self.schema == json.SIGN and self._not_begun:
                message(text.RESUMED, quiet=self.run.quiet)
        for words, files in self._due.items() if self._counts["files"] > 1 else ():
            message(f"{words}:", quiet=self.run.quiet)
            for path in files:
                message(f"  {path}", quiet=self.run.quiet)
        for words in text.unanswered(self._counts, self.asking, self.declared):
            message(words, quiet=self.run.quiet)
        if self.closing:
            message(self.closing, quiet=self.run.quiet)

    def _finish_form(self, form: str) -> None:
        """Write the whole of one form, to stdout or to the file that was named for it."""
        is_shown, is_written = form == self.run.format, form in self.gate.reports
        if is_shown and form in STREAMED and not is_written:
            return
        kept = self._kept.get(form, [])
        made = whole(form, kept, self._frame(), self._counts, self._view())
        if made.left_out:
            message(f"{form}: {made.left_out:,} of the least grave findings are not in it")
        if is_shown and form not in STREAMED:
            self._write(made.content)
        if is_written:
            self.gate.write(form, made.content)
        if form == "github":
            from genlabel.rendering.builds import github

            self.gate.summarise(github.summary(kept, self._counts, self.language))

    def _forms(self) -> tuple[str, ...]:
        """The forms that are wanted, that of stdout first."""
        return tuple(dict.fromkeys((self.run.format, *self.gate.reports)))

    def _view(self) -> View:
        return View(
            style=self._style(),
            place=self.gate.place,
            fail_on=self.fail_on,
            picture=partial(picture, self.run.max_pixels),
        )

    def _write(self, content: str) -> None:
        if (sys.stderr if self.to_stderr else sys.stdout).isatty():
            line.clear()
        try:
            click.echo(content, nl=False, err=self.to_stderr, color=True)
        except BrokenPipeError:
            raise
        except OSError as error:
            name = "standard error" if self.to_stderr else "standard output"
            raise OSError(error.errno, error.strerror, name) from error

    def _style(self) -> Style:
        plain = style(to_stderr=self.to_stderr, verbose=self.run.verbose)
        return replace(plain, language=self.language)

    def _frame(self) -> Frame:
        return Frame(
            schema=self.schema,
            started=self._started,
            engine=engine(),
            trust_lists=tuple(entry.name for entry in self.trust.entries) if self.trust else (),
            policy=", ".join(each.name for each in self.policy) or None,
            as_of=self.as_of,
            passed_over=tuple(map(str, self.gate.passed_over)) if self.gate.verbose else (),
        )


def can_be_forked() -> bool:
    """Is this process our program, with nothing in it of the engine's but what is never called?

    Two processes that go on from one state of its random numbers would draw the same ones.
    """
    from genlabel.manifests.engine.c_api import native

    return std_streams.are_prepared() and not native.cache_info().currsize


def failure(
    kind: Callable[..., AnyReport],
) -> Callable[[Found | Target | Path, Trouble], AnyReport]:
    """Make a function that makes the report on a file which could not be worked on.

    `kind` takes the file's `path` and the `error`.
    """

    def failed(item: Found | Target | Path, error: Trouble) -> AnyReport:
        file = item if isinstance(item, Found | Path) else item.source
        return kind(path=str(file if isinstance(file, Path) else file.path), error=error)

    return failed


def deliver_one(run: RunOptions, *, ok: bool, document: str, text: str) -> NoReturn:
    """Write a result that is about no file, and end the run: with findings unless it is `ok`."""
    if run.format == "json":
        click.echo(document, nl=False)
    elif not run.quiet or not ok:
        click.echo(text, nl=False, color=True)
    click.get_current_context().exit(0 if ok else FINDINGS)


def style(*, to_stderr: bool = False, verbose: bool = False) -> Style:
    """In colour where somebody looks who did not ask for none."""
    stream = sys.stderr if to_stderr else sys.stdout
    return Style(language=speech.language, colour=colour.is_wanted(stream), verbose=verbose)


def engine() -> Mapping[str, str]:
    """The engine's packages and their versions."""
    from genlabel.manifests.engine import engine as room

    return room.versions()
