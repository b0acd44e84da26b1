"""Runs the operations and records what became of each mark; `make survival` writes it down."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version as version_of
from pathlib import Path
from typing import Any

import genlabel
from fieldbook import generated, signer
from genlabel import Mark, Rights, Survival, testing
from genlabel.operations.strip_check import tool_traces
from oracles import films, libjxl
from oracles.dialogue import NODE
from oracles.pictures import dng
from oracles.small_files import small
from survival.operations import OPERATIONS, Operation

RECORDED = Path(tool_traces.__file__).with_name("tool_traces.json")
_SUFFIX = {"jpeg": "jpg", "tiff": "tif"}
_FILMS = frozenset({"mp4", "mov", "m4a", "mp3", "wav", "flac", "avi"})
_LETTERS = {
    Survival.KEPT: "K",
    Survival.LOST: "L",
    Survival.BROKEN: "B",
    Survival.CHANGED: "C",
    Survival.ABSENT: "-",
}
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_ASKED = {
    "exiftool": "-ver",
    "jhead": "-V",
    "ffmpeg": "-version",
    "cwebp": "-version",
    "gif2webp": "-version",
    "dwebp": "-version",
    "webpmux": "-version",
    "convert": "-version",
    "jpegtran": "-version",
    "pngcrush": "-version",
    "mutool": "-v",
    "tiffcp": "-h",
}
"""How each is asked for its version, if not by ``--version``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one operation did to a labelled file."""

    operation: Operation
    before: str
    after: str
    fates: str
    """Of XMP, Exif, IIM and manifest, by their first letters; ``-`` for one that was not there."""
    change: str | None
    """What became of the coded picture: a `Pixels.coding`."""
    published: bytes
    """What it made."""

    def row(self) -> list[Any]:
        """As it is recorded."""
        return [self.operation.name, self.before, self.after, self.fates, self.change]


@cache
def source(kind: str) -> bytes:
    """A labelled file with every mark that its container has a place for."""
    label = generated(
        title="Hills",
        description="Hills at dusk",
        rights=Rights(creator=("Ana Müller",), copyright="© Acme"),
    )
    return genlabel.sign(_drawn(kind), label, signer()).data


def _drawn(kind: str) -> bytes:
    if kind in ("pdf", "svg", "heic"):
        return small(kind)
    if kind == "dng":
        return dng()
    if kind == "jxl":
        return libjxl.encoded(testing.picture("png", size=(320, 240)), "png")
    if kind == "tiff pages":
        return testing.picture("tiff", size=(160, 120), frames=3)
    if kind in _FILMS:
        return films.film(f"small {kind}" if kind in ("mp4", "mov", "m4a") else kind)
    return testing.picture(kind, size=(320, 240), quality=95)


@cache
def command(tool: str) -> tuple[str, ...] | None:
    """The words that start a tool; None where it is not here."""
    if tool == "python":
        return (sys.executable,)
    if tool == "exiftool":
        script = NODE / "node_modules" / "exiftool-vendored.pl" / "bin" / "exiftool"
        perl = shutil.which("perl")
        return (perl, str(script)) if perl and script.is_file() else None
    beside = Path(sys.executable).with_name(tool)
    found = shutil.which(tool) or (str(beside) if beside.is_file() else None)
    return (found,) if found else None


@cache
def version(operation: Operation) -> str | None:
    """The version of what does it, two numbers; None where it is not here."""
    words = command(operation.tool)
    if words is None:
        return None
    if operation.tool == "python":
        try:
            return _VERSION.findall(version_of(str(operation.library)))[0]
        except PackageNotFoundError:
            return None
    if operation.tool == "node":
        package = NODE / "node_modules" / str(operation.library) / "package.json"
        if not package.is_file():
            return None
        return str(json.loads(package.read_text())["version"])
    asked = _ASKED.get(operation.tool, "--version")
    said = subprocess.run([*words, asked], capture_output=True, check=False, timeout=60)
    numbers = _VERSION.search((said.stdout + said.stderr).decode("utf-8", "replace"))
    return numbers[0] if numbers else "of an unknown number"


def seen(operation: Operation, before: str, after: str) -> Seen:
    """Run it, and look. Raises `subprocess.CalledProcessError` where the tool refuses."""
    with tempfile.TemporaryDirectory() as folder:
        given, made = (
            Path(folder, f"{name}.{_SUFFIX.get(kind, kind)}")
            for name, kind in (("in", before), ("out", after))
        )
        given.write_bytes(source(before))
        if "IN" not in operation.arguments:
            shutil.copy(given, made)
        words = command(operation.tool)
        assert words is not None
        placed = [
            each.replace("OUT", str(made))
            if each.startswith("OUT") or each.endswith("=OUT")
            else str(given)
            if each == "IN"
            else each
            for each in operation.arguments
        ]
        subprocess.run(
            [*words, *placed],
            check=True,
            capture_output=True,
            timeout=120,
            cwd=NODE if operation.tool == "node" else folder,
            env={**os.environ, "SOURCE_DATE_EPOCH": "0"},
        )
        published = made.read_bytes()
        report = genlabel.strip_check(published, against=source(before))
    order = (Mark.IPTC, Mark.EXIF, Mark.IIM, Mark.MANIFEST)
    return Seen(
        operation=operation,
        before=before,
        after=after,
        fates="".join(_LETTERS[report.marks[mark]] for mark in order),
        change=report.pixels.coding if report.pixels else None,
        published=published,
    )


def all_seen() -> Iterator[Seen | str]:
    """What every operation that is here did; a sentence on each that could not be run."""
    for operation in OPERATIONS:
        if version(operation) is None:
            yield f"{operation.name}: {operation.program} is not here"
            continue
        for before, after in operation.containers:
            try:
                yield seen(operation, before, after)
            except subprocess.CalledProcessError as error:
                said = error.stderr.decode("utf-8", "replace").strip().splitlines()
                yield f"{operation.name}, {before} to {after}: {said[-1] if said else error}"


def recorded() -> Mapping[str, Any]:
    """What was written down."""
    return json.loads(RECORDED.read_text("utf-8"))


def _written(versions: Mapping[str, str], rows: list[list[Any]]) -> str:
    """The record, a row a line."""
    operations = {
        each.name: {
            "program": each.program,
            "command": each.command,
            "keeps": each.keeps,
            "edits": each.edits,
        }
        for each in OPERATIONS
        if each.program in versions
    }
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    entries = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(each, ensure_ascii=False)}"
        for name, each in operations.items()
    )
    return (
        f'{{"versions": {json.dumps(versions, indent=0)},\n'
        f'"operations": {{\n{entries}\n}},\n"rows": [\n{lines}\n]}}\n'
    )


def main() -> int:
    """Compare with what was recorded; with ``--write`` record it."""
    rows, versions, trouble = [], {}, []
    for each in all_seen():
        if isinstance(each, str):
            trouble.append(each)
            print(each, file=sys.stderr)
            continue
        rows.append(each.row())
        versions[each.operation.program] = version(each.operation)
        print(*each.row(), sep="  ")
    if "--write" in sys.argv:
        RECORDED.write_text(_written(versions, rows), "utf-8")
        return 0
    before = {tuple(row[:3]): row[3:] for row in recorded()["rows"]}
    changed = [
        f"{row[0]}, {row[1]} to {row[2]}: {before[tuple(row[:3])]} was recorded, {row[3:]} is seen"
        for row in rows
        if before.get(tuple(row[:3]), row[3:]) != row[3:]
    ]
    print("\n".join(changed) or f"{len(rows)} rows as recorded", file=sys.stderr)
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
