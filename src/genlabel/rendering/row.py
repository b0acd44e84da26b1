"""A row: one line about a picture, before anyone has formatted it."""

from __future__ import annotations

from genlabel.model.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line about a picture."""

    name: str
    words: str
    verdict: str = ""
    """The word that the line begins with, to be set off by `tone`."""
    tone: str | None = None
    """``good``, ``doubtful``, ``bad``, or None for a plain statement."""
    detail: bool = False
    """Not needed at a first look."""
    code: str = ""
    """Of a finding; it stands in the words, too, in brackets."""
    colon: str = ": "
    """Between verdict and words, as the language sets it."""
