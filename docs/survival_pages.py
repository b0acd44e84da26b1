"""`survival.md` and `keeping.md`, from the survival table as it was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genlabel.operations.strip_check.tool_traces import Operation, Row

Table = Callable[[Sequence[str], Iterable[Sequence[str]]], Iterable[str]]
_COLUMNS = ("`iptc`", "`exif`", "`iim`", "`manifest`")


def _fates(row: Row) -> tuple[str, ...]:
    """In the order of the columns; nothing where the file had no such mark."""
    from genlabel.operations.strip_check.tool_traces import MARKS

    return tuple(row.fates[mark].value if mark in row.fates else "" for mark in MARKS)


def _formats(rows: Iterable[Row]) -> str:
    pairs = ((each.before, each.after) for each in rows)
    return ", ".join(a if a == b else f"{a} to {b}" for a, b in pairs)


def _grouped(rows: Iterable[Row]) -> Iterator[list[str]]:
    """One line for the containers with which an operation did the same."""

    def key(row: Row) -> tuple[str, tuple[str, ...]]:
        return row.operation.name, _fates(row)

    ordered = sorted(rows, key=lambda row: list(map(str, key(row))))
    for (name, fates), same in groupby(ordered, key):
        yield [name, _formats(same), *fates]


def survival_page(made: str, table: Table) -> str:
    """What tools do to each mark."""
    from genlabel.operations.strip_check.tool_traces import traces

    seen = traces()
    versions = ", ".join(f"{name} {number}" for name, number in seen.versions.items())
    return "".join(
        [
            made,
            "# What survives\n\n",
            "What common tools do to each mark of a labelled picture, as `strip-check` uses ",
            "it to guess what happened. `broken` means: still there, and no longer true. A cell ",
            "is empty where a format has no place for the mark. How each tool keeps more is in ",
            "[keeping.md](keeping.md).\n\n",
            *table(["operation", "formats", *_COLUMNS], _grouped(seen.rows)),
            f"\nMeasured with {versions}. Other versions and other settings may do otherwise: run ",
            "`strip-check` on what *your* publication makes. `make survival` measures again with ",
            "the tools that are installed, and fails where one of them does something else; ",
            "`make survival ARGS=--write` writes down what it saw.\n",
        ]
    )


def keeping_page(made: str, table: Table) -> str:
    """How to keep marks, tool by tool."""
    from genlabel.operations.strip_check.tool_traces import traces

    seen = traces()
    keeping: dict[str, list[Row]] = {}
    losing: dict[str, dict[str, Operation]] = {}
    for row in seen.rows:
        if row.operation.keeps is None:
            losing.setdefault(row.operation.program, {})[row.operation.name] = row.operation
        else:
            keeping.setdefault(row.operation.program, []).append(row)
    pieces: list[str] = []
    for program, rows in keeping.items():
        operation = rows[0].operation
        pieces.append(f"\n## {program}\n\nTo keep more: {operation.keeps}.\n\n")
        pieces.append(f"```console\n{operation.command}\n```\n\n")
        pieces.extend(table(["operation", "formats", *_COLUMNS], _grouped(rows)))
        others = ", ".join(f"`{name}`" for name in losing.get(program, {}))
        if others:
            pieces.append(f"\nKeeps less: {others}.\n")
    return "".join(
        [
            made,
            "# Keeping labels when pictures are published\n\n",
            "A manifest holds for the bytes that were signed: whatever encodes, optimises or ",
            "edits a picture afterwards breaks it or drops it. So **label last**: run ",
            "`genlabel sign` on what is published, behind every other step, with the labelled ",
            "original as its parent (the input may carry its manifest: it becomes the parent ",
            "by itself). Where that cannot be, keep the metadata marks, which many tools carry ",
            "over when they are asked, and keep the manifest beside the picture (`--sidecar`) ",
            "with its address (`--remote-url`).\n\n",
            "Each command below was run by `make survival` on a labelled file; the tables say ",
            "what was left of each mark. What loses them is in [survival.md](survival.md).\n\n",
            "A drawing (SVG) is text: git's `autocrlf` and hooks that remove blanks change its ",
            "bytes. `*.svg -text` in `.gitattributes` keeps them as they were signed.\n",
            *pieces,
            _without_a_way(losing[name] for name in losing if name not in keeping),
        ]
    )


def _without_a_way(programs: Iterable[dict[str, Operation]]) -> str:
    """Those that no option makes keep more: what helps is to label what they make."""
    names = sorted({f"`{name}`" for operations in programs for name in operations})
    return (
        "\n## No option known\n\nNo option was found with which these keep more, so label what "
        f"they make: {', '.join(names)}.\n"
    )
