"""CSV: one line a picture, as a spreadsheet shows ten thousand of them (RFC 4180).

A cell that a spreadsheet would take for a formula begins with an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from genlabel.model.escape import escape
from genlabel.rendering.builds.judged import Judged

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What begins a formula, in its full width too."""


def rendered(files: Iterable[Judged]) -> str:
    """The table with its head; the columns are those of the reports."""
    rows = [dict(each.facts) for each in files]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if "worst" in columns:  # marks that only some files have stand before what was found
        tail = ("worst", "finding", "error")
        columns = [name for name in columns if name not in tail] + list(tail)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(name, "")) for name in columns])
    return text.getvalue()


def cell(value: str) -> str:
    """`value` as a spreadsheet shows it, escaped, and never as a formula."""
    shown = escape(value, limit=None if len(value) < 4096 else 4096)
    is_formula = shown.lstrip(" ").startswith(_FORMULA) or value.startswith(("\t", "\r"))
    return f"'{shown}" if is_formula else shown
