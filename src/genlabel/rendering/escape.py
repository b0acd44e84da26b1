"""Escaping: text from a file is hostile text, and every renderer passes it through here."""

from __future__ import annotations

import re

MAX_SHOWN = 300
"""Most characters of one value from a file that people are shown."""

_UNSAFE = re.compile(
    "["
    "\u0000-\u001f\u007f-\u009f"  # C0, DEL and C1: terminals obey them
    "\u00ad\u034f\u180e\u200b\u2060-\u2064\ufeff"  # invisible; joiners stay, emoji need them
    "\u061c\u200e\u200f"  # turn the direction
    "\u2028\u2029"  # ends a line where nobody sees one
    "\u202a-\u202e\u2066-\u206f"  # direction overrides: cat\u202egnp.exe
    "\ud800-\udfff\ufff9-\uffff"  # no characters at all
    "\U000e0000-\U000e007f"  # tags, invisible
    "]"
)
_COMMANDS = re.compile(r"::(?=[A-Za-z])|##(?=\[|vso|teamcity)|section_(?=start|end)")
"""What CI systems take for orders in a log: GitHub, Azure, TeamCity, GitLab."""


def escape(text: str, *, limit: int | None = MAX_SHOWN) -> str:
    """`text` on one line, printable, in reading order, cut at `limit` characters.

    What is not shown as it is appears as ``\\n``, ``\\x1b`` or ``\\u202e``; CI workflow commands
    get a gap and command nobody.
    """
    if limit is not None and len(text) > limit:
        text = text[: limit - 3] + "..."
    return _COMMANDS.sub(_gap, _UNSAFE.sub(_visible, text))


def _visible(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")


def _gap(match: re.Match[str]) -> str:
    return match[0][:-1] + " " + match[0][-1]
