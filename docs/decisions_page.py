"""The list of decisions, from their first lines."""

from __future__ import annotations

from pathlib import Path

from markdown import MADE, table

DECISIONS = Path(__file__).resolve().parent / "decisions"
HEAD = """# Decisions

What was compared, what was chosen, and why. Each begins with its status; one that is superseded
tells what was. A new one takes the next free number, says `Status: accepted, YYYY-MM-DD.` in its
third line, and has its subject in its title.

"""


def decisions_page() -> str:
    """Number, subject and status of each."""
    rows = []
    for path in sorted(DECISIONS.glob("[0-9]*.md")):
        title, _, status = path.read_text("utf-8").split("\n")[:3]
        number, _, subject = title.removeprefix("# ").partition(" ")
        rows.append(
            [f"[{number}]({path.name})", subject, status.removeprefix("Status: ").rstrip(".")]
        )
    return "".join([MADE, HEAD, *table(["number", "subject", "status"], rows)])
