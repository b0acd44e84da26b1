"""A run as a whole: what is written of it beside stdout, what is accepted, what must be there."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from genlabel import storage
from genlabel.cli.stderr import message
from genlabel.model.dataclass import dataclass
from genlabel.model.expression import expression
from genlabel.model.report import Finding, Trouble
from genlabel.rendering.outgoing import Outgoing
from genlabel.rendering.places import Place

if TYPE_CHECKING:
    from genlabel.operations.baseline import Baseline

_COLOUR = expression("\x1b\\[[0-9;]*m")


@dataclass(slots=True, kw_only=True)
class Gate:
    """What is asked of one run as a whole; lives as long as the run."""

    reports: Mapping[str, Path] = field(default_factory=dict)
    """Format → the file it goes into."""
    place: Place = field(default_factory=Place)
    least: int = 0
    """Pictures that must be there."""
    expected: Sequence[str] = ()
    """Globs each of which a picture must fit."""
    ignore_case: bool = False
    """Do these fit upper and lower case alike?"""
    baseline: Baseline | None = None
    new_baseline: Path | None = None
    passed_over: Sequence[Path] = ()
    verbose: bool = False
    _seen: set[str] = field(default_factory=set)
    """Where pictures were, below the root."""
    _accepted: list[tuple[str, Finding]] = field(default_factory=list)
    """What the baseline may speak of."""
    _failing: list[tuple[str, Finding]] = field(default_factory=list)

    def note(self, report: Outgoing) -> None:
        """Count a report that went out."""
        self._seen.add(report.place)
        self._accepted += ((report.place, each) for each in report.accepted)
        self._failing += ((report.place, each) for each in report.failing)

    def missing(self) -> Iterator[tuple[Path, Trouble]]:
        """What was expected and was not there, once all reports went out."""
        if len(self._seen) < self.least:
            count = len(self._seen)
            yield (
                Path(self.place.root),
                Trouble(
                    kind="Missing",
                    message=f"{count:,} picture{'' if count == 1 else 's'}, and at least "
                    f"{self.least:,} are expected",
                    remedy="see what --verbose names as passed over",
                ),
            )
        for glob in self.expected:
            flags = re.IGNORECASE if self.ignore_case else 0
            pattern = re.compile(fnmatch.translate(glob.removeprefix("./")), flags)
            if not any(map(pattern.match, self._seen)):
                yield (
                    Path(glob),
                    Trouble(
                        kind="Missing",
                        message=f"{glob}: no picture fits, and one is expected",
                        remedy="see what --verbose names as passed over",
                    ),
                )

    def finished(self, status: int, unjudged: int) -> int:
        """The exit status of the run; with a new baseline, findings are accepted by it."""
        if self.baseline is not None:
            for entry in self.baseline.idle(self._accepted):
                why = "is over" if self.baseline.is_over(entry) else "fits nothing any more"
                message(f"baseline: {entry.path}: {entry.code} {why}")
        if self.new_baseline is None or status > unjudged:
            return status  # a run that was ended early has not seen everything
        from genlabel.operations import baseline

        text = baseline.written(self._failing, self.baseline)
        self._write(self.new_baseline, text)
        message(f"{len(self._failing):,} findings accepted in {self.new_baseline}")
        return status if status == unjudged else 0

    def write(self, form: str, content: str) -> None:
        """Write a report into its file, whole or not at all."""
        text = _COLOUR.sub("", content) if form == "text" else content
        self._write(self.reports[form], text)

    def _write(self, path: Path, text: str) -> None:
        data = text.encode("utf-8", "backslashreplace")
        storage.write_atomically(path, data, overwrite=True, fsync=False)

    def summarise(self, markdown: str) -> None:
        """Add to the summary of the job, where GitHub has one."""
        path = os.environ.get("GITHUB_STEP_SUMMARY")
        if path:
            with suppress(OSError), Path(path).open("a", encoding="utf-8") as file:
                file.write(markdown)
