"""Escaping: text from a file is hostile, and whatever shows it to people passes it through here.

JSON for machines keeps the exact text.
"""

from __future__ import annotations

import re
from functools import cache

from genlabel.model.expression import expression

MAX_SHOWN = 300
"""Most characters of one value from a file that people are shown."""
MAX_SENTENCE = 1200
"""Most characters of a sentence of ours, in which names from a file stand quoted and cut."""
MAX_NAME = 80
"""Most characters of a name from a file in a sentence, escapes included."""
IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Default_Ignorable_Code_Point (Unicode 17.0) as a character class: what shows nothing."""

_JOINED = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\ufb50-\ufefc"  # by their scripts
_PICTURES = "\u00a9\u00ae\u203c-\u3299\ufe0f\U0001f000-\U0001faff"  # emoji
_SELECTORS = "\ufe00-\ufe0f"
_COMMANDS = expression(r"::(?=[A-Za-z])|##(?=\[|vso|teamcity)|section_(?=start|end)")
"""What CI systems take for orders in a log: GitHub, Azure, TeamCity, GitLab."""
_WORDS = expression(r"[A-Za-z0-9_.,:;/#=+@%~ -]+")
_SHOWN = expression(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)|.", re.DOTALL)
"""One character as it is shown, its whole escape."""


def escape(text: str, *, limit: int | None = MAX_SHOWN) -> str:
    """`text` on one line, printable, in reading order, cut at `limit` characters.

    What is not shown as it is appears as ``\\n``, ``\\x1b`` or ``\\u202e``; CI workflow commands
    get a gap and command nobody.
    """
    if limit is not None and len(text) > limit:
        text = text[: limit - 3] + "..."
    if not (text.isascii() and text.isprintable()):
        text = _unsafe().sub(_visible, text)
    return _COMMANDS.sub(_gap, text)


def sentence(text: str) -> str:
    """A sentence of ours as `escape` has it, cut between words where it is very long."""
    if len(text) > MAX_SENTENCE:
        head = text[: MAX_SENTENCE - 3]
        text = head[: max(head.rfind(" "), MAX_SENTENCE // 2)].rstrip() + "..."
    return escape(text, limit=None)


def quoted(name: object, *, limit: int = MAX_NAME) -> str:
    """A name from a file in a sentence: ``'Acme'``, ``'Ac\\u200bme'``, cut as ``'Acme'…``.

    Nothing in it ends the quotation, and two different names of so few characters look different
    but for letters that look alike.
    """
    text = str(name)
    shown = escape(text[:limit].replace("\\", "\\\\").replace("'", "\\'"), limit=None)
    if "\\" not in shown and len(text) <= limit >= len(shown):
        return f"'{shown}'"
    kept, room = [], limit
    for match in _SHOWN.finditer(shown):
        room -= len(match[0])
        if room < 0:
            break
        kept.append(match[0])
    return f"'{''.join(kept)}'" + ("…" if room < 0 or len(text) > limit else "")


def worded(text: str, *, limit: int = MAX_SHOWN) -> str:
    """A word, a label or a list of such as it is; whatever else a file puts there quoted."""
    plain = len(text) <= limit and _WORDS.fullmatch(text) is not None
    return escape(text, limit=None) if plain else quoted(text, limit=limit)


@cache
def _unsafe() -> re.Pattern[str]:
    """What is not shown as it is. Made when a text asks for it: it takes 2 ms, and few do."""
    return re.compile(
        "["
        "\u0000-\u001f\u007f-\u009f"  # C0, DEL and C1: terminals obey them
        + IGNORABLE.replace("\u200b-\u200f", "\u200b\u200e\u200f").replace(_SELECTORS, "")
        + "\u1680\u2000-\u200a\u205f\u2800\u3000"  # blanks of other widths
        "\u2028\u2029"  # ends a line where nobody sees one
        "\ud800-\udfff\ufff0-\uffff"  # no characters at all
        "]"
        # joiners and selectors stay only where writing or emoji need them
        f"|(?<![{_JOINED}{_PICTURES}])[\u200c\u200d]"
        f"|(?<![{_PICTURES}\u3400-\u9fff\u1000-\u109f0-9#*])[{_SELECTORS}]"
    )


def _visible(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")


def _gap(match: re.Match[str]) -> str:
    return match[0][:-1] + " " + match[0][-1]
