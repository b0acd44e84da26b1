"""The part of `survival.md` about pictures: how rightly it is said what was done to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

Table = Callable[[Sequence[str], Iterable[Sequence[str]]], Iterable[str]]
RESULTS = Path(__file__).resolve().parent.parent / "benchmarks" / "relations.json"
_SHARES = ("right", "undecided")
_BEFORE = """
## What is said of the picture

Of {pairs:,} pairs of different pictures {called_copy} were called a copy, and {undecided} were left
undecided. Of {made:,} copies {another} were called another picture. `right` is the share of copies
of which all that was done was named and nothing else, every figure within 2 % of the truth (5 %
where several things were done). `undecided` is the share of which `certainty` was `low`, whatever
was named: a warning that says that the two pictures do not tell, and never counted as right. What
is left was named wrongly, and surely.

"""
_AFTER = """
Measured by `make relations`, which writes `benchmarks/relations.json`: drawn hills, and pictures of
the Debian packages `gnome-backgrounds`, `wesnoth-1.16-data` and `supertuxkart-data` that have 96
pixels or more on the shorter side, colours, and a left and a right; pairs are from different
folders. ImageMagick and libvips make the copies, and their arguments are the truth.
"""


def relations_part(table: Table) -> str:
    """Two rates, and each operation."""
    seen = json.loads(RESULTS.read_text("utf-8"))
    copies, pairs = seen["copies"], seen["pairs"]
    made, another = (
        sum(row[name] for row in copies.values()) for name in ("count", "called_another")
    )
    rows = [
        [name, str(row["count"]), str(row["called_another"])]
        + [f"{row[part] / row['count']:.1%}" if part in row else "" for part in _SHARES]
        for name, row in copies.items()
    ]
    numbers = {"pairs": pairs["count"], "made": made, "another": another}
    said = {"called_copy": pairs["called_copy"], "undecided": pairs["undecided"]}
    heads = ["operation", "copies", "called another", "right", "undecided"]
    return "".join([_BEFORE.format(**numbers, **said), *table(heads, rows), _AFTER])
