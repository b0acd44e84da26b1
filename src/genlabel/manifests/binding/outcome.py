"""What one hard binding comes to: a status code of C2PA, and what the binding leaves out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The judgement of one hard binding (C2PA 2.4 §15.12)."""

    code: str
    """C2PA's status code, such as ``assertion.bmffHash.match``."""
    holds: bool | None
    """None: in a form that is not judged here, so that the engine's own hashing steps in."""
    explanation: str = ""
    uncovered: tuple[str, ...] = ()
    """Shown (coded) parts that the binding leaves out: the file is broken."""
    unbound: tuple[str, ...] = ()
    """Parts that are not shown, or offsets, that it leaves out: a warning."""
