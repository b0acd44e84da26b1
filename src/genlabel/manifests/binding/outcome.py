"""What became of a hard binding when it was held against its file (C2PA 2.4 §15.12)."""

from __future__ import annotations

from genlabel.model.dataclass import dataclass

UNSUPPORTED = "algorithm.unsupported"
"""A hash algorithm that is not on the list of C2PA 2.4 §13.1."""
ELSEWHERE = "genlabel.binding.elsewhere"
"""What is hashed lies in other files; the specification has no code for it."""
FINAL = frozenset((UNSUPPORTED, ELSEWHERE))
"""Codes of what is not judged here, and what nobody could judge who has this file alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer of one binding about one file."""

    code: str
    """C2PA's status code, e.g. ``assertion.dataHash.match`` (2.4 §15.2.2)."""
    holds: bool | None
    """Are the bytes that it covers those that were signed? None where it is in a form that is not
    judged here."""
    explanation: str = ""
    """What about it does not hold, or is not judged; one clause."""
    uncovered: tuple[str, ...] = ()
    """Parts of the file that are shown and that it leaves out: they could be exchanged."""
    unbound: tuple[str, ...] = ()
    """Parts that it leaves out and that are not shown."""

    @classmethod
    def unjudged(cls, code: str, explanation: str) -> Outcome:
        """Of a binding in a form that is not judged here."""
        return cls(code=code, holds=None, explanation=explanation)

    @classmethod
    def failed(cls, code: str, explanation: str) -> Outcome:
        """Of a binding that does not hold, or that holds nothing as it is written."""
        return cls(code=code, holds=False, explanation=explanation)
