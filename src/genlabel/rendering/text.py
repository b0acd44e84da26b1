"""Text: a few aligned lines a file for people, coloured only where the caller asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass
from genlabel.model.escape import escape
from genlabel.model.judgement import Verdict
from genlabel.model.report import Report
from genlabel.model.serialise import rfc3339
from genlabel.model.words.catalogue import ENGLISH
from genlabel.model.words.translation import translated
from genlabel.model.words.typography import colon
from genlabel.policies.rule import Policy
from genlabel.rendering import judgements, rows
from genlabel.rendering.json import AnyReport
from genlabel.rendering.row import Row
from genlabel.rendering.rule_books import NO_LAW

if TYPE_CHECKING:
    from genlabel.policies.declarations import Declarations

_WIDTH = 11
_FATES = {
    "labelled": "labelled",
    "stamped": "time-stamped",
    "marked": "marked",
    "left_alone": "left alone",
    "refused": "refused",
    "failed": "failed",
}
"""What files are counted as by `sign` and `stamp`, in words."""
_COLOURS = {"bad": 31, "good": 32, "doubtful": 33, "bold": 1}  # ECMA-48 8.3.117 SGR


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How much is shown, and whether in colour."""

    colour: bool = False
    verbose: bool = False
    """Notes, all fields of all marks and the ancestors too."""
    language: str = ENGLISH
    """Of the verdicts; one of `genlabel.model.words.catalogue.LANGUAGES`."""

    def paint(self, text: str, tone: str | None) -> str:
        """`text` in the colour of `tone`, where colours are wanted."""
        if not self.colour or tone is None:
            return text
        return f"\x1b[{_COLOURS[tone]}m{text}\x1b[0m"


def rendered(report: object, style: Style) -> str:
    """Any report, as one block of lines."""
    listed = [row for row in rows.of(report, style.language) if style.verbose or not row.detail]
    return block(rows.title(report), listed, style)


def summary(counts: Mapping[str, int], language: str = ENGLISH) -> str:
    """One line over all files."""

    def say(words: str) -> str:
        return translated(words, language)

    files = counts["files"]
    head = say(f"{files:,} file{'' if files == 1 else 's'}")
    fates = [say(f"{counts[name]:,} {words}") for name, words in _FATES.items() if counts.get(name)]
    parts = [f"{head}{colon(language)}{', '.join(fates)}" if fates else head]
    for name, words in (
        ("errors", "with errors"),
        ("warnings", "with warnings"),
        ("unjudged", "that could not be judged"),
    ):
        if counts[name] and not (fates and name == "unjudged"):  # they were counted as not signed
            parts.append(say(f"{counts[name]:,} {words}"))
    return ", ".join(parts) if fates or len(parts) > 1 else say(f"{head}, nothing to object to")


def accounts(counts: Mapping[str, int], language: str = ENGLISH) -> Iterator[str]:
    """One line a rule book over all files, and what none of them says; not of `labelled` alone."""
    books = dict.fromkeys(name.partition("/")[0] for name in counts if "/" in name)
    listed = [book for book in books if book != judgements.OWN]
    files = counts["files"]
    for book in listed:
        yield f"{book}{colon(language)}{judgements.account(counts, book, language, files=files)}"
    if listed:
        yield translated(NO_LAW, language)


def unanswered(
    counts: Mapping[str, int], books: Iterable[Policy], declared: Declarations | None
) -> Iterator[str]:
    """One line about each of the `books` whose questions leave rules open, or unmet."""
    asking = [book for book in books if any(each.questions for each in book.whole)]
    if not asking:
        return
    from genlabel.policies.declarations import QuestionKind

    answered: set[str] = set()
    if declared is not None:
        apart = (each.answers for each in declared.overrides)
        answered = {*declared.answers, *chain.from_iterable(apart)}
    for book in asking:
        left = counts.get(f"{book.name}/{Verdict.UNDECIDED.value}", 0)
        if left and not answered:
            name = escape(book.file or book.name)
            yield (
                f"{book.name}: nothing was declared, and judgements are open ({left:,}); "
                f"`genlabel policy ask {name}` writes the form for what no file shows"
            )
        unmet = left + counts.get(f"{book.name}/{Verdict.FAILED.value}", 0)
        asks = [
            f"{each.name}.{question.id}"
            for each in book.whole
            for question in each.questions
            if question.kind is not QuestionKind.APPROVAL  # asked for where an answer wants it
        ]
        silent = ", ".join(key for key in asks if key not in answered)
        if unmet and answered and silent:
            yield f"{book.name}: no answer to {silent}"


def interrupted(not_begun: int) -> str:
    """One line about a run that was ended before its end."""
    several = "" if not_begun == 1 else "s"
    return f"interrupted: {not_begun:,} file{several} not begun; what is done is whole"


RESUMED = "the same command goes on; where results are in its way, with --overwrite"
"""How a run that wrote files and was ended is taken up again."""


def due(report: AnyReport) -> tuple[str, str] | None:
    """What is still to be done about a file, and which (with the day), for the end of a run."""
    if not isinstance(report, Report):
        from genlabel.model.results import SignReport

        if isinstance(report, SignReport) and report.needs_stamp:
            return "a time-stamp is still missing; `genlabel stamp` adds it", report.output or "-"
        return None
    if report.verifies_until is None:
        return None
    if all(each.code != "genlabel.signer.expiring" for each in report.findings):
        return None
    file = f"{report.path or '-'}, {rfc3339(report.verifies_until)}"
    return "soon nothing in it is attested; stamp it or sign anew", file


def block(title: str | None, several: Iterable[Row], style: Style) -> str:
    """A title and its rows below it, names aligned."""
    listed = list(several)
    width = max((len(row.name) for row in listed), default=0)
    lines = [style.paint(escape(title or "-", limit=None), "bold")]
    lines.extend(_line(row, max(width, _WIDTH), style) for row in listed)
    return "\n".join(lines) + "\n"


def _line(row: Row, width: int, style: Style) -> str:
    name = f"{row.name:<{width}}"
    if not row.verdict:
        return f"  {style.paint(name, row.tone)} {row.words}"
    words = f"{row.colon}{row.words}" if row.words else ""
    return f"  {name} {style.paint(row.verdict, row.tone)}{words}"
