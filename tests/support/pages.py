"""The pages of the documentation, taken apart: fenced blocks, transcripts and links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).parents[2]
FENCE = re.compile(
    r"(?:^<!-- file: ([\w.-]+) -->\n)?^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
"""A block, and the file that it is, where the line before says so."""
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
OURS = re.compile(
    r"https://(?:github\.com/genlabel/genlabel/(?:blob|tree)|raw\.githubusercontent\.com/genlabel/genlabel)/main/"
)
"""Where files of this repository are on the web."""
ELLIPSIS = "…"

_CHANGING = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "<time>"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "<day>"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r"\b[0-9a-f]{32}(?:[0-9a-f]{32})?\b"), "<digits>"),
    (re.compile(r"\b[\d,]+ bytes(?: at [\d,]+)?"), "<bytes>"),
)
"""What differs from run to run, or with the versions of encoders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block."""

    page: str
    line: int
    language: str
    text: str
    file: str | None = None
    """The file that it shows."""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command of a console block and what it is said to print."""

    command: str
    shown: str


def every_page() -> Sequence[Path]:
    """All Markdown pages that people read, decisions included."""
    return sorted(
        [*HOME.glob("*.md"), *(HOME / "docs").rglob("*.md"), *(HOME / "keys").glob("*.md")]
    )


def blocks(page: Path) -> Sequence[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text("utf-8")
    return [
        Block(
            page=page.relative_to(HOME).as_posix(),
            line=text.count("\n", 0, found.start()) + 1,
            language=found[2],
            text=found[3],
            file=found[1] or _named(found[2], found[3]),
        )
        for found in FENCE.finditer(text)
    ]


def _named(language: str, text: str) -> str | None:
    """The name in the first line of a block of settings, which is a comment."""
    first = text.split("\n", 1)[0]
    return first.removeprefix("#").strip() if language == "toml" else None


def steps(block: Block) -> Iterator[Step]:
    """The commands of a console block; lines that end in a backslash go on."""
    command, shown = None, ""
    for line in block.text.replace("\\\n", "").splitlines(keepends=True):
        if line.startswith("$ "):
            if command is not None:
                yield Step(command=command, shown=shown)
            command, shown = line[2:].split("  #")[0].strip(), ""
        else:
            shown += line
    if command is not None:
        yield Step(command=command, shown=shown)


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """The files in this repository that a page leads to, each with the anchor in it or "".

    Absolute addresses of this repository's files count, as the README's have to be, which is shown
    on package indexes, too.
    """
    text = FENCE.sub("", page.read_text("utf-8"))
    for found in LINK.finditer(text):
        below, target = page.parent, found[1]
        if ours := OURS.match(target):
            below, target = HOME, target[ours.end() :]
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield (below / path).resolve() if path else page, anchor


def anchors(page: Path) -> frozenset[str]:
    """The names by which a page's headings can be linked to, as code hosts make them."""
    text = FENCE.sub("", page.read_text("utf-8"))
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return frozenset(
        re.sub(r"[^\w\- ]", "", head.lower().strip()).replace(" ", "-") for head in heads
    )


def matches(shown: str, printed: str) -> bool:
    """Does what was printed fit what is shown, ``…`` standing for anything?

    A line with ``…`` alone stands for any number of lines.
    """
    pattern = ""
    for line in _settled(shown).splitlines():
        if line.strip() == ELLIPSIS:
            pattern += r"(?:.*\n)*?"
        else:
            parts = (re.escape(part) for part in line.rstrip().split(ELLIPSIS))
            pattern += ".*?".join(parts) + r"[ \t]*\n"
    return re.fullmatch(pattern, _settled(printed)) is not None


def _settled(text: str) -> str:
    for changing, name in _CHANGING:
        text = changing.sub(name, text)
    return text if not text or text.endswith("\n") else text + "\n"
