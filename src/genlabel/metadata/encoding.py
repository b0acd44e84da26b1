"""Text whose encoding nobody declares."""

from __future__ import annotations

from collections.abc import Sequence


def decoded(raw: bytes, *, guesses: Sequence[str] = ("utf-8", "cp1252")) -> str:
    """`raw` in the first encoding of `guesses` in which it is valid, else in Latin-1."""
    for encoding in guesses:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")
