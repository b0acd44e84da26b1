"""The survival table: what common tools do to each mark, and the probable cause of a loss.

`make survival` measures it: each row of ``tool_traces.json`` is what one operation of one tool did
to a labelled file of one container. Different tools leave the same traces: a cause is a guess.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from genlabel.model.dataclass import dataclass
from genlabel.model.report import Mark, Survival

MARKS = (Mark.IPTC, Mark.EXIF, Mark.IIM, Mark.MANIFEST)
"""In the order of a row's letters."""
FATES = {
    "K": Survival.KEPT,
    "L": Survival.LOST,
    "B": Survival.BROKEN,
    "C": Survival.CHANGED,
    "-": Survival.ABSENT,
}
_SAME = frozenset({"identical", "metadata-only"})
_PARTLY = frozenset({Survival.KEPT, Survival.LOST})
_UNSEEN = "undecodable"
LABEL_LAST = "label last: sign what this step makes, with the labelled original as its parent"
"""What helps where no program keeps more when asked."""
_MOST = 6
"""Most operations that are named as a cause."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One way to use one tool."""

    name: str
    program: str
    command: str
    """As it is typed, with ``IN`` and ``OUT`` for the files."""
    keeps: str | None
    """Where it is the way in which this program keeps most, how one asks for that."""
    edits: bool
    """Does it also change pictures, so that a resized or cropped one may be its work?"""


@dataclass(frozen=True, slots=True)
class Row:
    """What one operation did to a labelled file."""

    operation: Operation
    before: str
    after: str
    fates: Mapping[Mark, Survival]
    """Of each mark that the file had."""
    change: str | None
    """What it did to the picture: a `Pixels.coding`."""

    def fits(self, formats: tuple[str, str], marks: Mapping[Mark, Survival], change: str) -> bool:
        """Are these its traces? Marks that the original did not carry say nothing.

        Which fields a mark had decides whether a tool that drops some of them changes or loses it.
        """
        if formats != (self.before, self.after) or not self._fits_picture(change):
            return False
        return all(
            fate in (Survival.ABSENT, wanted)
            or (fate is Survival.CHANGED and wanted is Survival.KEPT)
            or (fate in _PARTLY and wanted is Survival.CHANGED)
            for mark, wanted in self.fates.items()
            if (fate := marks.get(mark, Survival.ABSENT))
        )

    def _fits_picture(self, change: str) -> bool:
        if self.before != self.after or _UNSEEN in (change, self.change) or change == self.change:
            return True
        if change == "identical":  # coded anew, which who only edits metadata does not do
            return self.change == "metadata-only" and self.operation.edits
        if change in _SAME:
            return self.change in _SAME
        return self.operation.edits


@dataclass(frozen=True, slots=True)
class Traces:
    """All that was measured."""

    rows: tuple[Row, ...]
    versions: Mapping[str, str]
    """Of the programs and libraries, as they were measured."""

    def fitting(
        self, formats: tuple[str, str], marks: Mapping[Mark, Survival], change: str
    ) -> Iterator[Operation]:
        """The operations that leave just these traces, each once, those first that did just this to
        the picture."""
        rows = [row for row in self.rows if row.fits(formats, marks, change)]
        rows.sort(key=lambda row: row.change != change)
        yield from {row.operation.name: row.operation for row in rows}.values()

    def keeping(self, program: str, formats: tuple[str, str]) -> Row | None:
        """What is left where one asks `program` to keep what it can; None if that is unknown."""
        return next(
            (
                row
                for row in self.rows
                if row.operation.program == program
                and row.operation.keeps is not None
                and (row.before, row.after) == formats
            ),
            None,
        )


@cache
def traces() -> Traces:
    """The table as it was measured."""
    text = files(__package__).joinpath("tool_traces.json").read_text("utf-8")
    document: Mapping[str, Any] = json.loads(text)
    operations = {
        name: Operation(name, each["program"], each["command"], each["keeps"], each["edits"])
        for name, each in document["operations"].items()
    }
    rows = tuple(
        Row(operations[name], before, after, _fates(fates), change)
        for name, before, after, fates, change in document["rows"]
    )
    return Traces(rows, document["versions"])


def _fates(letters: str) -> Mapping[Mark, Survival]:
    pairs = zip(MARKS, letters, strict=True)
    return {mark: FATES[letter] for mark, letter in pairs if letter != "-"}


@dataclass(frozen=True, slots=True)
class Cause:
    """What probably did it, and how it is avoided."""

    operations: tuple[str, ...]
    advice: tuple[str, ...] = ()
    """How it is avoided; of each program that keeps more marks when asked: how one asks."""


def probable_cause(
    formats: tuple[str, str], marks: Mapping[Mark, Survival], change: str
) -> Cause | None:
    """The operations that leave just these traces; None when none does.

    `formats` are those before and after, `marks` the fate of each, `change` a `Pixels.coding`.
    """
    table = traces()
    fitting = tuple(table.fitting(formats, marks, change))
    if not fitting:
        return None
    programs = dict.fromkeys(each.program for each in fitting)
    kept = ((program, table.keeping(program, formats)) for program in programs)
    advice = tuple(
        f"{program}: {row.operation.keeps}"
        for program, row in kept
        if row is not None and _more(row.fates, marks)
    )
    return Cause(tuple(each.name for each in fitting[:_MOST]), advice[:_MOST] or (LABEL_LAST,))


def _more(fates: Mapping[Mark, Survival], marks: Mapping[Mark, Survival]) -> bool:
    """Would any mark be kept that is not?"""
    return any(
        fate is Survival.KEPT and marks.get(mark) in (Survival.LOST, Survival.BROKEN)
        for mark, fate in fates.items()
    )
