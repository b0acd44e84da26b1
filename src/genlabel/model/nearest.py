"""The name that somebody may have meant, as a remedy: ``did you mean rights?``."""

from __future__ import annotations

from collections.abc import Collection

_LONGEST = 60
"""Most characters of a word that are compared."""
_ALIKE = 0.6


def nearest(word: object, names: Collection[str]) -> str | None:
    """The one of `names` that is most like `word`, whatever its case; None where none is alike."""
    import difflib  # for what is mistyped

    by_lower = {each.lower(): each for each in names}
    near = difflib.get_close_matches(str(word)[:_LONGEST].lower(), by_lower, n=1, cutoff=_ALIKE)
    return by_lower[near[0]] if near else None


def did_you_mean(word: object, names: Collection[str], otherwise: str | None = None) -> str:
    """A remedy for a `word` that is none of `names`: the nearest, or else all of them.

    `otherwise` is what is said in place of naming all.
    """
    near = nearest(word, names)
    if near is not None:
        return f"did you mean {near}?"
    return f"choose one of {', '.join(names)}" if otherwise is None else otherwise
