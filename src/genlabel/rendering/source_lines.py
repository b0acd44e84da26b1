"""Lines of sources: what a picture is made of, as rows for people and as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from genlabel.model.report import Severity
from genlabel.model.sources import SourceLine
from genlabel.operations.sources import Sources, shown
from genlabel.rendering.builds.table import cell
from genlabel.rendering.row import Row

_COLUMNS = ("title", "relationship", "kind", "identifier", "depth", "vouched")
_RIGHTS = ("basis", "licence", "holder", "until", "territory", "web_statement", "statement")
_LAST = ("sha256", "data_mining", "ai_inference", "manifest")


def rows(told: Sources, _: str) -> Iterator[Row]:
    """A row a source, then what is wrong with them."""
    if told.error is not None:
        yield Row("unjudged", told.error.message, tone="bad")
        return
    if not told.sources:
        yield Row("sources", "nothing in the file says what it is made of")
    for line in told.sources:
        yield Row("ancestor" if line.depth > 1 else "source", shown(line))
    for each in told.findings:
        tone = "bad" if each.severity is Severity.ERROR else "doubtful"
        yield Row(each.severity.value, f"{each.where}: {each.explanation}", tone=tone)


def table(several: Iterable[Sources]) -> str:
    """CSV, a line a source (RFC 4180); no cell begins a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("path", *_COLUMNS, *_RIGHTS, *_LAST))
    for told in several:
        for line in told.sources:
            writer.writerow(cell(each) for each in (told.path or "", *_values(line)))
    return text.getvalue()


def _values(line: SourceLine) -> Iterator[str]:
    for holder, names in ((line, _COLUMNS), (line.rights, _RIGHTS), (line, _LAST)):
        for name in names:
            value = getattr(holder, name, None)
            yield "" if value is None else str(value)
