"""Spaces that a line must not break at, as a language sets them before and within its marks.

Catalogues and tables are written with plain spaces; whoever reads one sets them. What sentences are
filled with comes from files and stays as it is.
"""

from __future__ import annotations

from genlabel.model.expression import expression

_FRENCH = "fr"
NO_BREAK, NARROW = "\u00a0", "\u202f"
_BEFORE = expression(r"(?<![\s:;!?]) (?=[:;!?»](?:[\s,.)»]|$))")
"""A space before one of these marks; ``key :name`` and ``!=`` are not meant."""
_WIDE = frozenset(":»")
"""The others take the narrow space (Imprimerie nationale, Lexique des règles typographiques)."""


def colon(language: str) -> str:
    """A colon between what is named and what is said of it."""
    return typeset(" : ", language) if language == _FRENCH else ": "


def semicolon(language: str) -> str:
    """A semicolon between two things that are said."""
    return typeset(" ; ", language) if language == _FRENCH else "; "


def typeset(sentence: str, language: str) -> str:
    """`sentence` with the no-break spaces of `language`: French has them, others have none."""
    if language != _FRENCH:
        return sentence
    marks = _BEFORE.sub(lambda at: NO_BREAK if sentence[at.end()] in _WIDE else NARROW, sentence)
    return marks.replace("« ", f"«{NO_BREAK}")
